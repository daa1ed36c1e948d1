//! Steps over all rows.

use super::reading::Reading;
use crate::dataset::Watch;
use crate::dataset::scan::Batch;
use crate::error::Result;
use crate::kmeans::Centers;
use crate::kmeans::passes::{Assigned, Sets, Sums};
use crate::scaler::Scaler;

/// All rows as points.
pub(super) struct Exact<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) scaler: &'a Scaler,
    /// The sum of their squared distances from the origin.
    pub(super) squares: f64,
}

impl Exact<'_> {
    /// Assigns every row to the nearest centre of each set, in one pass.
    ///
    /// # Errors
    ///
    /// As [`crate::dataset::Scan::pass`] and [`Reading::rows`].
    pub(super) fn step(&self, sets: &[Centers], watch: &dyn Watch) -> Result<Vec<Assigned>> {
        let sets = Sets::new(sets, self.scaler.n_features());
        let add = |sums: &mut Sums, batch: Batch| {
            if let Some(rows) = self.reading.rows(batch, &mut Vec::new())? {
                sets.add(&self.reading.points(&rows, self.scaler)?, sums);
            }
            Ok(())
        };
        let mut all = sets.nothing();
        let wanted = &self.reading.wanted;
        self.reading.scan.pass(
            wanted,
            watch,
            || sets.nothing(),
            add,
            |part| {
                all.merge(&part);
                Ok(())
            },
        )?;
        Ok(sets.assigned(&all, self.squares))
    }
}
