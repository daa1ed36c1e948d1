//! Numbers column after column, which is how all stages keep them.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::error::{Error, Result};

/// Numbers of a column that a thread looks at before it takes more.
const TASK: usize = 1 << 16;

/// Finite numbers in rows (customers) and columns (features), stored column after column.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    columns: Vec<Vec<f64>>,
    n_rows: usize,
}

impl Matrix {
    /// Takes columns of equal length.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] when there is no column, no row, or the lengths differ;
    /// [`Error::NotFinite`] for the first NaN or infinity.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![15.0, 16.0, 17.0], vec![39.0, 81.0, 6.0]])?;
    /// assert_eq!(matrix.row(1), [16.0, 81.0]);
    /// assert!(Matrix::from_columns(vec![vec![f64::NAN]]).is_err());
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn from_columns(columns: Vec<Vec<f64>>) -> Result<Self> {
        let n_rows = columns.first().map_or(0, Vec::len);
        if n_rows == 0 {
            return Err(Error::Shape { what: "rows in the matrix", expected: 1, found: 0 });
        }
        for (column, values) in columns.iter().enumerate() {
            if values.len() != n_rows {
                return Err(Error::Shape {
                    what: "rows in a column",
                    expected: n_rows,
                    found: values.len(),
                });
            }
            if !values.par_chunks(TASK).all(all_finite) {
                let row = values.iter().position(|value| !value.is_finite()).unwrap_or(0);
                return Err(Error::NotFinite { column, row, value: values[row] });
            }
        }
        Ok(Self { columns, n_rows })
    }

    /// The same, of columns that are known to be as long as each other, not empty, and finite.
    pub(crate) fn of_known(columns: Vec<Vec<f64>>) -> Self {
        let n_rows = columns.first().map_or(0, Vec::len);
        debug_assert!(n_rows > 0 && columns.iter().all(|x| x.len() == n_rows && all_finite(x)));
        Self { columns, n_rows }
    }

    /// The number of rows, at least 1.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The number of columns, at least 1.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// A column's numbers, one a row.
    pub fn column(&self, index: usize) -> &[f64] {
        &self.columns[index]
    }

    /// All columns.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// A copy of one row, one number a column.
    pub fn row(&self, index: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[index]).collect()
    }

    /// The same shape with other numbers. The caller makes every column as long as it was and its
    /// numbers finite.
    pub(crate) fn map_columns(&self, mut f: impl FnMut(usize, &[f64]) -> Vec<f64>) -> Self {
        let columns =
            self.columns.iter().enumerate().map(|(index, column)| f(index, column)).collect();
        Self { columns, n_rows: self.n_rows }
    }

    /// Some of the rows, any of them any number of times. The caller names at least one, and none that there
    /// is not.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let columns = self
            .columns
            .iter()
            .map(|column| rows.iter().map(|&row| column[row]).collect())
            .collect();
        Self { columns, n_rows: rows.len() }
    }

    /// The number of rows that differ from each other, counted up to `most`.
    pub fn distinct_rows(&self, most: usize) -> usize {
        let mut seen = HashSet::new();
        for row in 0..self.n_rows {
            // Adding 0.0 makes -0.0 and 0.0, which are equal, the same bits.
            let bits: Vec<u64> =
                self.columns.iter().map(|column| (column[row] + 0.0).to_bits()).collect();
            seen.insert(bits);
            if seen.len() == most {
                break;
            }
        }
        seen.len()
    }
}

/// Whether no number is NaN or infinite.
fn all_finite(numbers: &[f64]) -> bool {
    // Looks at all of them, where stopping at the first would take longer.
    numbers.iter().fold(true, |finite, number| finite & number.is_finite())
}
