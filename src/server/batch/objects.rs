//! Rows of JSON: each an object as `/predict` takes it, and an object for an answer.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::trouble::RefusedRow;
use crate::personas::Language;
use crate::server::error::{ApiError, FieldError};
use crate::server::fields::Customer;
use crate::server::predict::refused;
use crate::server::state::{Seen, Served};

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
    /// The id and the name as they are written.
    #[serde(skip)]
    start: &'a [u8],
}

impl ScoredRow<'_> {
    /// Appends the row as JSON. A million of them differ in little but numbers, which are all that is worked out
    /// here.
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.start);
        append(out, ",\"distance\":", &self.distance);
        append(out, ",\"confidence\":", &self.confidence);
        if let Some(position) = &self.position {
            append(out, ",\"position\":", position);
        }
        if self.warnings.is_empty() {
            out.extend_from_slice(b",\"warnings\":[]");
        } else {
            append(out, ",\"warnings\":", &self.warnings);
        }
        out.push(b'}');
    }
}

fn append(out: &mut Vec<u8>, name: &str, value: &impl Serialize) {
    out.extend_from_slice(name.as_bytes());
    // Texts and finite numbers can always be written to memory.
    let _ = serde_json::to_writer(out, value);
}

impl Objects {
    /// Appends the answers to rows.
    pub(super) fn answer<'a>(
        &self,
        rows: impl Iterator<Item = &'a [u8]>,
        seen: &mut Seen,
        out: &mut Vec<u8>,
    ) {
        let (mut customer, mut point) = (Customer::default(), Vec::new());
        for row in rows {
            let answer = match self.score(row, &mut customer, &mut point, seen) {
                Ok(scored) => BatchRow::Scored(scored),
                Err(error) => BatchRow::Refused(RefusedRow::new(error)),
            };
            self.write(&answer, out);
        }
    }

    /// Appends a mistake in the place of a row.
    pub(super) fn refuse(&self, problem: FieldError, out: &mut Vec<u8>) {
        self.write(&BatchRow::Refused(problem.into()), out);
    }

    fn write(&self, answer: &BatchRow<'_>, out: &mut Vec<u8>) {
        if self.is_array {
            out.extend_from_slice(b",\n");
        }
        match answer {
            BatchRow::Scored(scored) => scored.write(out),
            BatchRow::Refused(_) => append(out, "", answer),
        }
        if !self.is_array {
            out.push(b'\n');
        }
    }

    fn score(
        &self,
        row: &[u8],
        customer: &mut Customer,
        point: &mut Vec<f64>,
        seen: &mut Seen,
    ) -> Result<ScoredRow<'_>, ApiError> {
        let model = &self.served.model;
        customer.read(row, "the row", &self.served)?;
        let found = model.predict_at(&customer.features, point).map_err(refused)?;
        self.served.predicted(&customer.features, &found, seen);
        let segment = &model.segments[found.segment];
        let mut warnings = std::mem::take(&mut customer.warnings);
        for warning in &mut warnings {
            warning.ctx = None;
        }
        Ok(ScoredRow {
            cluster_id: segment.cluster_id,
            persona: segment.persona(self.language),
            distance: found.distance,
            confidence: found.confidence,
            position: model.point_on_plane(point),
            warnings,
            start: &self.served.texts.of(found.segment, self.language).row,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_what_its_description_says() {
        let warning = FieldError::body("income", "out_of_range", "unusual: \"9\"");
        for (position, warnings) in
            [(None, vec![]), (Some([0.1, -2e-7]), vec![]), (None, vec![warning.clone(), warning])]
        {
            let row = ScoredRow {
                cluster_id: 3,
                persona: "The \"savers\"",
                distance: 0.1 + 0.2,
                confidence: 1.0,
                position,
                warnings,
                start: br#"{"cluster_id":3,"persona":"The \"savers\"""#,
            };
            let mut written = Vec::new();
            row.write(&mut written);
            let expected = serde_json::to_string(&BatchRow::Scored(row)).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
