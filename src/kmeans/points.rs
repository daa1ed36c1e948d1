//! The rows to cluster, in whatever way their owner keeps them, and what each of them weighs.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::features::{Matrix, Number, Rows};
use crate::simd::{DOUBLES, Doubles, Simd, Task, with_widest};

/// Rows that are worked on together: few enough for their numbers to stay in the first-level cache.
pub(super) const BLOCK: usize = 512;

/// The rows to cluster.
#[derive(Debug, Clone, Copy)]
pub enum Points<'a> {
    /// Column after column.
    Columns(&'a Matrix),
    /// Row after row.
    Rows(Rows<'a, f64>),
    /// Row after row, in single precision. Distances and sums are computed in double precision.
    Floats(Rows<'a, f32>),
}

impl<'a> From<&'a Matrix> for Points<'a> {
    fn from(matrix: &'a Matrix) -> Self {
        Self::Columns(matrix)
    }
}

impl<'a> From<Rows<'a, f64>> for Points<'a> {
    fn from(rows: Rows<'a, f64>) -> Self {
        Self::Rows(rows)
    }
}

impl<'a> From<Rows<'a, f32>> for Points<'a> {
    fn from(rows: Rows<'a, f32>) -> Self {
        Self::Floats(rows)
    }
}

impl<'a> Points<'a> {
    /// The number of rows, at least 1.
    pub fn n_rows(self) -> usize {
        match self {
            Self::Columns(matrix) => matrix.n_rows(),
            Self::Rows(rows) => rows.n_rows(),
            Self::Floats(rows) => rows.n_rows(),
        }
    }

    /// The number of features, at least 1.
    pub fn n_features(self) -> usize {
        match self {
            Self::Columns(matrix) => matrix.n_columns(),
            Self::Rows(rows) => rows.n_columns(),
            Self::Floats(rows) => rows.n_columns(),
        }
    }

    /// A copy of one row, one number a feature.
    pub fn row(self, index: usize) -> Vec<f64> {
        let mut row = vec![0.0; self.n_features()];
        self.read(index, &mut row);
        row
    }

    /// One row into a place that is there already.
    #[inline]
    pub(super) fn read(self, index: usize, row: &mut [f64]) {
        match self {
            Self::Columns(matrix) => {
                for (x, column) in row.iter_mut().zip(matrix.columns()) {
                    *x = column[index];
                }
            }
            Self::Rows(rows) => row.copy_from_slice(rows.row(index)),
            Self::Floats(rows) => {
                for (x, &number) in row.iter_mut().zip(rows.row(index)) {
                    *x = number.into();
                }
            }
        }
    }

    /// One row where its owner keeps it, or else a copy in `copy`, which has a number a feature.
    #[inline]
    pub(super) fn borrow<'b>(self, index: usize, copy: &'b mut [f64]) -> &'b [f64]
    where
        'a: 'b,
    {
        if let Self::Rows(rows) = self {
            return rows.row(index);
        }
        self.read(index, copy);
        copy
    }

    /// At most [`BLOCK`] rows as columns: those of the owner where there are some, else copies in
    /// `buffer`.
    pub(super) fn block<'b>(self, rows: Range<usize>, buffer: &'b mut Buffer) -> Block<'b>
    where
        'a: 'b,
    {
        let n_columns = self.n_features();
        match self {
            Self::Columns(matrix) => Block { columns: Columns::Owned(matrix.columns()), rows },
            Self::Rows(all) => {
                let numbers = &all.numbers()[rows.start * n_columns..rows.end * n_columns];
                match numbers.as_chunks() {
                    (pairs, []) if n_columns == 2 => buffer.fill_pairs(pairs),
                    _ => buffer.fill(numbers, n_columns),
                }
                Block { columns: Columns::Copied(&buffer.0), rows: 0..rows.len() }
            }
            Self::Floats(all) => {
                let numbers = &all.numbers()[rows.start * n_columns..rows.end * n_columns];
                buffer.fill(numbers, n_columns);
                Block { columns: Columns::Copied(&buffer.0), rows: 0..rows.len() }
            }
        }
    }

    /// The number of rows that differ from each other, counted up to `most`.
    pub(super) fn distinct_rows(self, most: usize) -> usize {
        let mut seen = std::collections::HashSet::new();
        let mut row = vec![0.0; self.n_features()];
        for index in 0..self.n_rows() {
            self.read(index, &mut row);
            // Adding 0.0 makes -0.0 and 0.0, which are equal, the same bits.
            seen.insert(row.iter().map(|x| (x + 0.0).to_bits()).collect::<Vec<u64>>());
            if seen.len() == most {
                break;
            }
        }
        seen.len()
    }
}

/// Numbers from one column to the next in a buffer: no power of two, as those would share the same few
/// places of the cache.
const STRIDE: usize = BLOCK + 8;

/// Room for the columns of a block, one after another.
#[derive(Debug, Default)]
pub(super) struct Buffer(Vec<f64>);

impl Buffer {
    fn fill<T: Number>(&mut self, rows: &[T], n_columns: usize) {
        self.0.resize(n_columns * STRIDE, 0.0);
        for (row, numbers) in rows.chunks_exact(n_columns).enumerate() {
            for (column, &number) in numbers.iter().enumerate() {
                self.0[column * STRIDE + row] = number.into();
            }
        }
    }

    fn fill_pairs(&mut self, pairs: &[[f64; 2]]) {
        self.0.resize(2 * STRIDE, 0.0);
        let (xs, ys) = self.0.split_at_mut(STRIDE);
        with_widest(Split { pairs, xs, ys });
    }
}

/// Two columns of pairs.
struct Split<'a> {
    pairs: &'a [[f64; 2]],
    xs: &'a mut [f64],
    ys: &'a mut [f64],
}

impl Task for Split<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always)] // compiled into each kind of vectors
    fn run<S: Simd>(self, simd: S) {
        let (groups, rest) = self.pairs.as_chunks::<DOUBLES>();
        let (xs, ys) = (self.xs.as_chunks_mut().0, self.ys.as_chunks_mut().0);
        for ((group, x), y) in groups.iter().zip(xs).zip(ys) {
            [*x, *y] = simd.load_pairs(group).map(S::F64::to_array);
        }
        let start = groups.len() * DOUBLES;
        for (place, pair) in rest.iter().enumerate() {
            (self.xs[start + place], self.ys[start + place]) = (pair[0], pair[1]);
        }
    }
}

/// Some rows, column after column.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    columns: Columns<'a>,
    rows: Range<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Columns<'a> {
    Owned(&'a [Vec<f64>]),
    Copied(&'a [f64]),
}

impl<'a> Block<'a> {
    /// The numbers of one column.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the kernel asks for it in its loops
    pub(super) fn column(&self, index: usize) -> &'a [f64] {
        match self.columns {
            Columns::Owned(columns) => &columns[index][self.rows.start..self.rows.end],
            Columns::Copied(buffer) => &buffer[index * STRIDE..][..self.rows.end],
        }
    }
}

/// Rows to cluster and what each of them weighs: scikit-learn's `X` and `sample_weight`.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    pub(super) points: Points<'a>,
    pub(super) weights: Option<&'a [f64]>,
    /// Whether the weights are numbers of equal rows, which may part.
    copies: bool,
}

impl<'a, P: Into<Points<'a>>> From<P> for Sample<'a> {
    fn from(points: P) -> Self {
        Self { points: points.into(), weights: None, copies: false }
    }
}

impl<'a> Sample<'a> {
    /// Rows that count as often as their weight says; a weight need not be whole.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] when there are not as many weights as rows, and [`Error::Parameter`] when a
    /// weight is negative, infinite or no number, or when all are 0.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::kmeans::{KMeansParams, Sample};
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 2.0, 10.0]])?;
    /// let sample = Sample::weighted(&matrix, &[3.0, 1.0, 5.0])?;
    /// let found = KMeansParams::new(2).check()?.fit(sample)?;
    /// assert_eq!(found.cluster_centers, [[1.25], [10.0]]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn weighted(points: impl Into<Points<'a>>, sample_weight: &'a [f64]) -> Result<Self> {
        let points = points.into();
        if sample_weight.len() != points.n_rows() {
            return Err(Error::Shape {
                what: "weights",
                expected: points.n_rows(),
                found: sample_weight.len(),
            });
        }
        let refuse = |value: String, problem| {
            Err(Error::Parameter { name: "sample_weight", value, problem })
        };
        if let Some(weight) = sample_weight.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
            return refuse(weight.to_string(), "a number from 0 up is needed");
        }
        if sample_weight.iter().all(|&weight| weight == 0.0) {
            return refuse("0".to_owned(), "at least one row must have a weight above 0");
        }
        Ok(Self { points, weights: Some(sample_weight), copies: false })
    }

    /// Rows that each stand for a number of equal ones.
    pub(super) fn of_copies(points: impl Into<Points<'a>>, numbers: &'a [f64]) -> Self {
        Self { points: points.into(), weights: Some(numbers), copies: true }
    }

    /// Rows with weights that are known to be good.
    pub(super) fn of_parts(points: impl Into<Points<'a>>, weights: &'a [f64]) -> Self {
        Self { points: points.into(), weights: Some(weights), copies: false }
    }

    /// What a row weighs.
    #[inline]
    pub(super) fn weight_of(&self, row: usize) -> f64 {
        match self.weights {
            None => 1.0,
            Some(weights) => weights[row],
        }
    }

    /// The same weights of other points.
    pub(super) fn with_points<'b>(self, points: Points<'b>) -> Sample<'b>
    where
        'a: 'b,
    {
        Sample { points, ..self }
    }

    /// How many rows of the data a row stands for, and what each of them weighs.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a number of rows
    pub(super) fn copies_of(&self, row: usize) -> (usize, f64) {
        match self.weights {
            None => (1, 1.0),
            Some(numbers) if self.copies => (numbers[row] as usize, 1.0),
            Some(weights) => (1, weights[row]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_the_same_numbers_however_they_are_kept() {
        for n_columns in 1..=4 {
            let numbers: Vec<f64> = (0..n_columns * 700).map(|i| i as f64).collect();
            #[allow(clippy::cast_possible_truncation)] // small whole numbers
            let floats: Vec<f32> = numbers.iter().map(|x| *x as f32).collect();
            let column =
                |first: usize| numbers.iter().skip(first).step_by(n_columns).copied().collect();
            let matrix = Matrix::from_columns((0..n_columns).map(column).collect()).unwrap();
            let kept: [Points; 3] = [
                (&matrix).into(),
                Rows::new(&numbers, n_columns).unwrap().into(),
                Rows::new(&floats, n_columns).unwrap().into(),
            ];
            for points in kept {
                assert_eq!((points.n_rows(), points.n_features()), (700, n_columns));
                assert_eq!(points.row(600), matrix.row(600));
                let mut buffer = Buffer::default();
                let block = points.block(512..700, &mut buffer);
                for index in 0..n_columns {
                    assert_eq!(block.column(index), &matrix.column(index)[512..700]);
                }
            }
        }
    }

    #[test]
    fn weights_that_cannot_be_meant_are_refused() {
        let matrix = Matrix::from_columns(vec![vec![1.0, 2.0]]).unwrap();
        for weights in
            [&[1.0][..], &[1.0, -1.0], &[f64::NAN, 1.0], &[0.0, 0.0], &[1.0, f64::INFINITY]]
        {
            assert!(Sample::weighted(&matrix, weights).is_err(), "{weights:?}");
        }
    }
}
