//! `POST /predict/batch`: which personas many customers belong to, answered while their rows come.
//!
//! `arriving` gives the bytes that are there, `split` finds the rows in them, `objects` and `cells` score rows of
//! JSON and CSV, and `answer` lets one follow the other.

mod answer;
mod arriving;
mod cells;
mod form;
mod objects;
mod split;
mod trouble;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{ApiError, FieldError, Problem};
use super::language::Wanted;
use super::openapi::PredictRequest;
use super::protect::refuse_longer;
use super::state::{AppState, Served};
use crate::dataset::Encoding;
use crate::personas::Language;
use answer::{Scorer, Work, answers, decode};
use arriving::Arriving;
use cells::{Cells, Start};
use form::Form;
use objects::{BatchRow, Objects};
use split::Splitter;

/// Names the model that has answered all rows.
const MODEL_VERSION: HeaderName = HeaderName::from_static("segmenta-model-version");
/// How much of a table is looked at to find how it is written.
const SAMPLE: usize = 64 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Tells which personas many customers belong to, in any number: a row for a row, in their order, in the form in
/// which they came. The answer begins before the body ends, and the body is read no faster than the answer is
/// taken, so a client reads while it sends.
///
/// A row that cannot be scored fails no other: its error stands in its place. In JSON that is an object
/// `error`; in CSV, whose columns stay as they are before `cluster_id`, `persona`, `distance` and `confidence`, the
/// last column, `error`. Rows longer than 1 MiB are refused so. Where no more rows can be read (an array that is
/// no JSON, quotation marks in disorder, a body that is too long or ends early), a last row says so. A CSV table
/// has a column for every feature, and others may stand beside them.
#[utoipa::path(
    post,
    path = "/predict/batch",
    tag = "segments",
    params(
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    request_body(content(
        (Vec<serde_json::Value> = "application/json"),
        (PredictRequest = "application/x-ndjson"),
        (String = "text/csv"),
    ), description = "Customers as `/predict` takes them: in an array, an object a line, or as rows below a header"),
    responses(
        (status = 200, description = "A row for a row", content(
            (Vec<BatchRow> = "application/json"),
            (BatchRow = "application/x-ndjson"),
            (String = "text/csv"),
        ), headers(("segmenta-model-version" = String, description = "The model that has answered all rows"))),
        (status = 400, description = "The body is empty, or was cut off before its first row", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "No more of the body came before its first row", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is in none of the three forms", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The JSON is no array, or the CSV lacks a feature's column", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn batch(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let form = Form::of(&headers)?;
    let limit = state.settings().batch_limit;
    refuse_longer(&headers, limit)?;
    let served = state.served();
    let mut arriving = Arriving::new(body.into_data_stream(), state)?;
    let version = served.model.version.clone();
    let (work, taken) = match form {
        Form::Array => {
            let taken = first_bracket(&mut arriving).await?;
            (objects(served, language, Splitter::array(), true), taken)
        }
        Form::Lines => (objects(served, language, Splitter::lines(), false), Vec::new()),
        Form::Table(charset) => {
            let decoder = charset.filter(|&charset| charset != UTF_8);
            let decoder = decoder.map(encoding_rs::Encoding::new_decoder_with_bom_removal);
            table(&mut arriving, served, language, decoder).await?
        }
    };
    let mut response = Body::from_stream(answers(work, arriving, taken)).into_response();
    let to = response.headers_mut();
    to.insert(CONTENT_TYPE, form.content_type());
    to.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    to.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(version) = HeaderValue::from_str(&version) {
        to.insert(MODEL_VERSION, version);
    }
    Ok(response)
}

fn objects(served: Arc<Served>, language: Language, splitter: Splitter, is_array: bool) -> Work {
    let scorer = Scorer::Objects(Objects { served, language, is_array });
    Work { scorer, splitter, decoder: None, has_header: false }
}

/// The start of an array.
async fn first_bracket(arriving: &mut Arriving) -> Result<Vec<u8>, ApiError> {
    let mut taken = Vec::new();
    loop {
        if !arriving.read(&mut taken).await? {
            let problem = "the body is empty; send a JSON array of customers";
            return Err(ApiError::Malformed(problem.to_owned()));
        }
        match taken.trim_ascii_start().first() {
            Some(b'[') => return Ok(taken),
            None => taken.clear(),
            Some(b'{') => {
                let problem = "a JSON array of customers is needed, an object was given; send one customer \
                               to /predict, or an object a line as application/x-ndjson";
                return Err(ApiError::invalid(FieldError::of_body("list_type", problem)));
            }
            Some(_) => {
                let problem = "a JSON array of customers is needed";
                return Err(ApiError::invalid(FieldError::of_body("list_type", problem)));
            }
        }
    }
}

/// The start of a table, and how to go on.
async fn table(
    arriving: &mut Arriving,
    served: Arc<Served>,
    language: Language,
    mut decoder: Option<Decoder>,
) -> Result<(Work, Vec<u8>), ApiError> {
    let mut taken = Vec::new();
    let mut is_whole = false;
    while taken.len() < SAMPLE && !is_whole {
        is_whole = !arriving.read(&mut taken).await?;
    }
    let sample = &taken[..taken.len().min(SAMPLE)];
    let is_whole = is_whole && sample.len() == taken.len();
    let text = decoder.as_ref().map(|decoder| {
        let mut again = decoder.encoding().new_decoder_with_bom_removal();
        decode(&mut again, sample)
    });
    let text = text.as_ref().map_or(sample, |text| text.as_bytes());
    let Start { cells, encoding } = Cells::start(text, is_whole, served, language)?;
    if decoder.is_none() {
        decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
        };
        if taken.starts_with(BYTE_ORDER_MARK) {
            taken.drain(..BYTE_ORDER_MARK.len());
        }
    }
    let splitter = Splitter::table(cells.delimiter());
    Ok((Work { scorer: Scorer::Cells(cells), splitter, decoder, has_header: true }, taken))
}
