//! `GET /api/models/{version}/comparison`: a model beside the one that answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::super::error::{ApiError, FieldError, Problem};
use super::super::language::Wanted;
use super::super::state::AppState;
use super::{Fresh, fresh, refused};
use crate::model::{Comparison, Customers, Model};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct With {
    /// The version of the model to compare with; the one that answers without it.
    #[param(required = false)]
    with: Option<String>,
}

/// Two models, and the customers of the second if they are at hand.
pub(super) struct Pair {
    pub(super) live: Arc<Model>,
    pub(super) candidate: Model,
    pub(super) customers: Option<Customers>,
}

impl Pair {
    /// Reads a model and its customers, beside the one that it is to be compared with.
    pub(super) fn read(
        state: &AppState,
        version: &str,
        with: Option<&str>,
    ) -> Result<Self, ApiError> {
        let store = state.store()?;
        let candidate = store.model(version).map_err(refused)?;
        let live = match with {
            Some(with) => Arc::new(store.model(with).map_err(refused)?),
            None => state.model(),
        };
        let customers = store.customers(&candidate);
        let customers = customers.inspect_err(|error| {
            tracing::warn!(%error, "the customers to compare with are not available");
        });
        Ok(Self { live, candidate, customers: customers.ok() })
    }

    pub(super) fn compare(&self) -> Comparison<'_> {
        Comparison::of(&self.live, &self.candidate, self.customers.as_ref())
    }
}

pub(super) fn with(query: Result<Query<With>, QueryRejection>) -> Result<Option<String>, ApiError> {
    let problem = "a version is needed, and once only";
    let refused = |_| ApiError::invalid(FieldError::query("with", "version", problem));
    Ok(query.map_err(refused)?.0.with)
}

/// Compares a model with the one that answers: `segments` of both, `kept`, `new` or `vanished`; `moves` counts the
/// customers of the model by their segment in either, and is null where they are not known.
#[utoipa::path(
    get,
    path = "/api/models/{version}/comparison",
    tag = "models",
    params(
        ("version" = String, Path, description = "The model's version"),
        With,
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The comparison", body = Object),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A model is damaged", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn comparison(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    Path(version): Path<String>,
    query: Result<Query<With>, QueryRejection>,
) -> Result<(Fresh, Json<Value>), ApiError> {
    let with = with(query)?;
    let work = state.work();
    let compare = move || {
        let pair = Pair::read(&state, &version, with.as_deref())?;
        Ok(pair.compare().to_json(language))
    };
    Ok((fresh(language), Json(work.run(compare).await?)))
}
