//! Bodies of JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::error::{ApiError, FieldError};
use super::protect::{Room, make_room};
use super::state::{AppState, Settings};

/// A body that is sent as JSON, and the memory that it takes.
pub(super) struct JsonBody {
    bytes: Bytes,
    _room: Room,
}

impl FromRequest<AppState> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let room = make_room(state, request.headers())?;
        require_json(request.headers())?;
        let Settings { body_limit, request_timeout, .. } = *state.settings();
        let whole = Limited::new(request.into_body(), body_limit).collect();
        let whole = timeout(request_timeout, whole)
            .await
            .map_err(|_| ApiError::Timeout(request_timeout.as_secs()))?;
        match whole {
            Ok(whole) => Ok(Self { bytes: whole.to_bytes(), _room: room }),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(ApiError::TooLarge(body_limit as u64))
            }
            Err(_) => Err(ApiError::cut_off()),
        }
    }
}

impl JsonBody {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body as a value that says what to do; mistakes are told by the field that they are in.
    ///
    /// # Errors
    ///
    /// 400, 422.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let json: &RawValue = serde_json::from_slice(&self.bytes)
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
    const JSON: &str = "application/json";
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(JSON) || {
        let essence = essence.to_ascii_lowercase();
        essence.starts_with("application/") && essence.ends_with("+json")
    }
}
