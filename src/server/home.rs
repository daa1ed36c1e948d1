//! `GET /`: the dashboard for people, a sign of life for programs.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, VARY};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::page;
use super::state::AppState;

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Alive {
    /// Always `alive`.
    status: &'static str,
    /// The program's version.
    version: &'static str,
    /// The model that answers.
    model_version: String,
}

/// The dashboard for people, or a sign of life for programs that accept only JSON.
#[utoipa::path(
    get,
    path = "/",
    tag = "operation",
    responses((status = 200, description = "The server is alive", content(
        (Alive = "application/json"),
        (String = "text/html"),
    )))
)]
pub(super) async fn home(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let page = if wants_json(&headers) { None } else { page::index(&headers) };
    let answer = page.unwrap_or_else(|| {
        let model_version = state.model().version.clone();
        let version = env!("CARGO_PKG_VERSION");
        Json(Alive { status: "alive", version, model_version }).into_response()
    });
    ([(VARY, "accept")], answer).into_response()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}
