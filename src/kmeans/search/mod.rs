//! A search for a lower sum of squares than Lloyd's steps end in.
//!
//! Lloyd's steps stop at partitions that three kinds of change still improve, and each kind is cheap
//! because it concerns few clusters: [`moves`] of one row, [`swaps`] of one cluster for half of another,
//! and [`shifts`] of a boundary. Each change is kept only if the sum is lower once the rows around it have
//! settled.
//!
//! Clusters hold copies of their rows ([`rows`]), which the tasks in [`measure`] and [`offer`] pass
//! over; [`partition`] is what the changes have in common.

mod measure;
mod moves;
mod offer;
mod partition;
mod rows;
mod shifts;
mod swaps;
#[cfg(test)]
mod tests;

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::init::Random;
use super::points::Sample;
use partition::Partition;

/// What a sum must fall by to count as lower, as a share: rounding alone changes the last digits.
const LEAST_GAIN: f64 = 1e-12;

/// Searches among some points, for any numbers of clusters.
#[derive(Debug)]
pub(super) struct Searcher<'a> {
    sample: Sample<'a>,
    /// Its memory is used again by the next search.
    partition: Partition,
}

impl<'a> Searcher<'a> {
    /// Prepares a search among the points.
    pub(super) fn new(sample: Sample<'a>) -> Self {
        Self { sample, partition: Partition::default() }
    }

    /// Searches on from these centres until so many swaps in a row have brought nothing, or it has
    /// taken as much work as it may. The centres found are the means of their rows; one that ends without
    /// rows stays where it was.
    ///
    /// The result is of no use if it was cancelled.
    pub(super) fn search(
        &mut self,
        start: &Centroids,
        n_swaps: usize,
        rng: &mut Random,
        cancel: &Cancel,
    ) -> Centroids {
        let partition = &mut self.partition;
        partition.assign(self.sample, start, cancel);
        partition.settle();
        if start.len() > 1 && !partition.is_over() {
            partition.estimate_all(rng);
            while partition.swap_until(n_swaps, rng) && partition.shift(rng) {}
        }
        partition.centers()
    }
}
