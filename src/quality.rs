//! How good a clustering is, by the three indices that scikit-learn computes.

use std::ops::Range;

use rand::SeedableRng;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::features::Rows;
use crate::kmeans::{Members, Points, predict, squared_distance};

/// The silhouette compares every row with every other; above this many rows it is computed on a
/// seeded sample of as many.
pub const SILHOUETTE_ROWS: usize = 10_000;

/// The indices of one clustering. Each is missing where it is not defined: with a single cluster, or
/// with as many clusters as rows.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// From -1 to 1, higher is better (Rousseeuw 1987): `silhouette_score`.
    pub silhouette: Option<f64>,
    /// The standard error of the silhouette, where it was computed on a sample of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silhouette_error: Option<f64>,
    /// From 0 up, higher is better (Caliński and Harabasz 1974): `calinski_harabasz_score`.
    pub calinski_harabasz: Option<f64>,
    /// From 0 up, lower is better (Davies and Bouldin 1979): `davies_bouldin_score`.
    pub davies_bouldin: Option<f64>,
}

impl Quality {
    /// Computes all three, for points that each belong to the nearest of some centres, which are the
    /// means of their points.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::quality::Quality;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![0.0, 2.0, 10.0, 12.0]])?;
    /// let quality = Quality::of(&matrix, &[vec![1.0], vec![11.0]]);
    /// assert_eq!(quality.calinski_harabasz, Some(50.0));
    /// assert_eq!(quality.davies_bouldin, Some(0.2));
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn of<'a>(points: impl Into<Points<'a>>, centers: &[Vec<f64>]) -> Self {
        let points = points.into();
        let (n_rows, n_clusters) = (points.n_rows(), centers.len());
        if n_clusters < 2 || n_clusters >= n_rows {
            return Self::default();
        }
        let members = Members::of(points, centers);
        let silhouette = silhouette(points, centers);
        Self {
            silhouette: silhouette.map(|silhouette| silhouette.mean),
            silhouette_error: silhouette.and_then(|silhouette| silhouette.error),
            // Clusters without any spread to speak of make it overflow.
            calinski_harabasz: Some(calinski_harabasz(&members, centers, n_rows))
                .filter(|index| index.is_finite()),
            davies_bouldin: Some(davies_bouldin(&members, centers)),
        }
    }
}

/// The mean of some silhouette coefficients.
#[derive(Debug, Clone, Copy)]
struct Silhouette {
    mean: f64,
    /// Its standard error, where they are those of a sample.
    error: Option<f64>,
}

/// The mean silhouette coefficient; none when a sample of the rows lies in a single cluster.
fn silhouette(points: Points, centers: &[Vec<f64>]) -> Option<Silhouette> {
    let groups = Groups::of(points, centers)?;
    if groups.ranges.iter().filter(|range| !range.is_empty()).count() < 2 {
        return None;
    }
    // Collected before they are added, so that the sum does not depend on the threads.
    let coefficients: Vec<f64> = (0..centers.len())
        .flat_map(|own| groups.ranges[own].clone().map(move |row| (row, own)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(row, own)| groups.coefficient(row, own))
        .collect();
    let n = coefficients.len() as f64;
    let mean = coefficients.iter().sum::<f64>() / n;
    let error = (coefficients.len() < points.n_rows()).then(|| {
        let squares = coefficients.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        (squares / (n - 1.0) / n).sqrt()
    });
    Some(Silhouette { mean, error })
}

/// Rows in the order of their clusters, column after column.
struct Groups {
    columns: Vec<Vec<f64>>,
    /// Where each cluster's rows stand.
    ranges: Vec<Range<usize>>,
}

impl Groups {
    fn of(points: Points, centers: &[Vec<f64>]) -> Option<Self> {
        let n_features = points.n_features();
        let drawn = sample(points.n_rows());
        let numbers: Vec<f64> = drawn.iter().flat_map(|&row| points.row(row)).collect();
        let labels = predict(Rows::new(&numbers, n_features).ok()?, centers);
        let mut order: Vec<usize> = (0..drawn.len()).collect();
        order.sort_by_key(|&place| labels[place]);
        let mut columns = vec![Vec::with_capacity(drawn.len()); n_features];
        let mut ends = vec![0; centers.len()];
        for place in order {
            for (column, x) in columns.iter_mut().zip(&numbers[place * n_features..]) {
                column.push(*x);
            }
            ends[labels[place] as usize] = columns[0].len();
        }
        let mut start = 0;
        let ranges = ends
            .into_iter()
            .map(|end| {
                let range = start..end.max(start);
                start = range.end;
                range
            })
            .collect();
        Some(Self { columns, ranges })
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

fn calinski_harabasz(members: &Members, centers: &[Vec<f64>], n_rows: usize) -> f64 {
    let (n_rows, n_clusters) = (n_rows as f64, centers.len() as f64);
    let mean: Vec<f64> = (0..centers[0].len())
        .map(|feature| {
            let sums = centers.iter().zip(&members.counts).map(|(center, n)| n * center[feature]);
            sums.sum::<f64>() / n_rows
        })
        .collect();
    let between: f64 = centers
        .iter()
        .zip(&members.counts)
        .map(|(center, count)| count * squared_distance(center, &mean))
        .sum();
    let within: f64 = members.squares.iter().sum();
    if within == 0.0 {
        return 1.0;
    }
    between * (n_rows - n_clusters) / (within * (n_clusters - 1.0))
}

fn davies_bouldin(members: &Members, centers: &[Vec<f64>]) -> f64 {
    let spread: Vec<f64> =
        members.distances.iter().zip(&members.counts).map(|(sum, count)| sum / count).collect();
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
