//! Rows that a pass leaves out.

use serde::{Deserialize, Serialize};

/// The rows that are told of those that were left out.
const LISTED: usize = 20;

/// How many rows were left out, and the first of them, each as the error that it would have been.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// How many.
    pub count: usize,
    /// The first of them.
    pub listed: Vec<String>,
}

impl Skipped {
    pub(crate) fn add(&mut self, errors: &[crate::Error]) {
        self.count += errors.len();
        self.list(errors.iter().map(ToString::to_string));
    }

    pub(crate) fn merge(&mut self, more: Self) {
        self.count += more.count;
        self.list(more.listed.into_iter());
    }

    fn list(&mut self, more: impl Iterator<Item = String>) {
        let room = LISTED.saturating_sub(self.listed.len());
        self.listed.extend(more.take(room));
    }
}
