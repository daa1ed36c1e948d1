//! What every way of passing over the points has in common.

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::init;
use super::kernel;
use super::points::Sample;
use super::totals::Totals;

/// Points, held in a way that makes passes over them fast.
///
/// All engines are exact: each point belongs to the centre at the least squared distance in double
/// precision, computed feature after feature, and of equally near ones to the first.
pub(super) trait Engine: Sync {
    /// What a run of Lloyd's algorithm keeps from one step to the next.
    type Run: Send;

    /// The points.
    fn sample(&self) -> Sample<'_>;

    /// Whether threads share the work of one pass. Where they do not, they take a start each.
    fn shares_passes(&self) -> bool;

    /// Gets ready for steps with so many centres.
    fn begin(&self, n_clusters: usize) -> Self::Run;

    /// Assigns every point to its nearest centre and adds up the clusters. True when no assignment
    /// differs from the step before.
    fn step(
        &self,
        run: &mut Self::Run,
        centers: &Centroids,
        totals: &mut Totals,
        cancel: &Cancel,
    ) -> bool;

    /// The weighted sum of the squared distances to the centres of the last step.
    fn inertia(&self, run: &Self::Run, centers: &Centroids, cancel: &Cancel) -> f64 {
        let _ = run;
        kernel::inertia(self.sample(), centers, cancel)
    }

    /// The nearest centre of every point, of equally near ones the first, for the centres of the last step;
    /// and what `inertia` gives.
    fn label(
        &self,
        run: &Self::Run,
        centers: &Centroids,
        labels: &mut [u32],
        cancel: &Cancel,
    ) -> f64 {
        let _ = run;
        kernel::label(self.sample(), centers, labels, cancel)
    }

    /// Where a start begins: greedy k-means++.
    fn seeds(&self, n_clusters: usize, rng: &mut init::Random, cancel: &Cancel) -> Centroids {
        init::greedy_kmeans_plusplus(self.sample(), n_clusters, rng, cancel).centers
    }
}

/// The points as they are; each step looks at all of them.
#[derive(Debug)]
pub(super) struct Plain<'a> {
    pub(super) sample: Sample<'a>,
}

impl<'a> Plain<'a> {
    /// Needs no preparation.
    pub(super) fn new(sample: Sample<'a>) -> Self {
        Self { sample }
    }
}

impl Engine for Plain<'_> {
    /// The totals of the step before. Equal assignments add up to equal bits.
    type Run = Totals;

    fn sample(&self) -> Sample<'_> {
        self.sample
    }

    fn shares_passes(&self) -> bool {
        self.sample.points.n_rows() > kernel::TASK
    }

    fn begin(&self, n_clusters: usize) -> Totals {
        Totals::zero(n_clusters, self.sample.points.n_features())
    }

    fn step(
        &self,
        former: &mut Totals,
        centers: &Centroids,
        totals: &mut Totals,
        cancel: &Cancel,
    ) -> bool {
        kernel::step(self.sample, centers, totals, cancel);
        let settled = former == totals;
        former.copy_from(totals);
        settled
    }
}
