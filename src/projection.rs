//! Customers of many features on two axes: the first two principal components.

use nalgebra::{DMatrix, SymmetricEigen};
use serde::{Deserialize, Serialize};

use crate::features::Matrix;

/// How many components there are.
const AXES: usize = 2;

/// The plane in which the customers differ most: scikit-learn's `PCA(n_components=2)` (Hotelling 1933,
/// "Analysis of a complex of statistical variables into principal components").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// The mean of each coordinate, which becomes the origin.
    #[serde(rename = "mean_")]
    pub mean: Vec<f64>,
    /// Two directions of length 1, with the largest part of each positive.
    #[serde(rename = "components_")]
    pub components: [Vec<f64>; AXES],
    /// The part of the variance that each direction shows, from 0 to 1.
    #[serde(rename = "explained_variance_ratio_")]
    pub explained_variance_ratio: [f64; AXES],
}

impl Projection {
    /// Finds the plane for scaled customers; none for fewer than three coordinates, which need none.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::projection::Projection;
    ///
    /// let long = vec![-4.0, -2.0, 2.0, 4.0];
    /// let wide = vec![-1.0, 1.0, 1.0, -1.0];
    /// let matrix = Matrix::from_columns(vec![wide, long, vec![0.0; 4]])?;
    /// let plane = Projection::fit(&matrix).expect("three coordinates");
    /// assert!((plane.components[0][1] - 1.0).abs() < 1e-12);
    /// assert!((plane.explained_variance_ratio[0] - 10.0 / 11.0).abs() < 1e-12);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit(points: &Matrix) -> Option<Self> {
        let (n_rows, n_columns) = (points.n_rows() as f64, points.n_columns());
        if n_columns <= AXES {
            return None;
        }
        let mean: Vec<f64> =
            points.columns().iter().map(|column| column.iter().sum::<f64>() / n_rows).collect();
        let covariance = DMatrix::from_fn(n_columns, n_columns, |a, b| {
            let (xs, ys) = (points.column(a), points.column(b));
            let products = xs.iter().zip(ys).map(|(x, y)| (x - mean[a]) * (y - mean[b]));
            products.sum::<f64>() / n_rows
        });
        let total = covariance.trace();
        let eigen = SymmetricEigen::new(covariance);
        let mut order: Vec<usize> = (0..n_columns).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let direction = |axis: usize| {
            let direction: Vec<f64> =
                eigen.eigenvectors.column(order[axis]).iter().copied().collect();
            let largest =
                direction.iter().fold(0.0, |a: f64, &b| if b.abs() > a.abs() { b } else { a });
            direction.iter().map(|x| x * largest.signum()).collect()
        };
        let ratio = |axis: usize| {
            let variance: f64 = eigen.eigenvalues[order[axis]];
            if total > 0.0 { (variance / total).clamp(0.0, 1.0) } else { 0.0 }
        };
        let components: [Vec<f64>; AXES] = [direction(0), direction(1)];
        let is_whole = components.iter().flatten().all(|x| x.is_finite());
        is_whole.then(|| Self { components, explained_variance_ratio: [ratio(0), ratio(1)], mean })
    }

    /// Where a scaled customer or centre lies on the two axes. It has as many coordinates as the customers
    /// that the plane was found for.
    pub fn transform_row(&self, point: &[f64]) -> [f64; AXES] {
        self.components.each_ref().map(|direction| {
            let parts = direction.iter().zip(point).zip(&self.mean);
            parts.map(|((part, x), mean)| part * (x - mean)).sum()
        })
    }
}
