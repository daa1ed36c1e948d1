//! Whether other customers of the same kind would give the same segments.

use rayon::prelude::*;

use super::adjusted_rand::adjusted_rand_score;
use super::resample::{Purpose, bootstrap, quick_sweep, random, sample};
use crate::error::Result;
use crate::features::Matrix;
use crate::kmeans::{Cancel, predict};

/// The pairs of resamples that are compared.
const PAIRS: u64 = 20;

/// The bootstrap stability of each k from 1 to `k_max`: the mean adjusted Rand index of the segments that
/// two models give all rows, each learned from rows drawn anew with replacement (von Luxburg 2010,
/// "Clustering stability: an overview"; Hennig 2007, "Cluster-wise assessment of cluster stability").
///
/// 1 when chance in the choice of customers changes nothing. None for a single cluster, which is always
/// the same, and where a resample has fewer distinct rows than clusters. Of more than
/// [`super::RESAMPLED_ROWS`] rows, so many are looked at.
///
/// # Errors
///
/// [`crate::Error::Cancelled`].
pub(super) fn stability(
    matrix: &Matrix,
    k_max: usize,
    random_state: u64,
    cancel: &Cancel,
) -> Result<Vec<Option<f64>>> {
    let rows = &sample(matrix, random_state);
    let scores: Vec<Vec<f64>> = (0..PAIRS)
        .into_par_iter()
        .map(|pair| {
            let mut rng = random(random_state, Purpose::Stability, pair);
            let mut model = |of: u64| {
                let seed = random_state.wrapping_add(2 * pair + of);
                quick_sweep(&bootstrap(rows, &mut rng), k_max, seed, cancel)
            };
            let (one, other) = (model(0)?, model(1)?);
            let pairs = one.iter().zip(&other).skip(1);
            pairs
                .map(|(one, other)| {
                    let label = |centers| predict(rows, centers);
                    adjusted_rand_score(
                        &label(&one.cluster_centers),
                        &label(&other.cluster_centers),
                    )
                })
                .collect::<Result<Vec<f64>>>()
        })
        .collect::<Result<_>>()?;
    // Added in the order of the pairs, whichever was done first.
    let mean = |k: usize| -> Option<f64> {
        let of_k = scores.iter().map(|scores| scores.get(k.checked_sub(2)?).copied());
        Some(of_k.sum::<Option<f64>>()? / PAIRS as f64)
    };
    Ok((1..=k_max).map(mean).collect())
}
