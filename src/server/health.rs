//! `GET /healthz` and `GET /readyz`: for whoever watches over the process.

use axum::Json;
use axum::extract::State;
use axum::http::Request;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::state::AppState;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `alive` or `ready`.
    status: &'static str,
}

/// Whether a request asks for the server's health, which it tells also when it has no time for anything else.
pub(super) fn is_asked_for<B>(request: &Request<B>) -> bool {
    ["/healthz", "/readyz"].contains(&request.uri().path())
}

/// Whether the process lives.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    responses((status = 200, description = "It does", body = Health))
)]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// Whether requests are welcome.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses(
        (status = 200, description = "They are", body = Health),
        (status = 503, description = "The server is stopping", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn readyz(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    if state.is_ready() {
        Ok(Json(Health { status: "ready" }))
    } else {
        Err(ApiError::Unavailable("the server is stopping"))
    }
}
