//! Which engine the points are passed over with.

use super::engine::{Engine, Plain};
use super::flat::Flat;
use super::params::{Algorithm, KMeans, KMeansParams};
use super::points::Points;
use super::prepare::Prepared;
use super::screen::{self, Screen};
use super::tree::Tree;
use crate::error::Result;

/// What there is to solve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<'a> {
    pub(super) kmeans: &'a KMeans,
    pub(super) prepared: &'a Prepared<'a>,
}

/// Something to do with the points, whatever engine holds them.
pub(super) trait Job {
    /// What it gives.
    type Output;

    /// How many runs of Lloyd's algorithm it takes.
    fn runs(&self, params: &KMeansParams) -> usize;

    /// Does it.
    fn run<E: Engine>(self, engine: &E, problem: &Problem) -> Result<Self::Output>;
}

/// Does a job with the engine that was asked for, or that is fastest.
pub(super) fn with_engine<J: Job>(problem: &Problem, job: J) -> Result<J::Output> {
    let sample = problem.prepared.sample();
    let params = problem.kmeans.params();
    let cancel = problem.kmeans.cancel();
    let n_features = sample.points.n_features();
    let mean_variance = problem.prepared.mean_variance();
    let algorithm = match params.algorithm {
        // Labels of more clusters do not fit those of the others.
        _ if params.n_clusters > screen::MOST_CLUSTERS => Algorithm::Lloyd,
        Algorithm::Auto if pays_a_tree(sample.points, job.runs(params), params.max_iter) => {
            Algorithm::Tree
        }
        algorithm => algorithm,
    };
    match (algorithm, n_features) {
        (Algorithm::Lloyd, _) => job.run(&Plain::new(sample), problem),
        (Algorithm::Screen, _) => job.run(&Screen::new(sample, mean_variance), problem),
        (Algorithm::Tree, 2) => job.run(&Tree::<2>::new(sample, cancel), problem),
        (Algorithm::Tree, 3) => job.run(&Tree::<3>::new(sample, cancel), problem),
        (Algorithm::Tree, 4) => job.run(&Tree::<4>::new(sample, cancel), problem),
        (Algorithm::Auto | Algorithm::Tree, _) => {
            job.run(&Flat::new(sample, mean_variance), problem)
        }
    }
}

/// Whether the time it takes to build a tree is won back: see docs/performance.md.
fn pays_a_tree(points: Points, runs: usize, max_iter: usize) -> bool {
    match points.n_features() {
        // A run takes some tens of steps, if it may.
        2 => points.n_rows() >= 20_000 && runs * max_iter.min(30) >= 30,
        3 | 4 => points.n_rows() >= 50_000 && runs >= 4,
        _ => false,
    }
}
