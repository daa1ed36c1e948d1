//! `POST /api/models/{version}/activate` and `POST /api/models/rollback`: another model answers.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::error::{ApiError, Problem};
use super::super::state::AppState;
use super::{blocking, refused, require_json};

/// Which model answers now, and which did before.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct ActiveResponse {
    /// The version of the model that answers.
    active: String,
    /// The version of the one that did before.
    previous: String,
}

type Answer = ([(HeaderName, &'static str); 1], Json<ActiveResponse>);

fn answer((active, previous): (String, String)) -> Answer {
    ([(CACHE_CONTROL, "no-store")], Json(ActiveResponse { active, previous }))
}

/// Lets a kept model answer from now on. Requests that have begun are answered by the former one. The request
/// is sent as `application/json`, with a body or without.
#[utoipa::path(
    post,
    path = "/api/models/{version}/activate",
    tag = "models",
    params(("version" = String, Path, description = "The model's version")),
    request_body(content = Option<Object>, content_type = "application/json"),
    responses(
        (status = 200, description = "The model answers", body = ActiveResponse),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model cannot answer", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The request is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn activate(
    State(state): State<AppState>,
    Path(version): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, ApiError> {
    require_json(&headers)?;
    state.store()?;
    let change = move || {
        let previous = state.activate(&version).map_err(refused)?;
        Ok((version, previous))
    };
    Ok(answer(blocking(change).await?))
}

/// Lets the model answer again that answered before. The request is sent as `application/json`, with a body
/// or without.
#[utoipa::path(
    post,
    path = "/api/models/rollback",
    tag = "models",
    request_body(content = Option<Object>, content_type = "application/json"),
    responses(
        (status = 200, description = "The model answers", body = ActiveResponse),
        (status = 409, description = "There is none, or it cannot answer", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The request is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn roll_back(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Answer, ApiError> {
    require_json(&headers)?;
    state.store()?;
    Ok(answer(blocking(move || state.roll_back().map_err(refused)).await?))
}
