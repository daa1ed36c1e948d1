//! The least size of a segment that is worth having.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many customers each segment must have at least.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MinSegmentSize {
    /// So many.
    Count(usize),
    /// This part of all, from 0 to 1.
    Share(f64),
}

impl MinSegmentSize {
    /// The least number of customers, of so many in all.
    ///
    /// ```
    /// use segmenta::elbow::MinSegmentSize;
    ///
    /// assert_eq!(MinSegmentSize::Count(50).rows(200), 50);
    /// assert_eq!(MinSegmentSize::Share(0.055).rows(190), 11);
    /// ```
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most the number of rows
    pub fn rows(self, n_rows: usize) -> usize {
        match self {
            Self::Count(count) => count,
            // 7% of 100 are 7 and not 8, although 0.07 * 100 is above 7.
            Self::Share(share) => (share * n_rows as f64 * (1.0 - 1e-12)).ceil() as usize,
        }
    }
}

impl fmt::Display for MinSegmentSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Share(share) => write!(f, "{}%", share * 100.0),
        }
    }
}
