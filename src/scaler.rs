//! Scaling: every coordinate to mean 0 and variance 1, or to median 0 and interquartile range 1.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::pages;
use crate::preparation::{Scaling, quantile};
use crate::simd::{Simd, Task, with_widest};

/// Scales coordinates: `z = (x - mean) / scale * weight`.
///
/// Standardised ones have the population's variance (ddof = 0), and a constant column has scale 1, as in
/// scikit-learn's `StandardScaler`; robustly scaled ones have the median in the place of the mean and the
/// interquartile range in that of the deviation, as in `RobustScaler`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    /// What becomes 0: the mean of each coordinate, or its median, in its own unit.
    #[serde(rename = "mean_")]
    pub mean: Vec<f64>,
    /// What becomes 1: the standard deviation of each coordinate, or its interquartile range, in its own unit; 1
    /// where it is constant.
    #[serde(rename = "scale_")]
    pub scale: Vec<f64>,
    /// The weight of each coordinate; none where all have the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weight: Vec<f64>,
}

impl Scaler {
    /// Learns mean and scale of each column, as `scaling` says column by column, with its weight. `headers`
    /// name the columns in errors.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] when a column's squares overflow.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::preparation::Scaling;
    /// use segmenta::scaler::Scaler;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 3.0], vec![7.0, 7.0]])?;
    /// let scaler = Scaler::fit(&matrix, &["spent", "constant"], &[(Scaling::Standard, 1.0); 2])?;
    /// assert_eq!(scaler.mean, [2.0, 7.0]);
    /// assert_eq!(scaler.scale, [1.0, 1.0]);
    /// assert_eq!(scaler.transform(&matrix).column(0), [-1.0, 1.0]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit(matrix: &Matrix, headers: &[&str], scaling: &[(Scaling, f64)]) -> Result<Self> {
        let mut mean = Vec::with_capacity(matrix.n_columns());
        let mut scale = Vec::with_capacity(matrix.n_columns());
        for ((index, column), (scaling, _)) in matrix.columns().iter().enumerate().zip(scaling) {
            let (column_mean, variance) = moments(column);
            if !variance.is_finite() {
                return Err(Error::TooLarge {
                    column: headers
                        .get(index)
                        .map_or_else(|| index.to_string(), ToString::to_string),
                    largest: column.iter().fold(0.0, |largest, x| x.abs().max(largest)),
                });
            }
            let is_constant = is_constant(column.len(), column_mean, variance);
            let (center, spread) = match scaling {
                Scaling::None => (0.0, 1.0),
                Scaling::Standard => (column_mean, variance.sqrt()),
                Scaling::Robust => median_and_range(column),
            };
            mean.push(center);
            scale.push(if is_constant || spread == 0.0 { 1.0 } else { spread });
        }
        let mut weight: Vec<f64> = scaling.iter().map(|(_, weight)| *weight).collect();
        if weight.iter().all(|&weight| weight == 1.0) {
            weight.clear();
        }
        Ok(Self { mean, scale, weight })
    }

    /// What a scaler that was learned from some rows becomes by all of them: means and deviations of standardised
    /// columns are exact then, and medians stay what they were. `sums` and `squares` are those of the coordinates as
    /// this scaler scales them.
    ///
    /// # Errors
    ///
    /// As [`Scaler::fit`].
    pub(crate) fn refined(
        &self,
        headers: &[&str],
        scaling: &[(Scaling, f64)],
        moments: &Moments,
    ) -> Result<Self> {
        let mut refined = self.clone();
        for (place, (scaling, _)) in scaling.iter().enumerate() {
            let (mean, variance) = moments.of(place, self);
            if !variance.is_finite() {
                let column = headers.get(place).map_or_else(String::new, ToString::to_string);
                return Err(Error::TooLarge { column, largest: mean.abs() });
            }
            if *scaling == Scaling::Standard {
                let is_constant = is_constant(moments.n_rows, mean, variance);
                refined.mean[place] = mean;
                refined.scale[place] = if is_constant { 1.0 } else { variance.sqrt() };
            }
        }
        Ok(refined)
    }

    /// The number of coordinates.
    pub fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// The matrix scaled. It has as many columns as the scaler has coordinates.
    pub fn transform(&self, matrix: &Matrix) -> Matrix {
        self.map(matrix, |x, mean, scale, weight| (x - mean) / scale * weight)
    }

    /// Scales columns where they are, one for each coordinate. False if a number of them is not finite then.
    pub(crate) fn transform_in_place(&self, columns: &mut [Vec<f64>]) -> bool {
        let mut are_finite = true;
        for (place, column) in columns.iter_mut().enumerate() {
            let (mean, scale, weight) = (self.mean[place], self.scale[place], self.weight(place));
            are_finite &= with_widest(InPlace { column, mean, scale, weight });
        }
        are_finite
    }

    /// The matrix back in the coordinates' own units.
    pub fn inverse_transform(&self, matrix: &Matrix) -> Matrix {
        self.map(matrix, |z, mean, scale, weight| z / weight * scale + mean)
    }

    /// One customer, scaled.
    pub fn transform_row(&self, row: &[f64]) -> Vec<f64> {
        let mut row = row.to_vec();
        self.scale_row(&mut row);
        row
    }

    /// Scales one customer where it stands.
    pub(crate) fn scale_row(&self, row: &mut [f64]) {
        for (place, x) in row.iter_mut().enumerate() {
            *x = (*x - self.mean[place]) / self.scale[place] * self.weight(place);
        }
    }

    /// One customer or centre, back in the coordinates' own units.
    pub fn inverse_transform_row(&self, row: &[f64]) -> Vec<f64> {
        let own = |(place, &z)| z / self.weight(place) * self.scale[place] + self.mean[place];
        row.iter().enumerate().map(own).collect()
    }

    /// The weight of a coordinate.
    pub fn weight(&self, place: usize) -> f64 {
        self.weight.get(place).copied().unwrap_or(1.0)
    }

    fn map(&self, matrix: &Matrix, f: impl Fn(f64, f64, f64, f64) -> f64) -> Matrix {
        matrix.map_columns(|index, column| {
            let (mean, scale, weight) = (self.mean[index], self.scale[index], self.weight(index));
            pages::collect(column.iter().map(|&x| f(x, mean, scale, weight)))
        })
    }
}

/// Scales a column where it is, and tells whether all of it is finite then.
struct InPlace<'a> {
    column: &'a mut [f64],
    mean: f64,
    scale: f64,
    weight: f64,
}

impl Task for InPlace<'_> {
    type Output = bool;

    // Divisions take longest here, and are done side by side in whatever vectors the compiler may use.
    #[inline(always)]
    #[allow(clippy::inline_always)] // compiled into each kind of vectors
    fn run<S: Simd>(self, _: S) -> bool {
        let Self { column, mean, scale, weight } = self;
        let mut are_finite = true;
        if weight == 1.0 {
            // A factor of 1 changes no bit, and takes a while.
            for x in column {
                *x = (*x - mean) / scale;
                are_finite &= x.is_finite();
            }
        } else {
            for x in column {
                *x = (*x - mean) / scale * weight;
                are_finite &= x.is_finite();
            }
        }
        are_finite
    }
}

/// What rows add up to that a scaler scaled: those of two pieces of the data merge by addition. The mean that is near 0
/// costs no digits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Moments {
    pub(crate) n_rows: usize,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    /// Those of no rows.
    pub(crate) fn new(n_features: usize) -> Self {
        Self { n_rows: 0, sums: vec![0.0; n_features], squares: vec![0.0; n_features] }
    }

    /// Adds scaled rows.
    pub(crate) fn add(&mut self, points: &Matrix) {
        self.n_rows += points.n_rows();
        for (place, column) in points.columns().iter().enumerate() {
            self.sums[place] += column.iter().sum::<f64>();
            self.squares[place] += column.iter().map(|z| z * z).sum::<f64>();
        }
    }

    /// Adds those of other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.n_rows += other.n_rows;
        let pairs = |to: &mut [f64], more: &[f64]| {
            to.iter_mut().zip(more).for_each(|(total, more)| *total += more);
        };
        pairs(&mut self.sums, &other.sums);
        pairs(&mut self.squares, &other.squares);
    }

    /// Mean and population variance of a coordinate in its own unit.
    fn of(&self, place: usize, scaler: &Scaler) -> (f64, f64) {
        let n = self.n_rows as f64;
        let unit = scaler.scale[place] / scaler.weight(place);
        let mean = self.sums[place] / n;
        let variance = (self.squares[place] / n - mean * mean).max(0.0);
        (scaler.mean[place] + mean * unit, variance * unit * unit)
    }

    /// The sum of the squared distances of all rows from the origin, as `to` scales them where `from` did before.
    pub(crate) fn squares(&self, from: &Scaler, to: &Scaler) -> f64 {
        let n = self.n_rows as f64;
        let of_place = |place: usize| {
            let (mean, variance) = self.of(place, from);
            let unit = to.scale[place] / to.weight(place);
            n * (variance + (mean - to.mean[place]).powi(2)) / (unit * unit)
        };
        (0..self.sums.len()).map(of_place).sum()
    }
}

/// The median and the interquartile range, as scikit-learn's `RobustScaler` computes them.
fn median_and_range(column: &[f64]) -> (f64, f64) {
    let mut sorted = column.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let [low, median, high] = [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share));
    (median, high - low)
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

    fn fit(column: Vec<f64>) -> Result<Scaler> {
        Scaler::fit(&Matrix::from_columns(vec![column])?, &["x"], &[(Scaling::Standard, 1.0)])
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
