//! Numbers row after row, as other libraries keep them, and in either precision.

use rayon::prelude::*;

use crate::error::{Error, Result};

/// Rows that a thread looks at before it takes more.
const TASK: usize = 1 << 14;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A number of a row: `f32` or `f64`. All is computed in `f64` from it.
pub trait Number: sealed::Sealed + Copy + Into<f64> + Send + Sync {
    /// Whether it is neither NaN nor infinite.
    fn is_finite(self) -> bool;
}

impl Number for f32 {
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
}

impl Number for f64 {
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
}

/// Finite numbers in rows (customers) and columns (features), stored row after row by their owner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows<'a, T> {
    numbers: &'a [T],
    n_columns: usize,
}

impl<'a, T: Number> Rows<'a, T> {
    /// Takes rows of so many numbers each.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] when there is no column, no row, or the last row is cut short;
    /// [`Error::NotFinite`] for the first NaN or infinity.
    ///
    /// ```
    /// use segmenta::features::Rows;
    ///
    /// let rows = Rows::new(&[15.0, 39.0, 15.0, 81.0, 16.0, 6.0], 2)?;
    /// assert_eq!((rows.n_rows(), rows.row(1)), (3, &[15.0, 81.0][..]));
    /// assert!(Rows::new(&[15.0_f32, 39.0, 15.0], 2).is_err());
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn new(numbers: &'a [T], n_columns: usize) -> Result<Self> {
        let rows = Self::of_any_numbers(numbers, n_columns)?;
        rows.check_numbers()?;
        Ok(rows)
    }

    /// Takes rows of numbers that have yet to be checked.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`], as [`Self::new`].
    pub(crate) fn of_any_numbers(numbers: &'a [T], n_columns: usize) -> Result<Self> {
        if n_columns == 0 {
            return Err(Error::Shape { what: "columns of the rows", expected: 1, found: 0 });
        }
        if numbers.is_empty() {
            return Err(Error::Shape { what: "rows", expected: 1, found: 0 });
        }
        let rest = numbers.len() % n_columns;
        if rest > 0 {
            return Err(Error::Shape {
                what: "numbers in the last row",
                expected: n_columns,
                found: rest,
            });
        }
        Ok(Self { numbers, n_columns })
    }

    /// Looks for what is no finite number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`], as [`Self::new`].
    pub(crate) fn check_numbers(&self) -> Result<()> {
        let &Self { numbers, n_columns } = self;
        // Looks at all numbers of a part, where stopping at the first would take longer.
        let all_finite =
            |part: &[T]| part.iter().fold(true, |finite, number| finite & number.is_finite());
        if numbers.par_chunks(TASK * n_columns).all(all_finite) {
            return Ok(());
        }
        let place = numbers.iter().position(|number| !number.is_finite()).unwrap_or(0);
        Err(Error::NotFinite {
            column: place % n_columns,
            row: place / n_columns,
            value: numbers[place].into(),
        })
    }

    /// The number of rows, at least 1.
    pub fn n_rows(&self) -> usize {
        self.numbers.len() / self.n_columns
    }

    /// The number of columns, at least 1.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// One row, one number a column.
    pub fn row(&self, index: usize) -> &'a [T] {
        &self.numbers[index * self.n_columns..][..self.n_columns]
    }

    /// All numbers, row after row.
    pub fn numbers(&self) -> &'a [T] {
        self.numbers
    }
}
