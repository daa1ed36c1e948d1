//! `GET /api/models`: the models that are kept.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::error::{ApiError, Problem};
use super::super::language::Wanted;
use super::super::state::AppState;
use super::{Fresh, fresh, refused};
use crate::error::Error;
use crate::identity::Lineage;
use crate::model::{DataSummary, Model, TrainSettings};
use crate::personas::Language;

/// The models that are kept.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct ModelsResponse {
    /// The version of the model that answers.
    active: String,
    /// The version that a way back would lead to; null when there is none.
    previous: Option<String>,
    /// The models, the newest first.
    models: Vec<ModelSummary>,
    /// Models that cannot be read, and why.
    damaged: Vec<Damaged>,
}

/// What is told of a model in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ModelSummary {
    version: String,
    /// When it was learned (RFC 3339).
    created_at: String,
    /// What it was learned from: `name`, `rows`, `skipped_rows`, `sha256`.
    #[schema(value_type = Object)]
    data: DataSummary,
    n_clusters: usize,
    /// The features' short names.
    features: Vec<String>,
    inertia: f64,
    silhouette: Option<f64>,
    /// Whether it is the one that answers.
    is_active: bool,
    /// The segments' names, in the order of their ids.
    personas: Vec<String>,
    /// What training was asked for; null for a model of an earlier Segmenta.
    #[schema(value_type = Option<Object>)]
    settings: Option<TrainSettings>,
    /// The model that it follows, and what became of its segments; null if it follows none.
    #[schema(value_type = Option<Object>)]
    lineage: Option<Lineage>,
}

/// A model that cannot be read.
#[derive(Debug, Serialize, ToSchema)]
struct Damaged {
    version: String,
    problem: String,
}

/// Lists the models that are kept.
#[utoipa::path(
    get,
    path = "/api/models",
    tag = "models",
    params(("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise")),
    responses(
        (status = 200, description = "The models", body = ModelsResponse),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn list(
    State(state): State<AppState>,
    Wanted(language): Wanted,
) -> Result<(Fresh, Json<ModelsResponse>), ApiError> {
    let models = state.work().run(move || read(&state, language)).await?;
    Ok((fresh(language), Json(models)))
}

fn read(state: &AppState, language: Language) -> Result<ModelsResponse, ApiError> {
    let store = state.store()?;
    let live = state.model();
    let mut models = Vec::new();
    let mut damaged = Vec::new();
    for version in store.versions().map_err(refused)? {
        match store.model(&version) {
            Ok(model) => models.push(summary(model, &live.version, language)),
            // Deleted just now.
            Err(Error::UnknownModel { .. }) => {}
            Err(error) => match refused(error) {
                ApiError::Conflict(problem) => damaged.push(Damaged { version, problem }),
                error => return Err(error),
            },
        }
    }
    models.sort_by(|a, b| (&b.created_at, &b.version).cmp(&(&a.created_at, &a.version)));
    Ok(ModelsResponse {
        active: live.version.clone(),
        previous: store.previous_version().map_err(refused)?,
        models,
        damaged,
    })
}

fn summary(model: Model, live: &str, language: Language) -> ModelSummary {
    ModelSummary {
        is_active: model.version == live,
        features: model.feature_names().into_iter().map(str::to_owned).collect(),
        personas: model.segments.iter().map(|s| s.persona(language).to_owned()).collect(),
        n_clusters: model.kmeans.n_clusters,
        inertia: model.kmeans.inertia,
        silhouette: model.quality.silhouette,
        version: model.version,
        created_at: model.created_at,
        data: model.data,
        settings: model.settings,
        lineage: model.lineage,
    }
}
