//! The twin of `page` for builds without the page: there are no files.

use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::error::{ApiError, not_found};

/// No page.
pub(super) fn index(_: &HeaderMap) -> Option<Response> {
    None
}

/// 404.
pub(super) async fn file(uri: Uri) -> ApiError {
    not_found(&uri)
}
