//! Answers that do not change: serialised once, with an entity tag.

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{ETag, HeaderMapExt, IfNoneMatch};
use serde::Serialize;

use crate::digest::sha256;
use crate::personas::Language;

/// A body and the tag that names it.
#[derive(Debug, Clone)]
pub(super) struct Document {
    body: Bytes,
    content_type: HeaderValue,
    etag: String,
}

impl Document {
    /// `digest` is the SHA-256 of the body.
    pub(super) fn tagged(body: Bytes, content_type: HeaderValue, digest: &str) -> Self {
        // Weak, because a compressed answer has other bytes and the same meaning.
        let etag = format!("W/\"{}\"", &digest[..16]);
        Self { body, content_type, etag }
    }

    pub(super) fn json(value: &impl Serialize) -> Self {
        // Only maps with keys that are no strings cannot be written, and there are none.
        let body = serde_json::to_vec(value).unwrap_or_default();
        let digest = sha256(&body);
        Self::tagged(body.into(), HeaderValue::from_static("application/json"), &digest)
    }

    /// The document, or 304 when the client has it already.
    pub(super) fn respond(&self, request: &HeaderMap, cache: &'static str) -> Response {
        let tag: Option<ETag> = self.etag.parse().ok();
        let known = request
            .typed_get::<IfNoneMatch>()
            .zip(tag)
            .is_some_and(|(condition, tag)| !condition.precondition_passes(&tag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, self.content_type.clone())], self.body.clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
        response
    }
}

/// A document in every language.
#[derive(Debug)]
pub(super) struct Documents {
    english: Document,
    indonesian: Document,
}

impl Documents {
    pub(super) fn new<T: Serialize>(write: impl Fn(Language) -> T) -> Self {
        Self {
            english: Document::json(&write(Language::English)),
            indonesian: Document::json(&write(Language::Indonesian)),
        }
    }

    pub(super) fn respond(&self, request: &HeaderMap, language: Language) -> Response {
        let document = match language {
            Language::English => &self.english,
            Language::Indonesian => &self.indonesian,
        };
        let mut response = document.respond(request, "no-cache");
        response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        response.headers_mut().append(VARY, HeaderValue::from_static("accept-language"));
        response
    }
}
