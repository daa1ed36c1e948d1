//! Which columns the segments are learned from, and their numbers as a matrix.

use crate::dataset::{Column, ColumnKind, Dataset};
use crate::error::{Error, Result};

/// The columns that serve as features when the data have them both and nothing else was asked for.
const DEFAULT_FEATURES: [&str; 2] = ["annual_income", "spending_score"];

/// Chooses the columns with these headers or short names, in this order.
///
/// With no names given: annual income and spending score where the data have both, else every
/// column of numbers that is no identifier.
///
/// # Errors
///
/// [`Error::UnknownColumn`], [`Error::AmbiguousColumn`], [`Error::DuplicateFeature`], and
/// [`Error::NoFeatures`] when nothing was named and no column qualifies.
///
/// ```
/// use segmenta::dataset::{Dataset, OnError, Source};
/// use segmenta::features;
///
/// let mut mall = Dataset::read(&Source::mall_customers(), OnError::Fail)?;
/// let chosen = features::choose(&mall, &[])?;
/// mall.require_numbers(&chosen, OnError::Fail)?;
/// let matrix = features::matrix(&mall, &chosen)?;
/// assert_eq!((matrix.n_rows(), matrix.n_columns()), (200, 2));
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn choose(data: &Dataset, names: &[String]) -> Result<Vec<usize>> {
    if names.is_empty() {
        return propose(data);
    }
    let mut chosen = Vec::with_capacity(names.len());
    for name in names {
        let index = data.column_index(name)?;
        if chosen.contains(&index) {
            return Err(Error::DuplicateFeature { name: data.columns()[index].name().to_owned() });
        }
        chosen.push(index);
    }
    Ok(chosen)
}

fn propose(data: &Dataset) -> Result<Vec<usize>> {
    let by_name = DEFAULT_FEATURES.map(|name| data.column_index(name));
    if let [Ok(first), Ok(second)] = by_name {
        return Ok(vec![first, second]);
    }
    let numeric: Vec<usize> = data
        .columns()
        .iter()
        .enumerate()
        .filter_map(|(index, column)| (column.kind() == ColumnKind::Numeric).then_some(index))
        .collect();
    if numeric.is_empty() {
        return Err(Error::NoFeatures { file: data.name().to_owned() });
    }
    Ok(numeric)
}

/// The numbers of the chosen columns.
///
/// # Errors
///
/// [`Error::NotFinite`] when a chosen column is not all numbers: see [`Dataset::require_numbers`].
pub fn matrix(data: &Dataset, columns: &[usize]) -> Result<Matrix> {
    let columns = columns
        .iter()
        .map(|&index| {
            let column: &Column = &data.columns()[index];
            (0..data.n_rows()).map(|row| column.number(row).unwrap_or(f64::NAN)).collect()
        })
        .collect();
    Matrix::from_columns(columns)
}

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
            if let Some(row) = values.iter().position(|value| !value.is_finite()) {
                return Err(Error::NotFinite { column, row, value: values[row] });
            }
        }
        Ok(Self { columns, n_rows })
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
    pub(crate) fn map_columns(&self, f: impl Fn(usize, &[f64]) -> Vec<f64>) -> Self {
        let columns =
            self.columns.iter().enumerate().map(|(index, column)| f(index, column)).collect();
        Self { columns, n_rows: self.n_rows }
    }

    /// The number of rows that differ from each other, counted up to `most`.
    pub fn distinct_rows(&self, most: usize) -> usize {
        let mut seen = std::collections::HashSet::new();
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
