//! `POST /predict`: which persona a customer belongs to.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_LANGUAGE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, FieldError, Problem};
use super::fields;
use super::json_body::JsonBytes;
use super::language::Wanted;
use super::openapi::PredictRequest;
use super::state::AppState;
use crate::error::Error;
use crate::model::{Explanation, Model, SegmentDistance};
use crate::personas::Language;
use crate::preparation::Steps;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PredictQuery {
    /// Whether to add all distances, the runner-up, what each feature contributed, and the smallest
    /// change that would switch the segment.
    #[serde(default)]
    #[param(required = false)]
    explain: bool,
}

/// The persona of one customer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PredictResponse<'a> {
    /// The segment's id.
    #[schema(minimum = 0)]
    cluster_id: usize,
    /// The segment's name.
    persona: &'a str,
    /// Who these customers are.
    description: &'a str,
    /// The model that answered.
    model_version: &'a str,
    /// The distance to the segment's centre, in standard deviations.
    #[schema(minimum = 0)]
    distance: f64,
    /// How clear the choice is: 0 on the border to the runner-up, 1 at the centre.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f64,
    /// What to do for such customers.
    action: &'a str,
    /// Where the customer lies among those of `/api/projection`; only for models that have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    position: Option<[f64; 2]>,
    /// Remarks on the input that do not stand in the way of an answer.
    warnings: Vec<FieldError>,
    /// Only with `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    explain: Option<ExplainResponse>,
}

/// Why, and what would change it.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainResponse {
    /// The distance to every segment, nearest first.
    distances: Vec<NamedDistance>,
    /// The second nearest segment; null when there is only one.
    runner_up: Option<NamedDistance>,
    /// What each feature has to do with it.
    contributions: Vec<NamedContribution>,
    /// The smallest change of one feature that leads to another segment; null when none does.
    switch: Option<NamedSwitch>,
}

/// The distance to a segment, in standard deviations.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct NamedDistance {
    cluster_id: usize,
    persona: String,
    distance: f64,
}

/// What one feature has to do with the choice.
#[derive(Debug, Serialize, ToSchema)]
struct NamedContribution {
    /// The feature's short name.
    feature: String,
    /// The feature's header.
    column: String,
    /// How much nearer it puts the customer to its segment than to the runner-up, in squared
    /// standard deviations; negative when it speaks for the runner-up.
    toward_segment: f64,
    /// Its part in all that features have to do with it, from 0 to 1.
    share: f64,
}

/// A change that leads to another segment.
#[derive(Debug, Serialize, ToSchema)]
struct NamedSwitch {
    feature: String,
    column: String,
    /// What the feature is now; null where it is missing.
    #[schema(schema_with = number_or_text)]
    from: Value,
    /// What it would have to be.
    #[schema(schema_with = number_or_text)]
    to: Value,
    /// The difference; null for a category.
    change: Option<f64>,
    cluster_id: usize,
    persona: String,
}

/// A number, a category, or null.
fn number_or_text() -> Object {
    let kinds = SchemaType::Array(vec![Type::Number, Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(kinds).build()
}

/// Tells which persona a customer belongs to.
#[utoipa::path(
    post,
    path = "/predict",
    tag = "segments",
    params(
        PredictQuery,
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    request_body(content = PredictRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The persona", body = PredictResponse),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The request took too long", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn predict(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    query: Result<Query<PredictQuery>, QueryRejection>,
    body: Result<JsonBytes, ApiError>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|_| not_a_flag())?;
    let JsonBytes(body) = body?;
    let served = state.served();
    let model = &served.model;
    let customer = fields::read(&body, "the body", &served)?;
    let prediction = model.predict(&customer.features).map_err(refused)?;
    let explain = query
        .explain
        .then(|| model.explain(&customer.features))
        .transpose()
        .map_err(refused)?
        .map(|explanation| explain(model, &explanation, language));
    let mut seen = Vec::new();
    served.predicted(&customer.features, &prediction, &mut seen);
    served.drift.record(&seen);
    let segment = &model.segments[prediction.segment];
    let response = PredictResponse {
        cluster_id: segment.cluster_id,
        persona: segment.persona(language),
        description: segment.description(language),
        model_version: &model.version,
        distance: prediction.distance,
        confidence: prediction.confidence,
        action: segment.action(language),
        position: model.on_plane(&customer.features),
        warnings: customer.warnings,
        explain,
    };
    // Written here, since the texts are those of the model.
    Ok(([(CONTENT_LANGUAGE, language.tag())], Json(response)).into_response())
}

fn explain(model: &Model, explanation: &Explanation, language: Language) -> ExplainResponse {
    let id = |segment: usize| model.segments[segment].cluster_id;
    let persona = |segment: usize| model.segments[segment].persona(language).to_owned();
    let named = |&SegmentDistance { segment, distance }: &SegmentDistance| NamedDistance {
        cluster_id: id(segment),
        persona: persona(segment),
        distance,
    };
    let distances: Vec<NamedDistance> = explanation.distances.iter().map(named).collect();
    ExplainResponse {
        runner_up: distances.get(1).cloned(),
        distances,
        contributions: explanation
            .contributions
            .iter()
            .map(|contribution| NamedContribution {
                feature: model.features[contribution.feature].name.clone(),
                column: model.features[contribution.feature].column.clone(),
                toward_segment: contribution.toward_segment,
                share: contribution.share,
            })
            .collect(),
        switch: explanation.switch.map(|switch| NamedSwitch {
            feature: model.features[switch.feature].name.clone(),
            column: model.features[switch.feature].column.clone(),
            from: value(model, switch.feature, switch.from),
            to: value(model, switch.feature, switch.to),
            change: Some(switch.to - switch.from)
                .filter(|_| model.features[switch.feature].numeric().is_some())
                .filter(|change| change.is_finite()),
            cluster_id: id(switch.segment),
            persona: persona(switch.segment),
        }),
    }
}

/// A feature as people know it: a number, or the category that a code stands for.
fn value(model: &Model, feature: usize, value: f64) -> Value {
    match &model.preparation.features()[feature].steps {
        Steps::Numeric(_) => Value::from(value),
        Steps::Categorical(categorical) => categorical.category(value).into(),
    }
}

/// A customer that the model refuses although its fields passed: numbers too large for a distance.
pub(super) fn refused(error: Error) -> ApiError {
    match error {
        Error::ValueTooLarge { feature, .. } => ApiError::invalid(FieldError::body(
            &feature,
            "too_large",
            "the number is too far from all customers to compare it with the segments",
        )),
        error => {
            tracing::error!(%error, "a prediction failed");
            ApiError::Internal
        }
    }
}

fn not_a_flag() -> ApiError {
    let msg = "true or false is needed, and once only";
    ApiError::invalid(FieldError::query("explain", "bool_type", msg))
}
