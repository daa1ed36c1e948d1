//! A small sample that stands for many points: the lightweight coreset of Bachem, Lucic and Krause 2018,
//! "Scalable k-means clustering via lightweight coresets".

use rand::RngExt;
use rayon::prelude::*;

use super::cancel::Cancel;
use super::centroids::squared_distance;
use super::init::Random;
use super::kernel::TASK;
use super::points::{BLOCK, Sample};
use crate::error::Result;
use crate::features::Matrix;

/// Rows of a sketch, and the most rows that are not sketched: enough for rare segments to be among them, and
/// few enough for a search to take hundredths of a second.
pub(super) const SKETCH_ROWS: usize = 20_000;

/// Rows drawn from the points, with weights under which they stand for all of them.
#[derive(Debug)]
pub(super) struct Sketch {
    rows: Matrix,
    weights: Vec<f64>,
}

impl Sketch {
    /// Draws rows, half of them evenly and half in proportion to their squared distance from the mean, so that
    /// small groups far away are seen too. None where the points are so few that they need no sketch.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Cancelled`].
    pub(super) fn of(sample: Sample, rng: &mut Random, cancel: &Cancel) -> Result<Option<Self>> {
        let n_rows = sample.points.n_rows();
        if n_rows <= SKETCH_ROWS {
            return Ok(None);
        }
        let mean = Mean::of(sample, cancel);
        let chances = Chances::of(sample, &mean, cancel);
        cancel.check()?;
        // One draw from each of so many equal parts of the sum: as random, and more evenly spread.
        let part = chances.total() / SKETCH_ROWS as f64;
        let draws: Vec<f64> =
            (0..SKETCH_ROWS).map(|draw| (draw as f64 + rng.random::<f64>()) * part).collect();
        let chosen = chances.rows_at(&draws);
        cancel.check()?;
        let mut columns = vec![Vec::with_capacity(chosen.len()); sample.points.n_features()];
        let mut weights = Vec::with_capacity(chosen.len());
        let mut point = vec![0.0; columns.len()];
        for row in chosen {
            sample.points.read(row, &mut point);
            for (column, &x) in columns.iter_mut().zip(&point) {
                column.push(x);
            }
            weights.push(sample.weight_of(row) * part / chances.of_row(row, &mut point));
        }
        Ok(Some(Self { rows: Matrix::from_columns(columns)?, weights }))
    }

    /// The rows and their weights.
    pub(super) fn sample(&self) -> Sample<'_> {
        Sample::of_parts(&self.rows, &self.weights)
    }
}

/// The weighted mean of all points, and their weight.
struct Mean {
    center: Vec<f64>,
    weight: f64,
}

impl Mean {
    fn of(sample: Sample, cancel: &Cancel) -> Self {
        let n_rows = sample.points.n_rows();
        let n_features = sample.points.n_features();
        let parts: Vec<Vec<f64>> = (0..n_rows.div_ceil(TASK))
            .into_par_iter()
            .filter(|_| !cancel.is_cancelled())
            .map(|task| {
                // The last number is the weight.
                let mut sums = vec![0.0; n_features + 1];
                let mut copy = vec![0.0; n_features];
                for row in task * TASK..((task + 1) * TASK).min(n_rows) {
                    let weight = sample.weight_of(row);
                    for (sum, x) in sums.iter_mut().zip(sample.points.borrow(row, &mut copy)) {
                        *sum += weight * x;
                    }
                    sums[n_features] += weight;
                }
                sums
            })
            .collect();
        let total = |place: usize| parts.iter().map(|sums| sums[place]).sum::<f64>();
        let weight = total(n_features);
        Self { center: (0..n_features).map(|feature| total(feature) / weight).collect(), weight }
    }
}

/// How likely each row is to be drawn, but for a factor that is the same for all.
struct Chances<'a> {
    sample: Sample<'a>,
    mean: &'a Mean,
    /// The weighted mean of the squared distances from the mean; 1 where all points are the same.
    spread: f64,
    /// The sum of each block's.
    by_block: Vec<f64>,
}

impl<'a> Chances<'a> {
    fn of(sample: Sample<'a>, mean: &'a Mean, cancel: &Cancel) -> Self {
        let n_rows = sample.points.n_rows();
        // The squares alone first: what they add up to is part of every row's chance.
        let mut chances = Self { sample, mean, spread: 1.0, by_block: Vec::new() };
        let by_block: Vec<[f64; 2]> = (0..n_rows.div_ceil(BLOCK))
            .into_par_iter()
            .with_min_len(TASK / BLOCK)
            .map(|block| {
                if cancel.is_cancelled() {
                    return [0.0; 2];
                }
                let mut copy = vec![0.0; sample.points.n_features()];
                let mut sums = [0.0; 2];
                for row in block * BLOCK..((block + 1) * BLOCK).min(n_rows) {
                    let weight = sample.weight_of(row);
                    sums[0] += weight;
                    sums[1] += weight * chances.square(row, &mut copy);
                }
                sums
            })
            .collect();
        let squares = by_block.iter().map(|[_, squares]| squares).sum::<f64>();
        if squares > 0.0 {
            chances.spread = squares / mean.weight;
        }
        let sum = |[weight, squares]: [f64; 2]| weight + squares / chances.spread;
        let by_block = by_block.into_iter().map(sum).collect();
        Self { by_block, ..chances }
    }

    fn square(&self, row: usize, copy: &mut [f64]) -> f64 {
        squared_distance(self.sample.points.borrow(row, copy), &self.mean.center)
    }

    fn of_row(&self, row: usize, copy: &mut [f64]) -> f64 {
        self.sample.weight_of(row) * (1.0 + self.square(row, copy) / self.spread)
    }

    fn total(&self) -> f64 {
        self.by_block.iter().sum()
    }

    /// The rows at which the sum of all chances passes each draw; draws ascend.
    fn rows_at(&self, draws: &[f64]) -> Vec<usize> {
        let n_rows = self.sample.points.n_rows();
        let mut starts = Vec::with_capacity(self.by_block.len());
        let mut start = 0.0;
        for sum in &self.by_block {
            starts.push(start);
            start += sum;
        }
        let rows_in = |block: usize| {
            let from = draws.partition_point(|&draw| draw < starts[block]);
            let to = match starts.get(block + 1) {
                Some(&next) => draws.partition_point(|&draw| draw < next),
                None => draws.len(),
            };
            let mut rows = Vec::with_capacity(to - from);
            let mut copy = vec![0.0; self.sample.points.n_features()];
            let mut passed = starts[block];
            let mut left = draws[from..to].iter().copied().peekable();
            let end = ((block + 1) * BLOCK).min(n_rows);
            // The last row takes what rounding would carry beyond the block, unless it has no weight.
            let mut last = None;
            for row in block * BLOCK..end {
                let chance = self.of_row(row, &mut copy);
                passed += chance;
                if chance > 0.0 {
                    last = Some(row);
                }
                while left.next_if(|&draw| draw < passed).is_some() {
                    rows.push(row);
                }
            }
            rows.extend(left.filter_map(|_| last));
            rows
        };
        let by_block: Vec<Vec<usize>> = (0..self.by_block.len())
            .into_par_iter()
            .with_min_len(TASK / BLOCK)
            .map(rows_in)
            .collect();
        by_block.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Rows;
    use crate::kmeans::init::random;

    /// A large group around 0, and ten rows far away.
    fn numbers() -> Vec<f64> {
        let near = (0..99_990).map(|i| (f64::from(i) * 0.7).sin());
        near.chain((0..10).map(|i| 1000.0 + f64::from(i))).collect()
    }

    #[test]
    fn a_sketch_stands_for_all_points() {
        let numbers = numbers();
        let sample = Rows::new(&numbers, 1).unwrap().into();
        let sketch = Sketch::of(sample, &mut random(1, 0), &Cancel::default()).unwrap().unwrap();
        let drawn = sketch.sample();
        assert_eq!(drawn.points.n_rows(), SKETCH_ROWS);
        let weight: f64 = sketch.weights.iter().sum();
        assert!((weight / 1e5 - 1.0).abs() < 0.01, "{weight}");
        let square = |row: usize| drawn.points.row(row)[0].powi(2) * drawn.weight_of(row);
        let squares: f64 = (0..SKETCH_ROWS).map(square).sum();
        let expected: f64 = numbers.iter().map(|x| x * x).sum();
        assert!((squares / expected - 1.0).abs() < 0.01, "{squares} {expected}");
    }

    #[test]
    fn rows_far_away_are_drawn() {
        let numbers = numbers();
        let sample = Rows::new(&numbers, 1).unwrap().into();
        let sketch = Sketch::of(sample, &mut random(1, 0), &Cancel::default()).unwrap().unwrap();
        for far in 0..10 {
            assert!(sketch.rows.column(0).contains(&(1000.0 + f64::from(far))));
        }
    }

    #[test]
    fn few_points_need_no_sketch() {
        let numbers = vec![1.0; SKETCH_ROWS];
        let sample = Rows::new(&numbers, 1).unwrap().into();
        assert!(Sketch::of(sample, &mut random(1, 0), &Cancel::default()).unwrap().is_none());
    }
}
