//! `GET /api/customers`: the customers of the training data, page by page or all in one stream. They are read from
//! the kept file when somebody asks, so that memory does not grow with them.

mod cursor;
pub(super) mod erase;
mod stream;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LANGUAGE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, FieldError, Problem};
use super::language::Wanted;
use super::state::{AppState, Served};
use crate::error::{Error, list};
use crate::model::CustomerRows;
use crate::model::store::Store;
use crate::personas::Language;

/// The customers of a page where nothing is said, and the most that one may have.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// Numbers are taken as texts, so that a mistake is told by its field.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CustomersQuery {
    /// Only the customers of this segment, by its id.
    #[param(value_type = Option<usize>)]
    segment: Option<String>,
    /// The most customers of a page; 100 where nothing is said.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Where to go on: `next` of the page before.
    #[param(pattern = "^[0-9a-f]{28}$")]
    cursor: Option<String>,
}

/// Some of the customers that the model was learned from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustomersResponse {
    /// The columns of the file under their headers, then `Cluster` and `Persona`.
    #[schema(value_type = Vec<Object>)]
    data: Vec<Map<String, Value>>,
    /// What leads to the next page, as `cursor`; null on the last one.
    next: Option<String>,
    /// The number of customers on all pages.
    total: usize,
}

/// Which customers, in the form of an answer.
struct Choice {
    /// The place of their segment in the model; all customers without one.
    segment: Option<usize>,
    language: Language,
}

/// Lists the customers that the model was learned from, each with its segment, page by page. `Accept: text/csv` or
/// `application/x-ndjson` gives all of them in one stream, for which there are no pages. In CSV, texts that a
/// spreadsheet would take for formulas stand behind an apostrophe.
#[utoipa::path(
    get,
    path = "/api/customers",
    tag = "segments",
    params(
        CustomersQuery,
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The customers", content(
            (CustomersResponse = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
        )),
        (status = 404, description = "There is no such segment", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The page is one of another model than that in use now", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The customers are not at hand", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn customers(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    query: Result<Query<CustomersQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(query) = query
        .map_err(|_| refuse("segment", "give segment, limit and cursor once each, if at all"))?;
    let served = state.served();
    let store = state.workshop()?.store.clone();
    let segment = query.segment(&served)?;
    let choice = Choice { segment, language };
    let mut response = match stream::Form::wanted(&headers) {
        None => {
            let limit = query.limit()?;
            let from = query.cursor.as_deref();
            let version = &served.model.version;
            let from = from.map_or(Ok(0), |cursor| cursor::read(cursor, version))?;
            let page =
                state.work().run(move || page(&served, &store, &choice, from, limit)).await?;
            Json(page).into_response()
        }
        Some(form) => {
            if query.limit.is_some() || query.cursor.is_some() {
                let problem = "only pages have it, and text/csv and application/x-ndjson give all \
                               customers; leave it out";
                let name = if query.limit.is_some() { "limit" } else { "cursor" };
                return Err(refuse(name, problem));
            }
            let place = state.gates().streams.enter()?;
            let patience = state.settings().request_timeout;
            stream::all(form, served, store, choice, patience, place).await?
        }
    };
    let to = response.headers_mut();
    to.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    to.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    to.append(VARY, HeaderValue::from_static("accept, accept-language"));
    Ok(response)
}

impl CustomersQuery {
    fn segment(&self, served: &Served) -> Result<Option<usize>, ApiError> {
        let Some(wanted) = &self.segment else { return Ok(None) };
        if wanted.is_empty() || !wanted.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse("segment", "a segment goes by its id, a whole number"));
        }
        // A number beyond all numbers is the id of no segment either.
        let place = wanted.parse().ok().and_then(|id| served.model.place(id));
        place.map(Some).ok_or_else(|| {
            let ids = served.model.segments.iter().map(|segment| segment.cluster_id.to_string());
            let ids: Vec<String> = ids.collect();
            let known = list(ids.iter().map(String::as_str));
            ApiError::Unknown(format!("there is no such segment; the model has {known}"))
        })
    }

    fn limit(&self) -> Result<usize, ApiError> {
        let Some(limit) = &self.limit else { return Ok(USUAL) };
        let limit = limit.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| refuse("limit", format!("a whole number from 1 to {MOST} is needed")))
    }
}

/// Reads a page that begins with a row of the file.
fn page(
    served: &Served,
    store: &Store,
    choice: &Choice,
    from: u64,
    limit: usize,
) -> Result<CustomersResponse, ApiError> {
    let mut rows = open(served, store)?;
    rows.skip(from).map_err(unreadable)?;
    let mut data = Vec::new();
    let next = loop {
        let place = rows.n_read();
        match rows.next().map_err(unreadable)? {
            None => break None,
            Some(segment) if choice.segment.is_some_and(|wanted| wanted != segment) => {}
            Some(_) if data.len() == limit => {
                break Some(cursor::write(place, &served.model.version));
            }
            Some(_) => data.push(rows.row(choice.language)),
        }
    };
    let total = match choice.segment {
        None => served.sizes.iter().sum(),
        Some(segment) => served.sizes.get(segment).copied().unwrap_or_default(),
    };
    Ok(CustomersResponse { data, next, total })
}

/// The customers from their beginning.
fn open<'a>(served: &'a Served, store: &Store) -> Result<CustomerRows<'a>, ApiError> {
    let layout = served.layout.as_ref().ok_or_else(ApiError::no_customers)?;
    CustomerRows::open(store, &served.model, layout).map_err(unreadable)
}

/// The customers are there no more, or no more what they were.
#[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
fn unreadable(error: Error) -> ApiError {
    tracing::error!(%error, "the customers cannot be read");
    ApiError::no_customers()
}

fn refuse(name: &str, problem: impl Into<String>) -> ApiError {
    ApiError::invalid(FieldError::query(name, "value_error", problem))
}

/// The most wanted of some content types, by `Accept` (RFC 9110, 12.5.1); of equally wanted ones the first that is
/// named, and none where it names none of them.
fn most_wanted<'a>(headers: &HeaderMap, known: &[&'a str]) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    let ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in ranges.flat_map(|ranges| ranges.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let weight: f64 = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let found = known.iter().find(|known| known.eq_ignore_ascii_case(essence));
        if let Some(found) = found
            && weight > best.map_or(0.0, |(weight, _)| weight)
        {
            best = Some((weight, found));
        }
    }
    best.map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_most() {
        let known = ["application/json", "text/csv"];
        for (accept, expected) in [
            ("text/csv", Some("text/csv")),
            ("application/json, text/csv", Some("application/json")),
            ("application/json;q=0.5, Text/CSV;q=0.9", Some("text/csv")),
            ("text/csv;q=0, */*", None),
            ("text/html", None),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(most_wanted(&headers, &known), expected, "{accept}");
        }
    }
}
