//! The data as engines take them: near 0, and equal rows merged where that is worth it.

use rayon::prelude::*;

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::kernel::TASK;
use super::merge::Distinct;
use super::points::{BLOCK, Buffer, Points, Sample};
use crate::error::Result;
use crate::features::Matrix;
use crate::pages;

/// Columns whose mean is more deviations from 0 than this are moved. Standardised ones are not, so their
/// numbers are the ones that the engines see.
const FAR: f64 = 16.0;

/// Means and variances, one a feature.
#[derive(Debug, Clone)]
struct Moments {
    means: Vec<f64>,
    variances: Vec<f64>,
}

/// What engines work on.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    original: Sample<'a>,
    distinct: Option<Distinct>,
    /// The points moved by `offset`, if they had to be.
    moved: Option<Matrix>,
    offset: Vec<f64>,
    mean_variance: f64,
}

impl<'a> Prepared<'a> {
    /// Looks at the data and prepares them. Weighted rows are never merged, since only rows that weigh
    /// the same can stand for each other.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Cancelled`].
    pub(super) fn new(sample: Sample<'a>, merges: bool, cancel: &Cancel) -> Result<Self> {
        let distinct = if merges && sample.weights.is_none() {
            Distinct::few_of(sample.points, cancel)
        } else {
            None
        };
        let held = distinct.as_ref().and_then(Distinct::sample).unwrap_or(sample);
        let counts = distinct.as_ref().and(held.weights);
        let moments = Moments::of(held.points, counts);
        cancel.check()?;
        let offset: Vec<f64> = (0..held.points.n_features())
            .map(|feature| offset(moments.means[feature], moments.variances[feature]))
            .collect();
        let moved = if offset.iter().all(|&x| x == 0.0) {
            None
        } else {
            Some(moved_by(held.points, &offset)?)
        };
        let mean_variance = moments.variances.iter().sum::<f64>() / moments.variances.len() as f64;
        Ok(Self { original: sample, distinct, moved, offset, mean_variance })
    }

    /// The data for an engine.
    pub(super) fn sample(&self) -> Sample<'_> {
        let merged = self.distinct.as_ref().and_then(Distinct::sample).unwrap_or(self.original);
        match &self.moved {
            None => merged,
            Some(matrix) => merged.with_points(matrix.into()),
        }
    }

    /// The data as they were given.
    pub(super) fn original(&self) -> Sample<'a> {
        self.original
    }

    /// Whether equal rows were merged.
    pub(super) fn is_merged(&self) -> bool {
        self.distinct.is_some()
    }

    /// The mean of the features' variances.
    pub(super) fn mean_variance(&self) -> f64 {
        self.mean_variance
    }

    /// Moves centres from the data's place to the engine's.
    pub(super) fn move_to_engine(&self, centers: &mut Centroids) {
        self.shift(centers, -1.0);
    }

    /// Moves centres from the engine's place to the data's.
    pub(super) fn move_to_data(&self, centers: &mut Centroids) {
        self.shift(centers, 1.0);
    }

    fn shift(&self, centers: &mut Centroids, sign: f64) {
        for cluster in 0..centers.len() {
            for (coordinate, offset) in centers.get_mut(cluster).iter_mut().zip(&self.offset) {
                *coordinate += sign * offset;
            }
        }
    }
}

/// How far a column is from 0, rounded so coarsely that taking it off its numbers is exact: the digits
/// that tell the numbers apart are all kept. 0 where the column is near enough.
fn offset(mean: f64, variance: f64) -> f64 {
    let deviation = variance.sqrt();
    if mean.abs() <= FAR * deviation || !mean.is_finite() || !deviation.is_finite() {
        return 0.0;
    }
    if deviation == 0.0 {
        return mean;
    }
    let grid = deviation.log2().floor().exp2();
    let rounded = (mean / grid).round() * grid;
    if rounded.is_finite() { rounded } else { 0.0 }
}

fn moved_by(points: Points, offset: &[f64]) -> Result<Matrix> {
    let n_rows = points.n_rows();
    let mut columns: Vec<_> = offset.iter().map(|_| pages::zeros(0.0, n_rows)).collect();
    let mut buffer = Buffer::default();
    for start in (0..n_rows).step_by(BLOCK) {
        let rows = start..(start + BLOCK).min(n_rows);
        let block = points.block(rows.clone(), &mut buffer);
        for (feature, column) in columns.iter_mut().enumerate() {
            for (to, x) in column[rows.clone()].iter_mut().zip(block.column(feature)) {
                *to = x - offset[feature];
            }
        }
    }
    Matrix::from_columns(columns)
}

impl Moments {
    /// Those of the rows, each as often as `counts` says.
    fn of(points: Points, counts: Option<&[f64]>) -> Self {
        let n_rows = points.n_rows();
        let n_features = points.n_features();
        // Differences from some row are small where the numbers are far from 0.
        let origin = points.row(0);
        let parts: Vec<(f64, Vec<[f64; 2]>)> = (0..n_rows.div_ceil(TASK))
            .into_par_iter()
            .map(|task| {
                let mut sums = vec![[0.0; 2]; n_features];
                let mut weight = 0.0;
                let mut buffer = Buffer::default();
                let end = ((task + 1) * TASK).min(n_rows);
                for start in (task * TASK..end).step_by(BLOCK) {
                    let rows = start..(start + BLOCK).min(end);
                    let counts = counts.map(|counts| &counts[rows.clone()]);
                    weight += counts.map_or(rows.len() as f64, |counts| counts.iter().sum());
                    let block = points.block(rows, &mut buffer);
                    for (feature, sums) in sums.iter_mut().enumerate() {
                        let [sum, squares] =
                            sums_of(block.column(feature), counts, origin[feature]);
                        sums[0] += sum;
                        sums[1] += squares;
                    }
                }
                (weight, sums)
            })
            .collect();
        let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
        let mut means = Vec::with_capacity(n_features);
        let mut variances = Vec::with_capacity(n_features);
        for feature in 0..n_features {
            let mean_of = |power: usize| {
                parts.iter().map(|(_, sums)| sums[feature][power]).sum::<f64>() / weight
            };
            let [mean, square] = [mean_of(0), mean_of(1)];
            means.push(origin[feature] + mean);
            variances.push((square - mean * mean).max(0.0));
        }
        Self { means, variances }
    }
}

/// The sums of the differences from `origin` and of their squares. Several are added up side by side.
fn sums_of(numbers: &[f64], counts: Option<&[f64]>, origin: f64) -> [f64; 2] {
    const LANES: usize = 8;
    let mut sums = [[0.0; LANES]; 2];
    let (groups, rest) = numbers.as_chunks::<LANES>();
    for (group, numbers) in groups.iter().enumerate() {
        let counts = counts.and_then(|counts| counts[group * LANES..].first_chunk());
        for lane in 0..LANES {
            let difference = numbers[lane] - origin;
            let weighted =
                counts.map_or(difference, |counts: &[f64; LANES]| counts[lane] * difference);
            sums[0][lane] += weighted;
            sums[1][lane] += weighted * difference;
        }
    }
    for (place, number) in rest.iter().enumerate() {
        let difference = number - origin;
        let weighted =
            counts.map_or(1.0, |counts| counts[groups.len() * LANES + place]) * difference;
        sums[0][0] += weighted;
        sums[1][0] += weighted * difference;
    }
    sums.map(|lanes| lanes.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_columns_also_far_from_0() {
        let near: Vec<f64> = (0..20_001).map(|i| f64::from(i % 101)).collect();
        let far: Vec<f64> = near.iter().map(|x| x + 1e8).collect();
        let matrix = Matrix::from_columns(vec![near, far]).unwrap();
        let moments = Moments::of((&matrix).into(), None);
        let mean = matrix.column(0).iter().sum::<f64>() / 20_001.0;
        let square = matrix.column(0).iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        assert!((moments.means[0] - mean).abs() < 1e-12);
        assert!((moments.means[1] - mean - 1e8).abs() < 1e-7);
        for variance in moments.variances {
            assert!((variance - square / 20_001.0).abs() < 1e-9);
        }
    }

    #[test]
    fn taking_off_the_offset_loses_no_digit() {
        let near: Vec<f64> = (0..1000).map(|i| (f64::from(i) * 0.37).sin()).collect();
        for far in [1e3, -1e7, 1e8, 123_456_789.1] {
            let column: Vec<f64> = near.iter().map(|x| x + far).collect();
            let matrix = Matrix::from_columns(vec![column]).unwrap();
            let moments = Moments::of((&matrix).into(), None);
            let offset = offset(moments.means[0], moments.variances[0]);
            assert!(offset != 0.0);
            for x in matrix.column(0) {
                let moved = x - offset;
                assert_eq!(moved + offset, *x);
                assert!(moved.abs() < 2.0);
            }
        }
    }

    #[test]
    fn a_constant_column_becomes_0_and_a_standardised_one_stays() {
        assert_eq!(offset(7.3, 0.0), 7.3);
        assert_eq!(offset(1e-12, 1.0), 0.0);
        assert_eq!(offset(3.0, f64::INFINITY), 0.0);
    }
}
