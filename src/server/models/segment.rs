//! `PATCH /api/models/{version}/segments/{cluster_id}`: a segment's texts are changed.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::error::{ApiError, Problem};
use super::super::json_body::JsonBody;
use super::super::state::AppState;
use super::refused;
use crate::model::{Model, SegmentEdit, SegmentTexts, TextsEdit};
use crate::personas::Language;

/// What to change in a segment; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct SegmentRequest {
    /// In English.
    #[serde(default)]
    en: Option<TextsRequest>,
    /// In Indonesian.
    #[serde(default)]
    id: Option<TextsRequest>,
}

/// What to change in one language. Texts hold no line breaks and no other control characters.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TextsRequest {
    /// The name, which no other segment of the model has.
    #[schema(min_length = 1, max_length = 80)]
    persona: Option<String>,
    /// Who these customers are.
    #[schema(min_length = 1, max_length = 2000)]
    description: Option<String>,
    /// What to do for them.
    #[schema(min_length = 1, max_length = 2000)]
    action: Option<String>,
}

/// A segment's texts in every language.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct SegmentTextsResponse {
    cluster_id: usize,
    /// In English: `persona`, `description` and `action`.
    #[schema(value_type = Object)]
    en: SegmentTexts,
    /// In Indonesian: the same.
    #[schema(value_type = Object)]
    id: SegmentTexts,
}

impl From<SegmentRequest> for SegmentEdit {
    fn from(SegmentRequest { en, id }: SegmentRequest) -> Self {
        let texts = |texts: Option<TextsRequest>| {
            texts.map_or_else(
                TextsEdit::default,
                |TextsRequest { persona, description, action }| TextsEdit {
                    persona,
                    description,
                    action,
                },
            )
        };
        Self { en: texts(en), id: texts(id) }
    }
}

/// Changes texts of a segment, at once for the model that answers. Models trained later that follow this one
/// keep them.
#[utoipa::path(
    patch,
    path = "/api/models/{version}/segments/{cluster_id}",
    tag = "models",
    params(
        ("version" = String, Path, description = "The model's version"),
        ("cluster_id" = usize, Path, description = "The segment's id"),
    ),
    request_body(content = SegmentRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The segment's texts", body = SegmentTextsResponse),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such model or segment", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The model is damaged", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A text is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn edit(
    State(state): State<AppState>,
    path: Result<Path<(String, usize)>, PathRejection>,
    body: Result<JsonBody, ApiError>,
) -> Result<([(HeaderName, &'static str); 1], Json<SegmentTextsResponse>), ApiError> {
    let Path((version, cluster_id)) = path.map_err(|_| {
        ApiError::Unknown("there is no such segment; a segment goes by a number".to_owned())
    })?;
    let request: SegmentRequest = body?.read()?;
    let edit = SegmentEdit::from(request);
    state.store()?;
    let work = state.work();
    let change = move || {
        let model = state.edit(&version, cluster_id, &edit).map_err(refused)?;
        texts(&model, cluster_id)
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(work.run(change).await?)))
}

fn texts(model: &Model, cluster_id: usize) -> Result<SegmentTextsResponse, ApiError> {
    let segment = model.place(cluster_id).map(|place| &model.segments[place]);
    segment
        .map(|segment| SegmentTextsResponse {
            cluster_id,
            en: segment.texts(Language::English),
            id: segment.texts(Language::Indonesian),
        })
        .ok_or(ApiError::Internal)
}
