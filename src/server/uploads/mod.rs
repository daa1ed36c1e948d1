//! `/api/uploads`: files of customers to learn from, streamed to the disk.

mod arrive;
mod folder;
mod inspection;
mod name;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use arrive::{__path_create, create};
pub(super) use folder::{Upload, Uploads};
pub(super) use inspection::{__path_inspect, inspect};

use super::error::{ApiError, Problem};
use super::state::AppState;

/// The files that can be learned from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UploadsResponse {
    /// The newest first.
    uploads: Vec<Upload>,
}

/// Lists the uploads.
#[utoipa::path(
    get,
    path = "/api/uploads",
    tag = "models",
    responses(
        (status = 200, description = "The uploads", body = UploadsResponse),
        (status = 503, description = "There is no data folder", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(State(state): State<AppState>) -> Result<Json<UploadsResponse>, ApiError> {
    let uploads = state.workshop()?.uploads.clone();
    let uploads =
        state.work().run(move || uploads.list().map_err(|error| ApiError::storage(&error))).await?;
    Ok(Json(UploadsResponse { uploads }))
}

/// Tells of an upload.
#[utoipa::path(
    get,
    path = "/api/uploads/{id}",
    tag = "models",
    params(("id" = String, Path, description = "The upload's id")),
    responses(
        (status = 200, description = "The upload", body = Upload),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Upload>, ApiError> {
    let uploads = state.workshop()?.uploads.clone();
    let found = state.work().run(move || uploads.find(&id).ok_or_else(|| unknown(&id))).await?;
    Ok(Json(found.0))
}

/// Removes an upload.
#[utoipa::path(
    delete,
    path = "/api/uploads/{id}",
    tag = "models",
    params(("id" = String, Path, description = "The upload's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A training needs it, or another server is at work in the data folder", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let workshop = state.workshop_to_change().await?;
    if workshop.jobs.needs(&id) {
        let problem = "a training that waits or runs needs this file; cancel it first";
        return Err(ApiError::Conflict(problem.to_owned()));
    }
    let uploads = workshop.uploads.clone();
    state
        .work()
        .run(move || match uploads.remove(&id) {
            Ok(true) => Ok(StatusCode::NO_CONTENT),
            Ok(false) => Err(unknown(&id)),
            Err(error) => Err(ApiError::storage(&error)),
        })
        .await
}

/// The answer where there is no such upload.
pub(super) fn unknown(id: &str) -> ApiError {
    let id: String = id.chars().take(20).collect();
    ApiError::NotFound(format!("/api/uploads/{id}"))
}
