//! The one error of the API, as problem details (RFC 9457).

use std::any::Any;

use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Why a request has no other answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// 400: the body is not what its content type says.
    #[error("{0}")]
    Malformed(String),
    /// 404.
    #[error("there is nothing at {0}")]
    NotFound(String),
    /// 405: the resource exists and knows other methods.
    #[error("{0} is not a method of this resource; the Allow header lists those that are")]
    MethodNotAllowed(Method),
    /// 408: the request took too long.
    #[error("the request took longer than {0} seconds")]
    Timeout(u64),
    /// 413: the body is too long.
    #[error("the body is longer than {0} bytes")]
    TooLarge(usize),
    /// 415: the body is of another type than the resource reads.
    #[error("the body must be sent as application/json")]
    UnsupportedMediaType,
    /// 422: well-formed, but not what is needed.
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldError>),
    /// 503: something that the answer needs is not at hand.
    #[error("{0}")]
    Unavailable(&'static str),
    /// 500. The cause is logged and not told.
    #[error("something went wrong on the server; its log says what")]
    Internal,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it is: `["body", "annual_income"]`.
    pub loc: Vec<String>,
    /// What is wrong, and what is needed.
    pub msg: String,
    /// The kind of mistake, for programs.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The figures in the message, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub ctx: Option<Box<Value>>,
}

/// The body of an error.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// A URI reference that names the kind of problem.
    r#type: &'static str,
    /// The kind of problem in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong this time, and how to mend it.
    detail: String,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl FieldError {
    /// A mistake in a field of the body.
    pub(super) fn body(field: &str, kind: &'static str, msg: impl Into<String>) -> Self {
        Self { loc: vec!["body".to_owned(), field.to_owned()], msg: msg.into(), kind, ctx: None }
    }

    pub(super) fn with(mut self, ctx: Value) -> Self {
        self.ctx = Some(Box::new(ctx));
        self
    }
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether the rest of the request stays unread, so that the connection cannot be used again.
    fn leaves_body_unread(&self) -> bool {
        matches!(self, Self::TooLarge(_) | Self::Timeout(_))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let close = self.leaves_body_unread();
        let detail = self.to_string();
        let errors = if let Self::Invalid(errors) = self { errors } else { Vec::new() };
        let problem = Problem {
            r#type: "about:blank",
            title: title(status),
            status: status.as_u16(),
            detail,
            errors,
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl ApiError {
    /// A body that could not be read to its end.
    pub(super) fn from_body(rejection: &BytesRejection, limit: usize) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge(limit)
        } else {
            Self::Malformed("the body ended before its length; send it whole".to_owned())
        }
    }
}

/// The status in words, as RFC 9110 has them today.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        _ => status.canonical_reason().unwrap_or("Error"),
    }
}

fn summary(errors: &[FieldError]) -> String {
    match errors {
        [] => "the request is not valid".to_owned(),
        [error] => sentence(error),
        [first, rest @ ..] => format!("{} (and {} more)", sentence(first), rest.len()),
    }
}

fn sentence(error: &FieldError) -> String {
    match error.loc.as_slice() {
        [_, field, ..] => format!("{field}: {}", error.msg),
        _ => error.msg.clone(),
    }
}

/// The answer to a method that a resource does not know.
pub(super) async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::MethodNotAllowed(method)
}

/// The answer where nothing is. A long path is cut.
pub(super) fn not_found(uri: &Uri) -> ApiError {
    ApiError::NotFound(uri.path().chars().take(100).collect())
}

/// The answer when a handler panicked, which none should.
#[allow(clippy::needless_pass_by_value)] // the signature that CatchPanicLayer asks for
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(cause, "a request handler panicked");
    ApiError::Internal.into_response()
}
