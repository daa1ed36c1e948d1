//! One line in the log and one count in the metrics for each request, and an id that finds the one by the other.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument, debug_span, error_span};

use super::access;
use super::limits::Limit;
use super::peer::Peer;
use super::state::AppState;
use super::trace;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id of somebody else that is taken over.
const LONGEST_ID: usize = 64;
/// What programs ask for again and again. Answers in order are counted, and only logged where that is asked for.
const ALL_THE_TIME: [&str; 5] = ["/predict", "/stats", "/healthz", "/readyz", "/metrics"];
/// Answers that take longer are logged in any case, in milliseconds.
const LONG: f64 = 1000.0;
/// Below this path stand ids of customers, which are no matter for a log.
const CUSTOMERS: &str = "/api/customers/";

/// A path as the log has it.
fn told(path: &str) -> &str {
    if path.starts_with(CUSTOMERS) { "/api/customers/{id}" } else { path }
}

/// Follows a request from its arrival to the start of its answer.
pub(super) async fn log(state: &AppState, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = id(request.headers());
    let peer = Peer::of(request.extensions()).address;
    let method = request.method().clone();
    // The route and not the path labels the metrics: there are few routes and endlessly many paths.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let name = route.as_ref().map_or("other", MatchedPath::as_str);
    let is_asked_all_the_time = ALL_THE_TIME.contains(&name);
    let path = (!is_asked_all_the_time).then(|| told(request.uri().path()).to_owned());
    let request_id = id.to_str().unwrap_or_default();
    // What is logged meanwhile carries the id as well. Of what is asked all the time only traces have spans.
    let span = if is_asked_all_the_time {
        debug_span!(target: "segmenta::request", "request", request_id, %method, route = name, status = Empty)
    } else {
        error_span!(target: "segmenta::request", "request", request_id, %method, route = name, status = Empty)
    };
    trace::follow(&span, request.headers());
    let mut response = access::pass(state, request, next).instrument(span.clone()).await;
    let elapsed = start.elapsed();
    let status = response.status().as_u16();
    span.record("status", status);
    state.metrics().requested(&method, name, status, elapsed);
    if let Some(&limit) = response.extensions().get::<Limit>() {
        state.metrics().limited(limit);
    }
    let ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3;
    let path = path.as_deref().unwrap_or(name);
    if is_asked_all_the_time && status < 400 && ms < LONG {
        tracing::debug!(target: "segmenta::request", request_id, %peer, %method, path, status, ms, "request");
    } else {
        tracing::info!(target: "segmenta::request", request_id, %peer, %method, path, status, ms, "request");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The id that the client or a proxy gave the request, if it can do no harm in a log; else a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let is_harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let given = headers.get(REQUEST_ID).filter(|value| {
        let bytes = value.as_bytes();
        (1..=LONGEST_ID).contains(&bytes.len()) && bytes.iter().all(is_harmless)
    });
    given.cloned().unwrap_or_else(new_id)
}

/// An id that no other request has: where the process began counting is random.
fn new_id() -> HeaderValue {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    let start = START.get_or_init(|| {
        use std::hash::{BuildHasher, Hasher, RandomState};
        RandomState::new().build_hasher().finish()
    });
    let number = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    let mut text = String::with_capacity(16);
    // Writing to a String cannot fail, and digits are a header's value.
    let _ = write!(text, "{number:016x}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("0"))
}
