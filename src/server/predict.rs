//! `POST /predict`: which persona a customer belongs to.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, FieldError, Problem};
use super::fields::Customer;
use super::json_body::JsonBody;
use super::language::Wanted;
use super::openapi::PredictRequest;
use super::state::{AppState, Seen};
use crate::error::Error;
use crate::model::{Explanation, Model, SegmentDistance};
use crate::personas::Language;
use crate::preparation::Steps;

/// The bytes that an answer without explanation seldom exceeds.
const ROOM: usize = 1024;
/// The headers of an answer, with those that are added to every one.
const MOST_HEADERS: usize = 12;

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
    #[schema(value_type = String)]
    persona: &'a RawValue,
    /// Who these customers are.
    #[schema(value_type = String)]
    description: &'a RawValue,
    /// The model that answered.
    model_version: &'a str,
    /// The distance to the segment's centre, in standard deviations.
    #[schema(minimum = 0)]
    distance: f64,
    /// How clear the choice is: 0 on the border to the runner-up, 1 at the centre.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f64,
    /// What to do for such customers.
    #[schema(value_type = String)]
    action: &'a RawValue,
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
    body: Result<JsonBody, ApiError>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|_| not_a_flag())?;
    let body = body?;
    let served = state.served();
    let model = &served.model;
    let mut customer = Customer::default();
    customer.read(body.bytes(), "the body", &served)?;
    let mut point = Vec::new();
    let prediction = model.predict_at(&customer.features, &mut point).map_err(refused)?;
    let explain = query
        .explain
        .then(|| model.explain(&customer.features))
        .transpose()
        .map_err(refused)?
        .map(|explanation| explain(model, &explanation, language));
    let mut seen = Seen::default();
    served.predicted(&customer.features, &prediction, &mut seen);
    served.record(&seen);
    let segment = &model.segments[prediction.segment];
    let texts = served.texts.of(prediction.segment, language);
    let answer = PredictResponse {
        cluster_id: segment.cluster_id,
        persona: &texts.persona,
        description: &texts.description,
        model_version: &model.version,
        distance: prediction.distance,
        confidence: prediction.confidence,
        action: &texts.action,
        position: model.point_on_plane(&point),
        warnings: customer.warnings,
        explain,
    };
    written(&answer, language)
}

/// An answer that has room for all that will be added.
fn written(answer: &PredictResponse<'_>, language: Language) -> Result<Response, ApiError> {
    let mut json = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut json, answer).map_err(|error| {
        tracing::error!(%error, "a prediction could not be written");
        ApiError::Internal
    })?;
    let mut response = Response::new(Body::from(json));
    let headers = response.headers_mut();
    headers.reserve(MOST_HEADERS);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    Ok(response)
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
