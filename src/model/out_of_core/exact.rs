//! Steps over all rows.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::dataset::form::NumberForm;
use crate::dataset::scan::{Batch, Pass};
use crate::error::Result;
use crate::kmeans::Centers;
use crate::kmeans::passes::{Assigned, Sets, Sums};
use crate::scaler::Scaler;

/// A pass that assigns every row to the nearest centre of each of several sets.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Step {
    reading: Reading,
    scaler: Scaler,
    sets: Sets,
}

impl Step {
    pub(super) fn new(reading: &Reading, scaler: &Scaler, sets: &[Centers]) -> Self {
        let sets = Sets::new(sets, scaler.n_features());
        Self { reading: reading.clone(), scaler: scaler.clone(), sets }
    }

    /// What the pass tells. `squares` is the sum of all rows' squared distances from the origin.
    pub(super) fn assigned(&self, sums: &Sums, squares: f64) -> Vec<Assigned> {
        self.sets.assigned(sums, squares)
    }
}

impl Pass for Step {
    const NAME: &'static str = "step";

    type Part = Sums;

    fn wanted(&self) -> &[usize] {
        &self.reading.wanted
    }

    fn forms(&self) -> Vec<Option<&NumberForm>> {
        self.reading.forms()
    }

    fn nothing(&self) -> Sums {
        self.sets.nothing()
    }

    /// # Errors
    ///
    /// As [`Reading::points`].
    fn add(&self, sums: &mut Sums, batch: Batch) -> Result<()> {
        if let Some(points) = self.reading.points(batch, &self.scaler)? {
            self.sets.add(&points, sums);
        }
        Ok(())
    }

    fn merge(&self, all: &mut Sums, part: Sums) {
        all.merge(&part);
    }
}
