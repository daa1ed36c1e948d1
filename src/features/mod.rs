//! Which columns the segments are learned from, and their numbers as a matrix.

mod matrix;
mod rows;

pub use matrix::Matrix;
pub use rows::{Number, Rows};

use crate::dataset::{Column, ColumnKind, Dataset};
use crate::error::{Error, Result};
use crate::pages;

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
            pages::collect((0..data.n_rows()).map(|row| column.number(row).unwrap_or(f64::NAN)))
        })
        .collect();
    Matrix::from_columns(columns)
}
