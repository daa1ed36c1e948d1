//! What is told of clusters by one look at all their rows.

use rayon::prelude::*;

use super::Points;
use super::cancel::Cancel;
use super::centroids::{Centroids, squared_distance};
use super::kernel::{self, TASK};
use super::totals::add;
use crate::pages;

/// What the rows of each cluster add up to, one number a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Members {
    /// How many there are.
    pub(crate) counts: Vec<f64>,
    /// Their distances to the centre.
    pub(crate) distances: Vec<f64>,
    /// The squares of these distances.
    pub(crate) squares: Vec<f64>,
}

impl Members {
    /// Each row belongs to the nearest centre.
    pub(crate) fn of(points: Points, centers: &[Vec<f64>]) -> Self {
        let centers = Centroids::from_centers(centers, points.n_features());
        let n_rows = points.n_rows();
        let parts: Vec<Self> = (0..n_rows.div_ceil(TASK))
            .into_par_iter()
            .map(|task| {
                let rows = task * TASK..((task + 1) * TASK).min(n_rows);
                let mut part = Self::none(centers.len());
                let mut labels = vec![0; rows.len()];
                kernel::label_rows(points.into(), rows.clone(), &centers, &mut labels);
                let mut point = vec![0.0; points.n_features()];
                for (row, label) in rows.zip(labels) {
                    points.read(row, &mut point);
                    let square = squared_distance(&point, centers.get(label as usize));
                    part.counts[label as usize] += 1.0;
                    part.squares[label as usize] += square;
                    part.distances[label as usize] += square.sqrt();
                }
                part
            })
            .collect();
        let mut all = Self::none(centers.len());
        for part in &parts {
            add(&mut all.counts, &part.counts);
            add(&mut all.distances, &part.distances);
            add(&mut all.squares, &part.squares);
        }
        all
    }

    fn none(n_clusters: usize) -> Self {
        let zeros = vec![0.0; n_clusters];
        Self { counts: zeros.clone(), distances: zeros.clone(), squares: zeros }
    }
}

/// The nearest centre of each row, of equally near ones the first: scikit-learn's `predict`. Centres have
/// as many coordinates as rows have features.
///
/// ```
/// use segmenta::features::Rows;
/// use segmenta::kmeans::predict;
///
/// let rows = Rows::new(&[0.0, 0.0, 9.0, 8.0], 2)?;
/// assert_eq!(predict(rows, &[vec![1.0, 1.0], vec![9.0, 9.0]]), [0, 1]);
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn predict<'a>(points: impl Into<Points<'a>>, centers: &[Vec<f64>]) -> Vec<u32> {
    let points = points.into();
    let mut labels = pages::zeros(0, points.n_rows());
    let centers = Centroids::from_centers(centers, points.n_features());
    kernel::label(points.into(), &centers, &mut labels, &Cancel::default());
    labels
}
