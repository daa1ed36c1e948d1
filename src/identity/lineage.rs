//! Where the segments of a model come from.

use serde::{Deserialize, Serialize};

/// How a model's segments follow from those of the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    /// The version of the model that was followed.
    pub previous: String,
    /// One entry a segment, in the model's order.
    pub segments: Vec<SegmentLineage>,
    /// The segments of the earlier model that were not found again.
    pub vanished: Vec<Vanished>,
    /// The least id that no segment of this model or an earlier one of the line has had.
    pub next_id: usize,
}

/// Where a segment comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentLineage {
    /// The segment.
    pub cluster_id: usize,
    /// Whether it was there before.
    pub kind: Kind,
    /// How sure it is that it was, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sureness: Option<f64>,
    /// How many customers it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_size: Option<usize>,
    /// What it would be called now, where it has moved so far that its name may no longer fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
}

/// Whether a segment was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It was, and goes by the same id and name.
    Kept,
    /// It was not, and has an id that none had before.
    New,
}

/// A name that would fit a segment better than the one it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// In English.
    pub en: String,
    /// In Indonesian.
    pub id: String,
}

/// A segment that is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vanished {
    /// Its id, which no other segment will have.
    pub cluster_id: usize,
    /// Its name in English.
    pub persona: String,
    /// How many customers it had.
    pub size: usize,
}
