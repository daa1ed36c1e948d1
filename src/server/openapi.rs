//! `GET /openapi.json` and `GET /docs`: the API described, and a browser for it that works offline.
//!
//! Routes and answers are described beside their handlers; what `/predict` takes depends on the
//! model and is filled in here.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use serde_json::json;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{OpenApi, PartialSchema, ToSchema};

use super::document;
use super::state::AppState;
use crate::model::{ColumnSummary, ColumnValues, Model};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Segmenta",
        description = "Tells which persona a customer belongs to. Errors are problem details \
                       (RFC 9457, `application/problem+json`).",
    ),
    tags(
        (name = "segments", description = "Customers, segments and personas"),
        (name = "models", description = "The models that are kept and which of them answers, files to learn from, and trainings"),
        (name = "operation", description = "For whoever runs the server"),
    )
)]
struct Outline;

/// The description without its paths.
pub(super) fn outline() -> Document {
    Outline::openapi()
}

/// Stands for what `/predict` takes until the model says it.
pub(super) struct PredictRequest;

impl PartialSchema for PredictRequest {
    fn schema() -> RefOr<Schema> {
        Object::new().into()
    }
}

impl ToSchema for PredictRequest {}

/// Fills in what the model says.
fn complete(mut document: Document, model: &Model) -> Document {
    if let Some(components) = document.components.as_mut() {
        let name = PredictRequest::name().into_owned();
        components.schemas.insert(name, customer(model).into());
    }
    document
}

/// The schema of a customer: every column by its name, the features required. Headers are understood
/// too, but a field may be given once only, which two properties for it would not say.
fn customer(model: &Model) -> Schema {
    let mut object = ObjectBuilder::new()
        .description(Some("A customer. Fields go by their short names or by the file's headers."))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
    let columns: Vec<&ColumnSummary> = model.columns().collect();
    for (place, column) in columns.iter().enumerate() {
        let bounds = (place < model.features.len()).then(|| model.bounds(place)).flatten();
        let prepared = model.preparation.features().get(place);
        let is_optional = prepared.is_some_and(|prepared| prepared.steps.may_be_missing());
        object = object.property(&column.name, field(column, bounds, is_optional));
        if prepared.is_some() && !is_optional {
            object = object.required(&column.name);
        }
    }
    let example: serde_json::Map<_, _> = model
        .features
        .iter()
        .filter_map(|feature| {
            let value = match &feature.values {
                ColumnValues::Numeric(summary) => json!(summary.quantiles.p50),
                ColumnValues::Categorical { values } => json!(values.first()?),
                ColumnValues::Identifier | ColumnValues::Text => return None,
            };
            Some((feature.name.clone(), value))
        })
        .collect();
    Schema::Object(object.examples([json!(example)]).build())
}

/// The schema of a column; `bounds` are the least and the most that it can be as a feature.
fn field(column: &ColumnSummary, bounds: Option<(f64, f64)>, is_optional: bool) -> Schema {
    let field = ObjectBuilder::new().description(Some(column.column.as_str()));
    let of = |kind: Type| {
        if is_optional { SchemaType::Array(vec![kind, Type::Null]) } else { SchemaType::Type(kind) }
    };
    let field = match &column.values {
        ColumnValues::Numeric(summary) => field
            .schema_type(of(Type::Number))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Double)))
            .minimum(summary.minimum.or(bounds.map(|(least, _)| least)))
            .maximum(bounds.map(|(_, most)| most)),
        ColumnValues::Categorical { values } => field
            .schema_type(of(Type::String))
            .examples(values.iter().take(3).map(|value| json!(value))),
        ColumnValues::Identifier => {
            field.schema_type(SchemaType::Array(vec![Type::Number, Type::String]))
        }
        ColumnValues::Text => field.schema_type(Type::String),
    };
    Schema::Object(field.build())
}

/// The description, completed for the model that answers, and the browser for it where it is built in.
pub(super) fn routes(document: Document) -> Router<AppState> {
    let description = |State(state): State<AppState>, headers: HeaderMap| async move {
        let served = state.served();
        let complete = || document::Document::json(&complete(document, &served.model));
        served.description.get_or_init(complete).respond(&headers, "no-cache")
    };
    browser(Router::new().route("/openapi.json", get(description)))
}

#[cfg(feature = "api-docs")]
fn browser(router: Router<AppState>) -> Router<AppState> {
    use utoipa_swagger_ui::{Config, SwaggerUi};
    // The validator would send the description to another server, and the standard layout's bar asks
    // for another description and styles itself in a way that the security policy forbids.
    let config = Config::from("/openapi.json").validator_url("none").use_base_layout();
    router.merge(Router::from(SwaggerUi::new("/docs").config(config)))
}

#[cfg(not(feature = "api-docs"))]
fn browser(router: Router<AppState>) -> Router<AppState> {
    router
}
