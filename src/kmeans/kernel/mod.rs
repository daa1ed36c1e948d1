//! The one piece that every pass over the data shares: given centres and a block of points, which
//! centre is nearest to each point, and the counts, sums and squared distances a cluster.
//!
//! Two results merge by addition. Blocks have a fixed size and merge in the order of the rows, so a
//! sum has the same bits whatever the number of threads.

// Blocks must be part of their callers to be compiled for the vectors that those may use.
#![allow(clippy::inline_always)]

mod any;
mod few;
mod plane;
mod width;

use rayon::prelude::*;

use crate::features::Matrix;

/// Rows in a block: small enough for its distances to stay in the first-level cache.
const BLOCK: usize = 1024;
/// Rows that a thread works on before it looks for more: enough for the looking not to count.
const TASK: usize = 8 * BLOCK;

/// Points in feature space, one a cluster.
pub type Centers = Vec<Vec<f64>>;

/// What one pass over some points found, with the points assigned to their nearest centres.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// Points per cluster.
    pub counts: Vec<usize>,
    /// The sum of the points of each cluster, one number a feature.
    pub sums: Vec<Vec<f64>>,
    /// The sum of the squared distances of the points to their centres.
    pub inertia: f64,
    /// How many points changed their cluster.
    pub changed: usize,
}

impl Partial {
    pub(super) fn empty(n_clusters: usize, n_features: usize) -> Self {
        Self {
            counts: vec![0; n_clusters],
            sums: vec![vec![0.0; n_features]; n_clusters],
            inertia: 0.0,
            changed: 0,
        }
    }

    fn clear(&mut self) {
        self.counts.fill(0);
        for sum in &mut self.sums {
            sum.fill(0.0);
        }
        self.inertia = 0.0;
        self.changed = 0;
    }

    /// Adds what a pass over other points found.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            for (total, value) in sum.iter_mut().zip(more) {
                *total += value;
            }
        }
        self.inertia += other.inertia;
        self.changed += other.changed;
    }
}

/// Assigns every row to its nearest centre; of equally near ones to the first.
///
/// `labels` holds one cluster a row: the former ones come in, the new ones go out.
pub fn assign(matrix: &Matrix, centers: &[Vec<f64>], labels: &mut [u32]) -> Partial {
    let mut total = Partial::empty(centers.len(), matrix.n_columns());
    assign_into(matrix, centers, labels, &mut total);
    total
}

/// As [`assign`], into a result that is there already: on few rows, making one would take longer than
/// the pass.
pub(super) fn assign_into(
    matrix: &Matrix,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    total: &mut Partial,
) {
    total.clear();
    if matrix.n_rows() <= TASK {
        return assign_rows(matrix, 0, centers, labels, total);
    }
    let partials: Vec<Partial> = labels
        .par_chunks_mut(TASK)
        .enumerate()
        .map(|(task, labels)| {
            let mut partial = Partial::empty(centers.len(), matrix.n_columns());
            assign_rows(matrix, task * TASK, centers, labels, &mut partial);
            partial
        })
        .collect();
    for partial in &partials {
        total.merge(partial);
    }
}

/// The rows from `first` on, as many as there are labels, one block after another.
fn assign_rows(
    matrix: &Matrix,
    first: usize,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    for (block, labels) in labels.chunks_mut(BLOCK).enumerate() {
        let start = first + block * BLOCK;
        width::assign(matrix, start..start + labels.len(), centers, labels, partial);
    }
}

/// The square of the Euclidean distance between two points.
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The square of each row's distance to one point.
pub(super) fn squared_distances(matrix: &Matrix, point: &[f64]) -> Vec<f64> {
    let mut distances = vec![0.0; matrix.n_rows()];
    for (column, &coordinate) in matrix.columns().iter().zip(point) {
        for (distance, &x) in distances.iter_mut().zip(column) {
            *distance += (x - coordinate) * (x - coordinate);
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_merge_to_what_one_pass_finds() {
        let column: Vec<f64> = (0..5000).map(|i| f64::from(i % 97)).collect();
        let matrix = Matrix::from_columns(vec![column.clone()]).unwrap();
        let centers = vec![vec![10.0], vec![80.0]];
        let mut labels = vec![u32::MAX; 5000];
        let partial = assign(&matrix, &centers, &mut labels);
        let near: Vec<f64> = column.into_iter().filter(|x| *x <= 45.0).collect();
        assert_eq!(partial.counts, [near.len(), 5000 - near.len()]);
        assert!((partial.sums[0][0] - near.iter().sum::<f64>()).abs() < 1e-9);
        assert_eq!(partial.changed, 5000);
        assert_eq!(assign(&matrix, &centers, &mut labels).changed, 0);
    }

    #[test]
    fn a_point_between_two_centres_goes_to_the_first() {
        let matrix = Matrix::from_columns(vec![vec![1.0]]).unwrap();
        let mut labels = [7];
        assign(&matrix, &[vec![2.0], vec![0.0]], &mut labels);
        assert_eq!(labels, [0]);
    }
}
