//! How good a clustering is, by the three indices that scikit-learn computes.

use std::ops::Range;

use rand::SeedableRng;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::features::Matrix;
use crate::kmeans::Clustering;
use crate::kmeans::kernel::squared_distance;

/// The silhouette compares every row with every other; above this many rows it is computed on a
/// seeded sample of as many.
pub const SILHOUETTE_ROWS: usize = 10_000;

/// The indices of one clustering. Each is missing where it is not defined: with a single cluster, or
/// with as many clusters as rows.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// From -1 to 1, higher is better (Rousseeuw 1987): `silhouette_score`.
    pub silhouette: Option<f64>,
    /// From 0 up, higher is better (Caliński and Harabasz 1974): `calinski_harabasz_score`.
    pub calinski_harabasz: Option<f64>,
    /// From 0 up, lower is better (Davies and Bouldin 1979): `davies_bouldin_score`.
    pub davies_bouldin: Option<f64>,
}

impl Quality {
    /// Computes all three. `matrix` is what the clustering was found in.
    pub fn of(matrix: &Matrix, clustering: &Clustering) -> Self {
        let (n_rows, n_clusters) = (matrix.n_rows(), clustering.n_clusters());
        if n_clusters < 2 || n_clusters >= n_rows {
            return Self::default();
        }
        Self {
            silhouette: silhouette(matrix, &clustering.labels, n_clusters),
            // Clusters without any spread to speak of make it overflow.
            calinski_harabasz: Some(calinski_harabasz(matrix, clustering))
                .filter(|index| index.is_finite()),
            davies_bouldin: Some(davies_bouldin(matrix, clustering)),
        }
    }
}

/// The mean silhouette coefficient; none when a sample of the rows lies in a single cluster.
fn silhouette(matrix: &Matrix, labels: &[u32], n_clusters: usize) -> Option<f64> {
    let groups = Groups::of(matrix, labels, n_clusters);
    if groups.ranges.iter().filter(|range| !range.is_empty()).count() < 2 {
        return None;
    }
    // Collected before they are added, so that the sum does not depend on the threads.
    let coefficients: Vec<f64> = (0..n_clusters)
        .flat_map(|own| groups.ranges[own].clone().map(move |row| (row, own)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(row, own)| groups.coefficient(row, own))
        .collect();
    Some(coefficients.iter().sum::<f64>() / coefficients.len() as f64)
}

/// Rows in the order of their clusters, column after column.
struct Groups {
    columns: Vec<Vec<f64>>,
    /// Where each cluster's rows stand.
    ranges: Vec<Range<usize>>,
}

impl Groups {
    fn of(matrix: &Matrix, labels: &[u32], n_clusters: usize) -> Self {
        let mut rows = sample(matrix.n_rows());
        rows.sort_by_key(|&row| labels[row]);
        let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect();
        let mut start = 0;
        let ranges = (0..n_clusters)
            .map(|cluster| {
                let size = rows[start..]
                    .iter()
                    .take_while(|&&row| labels[row] as usize == cluster)
                    .count();
                start += size;
                start - size..start
            })
            .collect();
        Self { columns: matrix.columns().iter().map(pick).collect(), ranges }
    }

    /// How much nearer a row is to its own cluster than to the next, by mean distances.
    fn coefficient(&self, row: usize, own: usize) -> f64 {
        let size = |cluster: usize| self.ranges[cluster].len();
        if size(own) == 1 {
            return 0.0;
        }
        let within = self.sum_of_distances(row, own) / (size(own) - 1) as f64;
        let between = (0..self.ranges.len())
            .filter(|&cluster| cluster != own && size(cluster) > 0)
            .map(|cluster| self.sum_of_distances(row, cluster) / size(cluster) as f64)
            .fold(f64::INFINITY, f64::min);
        let larger = within.max(between);
        if larger == 0.0 { 0.0 } else { (between - within) / larger }
    }

    /// The sum of a row's distances to all rows of a cluster. Several are worked on side by side, each
    /// in a sum of its own.
    fn sum_of_distances(&self, row: usize, cluster: usize) -> f64 {
        const LANES: usize = 8;
        let range = self.ranges[cluster].clone();
        let mut sums = [0.0; LANES];
        let whole = range.start + range.len() / LANES * LANES;
        for start in (range.start..whole).step_by(LANES) {
            let mut squares = [0.0; LANES];
            for column in &self.columns {
                let here = column[row];
                if let Some(xs) = column[start..].first_chunk::<LANES>() {
                    for lane in 0..LANES {
                        squares[lane] += (xs[lane] - here) * (xs[lane] - here);
                    }
                }
            }
            for lane in 0..LANES {
                sums[lane] += squares[lane].sqrt();
            }
        }
        for other in whole..range.end {
            let square: f64 =
                self.columns.iter().map(|column| (column[other] - column[row]).powi(2)).sum();
            sums[0] += square.sqrt();
        }
        sums.iter().sum()
    }
}

fn sample(n_rows: usize) -> Vec<usize> {
    if n_rows <= SILHOUETTE_ROWS {
        return (0..n_rows).collect();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut rows = index::sample(&mut rng, n_rows, SILHOUETTE_ROWS).into_vec();
    rows.sort_unstable();
    rows
}

fn calinski_harabasz(matrix: &Matrix, clustering: &Clustering) -> f64 {
    let (n_rows, n_clusters) = (matrix.n_rows() as f64, clustering.n_clusters() as f64);
    let mean: Vec<f64> =
        matrix.columns().iter().map(|column| column.iter().sum::<f64>() / n_rows).collect();
    let between: f64 = clustering
        .cluster_centers
        .iter()
        .zip(&clustering.sizes)
        .map(|(center, &size)| size as f64 * squared_distance(center, &mean))
        .sum();
    if clustering.inertia == 0.0 {
        return 1.0;
    }
    between * (n_rows - n_clusters) / (clustering.inertia * (n_clusters - 1.0))
}

fn davies_bouldin(matrix: &Matrix, clustering: &Clustering) -> f64 {
    let centers = &clustering.cluster_centers;
    let mut spread = vec![0.0; centers.len()];
    for (row, &label) in clustering.labels.iter().enumerate() {
        spread[label as usize] +=
            squared_distance(&matrix.row(row), &centers[label as usize]).sqrt();
    }
    for (sum, &size) in spread.iter_mut().zip(&clustering.sizes) {
        *sum /= size as f64;
    }
    let worst = |one: usize| {
        (0..centers.len())
            .filter(|&other| other != one)
            .map(|other| {
                let apart = squared_distance(&centers[one], &centers[other]).sqrt();
                if apart == 0.0 { 0.0 } else { (spread[one] + spread[other]) / apart }
            })
            .fold(0.0, f64::max)
    };
    (0..centers.len()).map(worst).sum::<f64>() / centers.len() as f64
}
