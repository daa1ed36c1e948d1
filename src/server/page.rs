//! The page's files, which are part of the program.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::document::Document;
use super::error::not_found;
use crate::digest::hex;

#[derive(RustEmbed)]
#[folder = "$SEGMENTA_WEB_DIST"]
struct Files;

/// The page itself.
pub(super) fn index(request: &HeaderMap) -> Option<Response> {
    respond("index.html", request)
}

/// A file of the page, or 404: every path that is no resource of the API comes here.
pub(super) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let is_read = method == Method::GET || method == Method::HEAD;
    let path = uri.path().trim_start_matches('/');
    let file = if is_read { respond(path, &headers) } else { None };
    file.unwrap_or_else(|| not_found(&uri).into_response())
}

fn respond(path: &str, request: &HeaderMap) -> Option<Response> {
    let file = Files::get(path)?;
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    };
    // The build puts a digest of its content into the name of every file in assets/.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let body = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let digest = hex(&file.metadata.sha256_hash());
    let document = Document::tagged(body, HeaderValue::from_static(kind), &digest);
    Some(document.respond(request, cache))
}
