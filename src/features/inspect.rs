//! What is in the columns, and which of them are proposed as features.

use std::collections::HashSet;

use serde::Serialize;

use super::propose;
use crate::dataset::{Column, ColumnKind, Dataset, Values};

/// Different values are counted up to this number.
pub const MOST_DISTINCT: usize = 100_000;
/// Text of fewer different values could be a category if more customers shared them.
const FEW: usize = 20;

/// A column, described.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnReport {
    /// The short name.
    pub name: String,
    /// The header.
    pub column: String,
    /// What the column can be used for: `numeric`, `categorical`, `yes/no`, `date`, `identifier`,
    /// `personal` or `text`.
    pub kind: &'static str,
    /// What its numbers count, such as `k$` or `%`.
    pub unit: Option<String>,
    /// The share of cells that are empty, from 0 to 1.
    pub missing: f64,
    /// Words in it that count as empty cells.
    pub missing_words: Vec<String>,
    /// The number of different values, counted up to [`MOST_DISTINCT`].
    pub distinct: usize,
    /// What its numbers are like.
    pub numbers: Option<NumbersReport>,
    /// An example of how the numbers are written, where that is unusual.
    pub written_as: Option<String>,
    /// Whether it is proposed as a feature.
    pub is_proposed: bool,
    /// Why, or why not.
    pub reason: String,
}

/// The numbers of a column, empty cells left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NumbersReport {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// Their [`skewness`].
    pub skew: Option<f64>,
    /// Cells that hold no number in a column that mostly does.
    pub not_numbers: usize,
}

/// Describes all columns.
///
/// ```
/// use segmenta::dataset::{Dataset, OnError, Source};
/// use segmenta::features::inspect::inspect;
///
/// let mall = Dataset::read(&Source::mall_customers(), OnError::Fail)?;
/// let columns = inspect(&mall);
/// assert_eq!((columns[0].kind, columns[0].is_proposed), ("identifier", false));
/// assert_eq!((columns[3].kind, columns[3].is_proposed), ("numeric", true));
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn inspect(data: &Dataset) -> Vec<ColumnReport> {
    let proposed = propose(data).unwrap_or_default();
    let columns = data.columns().iter().enumerate();
    columns.map(|(index, column)| report(column, proposed.contains(&index))).collect()
}

fn report(column: &Column, is_proposed: bool) -> ColumnReport {
    let n_rows = column.n_rows();
    let n_missing = (0..n_rows).filter(|&row| column.is_missing(row)).count();
    let numbers = match column.kind() {
        ColumnKind::Numeric | ColumnKind::YesNo | ColumnKind::Identifier => describe(column),
        _ => None,
    };
    let distinct = distinct(column);
    let form = column.form();
    ColumnReport {
        name: column.name().to_owned(),
        column: column.header().to_owned(),
        kind: column.kind().name(),
        unit: column.unit().map(str::to_owned),
        missing: n_missing as f64 / n_rows.max(1) as f64,
        missing_words: column.missing_words().to_vec(),
        distinct,
        reason: reason(column, is_proposed, n_missing == n_rows, distinct, numbers),
        written_as: (numbers.is_some() && !form.is_plain()).then(|| form.to_string()),
        numbers,
        is_proposed,
    }
}

/// In one sentence, without the full stop.
fn reason(
    column: &Column,
    is_proposed: bool,
    is_empty: bool,
    distinct: usize,
    numbers: Option<NumbersReport>,
) -> String {
    if is_empty {
        return "all cells are empty".to_owned();
    }
    let text = match column.kind() {
        ColumnKind::Numeric if is_proposed && distinct == 1 => {
            "numbers, but all are equal: it tells nobody apart"
        }
        ColumnKind::Numeric | ColumnKind::YesNo if is_proposed => match numbers {
            Some(NumbersReport { not_numbers: 1.., .. }) => {
                "mostly numbers; mend the cells that are none, or leave their rows out with \
                 --on-error skip"
            }
            Some(NumbersReport { skew: Some(1.0..), .. }) if distinct > 2 => {
                "numbers that can be averaged; as a few are far larger, logarithms are taken"
            }
            _ => "numbers that can be averaged",
        },
        ColumnKind::Numeric => {
            "numbers that can be averaged; annual income and spending score are proposed instead"
        }
        ColumnKind::YesNo if column.numbers().is_some() => {
            "yes or no as 1 and 0; annual income and spending score are proposed instead"
        }
        ColumnKind::YesNo => {
            "yes or no in words; named with --features, each answer becomes a coordinate"
        }
        ColumnKind::Categorical => {
            "a few different texts; named with --features, each becomes a coordinate"
        }
        ColumnKind::Date => match column.date_order() {
            Some(order) => return format!("dates ({order}), which are no amounts"),
            None => "dates, and whether the day or the month comes first nothing shows",
        },
        ColumnKind::Identifier => "tells customers apart and says nothing of what they are like",
        ColumnKind::Personal => "personal data, which Segmenta never learns from unasked",
        ColumnKind::Text if distinct < FEW => "text that too few customers share to be a group",
        ColumnKind::Text => "text of many different values",
    };
    text.to_owned()
}

fn describe(column: &Column) -> Option<NumbersReport> {
    let numbers: Vec<f64> = (0..column.n_rows()).filter_map(|row| column.number(row)).collect();
    if numbers.is_empty() {
        return None;
    }
    let filled = (0..column.n_rows()).filter(|&row| !column.is_missing(row)).count();
    Some(NumbersReport {
        min: numbers.iter().copied().fold(f64::INFINITY, f64::min),
        max: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        mean: numbers.iter().sum::<f64>() / numbers.len() as f64,
        skew: skewness(&numbers),
        not_numbers: filled - numbers.len(),
    })
}

/// The moment coefficient of skewness, `scipy.stats.skew`: 0 of symmetric numbers, above 0 where a few are far
/// larger than the rest. None where all are equal.
///
/// ```
/// use segmenta::features::skewness;
///
/// assert_eq!(skewness(&[1.0, 2.0, 3.0]), Some(0.0));
/// assert_eq!(skewness(&[7.0, 7.0]), None);
/// ```
pub fn skewness(numbers: &[f64]) -> Option<f64> {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let moment = |power| numbers.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
    let skew = moment(3) / moment(2).powf(1.5);
    Some(skew).filter(|skew| skew.is_finite())
}

fn distinct(column: &Column) -> usize {
    fn count<T: std::hash::Hash + Eq>(values: impl Iterator<Item = T>) -> usize {
        let mut seen = HashSet::new();
        for value in values {
            seen.insert(value);
            if seen.len() == MOST_DISTINCT {
                break;
            }
        }
        seen.len()
    }
    match column.values() {
        // Adding 0.0 makes -0.0 and 0.0, which are equal, the same bits.
        Values::Numbers(numbers) => {
            count(numbers.iter().filter(|x| !x.is_nan()).map(|x| (x + 0.0).to_bits()))
        }
        Values::Text(_) => count((0..column.n_rows()).filter_map(|row| column.text(row))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{OnError, Source};

    #[test]
    fn skewness_is_that_of_scipy() {
        // scipy.stats.skew([1, 2, 3, 10])
        let source = Source::new("t.csv", "spent,same\n1,7\n2,7\n3,7\n10,7\n");
        let data = Dataset::read(&source, OnError::Fail).unwrap();
        let reports = inspect(&data);
        let skew = reports[0].numbers.unwrap().skew.unwrap();
        assert!((skew - 1.0182337649086284).abs() < 1e-12, "{skew}");
        assert_eq!(reports[1].numbers.unwrap().skew, None);
        assert!(reports[1].reason.contains("all are equal"));
    }
}
