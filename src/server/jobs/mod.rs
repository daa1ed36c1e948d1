//! `/api/jobs`: trainings, one at a time, which others wait for.

mod events;
mod order;
mod queue;
mod status;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use events::{__path_events, events};
use order::{Follow, JobRequest, Order, OrderSource};
use queue::Ended;
pub(super) use queue::Jobs;
pub(super) use status::JobState;
use status::JobStatus;

use super::error::{ApiError, FieldError, Problem};
use super::json_body::JsonBody;
use super::state::AppState;
use super::workshop::Workshop;

/// Trainings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobsResponse {
    /// The newest first.
    jobs: Vec<JobStatus>,
}

/// Trains a model from an upload, or anew from the customers of a kept model. It waits until those before it are
/// over. The model is kept and not yet put to use.
#[utoipa::path(
    post,
    path = "/api/jobs",
    tag = "models",
    request_body = JobRequest,
    responses(
        (status = 202, description = "The training waits or runs", body = JobStatus),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another server is at work in the data folder", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many trainings wait", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no data folder, or it cannot be written", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    body: Result<JsonBody, ApiError>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<JobStatus>), ApiError> {
    let workshop = state.workshop_to_change().await?.clone();
    let request: JobRequest = body?.read()?;
    let mut order = request.check()?;
    let live = state.model();
    let added = state.work().run(move || {
        order.options.follow = match &order.follow {
            Follow::Active => Some(live),
            Follow::None => None,
            Follow::Version(version) => {
                let problem = "there is no such model; give active, none or a version";
                let unknown = |_| refuse("follow", problem);
                Some(workshop.store.model(version).map(Arc::new).map_err(unknown)?)
            }
        };
        let status = begun(&order, &workshop)?;
        let workers = workshop.clone();
        workshop
            .jobs
            .add(order, status, move |jobs| work::work(&jobs, &workers))
            .map_err(|error| ApiError::storage(&error))
    });
    let Some(job) = added.await? else {
        return Err(ApiError::TooMany("too many trainings wait; ask again when some are over"));
    };
    let status = job.status();
    let place = format!("/api/jobs/{}", status.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, place)], Json(status)))
}

/// Lists the trainings that wait, run, or were over not long ago.
#[utoipa::path(
    get,
    path = "/api/jobs",
    tag = "models",
    responses((status = 200, description = "The trainings", body = JobsResponse))
)]
pub(super) async fn list(State(state): State<AppState>) -> Result<Json<JobsResponse>, ApiError> {
    Ok(Json(JobsResponse { jobs: state.workshop()?.jobs.list() }))
}

/// Tells how far a training is.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}",
    tag = "models",
    params(("id" = String, Path, description = "The training's id")),
    responses(
        (status = 200, description = "The training", body = JobStatus),
        (status = 404, description = "There is no such training", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<JobStatus>, ApiError> {
    let job = state.workshop()?.jobs.find(&id).ok_or_else(|| unknown(&id))?;
    Ok(Json(job.status()))
}

/// Cancels a training that waits or runs, and forgets one that is over. What it has kept stays.
#[utoipa::path(
    delete,
    path = "/api/jobs/{id}",
    tag = "models",
    params(("id" = String, Path, description = "The training's id")),
    responses(
        (status = 202, description = "It will end soon"),
        (status = 204, description = "It has ended"),
        (status = 404, description = "There is no such training", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    match state.workshop()?.jobs.end(&id) {
        Some(Ended::Soon) => Ok(StatusCode::ACCEPTED),
        Some(Ended::Now) => Ok(StatusCode::NO_CONTENT),
        None => Err(unknown(&id)),
    }
}

/// A training that has just been asked for.
fn begun(order: &Order, workshop: &Workshop) -> Result<JobStatus, ApiError> {
    let (upload, model, name) = match &order.source {
        OrderSource::Upload(id) => match workshop.uploads.find(id) {
            Some((upload, _)) => (Some(id.clone()), None, upload.name),
            None => return Err(refuse("upload", "there is no such upload; send the file first")),
        },
        OrderSource::Model(version) => match workshop.store.model(version) {
            Ok(model) => (None, Some(version.clone()), model.data.name),
            Err(_) => return Err(refuse("model", "there is no such model")),
        },
    };
    Ok(JobStatus {
        id: new_id(),
        state: JobState::Queued,
        is_cancelling: false,
        position: None,
        stage: None,
        k_max: order.options.k_max,
        iteration: 0,
        by_k: Vec::new(),
        upload,
        model,
        name,
        created_at: now(),
        started_at: None,
        finished_at: None,
        rfm: None,
        skipped_rows: 0,
        version: None,
        problem: None,
    })
}

fn refuse(field: &str, problem: &str) -> ApiError {
    ApiError::invalid(FieldError::body(field, "unknown", problem))
}

/// A name that no training has had, not even before the server's last start.
fn new_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{count:x}", jiff::Timestamp::now().as_microsecond())
}

fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Millisecond).unwrap_or(now).to_string()
}

fn unknown(id: &str) -> ApiError {
    let id: String = id.chars().take(20).collect();
    ApiError::NotFound(format!("/api/jobs/{id}"))
}
