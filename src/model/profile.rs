//! What the columns hold, over all customers and in one segment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dataset::form::NumberForm;
use crate::dataset::{Column, ColumnKind, Dataset, Values};
use crate::preparation::{Categorical, LEAST_SHARING, PreparedFeature, Steps, place_of, quantile};

/// A column of the training data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// The short name.
    pub name: String,
    /// The header.
    pub column: String,
    /// The unit that the header gives in brackets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How its numbers were written, where that was unusual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<NumberForm>,
    /// What it holds.
    #[serde(flatten)]
    pub values: ColumnValues,
}

/// What a column holds. Values that tell a single customer are never kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ColumnValues {
    /// Numbers.
    Numeric(NumericSummary),
    /// A few different texts.
    Categorical {
        /// All of them, in alphabetical order.
        values: Vec<String>,
    },
    /// Numbers or codes that tell customers apart.
    Identifier,
    /// Any other text.
    Text,
}

/// The numbers of a column, empty cells left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumericSummary {
    /// 0 where no customer had a negative number: such a column is an amount, a count or a score, and
    /// a negative number in it is a mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the population.
    pub std: f64,
    /// From the smallest to the largest.
    pub quantiles: Quantiles,
    /// Whether the numbers are 1 and 0, both of them and nothing else: yes and no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_yes_no: bool,
}

/// Quantiles with linear interpolation between neighbours, as numpy's default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// The smallest number.
    pub min: f64,
    /// 5 % are at or below it.
    pub p05: f64,
    /// The lower quartile.
    pub p25: f64,
    /// The median.
    pub p50: f64,
    /// The upper quartile.
    pub p75: f64,
    /// 95 % are at or below it.
    pub p95: f64,
    /// The largest number.
    pub max: f64,
}

/// A segment's customers, column by column.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Columns of numbers.
    pub numeric: Vec<NumericProfile>,
    /// Columns of a few different texts.
    pub categorical: Vec<CategoricalProfile>,
}

/// A segment's average in a column beside everybody's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumericProfile {
    /// The column's short name.
    pub name: String,
    /// The column's header.
    pub column: String,
    /// The segment's mean.
    pub mean: f64,
    /// The mean of all customers.
    pub average: f64,
    /// How far the segment's mean is above everybody's, in standard deviations of the column.
    pub difference: f64,
}

/// How a segment's customers divide over a column's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CategoricalProfile {
    /// The column's short name.
    pub name: String,
    /// The column's header.
    pub column: String,
    /// One entry a value, in alphabetical order.
    pub shares: Vec<Share>,
}

/// The part of a segment's customers that have one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The value.
    pub value: String,
    /// The part of the segment, from 0 to 1.
    pub share: f64,
    /// The part of all customers, from 0 to 1.
    pub average: f64,
}

impl ColumnSummary {
    pub(super) fn of(column: &Column) -> Self {
        let values = match (column.kind(), column.values()) {
            // Personal numbers are codes too: no mean of them says anything, and the largest is
            // somebody's.
            (ColumnKind::Identifier, _) | (ColumnKind::Personal, Values::Numbers(_)) => {
                ColumnValues::Identifier
            }
            (ColumnKind::Personal | ColumnKind::Date, _) => ColumnValues::Text,
            (_, Values::Numbers(numbers)) => {
                NumericSummary::of(numbers).map_or(ColumnValues::Text, ColumnValues::Numeric)
            }
            (ColumnKind::Categorical | ColumnKind::YesNo, Values::Text(_)) => {
                let values = shared(column);
                if values.is_empty() {
                    ColumnValues::Text
                } else {
                    ColumnValues::Categorical { values }
                }
            }
            _ => ColumnValues::Text,
        };
        Self::new(column, values)
    }

    /// A feature is what it was prepared as, whatever its name makes it look like.
    pub(super) fn of_feature(column: &Column, prepared: &PreparedFeature) -> Self {
        let values = match &prepared.steps {
            Steps::Numeric(_) => {
                let summary = column.numbers().and_then(NumericSummary::of);
                summary.map_or(ColumnValues::Text, ColumnValues::Numeric)
            }
            Steps::Categorical(Categorical { categories, .. }) => {
                ColumnValues::Categorical { values: categories.clone() }
            }
        };
        Self::new(column, values)
    }

    fn new(column: &Column, values: ColumnValues) -> Self {
        Self {
            name: column.name().to_owned(),
            column: column.header().to_owned(),
            unit: column.unit().map(str::to_owned),
            form: Some(column.form().clone())
                .filter(|form| !form.is_plain() && matches!(values, ColumnValues::Numeric(_))),
            values,
        }
    }

    /// The numbers' summary, if the column is numeric.
    pub fn numeric(&self) -> Option<&NumericSummary> {
        match &self.values {
            ColumnValues::Numeric(summary) => Some(summary),
            _ => None,
        }
    }
}

impl NumericSummary {
    /// None where there is no number, or where they are too large to be averaged.
    fn of(numbers: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / n;
        let std = (sorted.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
        let at = |share| quantile(&sorted, share);
        let quantiles = Quantiles {
            min: at(0.0),
            p05: at(0.05),
            p25: at(0.25),
            p50: at(0.5),
            p75: at(0.75),
            p95: at(0.95),
            max: at(1.0),
        };
        let minimum = (quantiles.min >= 0.0).then_some(0.0);
        // -0.0 is no other answer than 0.0.
        let is_yes_no = quantiles.min == 0.0
            && quantiles.max == 1.0
            && sorted.iter().all(|&x| x == 0.0 || x == 1.0);
        let is_known = mean.is_finite() && std.is_finite();
        is_known.then_some(Self { minimum, mean, std, quantiles, is_yes_no })
    }

    /// Whether a number is below the least that there can be.
    pub fn is_below_minimum(&self, number: f64) -> bool {
        self.minimum.is_some_and(|minimum| number < minimum)
    }

    /// Whether a number is outside the range of the training data.
    pub fn is_out_of_range(&self, number: f64) -> bool {
        number < self.quantiles.min || number > self.quantiles.max
    }
}

/// The texts that enough customers share to say nothing of who they are, sorted.
fn shared(column: &Column) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in (0..column.n_rows()).filter_map(|row| column.text(row)) {
        *counts.entry(text).or_default() += 1;
    }
    counts.retain(|_, count| *count >= LEAST_SHARING);
    counts.into_keys().map(str::to_owned).collect()
}

/// The profiles of segments `0..n_segments`. `labels` holds each row's segment, `columns` the
/// summaries of the columns to speak of, with their places in the data.
pub(super) fn profiles(
    data: &Dataset,
    columns: &[(usize, &ColumnSummary)],
    labels: &[u32],
    n_segments: usize,
) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); n_segments];
    for &(index, summary) in columns {
        let column = &data.columns()[index];
        match (&summary.values, column.values()) {
            (ColumnValues::Numeric(all), Values::Numbers(numbers)) => {
                let means = means_by_segment(numbers, labels, n_segments);
                for (profile, mean) in profiles.iter_mut().zip(means) {
                    profile.numeric.extend(mean.map(|mean| NumericProfile {
                        name: summary.name.clone(),
                        column: summary.column.clone(),
                        mean,
                        average: all.mean,
                        difference: if all.std > 0.0 { (mean - all.mean) / all.std } else { 0.0 },
                    }));
                }
            }
            (ColumnValues::Categorical { values }, Values::Text(_)) => {
                let shares = shares_by_segment(column, values, labels, n_segments);
                for (profile, shares) in profiles.iter_mut().zip(shares) {
                    profile.categorical.push(CategoricalProfile {
                        name: summary.name.clone(),
                        column: summary.column.clone(),
                        shares,
                    });
                }
            }
            _ => {}
        }
    }
    profiles
}

/// The mean of each segment; none for one without a number.
fn means_by_segment(numbers: &[f64], labels: &[u32], n_segments: usize) -> Vec<Option<f64>> {
    let mut totals = vec![(0.0, 0_usize); n_segments];
    for (&x, &label) in numbers.iter().zip(labels) {
        if !x.is_nan() {
            let (sum, count) = &mut totals[label as usize];
            *sum += x;
            *count += 1;
        }
    }
    totals.into_iter().map(|(sum, count)| (count > 0).then(|| sum / count as f64)).collect()
}

/// The shares of each value in each segment, among the rows that have one.
fn shares_by_segment(
    column: &Column,
    values: &[String],
    labels: &[u32],
    n_segments: usize,
) -> Vec<Vec<Share>> {
    let mut counts = vec![vec![0_usize; values.len()]; n_segments];
    let mut overall = vec![0_usize; values.len()];
    for (row, &label) in labels.iter().enumerate() {
        let Some(text) = column.text(row) else { continue };
        if let Some(value) = place_of(values, text) {
            counts[label as usize][value] += 1;
            overall[value] += 1;
        }
    }
    let share = |count: usize, total: usize| count as f64 / total.max(1) as f64;
    let everybody: usize = overall.iter().sum();
    counts
        .into_iter()
        .map(|counts| {
            let total: usize = counts.iter().sum();
            (0..values.len())
                .map(|value| Share {
                    value: values[value].clone(),
                    share: share(counts[value], total),
                    average: share(overall[value], everybody),
                })
                .collect()
        })
        .collect()
}
