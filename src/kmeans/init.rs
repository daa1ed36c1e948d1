//! Where a start begins: greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the advantages
//! of careful seeding"), as in scikit-learn's `_kmeans_plusplus`.

use rand::{Rng, RngExt};

use super::kernel::{Centers, squared_distances};
use crate::features::Matrix;

/// Draws centres from the rows, far ones more often than near ones.
///
/// Each next centre is the best of `2 + ln(n_clusters)` candidates drawn in proportion to their
/// squared distance from the centres so far: the one that leaves the smallest sum of them.
pub(super) fn greedy_kmeans_plusplus(
    matrix: &Matrix,
    n_clusters: usize,
    rng: &mut impl Rng,
) -> Centers {
    let first = matrix.row(rng.random_range(0..matrix.n_rows()));
    let mut closest = squared_distances(matrix, &first);
    let mut centers = vec![first];
    while centers.len() < n_clusters {
        let candidates: Vec<Vec<f64>> =
            (0..n_candidates(n_clusters)).map(|_| matrix.row(draw(&closest, rng))).collect();
        let mut chosen: Option<(f64, Vec<f64>, Vec<f64>)> = None;
        for candidate in candidates {
            let mut distances = squared_distances(matrix, &candidate);
            for (distance, &former) in distances.iter_mut().zip(&closest) {
                *distance = distance.min(former);
            }
            let left: f64 = distances.iter().sum();
            if chosen.as_ref().is_none_or(|(least, ..)| left < *least) {
                chosen = Some((left, candidate, distances));
            }
        }
        if let Some((_, candidate, distances)) = chosen {
            centers.push(candidate);
            closest = distances;
        }
    }
    centers
}

/// A row drawn in proportion to its weight. Weights are not negative and not all 0.
pub(super) fn draw(weights: &[f64], rng: &mut impl Rng) -> usize {
    let cumulative: Vec<f64> = weights
        .iter()
        .scan(0.0, |total, weight| {
            *total += weight;
            Some(*total)
        })
        .collect();
    let last = cumulative.len() - 1;
    let drawn = rng.random::<f64>() * cumulative[last];
    cumulative.partition_point(|&sum| sum <= drawn).min(last)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ln of a count is below 45
fn n_candidates(n_clusters: usize) -> usize {
    2 + (n_clusters as f64).ln() as usize
}
