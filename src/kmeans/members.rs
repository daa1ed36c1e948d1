//! What is told of clusters by one look at all their rows.

use rayon::prelude::*;

use super::Points;
use super::cancel::Cancel;
use super::centroids::{Centroids, squared_distance};
use super::kernel::{self, TASK};
use super::totals::add;
use crate::error::Result;
use crate::features::{Number, Rows};
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
    label(points.into(), centers).0
}

/// As [`predict`], for numbers that nobody has looked at yet: what is not finite is found in the same pass,
/// which saves reading all of them once more.
///
/// # Errors
///
/// As [`Rows::new`].
///
/// ```
/// use segmenta::kmeans::check_and_predict;
///
/// let centers = [vec![1.0, 1.0], vec![9.0, 9.0]];
/// assert_eq!(check_and_predict(&[0.0, 0.0, 9.0, 8.0], 2, &centers)?, [0, 1]);
/// let error = check_and_predict(&[0.0, 0.0, f64::NAN, 8.0], 2, &centers).unwrap_err();
/// assert_eq!(error.to_string(), Rows::new(&[0.0, 0.0, f64::NAN, 8.0], 2).unwrap_err().to_string());
/// # use segmenta::features::Rows;
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn check_and_predict<'a, T: Number>(
    numbers: &'a [T],
    n_columns: usize,
    centers: &[Vec<f64>],
) -> Result<Vec<u32>>
where
    Points<'a>: From<Rows<'a, T>>,
{
    let rows = Rows::of_any_numbers(numbers, n_columns)?;
    let (labels, inertia) = label(rows.into(), centers);
    // A row that is not finite has no finite distance to any centre. Nor has one that is too far for its
    // square to be a number, and that is in order.
    if !inertia.is_finite() {
        rows.check_numbers()?;
    }
    Ok(labels)
}

/// The nearest centre of each row, and the sum of the squared distances.
fn label(points: Points, centers: &[Vec<f64>]) -> (Vec<u32>, f64) {
    let mut labels = pages::zeros(0, points.n_rows());
    let centers = Centroids::from_centers(centers, points.n_features());
    let inertia = kernel::label(points.into(), &centers, &mut labels, &Cancel::default());
    (labels, inertia)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Vectors;

    #[test]
    fn what_is_not_finite_is_found_while_predicting() {
        for n_columns in 1..=3 {
            let numbers: Vec<f64> = (0..n_columns * 1100).map(|i| i as f64).collect();
            let centers = [vec![3.0; n_columns], vec![500.0; n_columns]];
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                for place in [0, 700 * n_columns, numbers.len() - 1] {
                    let mut numbers = numbers.clone();
                    numbers[place] = bad;
                    for vectors in [Vectors::Portable, Vectors::Avx2, Vectors::Avx512] {
                        vectors.limit();
                        let error = check_and_predict(&numbers, n_columns, &centers).unwrap_err();
                        let expected = Rows::new(&numbers, n_columns).unwrap_err();
                        assert_eq!(error.to_string(), expected.to_string());
                    }
                }
            }
            let mut far = numbers;
            far[0] = 1e300;
            let labels = check_and_predict(&far, n_columns, &centers).unwrap();
            assert_eq!(labels, predict(Rows::new(&far, n_columns).unwrap(), &centers));
        }
    }
}
