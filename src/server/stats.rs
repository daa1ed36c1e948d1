//! `GET /stats`: every customer of the training data with its segment.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::language::Wanted;
use super::state::AppState;
use crate::model::{Customers, Model};
use crate::personas::Language;

/// The customers that the model was learned from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatsResponse {
    /// The number of customers.
    total: usize,
    /// The number of customers in `data`.
    shown: usize,
    /// Whether there are more customers than shown; those shown are then spread evenly over all.
    truncated: bool,
    /// The columns of the file under their headers, then `Cluster` and `Persona`.
    #[schema(value_type = Vec<Object>)]
    data: Vec<Map<String, Value>>,
}

/// Lists the customers, at most `most` of them.
pub(super) fn list(
    model: &Model,
    customers: &Customers,
    most: usize,
    language: Language,
) -> StatsResponse {
    let total = customers.data.n_rows();
    let rows = customers.spread(most);
    StatsResponse {
        total,
        shown: rows.len(),
        truncated: rows.len() < total,
        data: rows.map(|row| customers.row(row, model, language)).collect(),
    }
}

/// Lists the customers that the model was learned from, each with its segment.
#[utoipa::path(
    get,
    path = "/stats",
    tag = "segments",
    params(("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise")),
    responses(
        (status = 200, description = "The customers", body = StatsResponse),
        (status = 304, description = "The same as the client has"),
        (status = 503, description = "The customers are not at hand", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn stats(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    match &state.served().stats {
        Some(documents) => Ok(documents.respond(&headers, language)),
        None => Err(ApiError::no_customers()),
    }
}
