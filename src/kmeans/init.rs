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
    let n_rows = matrix.n_rows();
    let n_candidates = 2 + n_clusters.ilog_e();
    let first = matrix.row(rng.random_range(0..n_rows));
    let mut closest = squared_distances(matrix, &first);
    let mut centers = vec![first];
    while centers.len() < n_clusters {
        let cumulative: Vec<f64> = closest
            .iter()
            .scan(0.0, |total, distance| {
                *total += distance;
                Some(*total)
            })
            .collect();
        let potential = cumulative[n_rows - 1];
        let mut chosen = None;
        for _ in 0..n_candidates {
            let drawn = rng.random::<f64>() * potential;
            let row = cumulative.partition_point(|&sum| sum <= drawn).min(n_rows - 1);
            let candidate = matrix.row(row);
            let mut distances = squared_distances(matrix, &candidate);
            for (distance, &former) in distances.iter_mut().zip(&closest) {
                *distance = distance.min(former);
            }
            let left: f64 = distances.iter().sum();
            if chosen.as_ref().is_none_or(|(least, _, _)| left < *least) {
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

trait NaturalLog {
    fn ilog_e(self) -> usize;
}

impl NaturalLog for usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ln of a count is below 45
    fn ilog_e(self) -> usize {
        (self as f64).ln() as usize
    }
}
