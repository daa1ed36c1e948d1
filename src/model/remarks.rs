//! What is unusual about a customer, without standing in the way of an answer.

use serde_json::{Value, json};

use super::{ColumnSummary, Model};
use crate::error::list;
use crate::preparation::Steps;

/// A remark on one feature of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark<'a> {
    /// The feature.
    pub feature: &'a ColumnSummary,
    /// What is unusual.
    pub kind: RemarkKind<'a>,
}

/// What can be unusual about a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum RemarkKind<'a> {
    /// No training customer had a number as small or as large.
    OutOfRange {
        /// The number.
        value: f64,
        /// The least of the training data.
        min: f64,
        /// The most of the training data.
        max: f64,
    },
    /// The value is missing; this is what stands for it.
    Imputed(Value),
    /// No training customer had this category; these are those that they had.
    UnknownCategory(&'a [String]),
}

impl Model {
    /// Remarks on a customer, given as for [`Model::predict`], in the order of the features.
    pub fn remarks<'a>(&'a self, customer: &'a [f64]) -> impl Iterator<Item = Remark<'a>> {
        let prepared = self.features.iter().zip(self.preparation.features()).zip(customer);
        prepared.filter_map(|((feature, prepared), &value)| {
            let kind = unusual(feature, &prepared.steps, value)?;
            Some(Remark { feature, kind })
        })
    }
}

fn unusual<'a>(feature: &ColumnSummary, steps: &'a Steps, value: f64) -> Option<RemarkKind<'a>> {
    match steps {
        Steps::Numeric(numeric) if value.is_nan() => {
            numeric.missing.value().map(|value| RemarkKind::Imputed(json!(value)))
        }
        Steps::Numeric(_) => {
            let summary = feature.numeric().filter(|summary| summary.is_out_of_range(value))?;
            let (min, max) = (summary.quantiles.min, summary.quantiles.max);
            Some(RemarkKind::OutOfRange { value, min, max })
        }
        Steps::Categorical(categorical) if value.is_nan() => {
            categorical.missing.value().map(|value| RemarkKind::Imputed(json!(value)))
        }
        Steps::Categorical(categorical) => categorical
            .is_unknown(value)
            .then_some(RemarkKind::UnknownCategory(&categorical.categories)),
    }
}

impl Remark<'_> {
    /// The kind's name, for programs.
    pub fn name(&self) -> &'static str {
        match self.kind {
            RemarkKind::OutOfRange { .. } => "out_of_range",
            RemarkKind::Imputed(_) => "imputed",
            RemarkKind::UnknownCategory(_) => "unknown_category",
        }
    }

    /// A sentence about it.
    pub fn message(&self) -> String {
        match &self.kind {
            RemarkKind::OutOfRange { value, min, max } => format!(
                "{} lies outside the training data's range, {min} to {max}; take the answer with care",
                shown(*value)
            ),
            RemarkKind::Imputed(value) => format!("the value is missing; {value} is assumed"),
            RemarkKind::UnknownCategory(known) => format!(
                "no customer of the training data had this value; it counts as none of {}",
                list(known.iter().map(String::as_str))
            ),
        }
    }

    /// The numbers behind it, for programs.
    pub fn context(&self) -> Option<Value> {
        match &self.kind {
            RemarkKind::OutOfRange { value, min, max } => {
                Some(json!({ "value": value, "min": min, "max": max }))
            }
            RemarkKind::Imputed(value) => Some(json!({ "value": value })),
            RemarkKind::UnknownCategory(_) => None,
        }
    }
}

/// A number in a message: a very large one without its row of zeros.
pub(crate) fn shown(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:e}") }
}
