//! Rows of JSON: each an object as `/predict` takes it, and an object for an answer.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::trouble::RefusedRow;
use crate::personas::Language;
use crate::server::drift::Seen;
use crate::server::error::{ApiError, FieldError};
use crate::server::fields;
use crate::server::predict::refused;
use crate::server::state::Served;

/// Scores rows of JSON by one model.
pub(super) struct Objects {
    pub(super) served: Arc<Served>,
    pub(super) language: Language,
    /// Whether the answers are elements of an array, rather than lines.
    pub(super) is_array: bool,
}

/// What became of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum BatchRow<'a> {
    /// It has a segment.
    Scored(ScoredRow<'a>),
    /// It cannot be scored.
    Refused(RefusedRow),
}

/// The segment of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScoredRow<'a> {
    /// The segment's id.
    #[schema(minimum = 0)]
    cluster_id: usize,
    /// The segment's name.
    persona: &'a str,
    /// The distance to the segment's centre, in standard deviations.
    #[schema(minimum = 0)]
    distance: f64,
    /// How clear the choice is: 0 on the border to the runner-up, 1 at the centre.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f64,
    /// Where the customer lies among those of `/api/projection`; only for models that have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    position: Option<[f64; 2]>,
    /// Remarks on the input, without their figures.
    warnings: Vec<FieldError>,
}

impl Objects {
    /// Appends the answer to a row.
    pub(super) fn answer(&self, row: &[u8], seen: &mut Seen, out: &mut Vec<u8>) {
        let answer = match self.score(row, seen) {
            Ok(scored) => BatchRow::Scored(scored),
            Err(error) => BatchRow::Refused(RefusedRow::new(error)),
        };
        self.write(&answer, out);
    }

    /// Appends a mistake in the place of a row.
    pub(super) fn refuse(&self, problem: FieldError, out: &mut Vec<u8>) {
        self.write(&BatchRow::Refused(problem.into()), out);
    }

    fn write(&self, answer: &BatchRow<'_>, out: &mut Vec<u8>) {
        if self.is_array {
            out.extend_from_slice(b",\n");
        }
        // Texts and finite numbers can always be written to memory.
        let _ = serde_json::to_writer(&mut *out, answer);
        if !self.is_array {
            out.push(b'\n');
        }
    }

    fn score(&self, row: &[u8], seen: &mut Seen) -> Result<ScoredRow<'_>, ApiError> {
        let model = &self.served.model;
        let customer = fields::read(row, "the row", &self.served)?;
        let found = model.predict(&customer.features).map_err(refused)?;
        self.served.predicted(&customer.features, &found, seen);
        let segment = &model.segments[found.segment];
        let short = |warning: FieldError| FieldError { ctx: None, ..warning };
        Ok(ScoredRow {
            cluster_id: segment.cluster_id,
            persona: segment.persona(self.language),
            distance: found.distance,
            confidence: found.confidence,
            position: model.on_plane(&customer.features),
            warnings: customer.warnings.into_iter().map(short).collect(),
        })
    }
}
