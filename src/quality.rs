//! How good a clustering is, by the three indices that scikit-learn computes.

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
            calinski_harabasz: Some(calinski_harabasz(matrix, clustering)),
            davies_bouldin: Some(davies_bouldin(matrix, clustering)),
        }
    }
}

/// The mean silhouette coefficient; none when a sample of the rows lies in a single cluster.
fn silhouette(matrix: &Matrix, labels: &[u32], n_clusters: usize) -> Option<f64> {
    let rows = sample(matrix.n_rows());
    let points: Vec<(Vec<f64>, usize)> =
        rows.iter().map(|&row| (matrix.row(row), labels[row] as usize)).collect();
    let mut sizes = vec![0_usize; n_clusters];
    for &(_, label) in &points {
        sizes[label] += 1;
    }
    if sizes.iter().filter(|&&size| size > 0).count() < 2 {
        return None;
    }
    // Collected before they are added, so that the sum does not depend on the threads.
    let coefficients: Vec<f64> =
        points.par_iter().map(|(point, own)| coefficient(point, *own, &points, &sizes)).collect();
    Some(coefficients.iter().sum::<f64>() / points.len() as f64)
}

/// How much nearer a point is to its own cluster than to the next, by mean distances.
fn coefficient(point: &[f64], own: usize, points: &[(Vec<f64>, usize)], sizes: &[usize]) -> f64 {
    if sizes[own] == 1 {
        return 0.0;
    }
    let mut sums = vec![0.0; sizes.len()];
    for (other, label) in points {
        sums[*label] += squared_distance(point, other).sqrt();
    }
    let within = sums[own] / (sizes[own] - 1) as f64;
    let between = (0..sizes.len())
        .filter(|&cluster| cluster != own && sizes[cluster] > 0)
        .map(|cluster| sums[cluster] / sizes[cluster] as f64)
        .fold(f64::INFINITY, f64::min);
    let larger = within.max(between);
    if larger == 0.0 { 0.0 } else { (between - within) / larger }
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
