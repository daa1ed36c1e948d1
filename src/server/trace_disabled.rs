//! A server without traces.

use axum::http::HeaderMap;
use tracing::Span;

/// Does nothing.
pub(super) fn follow(_: &Span, _: &HeaderMap) {}
