//! `DELETE /api/models/{version}`: a model that is no longer needed.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::super::error::{ApiError, Problem};
use super::super::state::AppState;
use super::refused;

/// Deletes a kept model and its customers, but never the one that answers.
#[utoipa::path(
    delete,
    path = "/api/models/{version}",
    tag = "models",
    params(("version" = String, Path, description = "The model's version")),
    responses(
        (status = 204, description = "The model is deleted"),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model is the one that answers", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn delete(
    State(state): State<AppState>,
    Path(version): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.store()?;
    state.work().run(move || state.delete(&version).map_err(refused)).await?;
    Ok(StatusCode::NO_CONTENT)
}
