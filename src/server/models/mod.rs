//! `/api/models`: the models that are kept, and which of them answers.
//!
//! Whatever reads or writes files runs on a thread of its own, apart from those that answer requests.

pub(super) mod activate;
pub(super) mod comparison;
pub(super) mod delete;
pub(super) mod export;
pub(super) mod list;
pub(super) mod moves;
pub(super) mod one;
pub(super) mod segment;

use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, HeaderName, VARY};

use super::error::{ApiError, FieldError};
use crate::error::Error;
use crate::personas::Language;

/// Headers of an answer in a language that is never the same for long.
type Fresh = [(HeaderName, &'static str); 3];

fn fresh(language: Language) -> Fresh {
    [(CACHE_CONTROL, "no-store"), (CONTENT_LANGUAGE, language.tag()), (VARY, "accept-language")]
}

/// What the client hears of an error around a model. Paths and causes go to the log.
fn refused(error: Error) -> ApiError {
    match error {
        Error::UnknownModel { version, .. } => {
            let version: String = version.chars().take(40).collect();
            ApiError::Unknown(format!(
                "there is no model {version}; /api/models lists those that there are"
            ))
        }
        Error::UnknownSegment { .. } => ApiError::Unknown(error.to_string()),
        Error::ModelInUse { .. } => ApiError::Conflict(error.to_string()),
        Error::NoPreviousModel { .. } => {
            ApiError::Conflict("no other model answered before, or it was deleted".to_owned())
        }
        Error::ModelFile { ref problem, .. } => {
            tracing::warn!(%error, "a model cannot be used");
            ApiError::Conflict(problem.to_string())
        }
        Error::Texts { .. } => {
            tracing::warn!(%error, "a model cannot be used");
            ApiError::Conflict("its changed texts are damaged; the log says where".to_owned())
        }
        Error::SegmentText { language, field, problem } => ApiError::invalid(FieldError {
            loc: ["body", language, field].map(str::to_owned).into(),
            msg: problem,
            kind: "text",
            ctx: None,
        }),
        error => ApiError::of_folder(error),
    }
}
