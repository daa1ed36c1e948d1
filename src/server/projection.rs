//! `GET /api/projection`: the customers on the plane in which they differ most.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::state::AppState;
use crate::model::{Customers, Model};

/// The customers on two axes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustomersOnPlane {
    /// The number of customers.
    total: usize,
    /// The customers that `/stats` lists, in its order, each on the first two principal components.
    points: Vec<[f64; 2]>,
}

/// The customers that `/stats` lists on the model's plane; none for a model that has no plane.
pub(super) fn list(model: &Model, customers: &Customers, most: usize) -> Option<CustomersOnPlane> {
    let total = customers.data.n_rows();
    // These customers are the model's own, so they have its columns.
    let points = customers.on_plane(customers.spread(most), model).ok()??;
    Some(CustomersOnPlane { total, points })
}

/// Lists where the customers lie on the first two principal components.
#[utoipa::path(
    get,
    path = "/api/projection",
    tag = "segments",
    responses(
        (status = 200, description = "The customers on two axes", body = CustomersOnPlane),
        (status = 304, description = "The same as the client has"),
        (status = 404, description = "Two features and fewer need no projection", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The customers are not at hand", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn projection(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let served = state.served();
    match &served.projection {
        Some(document) => Ok(document.respond(&headers, "no-cache")),
        None if served.model.projection.is_none() => {
            Err(ApiError::NotFound("/api/projection".to_owned()))
        }
        None => Err(ApiError::no_customers()),
    }
}
