//! Mistakes that are told in the place of a row, or behind the last one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::server::error::{ApiError, FieldError};

/// What stands in the place of a customer that cannot be scored.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedRow {
    error: RowError,
}

/// Why a row has no answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RowError {
    /// What is wrong, and how to mend it.
    pub(super) detail: String,
    /// What is wrong with each field.
    errors: Vec<FieldError>,
}

impl RefusedRow {
    pub(super) fn new(error: ApiError) -> Self {
        let detail = error.to_string();
        let errors = match error {
            ApiError::Invalid { errors, .. } => errors,
            ApiError::Malformed(_) => vec![FieldError::of_body("json_invalid", &*detail)],
            _ => vec![FieldError::of_body("internal", &*detail)],
        };
        Self { error: RowError { detail, errors } }
    }

    pub(super) fn detail(&self) -> &str {
        &self.error.detail
    }
}

impl From<FieldError> for RefusedRow {
    fn from(error: FieldError) -> Self {
        Self::new(ApiError::invalid(error))
    }
}

/// Why no more of a body comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The connection ended before the body.
    CutOff,
    /// Nothing came for so many seconds, or too little.
    Stalled(u64),
    /// The body is longer than so many bytes.
    TooLong(u64),
}

impl From<Ended> for FieldError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::CutOff => Self::of_body(
                "cut_off",
                "the body ended before its length; rows behind are missing",
            ),
            Ended::Stalled(seconds) => Self::of_body(
                "stalled",
                format!(
                    "the body came too slowly, or not at all for {seconds} seconds; rows behind are missing"
                ),
            ),
            Ended::TooLong(limit) => Self::of_body(
                "too_long",
                format!(
                    "the body is longer than {limit} bytes; send the rows behind in another one"
                ),
            ),
        }
    }
}

impl From<Ended> for ApiError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::CutOff => Self::cut_off(),
            Ended::Stalled(seconds) => Self::TooSlow(seconds),
            Ended::TooLong(limit) => Self::TooLarge(limit),
        }
    }
}
