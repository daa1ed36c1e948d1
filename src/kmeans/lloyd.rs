//! Lloyd's algorithm (Lloyd 1982, "Least squares quantization in PCM"): assign every point to its
//! nearest centre, move every centre to the mean of its points, until no assignment changes.

use super::kernel::{self, Centers, Partial};
use crate::features::Matrix;

/// Where one start ended.
#[derive(Debug, Clone)]
pub(super) struct Converged {
    pub(super) centers: Centers,
    pub(super) labels: Vec<u32>,
    pub(super) counts: Vec<usize>,
    pub(super) inertia: f64,
    pub(super) n_iter: usize,
}

impl Converged {
    pub(super) fn has_empty_cluster(&self) -> bool {
        self.counts.contains(&0)
    }
}

/// When a run ends, if its assignments do not settle first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lloyd {
    /// After so many passes.
    pub(super) max_iter: usize,
    /// When the centres move by no more than this, in squared units of the matrix.
    pub(super) tol: f64,
}

impl Lloyd {
    /// Runs from the given centres.
    ///
    /// Labels, counts and inertia are those of the centres returned, also where `max_iter` or `tol`
    /// ended the run before the assignments settled.
    pub(super) fn run(self, matrix: &Matrix, start: Centers) -> Converged {
        let mut centers = start;
        let mut moved = centers.clone();
        let mut labels = vec![u32::MAX; matrix.n_rows()];
        let mut pass = Partial::empty(centers.len(), matrix.n_columns());
        let mut n_iter = 0;
        loop {
            kernel::assign_into(matrix, &centers, &mut labels, &mut pass);
            n_iter += 1;
            if pass.changed == 0 {
                break;
            }
            relocate_empty_clusters(matrix, &centers, &labels, &mut pass);
            move_to_means(&mut moved, &pass);
            let shift: f64 =
                centers.iter().zip(&moved).map(|(a, b)| kernel::squared_distance(a, b)).sum();
            std::mem::swap(&mut centers, &mut moved);
            if n_iter == self.max_iter || shift <= self.tol {
                kernel::assign_into(matrix, &centers, &mut labels, &mut pass);
                break;
            }
        }
        Converged { centers, labels, counts: pass.counts, inertia: pass.inertia, n_iter }
    }
}

/// Moves the centres to where a pass leads. A cluster that is still empty, because its only point was
/// given to another empty one, goes to where the largest cluster is, as in scikit-learn.
fn move_to_means(centers: &mut [Vec<f64>], pass: &Partial) {
    let largest = (0..pass.counts.len())
        .max_by_key(|&cluster| (pass.counts[cluster], std::cmp::Reverse(cluster)))
        .unwrap_or(0);
    for (cluster, center) in centers.iter_mut().enumerate() {
        let source = if pass.counts[cluster] == 0 { largest } else { cluster };
        let count = pass.counts[source] as f64;
        for (coordinate, sum) in center.iter_mut().zip(&pass.sums[source]) {
            *coordinate = sum / count;
        }
    }
}

/// Gives each empty cluster one of the points farthest from their centres, and takes it from the
/// cluster it was in: scikit-learn's `_relocate_empty_clusters_dense`.
fn relocate_empty_clusters(
    matrix: &Matrix,
    centers: &[Vec<f64>],
    labels: &[u32],
    pass: &mut Partial,
) {
    if !pass.counts.contains(&0) {
        return;
    }
    let empty: Vec<usize> =
        (0..pass.counts.len()).filter(|&cluster| pass.counts[cluster] == 0).collect();
    let mut by_distance: Vec<(f64, usize)> = (0..matrix.n_rows())
        .map(|row| {
            let center = &centers[labels[row] as usize];
            (kernel::squared_distance(&matrix.row(row), center), row)
        })
        .filter(|(distance, _)| *distance > 0.0)
        .collect();
    by_distance.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (cluster, (_, row)) in empty.into_iter().zip(by_distance) {
        let point = matrix.row(row);
        let former = labels[row] as usize;
        for (sum, x) in pass.sums[former].iter_mut().zip(&point) {
            *sum -= x;
        }
        pass.counts[former] -= 1;
        pass.sums[cluster] = point;
        pass.counts[cluster] = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(column: &[f64]) -> Matrix {
        Matrix::from_columns(vec![column.to_vec()]).unwrap()
    }

    fn lloyd(data: &Matrix, start: Centers, max_iter: usize) -> Converged {
        Lloyd { max_iter, tol: 0.0 }.run(data, start)
    }

    #[test]
    fn an_empty_cluster_takes_the_farthest_point() {
        // The third centre is nearest to nothing; 100 is the point farthest from its own.
        let data = matrix(&[0.0, 1.0, 10.0, 11.0, 100.0]);
        let start = vec![vec![0.0], vec![10.0], vec![-500.0]];
        let end = lloyd(&data, start, 300);
        assert_eq!(end.labels, [0, 0, 1, 1, 2]);
        assert_eq!(end.centers, [[0.5], [10.5], [100.0]]);
        assert!((end.inertia - 1.0).abs() < 1e-12);
    }

    #[test]
    fn several_empty_clusters_are_repaired_at_once() {
        let data = matrix(&[0.0, 10.0, 20.0, 30.0]);
        let start = vec![vec![0.0], vec![900.0], vec![901.0], vec![902.0]];
        let end = lloyd(&data, start, 300);
        assert_eq!(end.counts, [1, 1, 1, 1]);
        assert!(end.inertia.abs() < 1e-12);
    }

    #[test]
    fn labels_belong_to_the_centres_when_max_iter_ends_the_run() {
        let data = matrix(&[0.0, 1.0, 2.0, 3.0, 50.0, 51.0]);
        let end = lloyd(&data, vec![vec![0.0], vec![1.0]], 1);
        let mut labels = end.labels.clone();
        assert_eq!(kernel::assign(&data, &end.centers, &mut labels).changed, 0);
        assert_eq!(end.n_iter, 1);
    }

    #[test]
    fn iterations_count_the_pass_that_changes_nothing() {
        let data = matrix(&[0.0, 1.0, 10.0, 11.0]);
        assert_eq!(lloyd(&data, vec![vec![0.0], vec![10.0]], 300).n_iter, 2);
    }
}
