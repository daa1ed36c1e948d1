//! The points without an order: each step looks at all of them, in the precision that is faster.

use std::sync::OnceLock;

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::engine::{Engine, Plain};
use super::points::Sample;
use super::screen::{self, Screen};
use super::totals::Totals;

/// Up to so many clusters in two features, whose sums all stay in registers, double precision is faster:
/// see docs/performance.md.
const MOST_IN_PLANE: usize = 5;

/// [`Plain`] or [`Screen`], whichever is faster for the number of clusters.
#[derive(Debug)]
pub(super) struct Flat<'a> {
    plain: Plain<'a>,
    mean_variance: f64,
    /// Packed when it is first needed.
    screen: OnceLock<Screen<'a>>,
}

/// What a run keeps.
#[derive(Debug)]
pub(super) enum Run {
    Plain(Totals),
    Screen(screen::Labels),
}

impl<'a> Flat<'a> {
    /// For points whose features have this mean variance.
    pub(super) fn new(sample: Sample<'a>, mean_variance: f64) -> Self {
        Self { plain: Plain::new(sample), mean_variance, screen: OnceLock::new() }
    }

    fn screen(&self) -> &Screen<'a> {
        self.screen.get_or_init(|| Screen::new(self.plain.sample, self.mean_variance))
    }
}

impl Engine for Flat<'_> {
    type Run = Run;

    fn sample(&self) -> Sample<'_> {
        self.plain.sample
    }

    fn shares_passes(&self) -> bool {
        self.plain.shares_passes()
    }

    fn begin(&self, n_clusters: usize) -> Run {
        let in_plane = self.plain.sample.points.n_features() == 2 && n_clusters <= MOST_IN_PLANE;
        if in_plane {
            Run::Plain(self.plain.begin(n_clusters))
        } else {
            Run::Screen(self.screen().begin(n_clusters))
        }
    }

    fn step(
        &self,
        run: &mut Run,
        centers: &Centroids,
        totals: &mut Totals,
        cancel: &Cancel,
    ) -> bool {
        match run {
            Run::Plain(run) => self.plain.step(run, centers, totals, cancel),
            Run::Screen(run) => self.screen().step(run, centers, totals, cancel),
        }
    }

    fn inertia(&self, run: &Run, centers: &Centroids, cancel: &Cancel) -> f64 {
        match run {
            Run::Plain(run) => self.plain.inertia(run, centers, cancel),
            Run::Screen(run) => self.screen().inertia(run, centers, cancel),
        }
    }

    fn label(&self, run: &Run, centers: &Centroids, labels: &mut [u32], cancel: &Cancel) -> f64 {
        match run {
            Run::Plain(run) => self.plain.label(run, centers, labels, cancel),
            Run::Screen(run) => self.screen().label(run, centers, labels, cancel),
        }
    }
}
