//! `GET /api/model`: what was learned.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::language::Wanted;
use super::state::AppState;
use crate::elbow::Elbow;
use crate::identity::Lineage;
use crate::model::{ColumnSummary, DataSummary, Model, OutOfCore, Profile, TrainSettings};
use crate::personas::{Language, Level};
use crate::preparation::{Dimension, PreparedFeature};
use crate::quality::{Quality, SILHOUETTE_ROWS};
use crate::scaler::Scaler;

/// The model, in one language.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelResponse<'a> {
    /// Names what was learned.
    model_version: &'a str,
    /// When it was learned (RFC 3339).
    created_at: &'a str,
    /// The language of personas, descriptions and actions.
    language: &'static str,
    /// What it was learned from: `name`, `rows`, `skipped_rows`, `sha256`.
    #[schema(value_type = Object)]
    data: &'a DataSummary,
    /// The data's columns, features first: `name`, `column`, `unit`, `kind`, and what they hold.
    #[schema(value_type = Vec<Object>)]
    columns: Vec<&'a ColumnSummary>,
    /// The features' short names.
    features: Vec<&'a str>,
    /// The coordinates of every centre: `name`, the place of the `feature` that it comes from, and for a
    /// category its `value`.
    #[schema(value_type = Vec<Object>)]
    dimensions: Vec<DimensionResponse<'a>>,
    /// What is done to each feature before it is scaled, and in `text` the same in words.
    #[schema(value_type = Vec<Object>)]
    preparation: Vec<PreparedResponse<'a>>,
    /// The plane in which the customers differ most: how much of their differences it shows, and the centres
    /// on it; null for two coordinates and fewer. The customers on it are at `/api/projection`.
    projection: Option<ProjectionResponse>,
    /// `mean_` and `scale_` of each coordinate.
    #[schema(value_type = Object)]
    scaler: &'a Scaler,
    /// The number of segments.
    n_clusters: usize,
    /// The sum of squared distances of the customers to their centres, in scaled units.
    inertia: f64,
    /// `silhouette`, `calinski_harabasz` and `davies_bouldin` of these segments, and in
    /// `silhouette_sample` the number of rows it was computed on, null for all; of a sample
    /// `silhouette_error` is the standard error.
    #[schema(value_type = Object)]
    quality: SampledQuality,
    /// The table behind the number of segments, and the advice read off it: for each number in `by_k` its
    /// `wcss`, indices, bootstrap `stability` and `smallest` segment; `grouping` is `natural`, or `none`
    /// where segments are slices of a continuum, and `evidence` what shows it; `method` is what decided.
    #[schema(value_type = Object)]
    elbow: &'a Elbow,
    /// The segments, in the order of their ids.
    segments: Vec<SegmentResponse<'a>>,
    /// What is `exact` and what `estimated` in a model whose customers were read in passes, by their places in the
    /// model file, and from how many `sample_rows`; absent where all were in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false, nullable = false)]
    out_of_core: Option<&'a OutOfCore>,
    /// What training was asked for; null for a model of an earlier Segmenta.
    #[schema(value_type = Option<Object>)]
    settings: Option<&'a TrainSettings>,
    /// The model that this one follows as `previous`, and what became of its segments: of each in `segments`
    /// its `kind`, `kept` or `new`, and how sure that is; `vanished` are those not found again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false, nullable = false)]
    lineage: Option<&'a Lineage>,
}

#[derive(Debug, Serialize)]
struct DimensionResponse<'a> {
    name: String,
    #[serde(flatten)]
    dimension: Dimension<'a>,
}

#[derive(Debug, Serialize)]
struct PreparedResponse<'a> {
    #[serde(flatten)]
    prepared: &'a PreparedFeature,
    text: String,
}

/// The first two principal components.
#[derive(Debug, Serialize, ToSchema)]
struct ProjectionResponse {
    /// The part of the customers' differences that each axis shows, from 0 to 1.
    explained_variance_ratio: [f64; 2],
    /// The centres on the two axes, in the order of the segments.
    centers: Vec<[f64; 2]>,
}

#[derive(Debug, Serialize)]
struct SampledQuality {
    #[serde(flatten)]
    quality: Quality,
    silhouette_sample: Option<usize>,
}

/// A segment, in one language.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentResponse<'a> {
    cluster_id: usize,
    /// Its name.
    persona: &'a str,
    /// Who these customers are.
    description: &'a str,
    /// What to do for them.
    action: &'a str,
    /// The number of customers.
    size: usize,
    /// Its part of all customers, from 0 to 1.
    share: f64,
    /// Its centre in the features' own units; of a category, the share of its customers that have it.
    center: &'a [f64],
    /// `low`, `medium` or `high` in each coordinate.
    #[schema(value_type = Vec<String>)]
    levels: &'a [Level],
    /// The segment's averages and shares in every column, beside everybody's.
    #[schema(value_type = Object)]
    profile: &'a Profile,
}

pub(super) fn overview(model: &Model, language: Language) -> ModelResponse<'_> {
    ModelResponse {
        model_version: &model.version,
        created_at: &model.created_at,
        language: language.tag(),
        data: &model.data,
        columns: model.columns().collect(),
        features: model.feature_names(),
        dimensions: model
            .preparation
            .dimensions()
            .into_iter()
            .map(|dimension| DimensionResponse { name: dimension.to_string(), dimension })
            .collect(),
        preparation: model
            .preparation
            .features()
            .iter()
            .zip(model.preparation_in_words(language))
            .map(|(prepared, text)| PreparedResponse { prepared, text })
            .collect(),
        projection: model.projection.as_ref().map(|plane| ProjectionResponse {
            explained_variance_ratio: plane.explained_variance_ratio,
            centers: model
                .kmeans
                .cluster_centers
                .iter()
                .map(|center| plane.transform_row(center))
                .collect(),
        }),
        scaler: &model.scaler,
        n_clusters: model.kmeans.n_clusters,
        inertia: model.kmeans.inertia,
        quality: SampledQuality {
            quality: model.quality,
            silhouette_sample: (model.data.rows > SILHOUETTE_ROWS).then_some(SILHOUETTE_ROWS),
        },
        elbow: &model.elbow,
        segments: model
            .segments
            .iter()
            .map(|segment| SegmentResponse {
                cluster_id: segment.cluster_id,
                persona: segment.persona(language),
                description: segment.description(language),
                action: segment.action(language),
                size: segment.size,
                share: segment.share,
                center: &segment.center,
                levels: &segment.levels,
                profile: &segment.profile,
            })
            .collect(),
        out_of_core: model.out_of_core.as_ref(),
        settings: model.settings.as_ref(),
        lineage: model.lineage.as_ref(),
    }
}

/// Describes the model: features, segments with size, share, centre and profile, elbow and quality.
#[utoipa::path(
    get,
    path = "/api/model",
    tag = "segments",
    params(("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise")),
    responses(
        (status = 200, description = "The model", body = ModelResponse),
        (status = 304, description = "The same as the client has"),
    )
)]
pub(super) async fn model(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    headers: HeaderMap,
) -> Response {
    state.served().overview.respond(&headers, language)
}
