//! Limits and headers that protect the server and its page.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::error::{self, ApiError};
use super::state::{AppState, Settings};

/// Scripts, styles and data come from the server itself and from nowhere else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; \
     style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// Headers that every answer carries.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Bodies of so many bytes count for nothing: all connections together can have them.
const SHORT_BODY: usize = 16 * 1024;

pub(super) fn security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.reserve(SECURITY_HEADERS.len());
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Refuses a body that announces itself as longer than so many bytes.
///
/// # Errors
///
/// 413.
pub(super) fn refuse_longer(headers: &HeaderMap, limit: u64) -> Result<(), ApiError> {
    if announced(headers).is_some_and(|length| length > limit) {
        return Err(ApiError::TooLarge(limit));
    }
    Ok(())
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The length of a body; none when it is not known before its end.
fn body_bytes(headers: &HeaderMap) -> Option<usize> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return None;
    }
    Some(announced(headers).map_or(0, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX)))
}

/// Takes memory for a body that may come, and refuses one that announces itself as too long before a byte of it is
/// read.
///
/// # Errors
///
/// 413; 503 when other bodies have the memory.
pub(super) fn make_room(state: &AppState, headers: &HeaderMap) -> Result<Room, ApiError> {
    let body_limit = state.settings().body_limit;
    refuse_longer(headers, body_limit as u64)?;
    let bytes = match body_bytes(headers) {
        Some(bytes) if bytes <= SHORT_BODY => return Ok(Room { _memory: None }),
        Some(bytes) => bytes.min(body_limit),
        None => body_limit,
    };
    Ok(Room { _memory: Some(state.gates().body(bytes)?) })
}

/// Memory for a body, until this is dropped.
pub(super) struct Room {
    _memory: Option<OwnedSemaphorePermit>,
}

/// Refuses a request with a body that announces itself as too long, and ends one that takes too long.
///
/// Predictions, uploads and streams have limits of their own.
pub(super) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Settings { body_limit, request_timeout, .. } = *state.settings();
    if let Err(error) = refuse_longer(request.headers(), body_limit as u64) {
        return error.into_response();
    }
    timeout(request_timeout, next.run(request))
        .await
        .unwrap_or_else(|_| ApiError::Timeout(request_timeout.as_secs()).into_response())
}

/// Lets a route answer; if that panics, there is an answer too.
pub(super) async fn run(next: Next, request: Request) -> Response {
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    answering.await.unwrap_or_else(|cause| error::panicked(&*cause))
}

/// Lets pages of the named origins call the API; none by default.
pub(super) fn cors(settings: &Settings) -> Option<CorsLayer> {
    if settings.cors_origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(settings.cors_origins.clone()))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT_LANGUAGE])
        .max_age(Duration::from_mins(10));
    Some(layer)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for() {
        async fn broken() -> StatusCode {
            panic!("broken")
        }
        let app = Router::new()
            .route("/", get(broken))
            .layer(from_fn(|request, next| async { run(next, request).await }));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
