//! The jobs that an engine is asked to do: Lloyd's algorithm from centres that are given, drawn, or found
//! by a search.

use rayon::prelude::*;

use super::algorithm::{Job, Problem};
use super::centroids::Centroids;
use super::clustering::{Clustering, Optimum, sizes_of};
use super::engine::Engine;
use super::init::{self, Random, Seeds};
use super::kernel;
use super::lloyd::{End, Lloyd};
use super::params::KMeansParams;
use super::points::Sample;
use super::search::Searcher;
use super::sketch::Sketch;
use crate::error::{Error, Result};
use crate::pages;

/// Comparisons of points with centres that are worth the waking of threads.
const WORTH_THREADS: usize = 100_000;

/// Random numbers for other things than starts, whose streams are 0, 1, 2 and so on.
const STREAM_OF_SKETCH: u64 = u64::MAX;
const FIRST_STREAM_OF_SEARCH: u64 = 1 << 63;

/// So many clusters, from starts that are drawn.
pub(super) struct FromStarts(pub(super) usize);

impl Job for FromStarts {
    type Output = Clustering;

    fn runs(&self, params: &KMeansParams) -> usize {
        if searches(params, self.0) { 1 } else { params.n_init }
    }

    fn run<E: Engine>(self, engine: &E, problem: &Problem) -> Result<Clustering> {
        let Self(n_clusters) = self;
        let solver = Solver { engine, problem };
        if !searches(solver.params(), n_clusters) {
            let starts = solver.starts(n_clusters)?;
            return solver.clustering(solver.best_of(&starts, n_clusters)?.end);
        }
        let sketch = solver.sketch()?;
        let sample = sketch.as_ref().map_or(engine.sample(), Sketch::sample);
        let mut search = Search::new(problem, sample, n_clusters)?;
        let start = search.start(n_clusters, None)?;
        solver.clustering(solver.settled(start)?)
    }
}

/// Where Lloyd's algorithm leads from given centres.
pub(super) struct FromCenters(pub(super) Centroids);

impl Job for FromCenters {
    type Output = Clustering;

    fn runs(&self, _: &KMeansParams) -> usize {
        1
    }

    fn run<E: Engine>(self, engine: &E, problem: &Problem) -> Result<Clustering> {
        let Self(mut start) = self;
        problem.prepared.move_to_engine(&mut start);
        let solver = Solver { engine, problem };
        solver.clustering(solver.lloyd(start)?)
    }
}

/// Every number of clusters from 1 on, from starts that are drawn.
pub(super) struct EachNumber<F> {
    pub(super) n_clusters: usize,
    pub(super) found: F,
}

impl<F: FnMut(Optimum)> Job for EachNumber<F> {
    type Output = ();

    fn runs(&self, params: &KMeansParams) -> usize {
        let starts = if searches(params, self.n_clusters) { 1 } else { params.n_init };
        self.n_clusters * starts
    }

    fn run<E: Engine>(mut self, engine: &E, problem: &Problem) -> Result<()> {
        let solver = Solver { engine, problem };
        if !searches(solver.params(), self.n_clusters) {
            let starts = solver.starts(self.n_clusters)?;
            for n_clusters in 1..=self.n_clusters {
                let Found { end, inertia, .. } = solver.best_of(&starts, n_clusters)?;
                (self.found)(solver.optimum(end, inertia)?.ordered_by_center());
            }
            return Ok(());
        }
        let sketch = solver.sketch()?;
        let sample = sketch.as_ref().map_or(engine.sample(), Sketch::sample);
        let mut search = Search::new(problem, sample, self.n_clusters)?;
        let mut former = None;
        for n_clusters in 1..=self.n_clusters {
            let end = solver.settled(search.start(n_clusters, former)?)?;
            let inertia = solver.inertia(&end)?;
            former = Some(end.centers.clone());
            (self.found)(solver.optimum(end, inertia)?.ordered_by_center());
        }
        Ok(())
    }
}

/// Whether a better optimum is searched for. One cluster has only one.
fn searches(params: &KMeansParams, n_clusters: usize) -> bool {
    params.n_swaps > 0 && n_clusters > 1
}

/// A problem, and the engine that passes over its points.
struct Solver<'a, E> {
    engine: &'a E,
    problem: &'a Problem<'a>,
}

impl<E: Engine> Solver<'_, E> {
    fn params(&self) -> &KMeansParams {
        self.problem.kmeans.params()
    }

    /// Fewer points that stand for all, if those are many.
    fn sketch(&self) -> Result<Option<Sketch>> {
        let mut rng = init::random(self.params().random_state, STREAM_OF_SKETCH);
        Sketch::of(self.engine.sample(), &mut rng, self.problem.kmeans.cancel())
    }

    /// Where each start begins. The first centres are a start for fewer clusters.
    fn starts(&self, n_clusters: usize) -> Result<Vec<Centroids>> {
        let cancel = self.problem.kmeans.cancel();
        let starts = if n_clusters == 1 { 1 } else { self.params().n_init };
        let seeds = |start: usize| {
            let mut rng = init::random(self.params().random_state, start as u64);
            let seeds = self.engine.seeds(n_clusters, &mut rng, cancel);
            cancel.check()?;
            Ok(seeds)
        };
        if self.takes_turns(starts) {
            (0..starts).map(seeds).collect()
        } else {
            (0..starts).into_par_iter().with_max_len(1).map(seeds).collect()
        }
    }

    /// The best end of all starts.
    fn best_of(&self, starts: &[Centroids], n_clusters: usize) -> Result<Found<E>> {
        let starts = if n_clusters == 1 { &starts[..1] } else { starts };
        let found = |start: usize| {
            self.problem.kmeans.cancel().check()?;
            let end = self.lloyd(starts[start].first(n_clusters))?;
            let inertia = self.inertia(&end)?;
            Ok(Found { end, inertia, start })
        };
        let better = |one: Result<Found<E>>, other: Result<Found<E>>| {
            let (one, other) = (one?, other?);
            Ok(if other.is_better_than(&one) { other } else { one })
        };
        let best = if self.takes_turns(starts.len()) {
            (0..starts.len()).map(found).reduce(better)
        } else {
            (0..starts.len()).into_par_iter().with_max_len(1).map(found).reduce_with(better)
        };
        best.unwrap_or(Err(Error::Shape { what: "starts", expected: 1, found: 0 }))
    }

    /// Whether starts run one after another: where threads share a pass, and where a start is so little
    /// work that waking them would take longer.
    fn takes_turns(&self, starts: usize) -> bool {
        let points = self.engine.sample().points;
        let comparisons = points.n_rows() * points.n_features() * starts;
        starts == 1 || self.engine.shares_passes() || comparisons < WORTH_THREADS
    }

    fn lloyd(&self, start: Centroids) -> Result<End<E>> {
        let tol = match self.params().tol {
            0.0 => 0.0,
            tol => tol * self.problem.prepared.mean_variance(),
        };
        self.run(start, tol)
    }

    /// From where a search ended until no assignment changes: steps are short there, and a tolerance would
    /// end them far from the optimum that was found.
    fn settled(&self, start: Centroids) -> Result<End<E>> {
        self.run(start, 0.0)
    }

    fn run(&self, start: Centroids, tol: f64) -> Result<End<E>> {
        let lloyd = Lloyd { max_iter: self.params().max_iter, tol };
        lloyd.run(self.engine, start, self.problem.kmeans.cancel())
    }

    fn inertia(&self, end: &End<E>) -> Result<f64> {
        let cancel = self.problem.kmeans.cancel();
        let inertia = self.engine.inertia(&end.run, &end.centers, cancel);
        cancel.check()?;
        Ok(inertia)
    }

    /// What is told of an end, with the cluster of each row.
    fn clustering(&self, end: End<E>) -> Result<Clustering> {
        let cancel = self.problem.kmeans.cancel();
        let original = self.problem.prepared.original();
        let mut labels = pages::zeros(0, original.points.n_rows());
        let inertia = if self.problem.prepared.is_merged() {
            let mut centers = end.centers.clone();
            self.problem.prepared.move_to_data(&mut centers);
            kernel::label(original, &centers, &mut labels, cancel)
        } else {
            self.engine.label(&end.run, &end.centers, &mut labels, cancel)
        };
        cancel.check()?;
        let sizes = match original.weights {
            // Whole numbers below 2^53, which the totals hold exactly.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            None => end.totals.weights.iter().map(|&count| count as usize).collect(),
            Some(_) => sizes_of(&labels, end.centers.len()),
        };
        Ok(self.optimum(end, inertia)?.labelled(labels, sizes).ordered_by_center())
    }

    /// What is told of an end.
    fn optimum(&self, end: End<E>, inertia: f64) -> Result<Optimum> {
        let params = self.params();
        let n_clusters = end.centers.len();
        if end.totals.has_empty_cluster() {
            return Err(if end.n_iter < params.max_iter {
                let distinct = end.totals.weights.iter().filter(|&&weight| weight > 0.0).count();
                Error::TooManyClusters { n_clusters, distinct }
            } else {
                Error::Parameter {
                    name: "max_iter",
                    value: params.max_iter.to_string(),
                    problem: "every start ended with an empty cluster; allow more steps",
                }
            });
        }
        let mut centers = end.centers;
        self.problem.prepared.move_to_data(&mut centers);
        Ok(Optimum {
            cluster_centers: centers.to_centers(),
            weights: end.totals.weights,
            inertia,
            n_iter: end.n_iter,
            n_init: if n_clusters == 1 { 1 } else { params.n_init },
            n_swaps: params.n_swaps,
        })
    }
}

/// The search for better starts than are drawn, on all points or on a sketch of them.
struct Search<'a> {
    problem: &'a Problem<'a>,
    sample: Sample<'a>,
    seeds: Vec<Seeds>,
    searcher: Searcher<'a>,
}

impl<'a> Search<'a> {
    /// Draws starts for up to so many clusters.
    fn new(problem: &'a Problem, sample: Sample<'a>, n_clusters: usize) -> Result<Self> {
        let params = problem.kmeans.params();
        let cancel = problem.kmeans.cancel();
        let seeds = |start: usize| {
            let mut rng = init::random(params.random_state, start as u64);
            let seeds = init::greedy_kmeans_plusplus(sample, n_clusters, &mut rng, cancel);
            cancel.check()?;
            Ok(seeds)
        };
        let comparisons = sample.points.n_rows() * n_clusters * params.n_init;
        let seeds: Result<Vec<Seeds>> = if comparisons < WORTH_THREADS {
            (0..params.n_init).map(seeds).collect()
        } else {
            (0..params.n_init).into_par_iter().with_max_len(1).map(seeds).collect()
        };
        Ok(Self { problem, sample, seeds: seeds?, searcher: Searcher::new(sample) })
    }

    /// The start that begins with the lowest sum, searched on. The centres found for one cluster less and
    /// one more are a start too.
    fn start(&mut self, n_clusters: usize, former: Option<Centroids>) -> Result<Centroids> {
        let params = self.problem.kmeans.params();
        let cancel = self.problem.kmeans.cancel();
        let stream = FIRST_STREAM_OF_SEARCH | n_clusters as u64;
        let mut rng: Random = init::random(params.random_state, stream);
        let extended =
            former.map(|former| init::extend(self.sample, former, n_clusters, &mut rng, cancel));
        let sum = |seeds: &&Seeds| seeds.inertias[n_clusters - 1];
        let best = extended.iter().chain(&self.seeds).min_by(|a, b| sum(a).total_cmp(&sum(b)));
        let Some(best) = best else {
            return Err(Error::Shape { what: "starts", expected: 1, found: 0 });
        };
        let start = best.centers.first(n_clusters);
        if n_clusters == 1 {
            return Ok(start);
        }
        let found = self.searcher.search(&start, params.n_swaps, &mut rng, cancel);
        cancel.check()?;
        Ok(found)
    }
}

/// Where a start ended, and how well.
struct Found<E: Engine> {
    end: End<E>,
    inertia: f64,
    start: usize,
}

impl<E: Engine> Found<E> {
    /// Of two equally good ones, that of the earlier start is better, so that it does not matter which
    /// thread was faster.
    fn is_better_than(&self, other: &Self) -> bool {
        let empty = |found: &Self| found.end.totals.has_empty_cluster();
        let by_sum = self.inertia.total_cmp(&other.inertia);
        empty(self).cmp(&empty(other)).then(by_sum).then(self.start.cmp(&other.start)).is_lt()
    }
}
