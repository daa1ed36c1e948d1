//! Which columns the segments are learned from, and the forms that their numbers take.

pub mod inspect;
mod matrix;
mod rows;

pub use inspect::skewness;
pub use matrix::Matrix;
pub use rows::{Number, Rows};

use crate::dataset::{Column, ColumnKind, Dataset};
use crate::error::{Error, Result};

/// The columns that serve as features when the data have all of a list and nothing else was asked for.
const DEFAULT_FEATURES: [&[&str]; 2] =
    [&["annual_income", "spending_score"], &["recency", "frequency", "monetary"]];

/// Chooses the columns with these headers or short names, in this order.
///
/// With no names given: annual income and spending score where the data have both, or recency, frequency
/// and monetary (see [`crate::rfm`]) where they have all three, else every column of numbers that is no
/// identifier.
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
/// let mall = Dataset::read(&Source::mall_customers(), OnError::Fail)?;
/// let chosen = features::choose(&mall, &[])?;
/// let names: Vec<&str> = chosen.iter().map(|&place| mall.columns()[place].name()).collect();
/// assert_eq!(names, ["annual_income", "spending_score"]);
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
    for names in DEFAULT_FEATURES {
        let found: Result<Vec<usize>> = names.iter().map(|name| data.column_index(name)).collect();
        if found.is_ok() {
            return found;
        }
    }
    let numeric: Vec<usize> =
        (0..data.columns().len()).filter(|&index| is_proposable(&data.columns()[index])).collect();
    if numeric.is_empty() {
        return Err(Error::NoFeatures { file: data.name().to_owned() });
    }
    Ok(numeric)
}

/// Whether a column may serve as a feature without being asked for: numbers that can be averaged, yes and
/// no as 1 and 0 among them.
fn is_proposable(column: &Column) -> bool {
    match column.kind() {
        ColumnKind::Numeric => true,
        ColumnKind::YesNo => column.numbers().is_some(),
        ColumnKind::Categorical
        | ColumnKind::Date
        | ColumnKind::Identifier
        | ColumnKind::Personal
        | ColumnKind::Text => false,
    }
}
