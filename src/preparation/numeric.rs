//! Features of numbers.

use serde::{Deserialize, Serialize};

use super::Missing;
use super::choice::{Choice, Cut, Fill};
use crate::dataset::Column;
use crate::error::{Error, Result};
use crate::features::skewness;
use crate::pages;

/// Amounts that are more skewed than this are put on a logarithmic scale.
const SKEWED: f64 = 1.0;
/// Numbers so many interquartile ranges beyond the quartiles are outliers.
const FAR: f64 = 6.0;
/// Where outliers are cut off: at these quantiles.
const CUT: (f64, f64) = (0.01, 0.99);
/// With fewer customers a column's form is not judged.
const FEWEST: usize = 30;

/// How a number becomes a coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Numeric {
    /// What stands for a missing number.
    pub missing: Missing<f64>,
    /// Where numbers are cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<Clip>,
    /// Whether the logarithm of 1 + x is taken.
    pub log1p: bool,
    /// How the coordinate is scaled.
    pub scale: Scaling,
    /// What the scaled coordinate is multiplied with.
    pub weight: f64,
}

/// The least and the most that numbers count as: `numpy.clip` at quantiles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// The least.
    pub lower: f64,
    /// The most.
    pub upper: f64,
    /// The quantiles of the training data that these are, from 0 to 1.
    pub quantiles: (f64, f64),
}

/// What makes coordinates comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    /// Mean 0 and variance 1: `StandardScaler`.
    #[default]
    Standard,
    /// Median 0 and interquartile range 1: `RobustScaler`.
    Robust,
    /// Nothing: shares are comparable as they are.
    None,
}

impl Default for Numeric {
    /// The number as it is, standardised.
    fn default() -> Self {
        let (missing, scale) = (Missing::Refuse, Scaling::Standard);
        Self { missing, clip: None, log1p: false, scale, weight: 1.0 }
    }
}

impl Numeric {
    /// Learns it from a column of numbers, some of which may be missing.
    pub(super) fn fit(column: &Column, choice: &Choice) -> Result<Self> {
        let refuse = |problem: &str| Error::Preparation {
            column: column.header().to_owned(),
            problem: problem.to_owned(),
        };
        let mut numbers: Vec<f64> =
            (0..column.n_rows()).filter_map(|row| column.number(row)).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let Some(&least) = numbers.first() else {
            return Err(refuse("no customer has a number in it; leave it out of --features"));
        };
        let filled = column.n_rows() - numbers.len();
        let missing = match choice.missing {
            Some(Fill::Refuse) => Missing::Refuse,
            None if filled == 0 => Missing::Refuse,
            Some(Fill::Mode) => Missing::Mode { value: mode(&numbers), filled },
            Some(Fill::Median) | None => Missing::Median { value: quantile(&numbers, 0.5), filled },
        };
        let log1p = match choice.log1p {
            Some(true) if least < 0.0 && !cuts_off_negative(choice.clip, &numbers) => {
                return Err(refuse(
                    "log1p needs numbers from 0 up, and it has negative ones; cut them off with clip",
                ));
            }
            Some(chosen) => chosen,
            None => is_skewed(&numbers, least >= 0.0, choice.clip.is_none()),
        };
        let cut = match choice.clip {
            Some(Cut::At(low, high)) => Some((low, high)),
            Some(Cut::Nowhere) => None,
            // What is negative is cut off before the logarithm is taken.
            None => (log1p && least < 0.0 || has_outliers(&numbers, log1p)).then_some(CUT),
        };
        let clip = cut.map(|(low, high)| Clip {
            lower: quantile(&numbers, low),
            upper: quantile(&numbers, high),
            quantiles: (low, high),
        });
        // Cutting off all that differs would leave a constant.
        let clip = clip.filter(|clip| choice.clip.is_some() || clip.lower < clip.upper);
        let scale = choice.scale.unwrap_or_default();
        Ok(Self { missing, clip, log1p, scale, weight: choice.weight.unwrap_or(1.0) })
    }

    /// The coordinate of a number, before it is scaled; NaN when it is missing and nothing stands for it.
    pub fn coordinate(&self, number: f64) -> f64 {
        let number = match self.missing.value() {
            Some(&value) if number.is_nan() => value,
            _ => number,
        };
        let number = match self.clip {
            Some(clip) if number < clip.lower => clip.lower,
            Some(clip) if number > clip.upper => clip.upper,
            _ => number,
        };
        if self.log1p { number.ln_1p() } else { number }
    }

    /// Whether numbers that are there are their own coordinates.
    pub(super) fn leaves_numbers(&self) -> bool {
        self.clip.is_none() && !self.log1p
    }

    /// The coordinates of a column's numbers.
    pub(super) fn coordinates(&self, numbers: &[f64]) -> Vec<f64> {
        // Looking at all of them is faster than stopping at one.
        let are_there = || !numbers.iter().fold(false, |any, x| any | x.is_nan());
        if self.leaves_numbers() && are_there() {
            // Copying is faster than asking for each.
            return pages::collect(numbers.iter().copied());
        }
        pages::collect(numbers.iter().map(|&number| self.coordinate(number)))
    }

    /// The number that has this coordinate.
    pub fn value(&self, coordinate: f64) -> f64 {
        if self.log1p { coordinate.exp_m1() } else { coordinate }
    }

    /// Whether the number is taken as it is.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Quantiles with linear interpolation between neighbours, as numpy's default; 0 of nothing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a position in the slice
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let position = share * last as f64;
    let below = position.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    low + (high - low) * (position - below as f64)
}

/// The most frequent of sorted numbers, of several the least.
fn mode(sorted: &[f64]) -> f64 {
    let runs = sorted.chunk_by(|a, b| a == b);
    let longest = runs.reduce(|best, run| if run.len() > best.len() { run } else { best });
    longest.and_then(|run| run.first()).copied().unwrap_or(0.0)
}

/// Whether the numbers are to be put on a logarithmic scale: they are amounts with a long tail. A few of them
/// may be negative, if `may_cut` them off.
fn is_skewed(sorted: &[f64], is_amount: bool, may_cut: bool) -> bool {
    if sorted.len() < FEWEST || sorted.chunk_by(|a, b| a == b).nth(2).is_none() {
        return false;
    }
    let (low, high) = CUT;
    let [least, most] = [low, high].map(|share| quantile(sorted, share));
    let amounts: Vec<f64> = if is_amount {
        sorted.to_vec()
    } else if may_cut && least >= 0.0 {
        sorted.iter().map(|x| x.clamp(least, most)).collect()
    } else {
        return false;
    };
    let skew = skewness(&amounts).unwrap_or(0.0);
    if skew <= SKEWED {
        return false;
    }
    let logarithms: Vec<f64> = amounts.iter().map(|x| x.ln_1p()).collect();
    skewness(&logarithms).unwrap_or(0.0).abs() < skew
}

/// Whether what was chosen leaves no negative number.
fn cuts_off_negative(clip: Option<Cut>, sorted: &[f64]) -> bool {
    matches!(clip, Some(Cut::At(low, _)) if quantile(sorted, low) >= 0.0)
}

fn has_outliers(sorted: &[f64], log1p: bool) -> bool {
    if sorted.len() < FEWEST {
        return false;
    }
    let scaled = |x: f64| if log1p { x.ln_1p() } else { x };
    let [low, high] = [0.25, 0.75].map(|share| scaled(quantile(sorted, share)));
    let reach = FAR * (high - low);
    // Where half of the customers have the same number, the others are no outliers.
    reach > 0.0
        && (scaled(sorted[0]) < low - reach || scaled(sorted[sorted.len() - 1]) > high + reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        for (share, expected) in [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.95, 7.4), (1.0, 8.0)] {
            assert!((quantile(&sorted, share) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_most_frequent_number_is_the_least_of_several() {
        assert_eq!(mode(&[1.0, 2.0, 2.0, 3.0, 3.0]), 2.0);
    }
}
