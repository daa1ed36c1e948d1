//! What somebody asked for, column by column.

use super::numeric::Scaling;
use crate::dataset::Column;
use crate::error::{Error, Result};

/// What to do with a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// Refuse the customer.
    Refuse,
    /// Take the median.
    Median,
    /// Take the most frequent value.
    Mode,
}

/// Where to cut numbers off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cut {
    /// Nowhere.
    Nowhere,
    /// At these quantiles, from 0 to 1.
    At(f64, f64),
}

/// What was asked for in one column; what was not is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Choice {
    /// What to do with a missing value.
    pub(super) missing: Option<Fill>,
    /// Where to cut numbers off.
    pub(super) clip: Option<Cut>,
    /// Whether to take the logarithm of 1 + x.
    pub(super) log1p: Option<bool>,
    /// How to scale.
    pub(super) scale: Option<Scaling>,
    /// The weight.
    pub(super) weight: Option<f64>,
}

/// What was asked for in all columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices(Vec<(String, Choice)>);

/// What a step may be, for messages.
const STEPS: &str = "give plain, log1p, no-log1p, clip:LOW-HIGH (quantiles such as 0.01-0.99), no-clip, \
     standard, robust, missing:median, missing:mode, missing:refuse, or weight:NUMBER from 0.001 to 1000";

impl Choices {
    /// Reads choices such as `income=log1p,robust` or `*=missing:refuse`: a column's header or short name,
    /// or `*` for all columns, and steps between commas. Later ones add to earlier ones.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] with what a step may be.
    ///
    /// ```
    /// use segmenta::preparation::Choices;
    ///
    /// assert!(Choices::parse(&["income=log1p,clip:0.01-0.99,robust,weight:2"]).is_ok());
    /// assert!(Choices::parse(&["income=sqrt"]).is_err());
    /// ```
    pub fn parse(texts: &[impl AsRef<str>]) -> Result<Self> {
        let mut choices = Vec::new();
        for text in texts.iter().map(AsRef::as_ref) {
            let refuse =
                |problem| Error::Parameter { name: "prepare", value: text.to_owned(), problem };
            // A header may hold a `=`, steps do not.
            let (name, steps) =
                text.rsplit_once('=').ok_or_else(|| refuse("give a column as name=steps"))?;
            let mut choice = Choice::default();
            for step in steps.split(',').map(str::trim) {
                choice.add(step).ok_or_else(|| refuse(STEPS))?;
            }
            choices.push((name.trim().to_owned(), choice));
        }
        Ok(Self(choices))
    }

    /// What was asked for in a column, whose values are categories or numbers.
    pub(super) fn of(&self, column: &Column, is_categorical: bool) -> Choice {
        let mut choice = Choice::default();
        for (name, more) in &self.0 {
            if name == "*" && is_categorical {
                choice = choice.and(&more.for_categories());
            } else if name == "*" || name == column.header() {
                choice = choice.and(more);
            }
        }
        choice
    }

    /// The same choices, with missing values filled wherever nothing else was asked for.
    pub(crate) fn filling(&self) -> Self {
        let filling = Choice { missing: Some(Fill::Median), ..Choice::default() };
        Self([("*".to_owned(), filling)].into_iter().chain(self.0.iter().cloned()).collect())
    }

    /// The same choices with headers in the place of names, but for `*`; `header` gives that of a name.
    ///
    /// # Errors
    ///
    /// As `header`.
    pub fn for_headers(&self, header: impl Fn(&str) -> Result<String>) -> Result<Self> {
        let of_header = |(name, choice): &(String, Choice)| {
            let name = if name == "*" { name.clone() } else { header(name)? };
            Ok((name, *choice))
        };
        self.0.iter().map(of_header).collect::<Result<_>>().map(Self)
    }
}

impl Choice {
    /// Adds a step; none if there is no such step.
    fn add(&mut self, step: &str) -> Option<()> {
        match step.split_once(':') {
            None => match step {
                "plain" => {
                    self.clip = Some(Cut::Nowhere);
                    self.log1p = Some(false);
                    self.scale = Some(Scaling::Standard);
                }
                "log1p" => self.log1p = Some(true),
                "no-log1p" => self.log1p = Some(false),
                "no-clip" => self.clip = Some(Cut::Nowhere),
                "standard" => self.scale = Some(Scaling::Standard),
                "robust" => self.scale = Some(Scaling::Robust),
                _ => return None,
            },
            Some(("missing", fill)) => {
                self.missing = Some(match fill.trim() {
                    "refuse" => Fill::Refuse,
                    "median" => Fill::Median,
                    "mode" => Fill::Mode,
                    _ => return None,
                });
            }
            Some(("clip", cut)) => {
                let (low, high) = cut.split_once('-')?;
                let [low, high] = [low, high].map(|text| text.trim().parse::<f64>().ok());
                let (low, high) = (low?, high?);
                if !(0.0 <= low && low < high && high <= 1.0) {
                    return None;
                }
                self.clip = Some(Cut::At(low, high));
            }
            Some(("weight", weight)) => {
                let weight: f64 = weight.trim().parse().ok()?;
                // Of a weight of 0 the feature is better left out, and larger ones drown all others.
                if !(1e-3..=1e3).contains(&weight) {
                    return None;
                }
                self.weight = Some(weight);
            }
            Some(_) => return None,
        }
        Some(())
    }

    /// What of it can be meant for categories too.
    fn for_categories(&self) -> Self {
        let missing = self.missing.map(|fill| match fill {
            Fill::Median => Fill::Mode,
            fill => fill,
        });
        Self { missing, weight: self.weight, ..Self::default() }
    }

    /// This, and what another adds to it or says otherwise.
    fn and(self, more: &Self) -> Self {
        Self {
            missing: more.missing.or(self.missing),
            clip: more.clip.or(self.clip),
            log1p: more.log1p.or(self.log1p),
            scale: more.scale.or(self.scale),
            weight: more.weight.or(self.weight),
        }
    }
}
