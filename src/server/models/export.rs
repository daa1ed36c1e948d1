//! `GET /api/models/{version}/export`: a model as a file that other programs, or people, read.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::super::error::{ApiError, FieldError, Problem};
use super::super::language::Wanted;
use super::super::state::AppState;
use super::{fresh, refused};
use crate::export;
use crate::personas::Language;

/// What a model can be written as.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// A page to read and print.
    Html,
    /// For ONNX runtimes.
    Onnx,
    /// For PMML engines.
    Pmml,
    /// Arrays for scikit-learn.
    Sklearn,
    /// Segmenta's own model file.
    Json,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct ExportQuery {
    /// What to write: `html`, `onnx`, `pmml`, `sklearn` or `json`.
    #[param(inline)]
    format: Format,
    /// `id` for Indonesian or `en` for English, for links, which cannot ask by a header.
    #[param(inline)]
    lang: Option<Tag>,
}

/// The tag of a language.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Tag {
    En,
    Id,
}

/// Writes a kept model as a file: a report (`html`), `onnx`, `pmml`, arrays for scikit-learn (`sklearn`), or the model
/// file itself (`json`).
#[utoipa::path(
    get,
    path = "/api/models/{version}/export",
    tag = "models",
    params(
        ("version" = String, Path, description = "The model's version"),
        ExportQuery,
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (String = "text/html"), (String = "application/xml"), (Object = "application/json"),
            (Vec<u8> = "application/octet-stream"),
        )),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model is damaged", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn export(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    Path(version): Path<String>,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(ExportQuery { format, lang }) = query.map_err(|_| {
        let problem = "html, onnx, pmml, sklearn or json is needed, and for lang en or id";
        ApiError::invalid(FieldError::query("format", "value_error", problem))
    })?;
    let language = match lang {
        None => language,
        Some(Tag::En) => Language::English,
        Some(Tag::Id) => Language::Indonesian,
    };
    let store = state.store()?.clone();
    let (version, content) = state
        .work()
        .run(move || {
            let model = store.model(&version).map_err(refused)?;
            let content = match format {
                Format::Onnx => export::onnx(&model, language),
                Format::Pmml => export::pmml(&model, language).into_bytes(),
                Format::Sklearn => export::sklearn(&model, language).into_bytes(),
                Format::Json => model.to_json().into_bytes(),
                Format::Html => {
                    let customers = store.customers(&model).ok();
                    export::report(&model, customers.as_ref(), language).into_bytes()
                }
            };
            Ok((model.version, content))
        })
        .await?;
    let (kind, ending) = match format {
        Format::Html => ("text/html; charset=utf-8", "html"),
        Format::Onnx => ("application/octet-stream", "onnx"),
        Format::Pmml => ("application/xml", "pmml"),
        Format::Sklearn => ("application/json", "sklearn.json"),
        Format::Json => ("application/json", "json"),
    };
    // Always a file to keep: in the page's own origin, a report's style would be forbidden.
    let name = format!("attachment; filename=\"segmenta-{version}.{ending}\"");
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, name)];
    Ok((fresh(language), headers, content).into_response())
}
