//! The one error of the API, as problem details (RFC 9457).

use std::any::Any;
use std::io;

use axum::Json;
use axum::http::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::limits::Limit;
use crate::error::Error;

const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request has no other answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// 400: the body is not what its content type says.
    #[error("{0}")]
    Malformed(String),
    /// 401: nobody knows who asks.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// 403: who asks may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// 403: a page of another site asks.
    #[error("a page of another site asks for this; only those that --cors-origin names may")]
    CrossSite,
    /// 421: the server is asked by a name that may be somebody else's.
    #[error("the server does not go by this name; give it with --allowed-host, or make a token")]
    WrongHost,
    /// 404.
    #[error("there is nothing at {0}")]
    NotFound(String),
    /// 404: there is no such model, segment or other thing.
    #[error("{0}")]
    Unknown(String),
    /// 405: the resource exists and knows other methods.
    #[error("{0} is not a method of this resource; the Allow header lists those that are")]
    MethodNotAllowed(String),
    /// 408: the request took too long.
    #[error("the request took longer than {0} seconds")]
    Timeout(u64),
    /// 408: no more of the body came for so many seconds, or too little in all of them.
    #[error("the body came too slowly, or not at all for {0} seconds; send it faster")]
    TooSlow(u64),
    /// 409: what is asked for cannot be done as things stand.
    #[error("{0}")]
    Conflict(String),
    /// 413: the body is too long.
    #[error("the body is longer than {0} bytes")]
    TooLarge(u64),
    /// 415: the body is of another type than the resource reads, which is this one.
    #[error("the body must be sent as {0}")]
    UnsupportedMediaType(&'static str),
    /// 422: well-formed, but not what is needed.
    #[error("{}", summary(.errors, *.more))]
    Invalid {
        /// The mistakes that are listed.
        errors: Vec<FieldError>,
        /// The number of those that are not.
        more: usize,
    },
    /// 429: more than can be done was asked for.
    #[error("{0}")]
    TooMany(&'static str),
    /// 429: too much was asked for in a second; how long to wait.
    #[error("{} in a second; try again in {seconds} s", .limit.is_met())]
    TooFast {
        /// What was asked for too often.
        limit: Limit,
        /// The time after which there is room again.
        seconds: u64,
    },
    /// 507: the disk is full.
    #[error("there is no room left on the server's disk; remove uploads or models, or make room")]
    NoRoom,
    /// 503: something that the answer needs is not at hand.
    #[error("{0}")]
    Unavailable(&'static str),
    /// 503: more is asked for than can be done just now.
    #[error("{}; try again in a second", .0.is_met())]
    Overloaded(Limit),
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

    /// A mistake in a body as a whole.
    pub(super) fn of_body(kind: &'static str, msg: impl Into<String>) -> Self {
        Self { loc: vec!["body".to_owned()], msg: msg.into(), kind, ctx: None }
    }

    /// A mistake in a parameter of the address.
    pub(super) fn query(name: &str, kind: &'static str, msg: impl Into<String>) -> Self {
        Self { loc: vec!["query".to_owned(), name.to_owned()], msg: msg.into(), kind, ctx: None }
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
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::NotFound(_) | Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout(_) | Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) | Self::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable(_) | Self::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The limit that the request met.
    fn limit(&self) -> Option<Limit> {
        match self {
            Self::Timeout(_) => Some(Limit::RequestTime),
            Self::TooSlow(_) => Some(Limit::BodyRate),
            Self::TooLarge(_) => Some(Limit::BodyLength),
            Self::Overloaded(limit) | Self::TooFast { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// Whether the rest of the request stays unread, so that the connection cannot be used again.
    fn leaves_body_unread(&self) -> bool {
        matches!(
            self,
            Self::TooLarge(_)
                | Self::Timeout(_)
                | Self::TooSlow(_)
                | Self::NoRoom
                | Self::Overloaded(_)
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let close = self.leaves_body_unread();
        let limit = self.limit();
        let is_unknown = matches!(self, Self::Unauthorized(_));
        let retry_after = match self {
            Self::Overloaded(_) => Some(1),
            Self::TooFast { seconds, .. } => Some(seconds),
            _ => None,
        };
        let detail = self.to_string();
        let errors = if let Self::Invalid { errors, .. } = self { errors } else { Vec::new() };
        let mut response = problem(status, detail, errors);
        if close {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if is_unknown {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(limit) = limit {
            response.extensions_mut().insert(limit);
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl ApiError {
    /// What needs the customers cannot be answered.
    pub(super) fn no_customers() -> Self {
        Self::Unavailable(
            "the customers that the model was learned from are not beside it; \
             predictions work, and training anew brings them back unless they are more than memory holds",
        )
    }

    /// A single mistake in a request.
    pub(super) fn invalid(error: FieldError) -> Self {
        Self::Invalid { errors: vec![error], more: 0 }
    }

    /// A body that ended in the middle.
    pub(super) fn cut_off() -> Self {
        Self::Malformed("the body ended before its length; send it whole".to_owned())
    }

    /// Trouble with the data folder.
    pub(super) fn storage(error: &io::Error) -> Self {
        tracing::error!(%error, "the data folder cannot be used");
        match error.kind() {
            // A limit on the length of files leaves no room for this one either.
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoRoom,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::Unavailable(
                    "the server may not write to its data folder, so nothing can be kept or changed; \
                     predictions work",
                )
            }
            _ => Self::Internal,
        }
    }

    /// The data folder is not this server's to change.
    #[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
    pub(super) fn of_folder(error: Error) -> Self {
        match error {
            Error::FolderHeld { path } => {
                tracing::warn!(folder = %path.display(), "another server is at work in this folder");
                Self::Conflict(
                    "another server is at work in the data folder, and only that one changes it; ask that \
                     one, or stop it and ask again"
                        .to_owned(),
                )
            }
            Error::Read { source, .. } | Error::Write { source, .. } => Self::storage(&source),
            error => {
                tracing::error!(%error, "the data folder cannot be used");
                Self::Internal
            }
        }
    }

    /// A file of customers that cannot be used. What the system says is logged only.
    #[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
    pub(super) fn of_upload(error: Error) -> Self {
        match error {
            Error::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Self::Unknown("the file is gone; send it again".to_owned())
            }
            Error::Read { source, .. } => Self::storage(&source),
            error => Self::Conflict(error.to_string()),
        }
    }
}

fn problem(status: StatusCode, detail: String, errors: Vec<FieldError>) -> Response {
    let problem = Problem {
        r#type: "about:blank",
        title: title(status),
        status: status.as_u16(),
        detail,
        errors,
    };
    let kind = [(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
    (status, kind, Json(problem)).into_response()
}

/// The status in words, as RFC 9110 has them today.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        _ => status.canonical_reason().unwrap_or("Error"),
    }
}

fn summary(errors: &[FieldError], more: usize) -> String {
    match (errors.split_first(), errors.len() + more) {
        (None, _) => "the request is not valid".to_owned(),
        (Some((only, _)), 1) => sentence(only),
        (Some((first, _)), all) => format!("{} (and {} more)", sentence(first), all - 1),
    }
}

fn sentence(error: &FieldError) -> String {
    match error.loc.as_slice() {
        [_, field, ..] => format!("{field}: {}", error.msg),
        _ => error.msg.clone(),
    }
}

/// Gives errors that the framework answers with text, or with nothing, the form of all others.
pub(super) fn uniform(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(CONTENT_TYPE);
    if !is_error || kind.is_some_and(|kind| kind == PROBLEM_JSON) {
        return response;
    }
    let (parts, _) = response.into_parts();
    let mut uniform = problem(status, title(status).to_owned(), Vec::new());
    for (name, value) in &parts.headers {
        if *name != CONTENT_TYPE && *name != CONTENT_LENGTH && *name != CONTENT_ENCODING {
            uniform.headers_mut().append(name, value.clone());
        }
    }
    uniform
}

/// The answer to a method that a resource does not know.
pub(super) async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::MethodNotAllowed(method.as_str().chars().take(20).collect())
}

/// The answer where nothing is. A long path is cut.
pub(super) fn not_found(uri: &Uri) -> ApiError {
    ApiError::NotFound(uri.path().chars().take(100).collect())
}

/// The answer when a handler panicked, which none should.
pub(super) fn panicked(cause: &(dyn Any + Send)) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(cause, "a request handler panicked");
    ApiError::Internal.into_response()
}
