//! Standardisation: every feature to mean 0 and variance 1.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::pages;

/// Standardises features: `z = (x - mean) / scale`.
///
/// The variance is the population's (ddof = 0), and a constant column has scale 1, as in
/// scikit-learn's `StandardScaler`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandardScaler {
    /// The mean of each feature, in its own unit.
    #[serde(rename = "mean_")]
    pub mean: Vec<f64>,
    /// The standard deviation of each feature, in its own unit; 1 where it is constant.
    #[serde(rename = "scale_")]
    pub scale: Vec<f64>,
}

impl StandardScaler {
    /// Learns mean and scale of each column. `headers` name the columns in errors.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] when a column's squares overflow.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::scaler::StandardScaler;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 3.0], vec![7.0, 7.0]])?;
    /// let scaler = StandardScaler::fit(&matrix, &["spent", "constant"])?;
    /// assert_eq!(scaler.mean, [2.0, 7.0]);
    /// assert_eq!(scaler.scale, [1.0, 1.0]);
    /// assert_eq!(scaler.transform(&matrix).column(0), [-1.0, 1.0]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit(matrix: &Matrix, headers: &[&str]) -> Result<Self> {
        let mut mean = Vec::with_capacity(matrix.n_columns());
        let mut scale = Vec::with_capacity(matrix.n_columns());
        for (index, column) in matrix.columns().iter().enumerate() {
            let (column_mean, variance) = moments(column);
            if !variance.is_finite() {
                return Err(Error::TooLarge {
                    column: headers
                        .get(index)
                        .map_or_else(|| index.to_string(), ToString::to_string),
                    largest: column.iter().fold(0.0, |largest, x| x.abs().max(largest)),
                });
            }
            mean.push(column_mean);
            scale.push(if is_constant(column.len(), column_mean, variance) {
                1.0
            } else {
                variance.sqrt()
            });
        }
        Ok(Self { mean, scale })
    }

    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// The matrix in standard deviations from the mean. It has as many columns as the scaler has
    /// features.
    pub fn transform(&self, matrix: &Matrix) -> Matrix {
        self.map(matrix, |x, mean, scale| (x - mean) / scale)
    }

    /// The matrix back in the features' own units.
    pub fn inverse_transform(&self, matrix: &Matrix) -> Matrix {
        self.map(matrix, |z, mean, scale| z * scale + mean)
    }

    /// One customer, in standard deviations from the mean.
    pub fn transform_row(&self, row: &[f64]) -> Vec<f64> {
        self.each(row).map(|(x, mean, scale)| (x - mean) / scale).collect()
    }

    /// One customer or centre, back in the features' own units.
    pub fn inverse_transform_row(&self, row: &[f64]) -> Vec<f64> {
        self.each(row).map(|(z, mean, scale)| z * scale + mean).collect()
    }

    fn each(&self, row: &[f64]) -> impl Iterator<Item = (f64, f64, f64)> {
        row.iter().zip(&self.mean).zip(&self.scale).map(|((&x, &mean), &scale)| (x, mean, scale))
    }

    fn map(&self, matrix: &Matrix, f: impl Fn(f64, f64, f64) -> f64) -> Matrix {
        matrix.map_columns(|index, column| {
            let (mean, scale) = (self.mean[index], self.scale[index]);
            pages::collect(column.iter().map(|&x| f(x, mean, scale)))
        })
    }
}

/// Mean and population variance, in two passes: the second looks at differences only, so a large
/// mean costs no digits.
fn moments(column: &[f64]) -> (f64, f64) {
    let n = column.len() as f64;
    let rough = column.iter().sum::<f64>() / n;
    let (sum, squares) = column.iter().fold((0.0, 0.0), |(sum, squares), &x| {
        let difference = x - rough;
        (sum + difference, squares + difference * difference)
    });
    // What rounding left in the mean is corrected by the mean of the differences (Chan, Golub and
    // LeVeque 1983, "Algorithms for computing the sample variance").
    (rough + sum / n, (squares - sum * sum / n) / n)
}

/// Whether a variance is no more than what rounding makes of a constant column: the bound that
/// scikit-learn's `_is_constant_feature` uses.
fn is_constant(n_rows: usize, mean: f64, variance: f64) -> bool {
    let n = n_rows as f64;
    variance <= n * f64::EPSILON * variance + (n * mean * f64::EPSILON).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(column: Vec<f64>) -> Result<StandardScaler> {
        StandardScaler::fit(&Matrix::from_columns(vec![column])?, &["x"])
    }

    #[test]
    fn a_constant_column_has_scale_one_whatever_rounding_does() {
        for constant in [0.0, 0.1, 1e9 + 0.1, -1e-300] {
            let scaler = fit(vec![constant; 1000]).unwrap();
            assert_eq!(scaler.scale, [1.0], "{constant}");
        }
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let scaler = fit((0..1000).map(|i| 1e9 + f64::from(i % 2)).collect()).unwrap();
        assert!((scaler.mean[0] - 1e9 - 0.5).abs() < 1e-6);
        assert!((scaler.scale[0] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn numbers_whose_squares_overflow_are_refused_by_name() {
        let error = fit(vec![1e300, 1.0]).unwrap_err();
        assert!(error.to_string().starts_with("column \"x\" holds numbers too large"), "{error}");
        assert!(fit(vec![f64::MAX, f64::MAX]).is_err());
    }
}
