//! Features of categories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Missing;
use super::choice::{Choice, Fill};
use crate::dataset::{Column, ColumnKind, number};
use crate::error::{Error, Result};

/// The most categories that a feature can have.
pub const MOST_CATEGORIES: usize = 100;
/// The model file names every category, so this many customers share each: what fewer share may say who they
/// are.
pub(crate) const LEAST_SHARING: usize = 5;

/// The place of a text among sorted categories; those of yes and no are in small letters.
pub(crate) fn place_of(categories: &[String], text: &str) -> Option<usize> {
    let find = |text: &str| categories.binary_search_by(|category| category.as_str().cmp(text));
    find(text).or_else(|_| find(&text.to_lowercase())).ok()
}

/// How a category becomes coordinates: one for each category, 1 for the customers that have it and 0 for
/// the others (`OneHotEncoder(handle_unknown="ignore")`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Categorical {
    /// What stands for a missing category.
    pub missing: Missing<String>,
    /// All categories, in alphabetical order.
    pub categories: Vec<String>,
    /// What the coordinates are multiplied with.
    pub weight: f64,
}

impl Categorical {
    pub(super) fn fit(column: &Column, choice: &Choice) -> Result<Self> {
        let refuse = |problem: String| {
            Err(Error::Preparation { column: column.header().to_owned(), problem })
        };
        if choice.log1p == Some(true) || choice.clip.is_some() || choice.scale.is_some() {
            return refuse("log1p, clip and scale are for numbers, and it holds text".to_owned());
        }
        if choice.missing == Some(Fill::Median) {
            return refuse("text has no median; choose missing:mode or missing:refuse".to_owned());
        }
        // Yes is YES.
        let folds = column.kind() == ColumnKind::YesNo;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for text in (0..column.n_rows()).filter_map(|row| column.text(row)) {
            let text = if folds { text.to_lowercase() } else { text.to_owned() };
            *counts.entry(text).or_default() += 1;
        }
        let n_values: usize = counts.values().sum();
        if counts.is_empty() {
            return refuse("no customer has a value in it; leave it out of --features".to_owned());
        }
        match column.kind() {
            ColumnKind::Identifier => {
                return refuse(
                    "it tells customers apart and says nothing of groups; leave it out of --features"
                        .to_owned(),
                );
            }
            ColumnKind::Personal => {
                return refuse(
                    "it holds personal data, and the model file would have to name them; leave it out of \
                     --features"
                        .to_owned(),
                );
            }
            _ => {}
        }
        let distinct = counts.len();
        if distinct > MOST_CATEGORIES || n_values < LEAST_SHARING * distinct {
            return refuse(format!(
                "{distinct} different texts among {n_values} customers are no categories: at most \
                 {MOST_CATEGORIES} are needed, shared by at least {LEAST_SHARING} customers each on average"
            ));
        }
        // What fewer share is none of them.
        counts.retain(|_, count| *count >= LEAST_SHARING);
        let filled = column.n_rows() - n_values;
        // Of equally frequent ones the first in alphabetical order.
        let most = counts.iter().fold(
            ("", 0),
            |best, (text, &n)| {
                if n > best.1 { (text.as_str(), n) } else { best }
            },
        );
        let missing = match choice.missing {
            Some(Fill::Refuse) => Missing::Refuse,
            None if filled == 0 => Missing::Refuse,
            _ => Missing::Mode { value: most.0.to_owned(), filled },
        };
        let categories = counts.into_keys().collect();
        Ok(Self { missing, categories, weight: choice.weight.unwrap_or(1.0) })
    }

    /// The number that stands for a category: its place among them, their number for an unknown one, NaN
    /// for a missing one.
    pub fn code(&self, text: Option<&str>) -> f64 {
        let text = text.map(str::trim).filter(|text| !number::is_missing(text));
        let Some(text) = text else { return f64::NAN };
        place_of(&self.categories, text).unwrap_or(self.categories.len()) as f64
    }

    /// The category that a number stands for; none for an unknown or missing one.
    pub fn category(&self, code: f64) -> Option<&str> {
        let mut places = (0..).zip(&self.categories);
        places.find(|(place, _)| f64::from(*place) == code).map(|(_, category)| category.as_str())
    }

    /// Whether a number stands for a category that no training customer had, or too few of them. Such a
    /// customer is 0 in all coordinates, as far from each category as from any other.
    pub fn is_unknown(&self, code: f64) -> bool {
        !code.is_nan() && self.category(code).is_none()
    }

    /// The coordinate of the category at `place`; NaN when the category is missing and nothing stands for
    /// it.
    pub(super) fn coordinate(&self, code: f64, place: usize) -> f64 {
        let code = match self.missing.value() {
            Some(value) if code.is_nan() => self.code(Some(value)),
            _ => code,
        };
        if code.is_nan() {
            return f64::NAN;
        }
        f64::from(u8::from(code == place as f64))
    }
}
