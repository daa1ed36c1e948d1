//! What is done to the features' values before they are scaled: missing ones filled, outliers cut off,
//! skewed amounts put on a logarithmic scale, categories made coordinates.
//!
//! A [`Preparation`] is learned once, from the training data, and applied by the same code to every
//! customer afterwards. A customer is given as one number a feature, in the features' order: the number
//! itself, NaN for a missing one, and for a category its [code](Categorical::code).

mod categorical;
mod choice;
mod numeric;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use categorical::{Categorical, MOST_CATEGORIES};
pub(crate) use categorical::{LEAST_SHARING, place_of};
pub use choice::Choices;
pub(crate) use numeric::quantile;
pub use numeric::{Clip, Numeric, Scaling};

use crate::dataset::{Column, ColumnKind, Need};
use crate::error::Result;
use crate::features::Matrix;
use crate::pages;

/// What stands for a missing value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "strategy", rename_all = "lowercase")]
pub enum Missing<T> {
    /// Nothing: a customer without a value is refused.
    Refuse,
    /// The median of the values that there are: `SimpleImputer(strategy="median")`.
    Median {
        /// The median.
        value: T,
        /// The training customers that it was taken for.
        filled: usize,
    },
    /// The most frequent value, of several the least: `SimpleImputer(strategy="most_frequent")`.
    Mode {
        /// The most frequent value.
        value: T,
        /// The training customers that it was taken for.
        filled: usize,
    },
}

impl<T> Missing<T> {
    /// What stands for a missing value, if anything does.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Refuse => None,
            Self::Median { value, .. } | Self::Mode { value, .. } => Some(value),
        }
    }

    fn set_filled(&mut self, n: usize, is_asked_for: bool) {
        match self {
            Self::Refuse => {}
            _ if n == 0 && !is_asked_for => *self = Self::Refuse,
            Self::Median { filled, .. } | Self::Mode { filled, .. } => *filled = n,
        }
    }
}

/// How one feature becomes coordinates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Steps {
    /// A number becomes one coordinate.
    Numeric(Numeric),
    /// A category becomes a coordinate for each category that there is.
    Categorical(Categorical),
}

impl Steps {
    /// What a column must hold to be prepared like this.
    pub fn need(&self) -> Need {
        match self {
            Self::Numeric(numeric) => {
                Need { numbers: true, all: numeric.missing.value().is_none() }
            }
            Self::Categorical(categorical) => {
                Need { numbers: false, all: categorical.missing.value().is_none() }
            }
        }
    }

    /// The number that stands for a column's cell: NaN for an empty one, a code for a category.
    pub fn read(&self, column: &Column, row: usize) -> f64 {
        match self {
            Self::Numeric(_) => column.number(row).unwrap_or(f64::NAN),
            Self::Categorical(categorical) => categorical.code(column.text(row)),
        }
    }

    /// Whether a customer may lack the value.
    pub fn may_be_missing(&self) -> bool {
        !self.need().all
    }
}

/// A feature, and how it becomes coordinates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedFeature {
    /// The feature's short name.
    pub name: String,
    /// What is done to its values.
    #[serde(flatten)]
    pub steps: Steps,
}

/// How all features become coordinates, in the features' order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Preparation {
    features: Vec<PreparedFeature>,
}

/// A coordinate of customers and centres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dimension<'a> {
    /// The place of the feature that it comes from.
    pub feature: usize,
    /// The feature's short name.
    #[serde(skip)]
    pub name: &'a str,
    /// The category that it stands for: it is 1 for customers of this category and 0 for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<&'a str>,
}

impl fmt::Display for Dimension<'_> {
    /// `income`, or `gender=Female` for a category.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.value.map_or(Ok(()), |value| write!(f, "={value}"))
    }
}

impl<'a> From<&'a str> for Dimension<'a> {
    /// A feature of numbers.
    fn from(name: &'a str) -> Self {
        Self { feature: 0, name, value: None }
    }
}

/// What a column that serves as a feature must hold, so that it can be prepared as was chosen.
pub fn need(column: &Column, choices: &Choices) -> Need {
    let is_categorical = is_categorical(column);
    let refuses = choices.of(column, is_categorical).missing == Some(choice::Fill::Refuse);
    Need { numbers: !is_categorical, all: refuses }
}

/// Whether a column's values are categories rather than numbers. Text between numbers is a mistake to be told,
/// unless it is shared as categories are.
fn is_categorical(column: &Column) -> bool {
    let is_text = column.numbers().is_none() && column.kind() != ColumnKind::Numeric;
    is_text
        && (matches!(column.kind(), ColumnKind::Categorical | ColumnKind::YesNo)
            || (0..column.n_rows()).all(|row| column.number(row).is_none()))
}

impl Preparation {
    /// Learns how to prepare the columns: as chosen, and otherwise as fits what they hold.
    ///
    /// - Missing numbers become the median and missing categories the most frequent one, if the training
    ///   data lack any; else a customer without a value is refused.
    /// - Amounts of a skewness above 1 are put on a logarithmic scale, if that makes them less skewed and at most
    ///   1 % of them are negative, which are cut off then.
    /// - Numbers beyond six interquartile ranges from the quartiles are cut off at the quantiles of 1 and
    ///   99 %.
    /// - Numbers are standardised, and nothing has more weight than anything else.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Preparation`] when a column cannot be prepared as was chosen, has no value at all, or
    /// has too many categories.
    pub fn fit(columns: &[&Column], choices: &Choices) -> Result<Self> {
        let features = columns
            .iter()
            .map(|column| {
                let is_categorical = is_categorical(column);
                let choice = choices.of(column, is_categorical);
                let steps = if is_categorical {
                    Steps::Categorical(Categorical::fit(column, &choice)?)
                } else {
                    Steps::Numeric(Numeric::fit(column, &choice)?)
                };
                Ok(PreparedFeature { name: column.name().to_owned(), steps })
            })
            .collect::<Result<_>>()?;
        Ok(Self { features })
    }

    /// The same, where it is known how many values were missing in each column: where none was and nobody asked for
    /// anything, a customer without a value is refused from now on.
    pub(crate) fn with_filled(
        mut self,
        columns: &[&Column],
        choices: &Choices,
        filled: &[usize],
    ) -> Self {
        for ((prepared, column), &n) in self.features.iter_mut().zip(columns).zip(filled) {
            let is_asked_for = choices.of(column, is_categorical(column)).missing.is_some();
            match &mut prepared.steps {
                Steps::Numeric(numeric) => numeric.missing.set_filled(n, is_asked_for),
                Steps::Categorical(categorical) => categorical.missing.set_filled(n, is_asked_for),
            }
        }
        self
    }

    /// Numbers that are taken as they are and standardised, one a feature.
    pub fn plain(names: impl IntoIterator<Item = String>) -> Self {
        let plain = |name| PreparedFeature { name, steps: Steps::Numeric(Numeric::default()) };
        Self { features: names.into_iter().map(plain).collect() }
    }

    /// The features, in their order.
    pub fn features(&self) -> &[PreparedFeature] {
        &self.features
    }

    /// The coordinates, in the order of every centre's.
    pub fn dimensions(&self) -> Vec<Dimension<'_>> {
        let mut dimensions = Vec::new();
        for (feature, PreparedFeature { name, steps }) in self.features.iter().enumerate() {
            match steps {
                Steps::Numeric(_) => dimensions.push(Dimension { feature, name, value: None }),
                Steps::Categorical(Categorical { categories, .. }) => {
                    dimensions.extend(categories.iter().map(|value| Dimension {
                        feature,
                        name,
                        value: Some(value),
                    }));
                }
            }
        }
        dimensions
    }

    /// How each coordinate is scaled, and its weight.
    pub fn scaling(&self) -> Vec<(Scaling, f64)> {
        let scaling = |dimension: Dimension| match &self.features[dimension.feature].steps {
            Steps::Numeric(numeric) => (numeric.scale, numeric.weight),
            Steps::Categorical(categorical) => (Scaling::None, categorical.weight),
        };
        self.dimensions().into_iter().map(scaling).collect()
    }

    /// The coordinates of all customers, before they are scaled. The columns are those of the features, and
    /// hold what they [need].
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFinite`] when they do not.
    pub fn transform(&self, columns: &[&Column]) -> Result<Matrix> {
        let mut coordinates = Vec::new();
        for (prepared, column) in self.features.iter().zip(columns) {
            let rows = 0..column.n_rows();
            match &prepared.steps {
                Steps::Numeric(numeric) => {
                    if let Some(numbers) = column.numbers() {
                        coordinates.push(numeric.coordinates(numbers));
                        continue;
                    }
                    let number = |row| prepared.steps.read(column, row);
                    coordinates
                        .push(pages::collect(rows.map(|row| numeric.coordinate(number(row)))));
                }
                Steps::Categorical(categorical) => {
                    let codes: Vec<f64> =
                        rows.map(|row| prepared.steps.read(column, row)).collect();
                    for place in 0..categorical.categories.len() {
                        let is_one = |&code: &f64| categorical.coordinate(code, place);
                        coordinates.push(pages::collect(codes.iter().map(is_one)));
                    }
                }
            }
        }
        Matrix::from_columns(coordinates)
    }

    /// Whether features are numbers that are their own coordinates, where none is missing.
    pub(crate) fn leaves_numbers(&self) -> bool {
        self.features.iter().all(|prepared| match &prepared.steps {
            Steps::Numeric(numeric) => numeric.leaves_numbers(),
            Steps::Categorical(_) => false,
        })
    }

    /// The coordinates of one customer, before they are scaled: NaN where a value is missing that nothing
    /// stands for. A customer has one number a feature.
    pub fn transform_row(&self, customer: &[f64]) -> Vec<f64> {
        let mut coordinates = Vec::with_capacity(customer.len());
        self.transform_row_into(customer, &mut coordinates);
        coordinates
    }

    /// As [`Preparation::transform_row`], appended to a vector.
    pub(crate) fn transform_row_into(&self, customer: &[f64], coordinates: &mut Vec<f64>) {
        for (prepared, &x) in self.features.iter().zip(customer) {
            match &prepared.steps {
                Steps::Numeric(numeric) => coordinates.push(numeric.coordinate(x)),
                Steps::Categorical(categorical) => coordinates.extend(
                    (0..categorical.categories.len()).map(|place| categorical.coordinate(x, place)),
                ),
            }
        }
    }

    /// Coordinates back in the features' own units: of a category, the share of customers that have it.
    pub fn inverse_transform_row(&self, coordinates: &[f64]) -> Vec<f64> {
        let own =
            |(dimension, &x): (&Dimension, &f64)| match &self.features[dimension.feature].steps {
                Steps::Numeric(numeric) => numeric.value(x),
                Steps::Categorical(_) => x,
            };
        self.dimensions().iter().zip(coordinates).map(own).collect()
    }
}
