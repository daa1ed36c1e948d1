//! `GET /api/models/{version}`: a kept model.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::error::{ApiError, Problem};
use super::super::language::Wanted;
use super::super::model::{ModelResponse, overview};
use super::super::state::AppState;
use super::{fresh, refused};

/// Describes a kept model as `/api/model` does the one that answers.
#[utoipa::path(
    get,
    path = "/api/models/{version}",
    tag = "models",
    params(
        ("version" = String, Path, description = "The model's version"),
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The model", body = ModelResponse),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model is damaged", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn one(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    Path(version): Path<String>,
) -> Result<Response, ApiError> {
    let model = state.work().run(move || state.store()?.model(&version).map_err(refused)).await?;
    Ok((fresh(language), Json(overview(&model, language))).into_response())
}
