//! A search for a better optimum than a start ends in, by swaps of one centre at a time (Lattanzi and
//! Sohler 2019, "A better k-means++ algorithm via local search"; Fränti 2018, "Efficiency of random
//! swap clustering").
//!
//! Lloyd's steps never carry a centre from a region where two share a cluster to one where one serves
//! two. A swap does: a point drawn in proportion to its squared distance from its centre becomes a
//! centre, and the centre that is missed least gives way. Lloyd's steps from there either end lower,
//! and the search goes on from the new end, or the swap is forgotten.

use rand::Rng;

use super::init::draw;
use super::kernel::{Centers, squared_distances};
use super::lloyd::{Converged, Lloyd};
use crate::features::Matrix;

/// What a sum must fall by to count as lower: the same optimum found again differs in its last digits.
const LEAST_GAIN: f64 = 1e-12;

/// Swaps centres until `n_swaps` swaps in a row have brought nothing.
pub(super) fn search(
    matrix: &Matrix,
    start: Converged,
    n_swaps: usize,
    lloyd: Lloyd,
    rng: &mut impl Rng,
) -> Converged {
    let mut best = start;
    if best.centers.len() < 2 || n_swaps == 0 || best.inertia <= 0.0 {
        return best;
    }
    let mut nearest = TwoNearest::of(matrix, &best.centers);
    let mut failures = 0;
    while failures < n_swaps {
        let end = lloyd.run(matrix, nearest.swap(matrix, &best.centers, rng));
        if end.inertia < best.inertia * (1.0 - LEAST_GAIN) && !end.has_empty_cluster() {
            nearest = TwoNearest::of(matrix, &end.centers);
            best = end;
            failures = 0;
        } else {
            failures += 1;
        }
    }
    best
}

/// Each row's nearest centre, and its squared distances to that and to the second nearest.
struct TwoNearest {
    labels: Vec<u32>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl TwoNearest {
    fn of(matrix: &Matrix, centers: &[Vec<f64>]) -> Self {
        let n_rows = matrix.n_rows();
        let mut labels = vec![0; n_rows];
        let mut first = vec![f64::INFINITY; n_rows];
        let mut second = vec![f64::INFINITY; n_rows];
        for (cluster, center) in (0_u32..).zip(centers) {
            let distances = squared_distances(matrix, center);
            let rows = labels.iter_mut().zip(&mut first).zip(&mut second).zip(distances);
            for (((label, first), second), distance) in rows {
                if distance < *first {
                    *second = *first;
                    *first = distance;
                    *label = cluster;
                } else if distance < *second {
                    *second = distance;
                }
            }
        }
        Self { labels, first, second }
    }

    /// The centres with a drawn point in the place of the one whose loss costs least.
    fn swap(&self, matrix: &Matrix, centers: &[Vec<f64>], rng: &mut impl Rng) -> Centers {
        let point = matrix.row(draw(&self.first, rng));
        // What a cluster's rows lose when each has to go to the drawn point or to its second nearest
        // centre.
        let mut loss = vec![0.0; centers.len()];
        let rows = self.labels.iter().zip(&self.first).zip(&self.second);
        for (((&label, &first), &second), distance) in rows.zip(squared_distances(matrix, &point)) {
            loss[label as usize] += second.min(distance) - first.min(distance);
        }
        let least_missed = (0..loss.len()).min_by(|&a, &b| loss[a].total_cmp(&loss[b]));
        let mut swapped = centers.to_vec();
        if let Some(cluster) = least_missed {
            swapped[cluster] = point;
        }
        swapped
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn a_swap_leaves_an_optimum_that_steps_cannot() {
        // Two groups share a centre and one group has two: no step changes that.
        let column = vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 50.0, 51.0, 52.0, 53.0];
        let matrix = Matrix::from_columns(vec![column]).unwrap();
        let lloyd = Lloyd { max_iter: 300, tol: 0.0 };
        let stuck = lloyd.run(&matrix, vec![vec![6.0], vec![50.5], vec![52.5]]);
        assert_eq!(stuck.centers, [[6.0], [50.5], [52.5]]);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut found = search(&matrix, stuck, 20, lloyd, &mut rng).centers;
        found.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_eq!(found, [[1.0], [11.0], [51.5]]);
    }
}
