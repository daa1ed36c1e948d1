//! The second pass: what all rows add up to, and the rows that stand for all.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::super::{NumericSummary, Prepared};
use super::reading::Reading;
use crate::dataset::form::NumberForm;
use crate::dataset::scan::{Batch, Pass, RowHash, Skipped};
use crate::dataset::{Column, Dataset};
use crate::error::Result;
use crate::features::Matrix;
use crate::kmeans::squared_distance;
use crate::scaler::{Moments, Scaler};

/// Rows of the coreset, on average, and the most numbers in it. With a tenth of the rows, the best of its optima was
/// not always the best of all rows, and WCSS up to 1 % higher.
const MOST_ROWS: f64 = 250_000.0;
const MOST_NUMBERS: f64 = 1e6;

/// What the pass gathers, of all rows or of some.
#[derive(Serialize, Deserialize)]
pub(super) struct Gathered {
    pub(super) moments: Moments,
    /// One entry a feature.
    pub(super) spans: Vec<Span>,
    /// The coordinates of the coreset, before they are scaled, and the weights of its rows.
    columns: Vec<Vec<f64>>,
    pub(super) weights: Vec<f64>,
    pub(super) skipped: Skipped,
}

/// What is known of all values of a feature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Span {
    /// The values that are missing.
    pub(super) missing: usize,
    /// The numbers, if it is one of numbers.
    n: usize,
    least: f64,
    most: f64,
    /// Sums of differences from a number near the mean, which cost no digits, and of their squares.
    near: f64,
    sum: f64,
    squares: f64,
}

/// How likely each row is to be drawn.
#[derive(Debug, Serialize, Deserialize)]
struct Chances {
    /// The chance of a row at the centre.
    least: f64,
    center: Vec<f64>,
    /// The mean squared distance from the centre, of the sample.
    spread: f64,
}

impl Chances {
    fn of(sample: &Matrix, n_rows: u64) -> Self {
        let n = sample.n_rows() as f64;
        let center: Vec<f64> =
            sample.columns().iter().map(|column| column.iter().sum::<f64>() / n).collect();
        let squares = (0..sample.n_rows()).map(|row| squared_distance(&sample.row(row), &center));
        let spread = squares.sum::<f64>() / n;
        let n_drawn = MOST_ROWS.min(MOST_NUMBERS / sample.n_columns() as f64);
        let least = n_drawn / 2.0 / n_rows as f64;
        Self { least, center, spread: if spread > 0.0 { spread } else { 1.0 } }
    }

    fn of_row(&self, point: &[f64]) -> f64 {
        let square = squared_distance(point, &self.center);
        (self.least * (1.0 + square / self.spread)).min(1.0)
    }
}

/// A pass over rows that are scaled as those of a sample would be.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Gather {
    reading: Reading,
    scaler: Scaler,
    chances: Chances,
    /// Those of no rows.
    spans: Vec<Span>,
    hash: RowHash,
}

impl Gather {
    /// Gathers of `n_rows` rows.
    pub(super) fn new(
        reading: &Reading,
        prepared: &Prepared,
        sample: &Dataset,
        n_rows: u64,
        hash: RowHash,
    ) -> Self {
        let columns = prepared.chosen.iter().map(|&index| &sample.columns()[index]);
        Self {
            reading: reading.clone(),
            scaler: prepared.scaler.clone(),
            chances: Chances::of(&prepared.points, n_rows),
            spans: columns.map(Span::new).collect(),
            hash,
        }
    }
}

impl Pass for Gather {
    const NAME: &'static str = "gather";

    type Part = Gathered;

    fn wanted(&self) -> &[usize] {
        &self.reading.wanted
    }

    fn forms(&self) -> Vec<Option<&NumberForm>> {
        self.reading.forms()
    }

    fn nothing(&self) -> Gathered {
        Gathered::new(self.scaler.n_features(), &self.spans)
    }

    /// # Errors
    ///
    /// As [`Reading::rows`].
    fn add(&self, gathered: &mut Gathered, batch: Batch) -> Result<()> {
        let file = batch.file();
        let mut skipped = Vec::new();
        if let Some(rows) = self.reading.rows(batch, &mut skipped)? {
            let drawn = self.hash.chances(file, &rows);
            gathered.add(&rows, &self.reading.coordinates(&rows)?, self, &drawn);
        }
        gathered.skipped.add(&skipped);
        Ok(())
    }

    fn merge(&self, all: &mut Gathered, part: Gathered) {
        all.merge(part);
    }

    fn settle(&self, gathered: &mut Gathered) {
        gathered.sort();
    }
}

impl Gathered {
    fn new(n_features: usize, spans: &[Span]) -> Self {
        Self {
            moments: Moments::new(n_features),
            spans: spans.to_vec(),
            columns: vec![Vec::new(); n_features],
            weights: Vec::new(),
            skipped: Skipped::default(),
        }
    }

    fn add(&mut self, rows: &Dataset, coordinates: &Matrix, pass: &Gather, drawn: &[f64]) {
        let points = pass.scaler.transform(coordinates);
        self.moments.add(&points);
        for (span, column) in self.spans.iter_mut().zip(rows.columns()) {
            span.add(column);
        }
        let mut point = vec![0.0; points.n_columns()];
        for (row, &drawn) in drawn.iter().enumerate() {
            for (x, column) in point.iter_mut().zip(points.columns()) {
                *x = column[row];
            }
            let chance = pass.chances.of_row(&point);
            if drawn < chance {
                self.weights.push(1.0 / chance);
                for (kept, column) in self.columns.iter_mut().zip(coordinates.columns()) {
                    kept.push(column[row]);
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.moments.merge(&other.moments);
        self.spans.iter_mut().zip(&other.spans).for_each(|(span, more)| span.merge(more));
        self.columns.iter_mut().zip(other.columns).for_each(|(kept, more)| kept.extend(more));
        self.weights.extend(other.weights);
        self.skipped.merge(other.skipped);
    }

    /// Puts the coreset in an order of its own.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.weights.len()).collect();
        let compare = |&one: &usize, &other: &usize| {
            let columns = self.columns.iter().chain([&self.weights]);
            let each = columns.map(|column| column[one].total_cmp(&column[other]));
            each.fold(Ordering::Equal, Ordering::then)
        };
        order.sort_unstable_by(compare);
        for column in self.columns.iter_mut().chain([&mut self.weights]) {
            *column = order.iter().map(|&row| column[row]).collect();
        }
    }

    /// The coreset, scaled.
    ///
    /// # Errors
    ///
    /// As [`Matrix::from_columns`].
    pub(super) fn coreset(&self, scaler: &Scaler) -> Result<Matrix> {
        Ok(scaler.transform(&Matrix::from_columns(self.columns.clone())?))
    }
}

impl Span {
    /// That of no values of a column which the sample shows.
    fn new(column: &Column) -> Self {
        let numbers = column.numbers().unwrap_or_default().iter().filter(|x| !x.is_nan());
        let (sum, n) = numbers.fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
        Self {
            missing: 0,
            n: 0,
            least: f64::MAX,
            most: f64::MIN,
            near: if n > 0.0 { sum / n } else { 0.0 },
            sum: 0.0,
            squares: 0.0,
        }
    }

    fn add(&mut self, column: &Column) {
        let Some(numbers) = column.numbers() else {
            self.missing += (0..column.n_rows()).filter(|&row| column.is_missing(row)).count();
            return;
        };
        let mut n = 0;
        for &x in numbers {
            // Comparisons with NaN, which stands for a missing number, are false.
            self.least = self.least.min(x);
            self.most = self.most.max(x);
            let difference = if x.is_nan() { 0.0 } else { x - self.near };
            self.sum += difference;
            self.squares += difference * difference;
            n += usize::from(!x.is_nan());
        }
        self.n += n;
        self.missing += numbers.len() - n;
    }

    fn merge(&mut self, other: &Self) {
        self.missing += other.missing;
        self.n += other.n;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Makes exact what all numbers tell; quantiles between the least and the most stay those of the sample.
    pub(super) fn correct(&self, summary: &mut NumericSummary) {
        if self.n == 0 {
            return;
        }
        let n = self.n as f64;
        let mean = self.sum / n;
        summary.mean = self.near + mean;
        summary.std = (self.squares / n - mean * mean).max(0.0).sqrt();
        summary.minimum = (self.least >= 0.0).then_some(0.0);
        summary.quantiles.min = self.least;
        summary.quantiles.max = self.most;
        summary.is_yes_no &= self.least == 0.0 && self.most == 1.0;
    }
}
