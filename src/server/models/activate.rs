//! `POST /api/models/{version}/activate` and `POST /api/models/rollback`: another model answers.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::error::{ApiError, Problem};
use super::super::state::AppState;
use super::refused;

use crate::server::json_body::JsonBody;

/// Which model answers now, and which did before.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct ActiveResponse {
    /// The version of the model that answers.
    active: String,
    /// The version of the one that did before.
    previous: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Empty {}

/// Refuses a request that a form on another site could send too, and one that says something which nobody would
/// heed.
fn nothing(body: &JsonBody) -> Result<(), ApiError> {
    if !body.bytes().is_empty() {
        body.read::<Empty>()?;
    }
    Ok(())
}

type Answer = ([(HeaderName, &'static str); 1], Json<ActiveResponse>);

fn answer((active, previous): (String, String)) -> Answer {
    ([(CACHE_CONTROL, "no-store")], Json(ActiveResponse { active, previous }))
}

/// Lets a kept model answer from now on. Requests that have begun are answered by the former one. The body is an
/// empty object, or nothing, sent as `application/json`.
#[utoipa::path(
    post,
    path = "/api/models/{version}/activate",
    tag = "models",
    params(("version" = String, Path, description = "The model's version")),
    request_body(content = Empty, content_type = "application/json"),
    responses(
        (status = 200, description = "The model answers", body = ActiveResponse),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model cannot answer", body = Problem, content_type = "application/problem+json"),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body says something", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The request is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn activate(
    State(state): State<AppState>,
    Path(version): Path<String>,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    nothing(&body)?;
    state.store()?;
    let work = state.work();
    let change = move || {
        let previous = state.activate(&version).map_err(refused)?;
        Ok((version, previous))
    };
    Ok(answer(work.run(change).await?))
}

/// Lets the model answer again that answered before. The body is an empty object, or nothing, sent as
/// `application/json`.
#[utoipa::path(
    post,
    path = "/api/models/rollback",
    tag = "models",
    request_body(content = Empty, content_type = "application/json"),
    responses(
        (status = 200, description = "The model answers", body = ActiveResponse),
        (status = 409, description = "There is none, or it cannot answer", body = Problem, content_type = "application/problem+json"),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body says something", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The request is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn roll_back(
    State(state): State<AppState>,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    nothing(&body)?;
    state.store()?;
    Ok(answer(state.work().run(move || state.roll_back().map_err(refused)).await?))
}
