//! Bodies of JSON that say what to do.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::{ApiError, FieldError};
use super::state::{AppState, Settings};

/// The body as a value; mistakes are told by the field that they are in.
pub(super) fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    settings: &Settings,
) -> Result<T, ApiError> {
    let body = bytes(headers, body, settings)?;
    let json: &RawValue = serde_json::from_slice(&body)
        .map_err(|error| ApiError::Malformed(format!("the body is not JSON: {error}")))?;
    // A list in the place of an object would be taken for its fields in their order.
    if !json.get().starts_with('{') {
        let problem = "a JSON object is needed";
        return Err(ApiError::invalid(FieldError::of_body("object_type", problem)));
    }
    let mut json = serde_json::Deserializer::from_str(json.get());
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        // The place in the body says less than the field does.
        let told = error.inner().to_string();
        let problem = told.split(" at line ").next().unwrap_or(&told);
        ApiError::invalid(if path == "." {
            FieldError::of_body("value_error", problem)
        } else {
            FieldError::body(&path, "value_error", problem)
        })
    })
}

/// A body that is sent as JSON.
pub(super) struct JsonBytes(pub(super) Bytes);

impl FromRequest<AppState> for JsonBytes {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let body = Bytes::from_request(request, state).await;
        let limit = state.settings().body_limit;
        body.map(Self).map_err(|rejection| ApiError::from_body(&rejection, limit))
    }
}

/// The bytes of a body that is sent as JSON.
///
/// # Errors
///
/// 413, 415, and 400 for one that ended early.
fn bytes(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    settings: &Settings,
) -> Result<Bytes, ApiError> {
    require_json(headers)?;
    body.map_err(|rejection| ApiError::from_body(&rejection, settings.body_limit))
}

/// Refuses a request that a form on another site could send too: that cannot name this type.
///
/// # Errors
///
/// 415.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    if is_json(headers) { Ok(()) } else { Err(ApiError::UnsupportedMediaType("application/json")) }
}

/// Whether a body is sent as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}
