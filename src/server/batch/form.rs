//! How a body writes its rows, and the answer too.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use encoding_rs::Encoding;

use crate::server::error::ApiError;

/// What is understood, for messages.
const KNOWN: &str = "application/json, application/x-ndjson or text/csv";

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// A JSON array, an element a row.
    Array,
    /// A JSON value a line.
    Lines,
    /// A header, and a row a customer, with letters in this encoding if it is known.
    Table(Option<&'static Encoding>),
}

impl Form {
    /// The form that the content type names. None of them is one that forms of other sites can send.
    ///
    /// # Errors
    ///
    /// 415.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let unknown = || ApiError::UnsupportedMediaType(KNOWN);
        let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let (essence, parameters) =
            value.map_or(("", ""), |value| value.split_once(';').unwrap_or((value, "")));
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/json" => Ok(Self::Array),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Self::Lines),
            "text/csv" => {
                let Some(charset) = charset(parameters) else { return Ok(Self::Table(None)) };
                let encoding = Encoding::for_label(charset.as_bytes()).ok_or_else(unknown)?;
                Ok(Self::Table(Some(encoding)))
            }
            _ => Err(unknown()),
        }
    }

    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Array => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Table(_) => "text/csv; charset=utf-8; header=present",
        })
    }
}

fn charset(parameters: &str) -> Option<&str> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &'static str) -> Option<Form> {
        Form::of(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))])).ok()
    }

    #[test]
    fn content_types() {
        assert_eq!(of("application/JSON; charset=utf-8"), Some(Form::Array));
        assert_eq!(of("application/x-ndjson"), Some(Form::Lines));
        assert_eq!(of("text/csv"), Some(Form::Table(None)));
        let latin = Some(encoding_rs::WINDOWS_1252);
        assert_eq!(of("text/csv;header=present; Charset=\"ISO-8859-1\""), Some(Form::Table(latin)));
        for other in ["", "text/plain", "multipart/form-data", "text/csv; charset=klingon"] {
            assert_eq!(of(other), None, "{other}");
        }
        assert!(Form::of(&HeaderMap::new()).is_err());
    }
}
