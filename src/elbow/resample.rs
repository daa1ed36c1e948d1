//! What stability and the test for groups have in common: few rows, drawn at random and clustered quickly.

use rand::{Rng, RngExt, SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::kmeans::{Cancel, KMeansParams, Optimum};

/// Of more rows than these, as many are drawn: enough to tell groups that matter, and bounded in cost.
pub const RESAMPLED_ROWS: usize = 1_000;

/// The starts of a quick fit. No search follows: what is compared differs by far more than it would bring.
const STARTS: usize = 3;

/// What random numbers are for. Each purpose has streams of its own, and none of those of K-Means.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Purpose {
    Sample = 1 << 59,
    Stability = 1 << 60,
    Grouping = 1 << 61,
}

/// The random numbers for one of several equal tasks, whichever thread does it.
pub(super) fn random(random_state: u64, purpose: Purpose, task: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(random_state);
    rng.set_stream(purpose as u64 | task);
    rng
}

/// All rows, or [`RESAMPLED_ROWS`] of them.
pub(super) fn sample(matrix: &Matrix, random_state: u64) -> Matrix {
    let n_rows = matrix.n_rows();
    if n_rows <= RESAMPLED_ROWS {
        return matrix.clone();
    }
    let mut rng = random(random_state, Purpose::Sample, 0);
    let mut rows = index::sample(&mut rng, n_rows, RESAMPLED_ROWS).into_vec();
    rows.sort_unstable();
    matrix.select(&rows)
}

/// As many rows as there are, each drawn from all of them (Efron 1979, "Bootstrap methods").
pub(super) fn bootstrap(matrix: &Matrix, rng: &mut impl Rng) -> Matrix {
    let n_rows = matrix.n_rows();
    let rows: Vec<usize> = (0..n_rows).map(|_| rng.random_range(0..n_rows)).collect();
    matrix.select(&rows)
}

/// Clusters for each k from 1 to `k_max`, or to as many as the rows allow.
pub(super) fn quick_sweep(
    matrix: &Matrix,
    k_max: usize,
    random_state: u64,
    cancel: &Cancel,
) -> Result<Vec<Optimum>> {
    let params =
        KMeansParams { n_init: STARTS, n_swaps: 0, random_state, ..KMeansParams::new(k_max) };
    let mut optima = Vec::with_capacity(k_max);
    let ended = params.check()?.cancelled_by(cancel).fit_each(matrix, |found| optima.push(found));
    match ended {
        Ok(()) | Err(Error::TooManyClusters { .. }) => Ok(optima),
        Err(error) => Err(error),
    }
}
