//! The fields of a customer in a request, checked against the model's columns.
//!
//! Values stay unparsed text until their column says what they must be, so a number that overflows,
//! a list where a number belongs, or a deep nest of brackets costs no memory and is named as what it
//! is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::json;
use serde_json::value::RawValue;

use super::error::{ApiError, FieldError};
use super::state::Served;
use crate::model::{ColumnSummary, ColumnValues, NumericSummary};

/// The most mistakes that one answer lists.
const MOST_ERRORS: usize = 20;
/// The most characters of a field's name that an answer repeats.
const MOST_NAME: usize = 60;

/// A customer's features, in the model's order, and remarks on them.
#[derive(Debug, PartialEq)]
pub(super) struct Customer {
    pub(super) features: Vec<f64>,
    /// Features outside the range of the training data.
    pub(super) warnings: Vec<FieldError>,
}

/// Reads a customer from a JSON object.
pub(super) fn read(body: &[u8], served: &Served) -> Result<Customer, ApiError> {
    let value: &RawValue = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    if !value.get().starts_with('{') {
        let msg = format!("a JSON object is needed, {} was given", kind_of(value.get()));
        let loc = vec!["body".to_owned()];
        return Err(ApiError::invalid(FieldError { loc, msg, kind: "object_type", ctx: None }));
    }
    let Fields(fields) =
        serde_json::from_str(value.get()).map_err(|error| malformed(body, &error))?;
    let columns: Vec<&ColumnSummary> = served.model.columns().collect();
    let n_features = served.model.features.len();
    let mut features: Vec<Option<f64>> = vec![None; n_features];
    let mut seen = vec![false; columns.len()];
    let mut mistakes = Mistakes::default();
    for (name, value) in &fields {
        let Some(place) = served.column(name) else {
            mistakes.add(|| unknown(name, &columns));
            continue;
        };
        if std::mem::replace(&mut seen[place], true) {
            mistakes.add(|| FieldError::body(name, "duplicate_field", "the field is given twice"));
            continue;
        }
        match check(name, value.get(), &columns[place].values) {
            Ok(number) if place < n_features => features[place] = number,
            Ok(_) => {}
            Err(error) => mistakes.add(|| error),
        }
    }
    for (feature, _) in columns.iter().zip(&seen).take(n_features).filter(|(_, seen)| !**seen) {
        mistakes.add(|| FieldError::body(&feature.name, "missing", "the field is missing"));
    }
    mistakes.none()?;
    // No mistake was made, so every feature has its number.
    let features: Vec<f64> = features.into_iter().flatten().collect();
    let warnings = out_of_range(&served.model.features, &features);
    Ok(Customer { features, warnings })
}

/// What is wrong with a request: the first mistakes in full, the others by their number.
#[derive(Default)]
struct Mistakes {
    listed: Vec<FieldError>,
    more: usize,
}

impl Mistakes {
    fn add(&mut self, mistake: impl FnOnce() -> FieldError) {
        if self.listed.len() < MOST_ERRORS {
            self.listed.push(mistake());
        } else {
            self.more += 1;
        }
    }

    fn none(self) -> Result<(), ApiError> {
        if self.listed.is_empty() {
            return Ok(());
        }
        Err(ApiError::Invalid { errors: self.listed, more: self.more })
    }
}

/// The entries of an object in their order, so that one given twice can be told.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    fields.push((name.0, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Checks one value against its column; a number comes back as one.
fn check(name: &str, text: &str, column: &ColumnValues) -> Result<Option<f64>, FieldError> {
    let is_string = text.starts_with('"');
    match column {
        ColumnValues::Numeric(summary) => number(name, text, summary).map(Some),
        ColumnValues::Identifier if is_string || is_number(text) => Ok(None),
        ColumnValues::Categorical { .. } | ColumnValues::Text if is_string => Ok(None),
        _ => {
            let msg = format!("a text is needed, {} was given", kind_of(text));
            Err(FieldError::body(name, "string_type", msg))
        }
    }
}

fn number(name: &str, text: &str, column: &NumericSummary) -> Result<f64, FieldError> {
    if !is_number(text) {
        let msg = format!("a number is needed, {} was given", kind_of(text));
        return Err(FieldError::body(name, "number_type", msg));
    }
    let number: f64 = text.parse().unwrap_or(f64::NAN);
    if !number.is_finite() {
        return Err(FieldError::body(name, "number_finite", "the number is too large"));
    }
    if column.is_below_minimum(number) {
        let minimum = column.minimum.unwrap_or_default();
        let msg = format!("{} is below {minimum}, the least that there can be", shown(number));
        return Err(
            FieldError::body(name, "below_minimum", msg).with(json!({ "minimum": minimum }))
        );
    }
    Ok(number)
}

fn out_of_range(columns: &[ColumnSummary], features: &[f64]) -> Vec<FieldError> {
    columns
        .iter()
        .zip(features)
        .filter_map(|(column, &value)| {
            let summary = column.numeric()?;
            let (min, max) = (summary.quantiles.min, summary.quantiles.max);
            summary.is_out_of_range(value).then(|| {
                let value_shown = shown(value);
                let msg = format!(
                    "{value_shown} lies outside the training data's range, {min} to {max}; \
                     take the answer with care"
                );
                FieldError::body(&column.name, "out_of_range", msg)
                    .with(json!({ "value": value, "min": min, "max": max }))
            })
        })
        .collect()
}

fn unknown(name: &str, columns: &[&ColumnSummary]) -> FieldError {
    let known = crate::error::list(columns.iter().map(|column| column.name.as_str()));
    let name: String = name.chars().take(MOST_NAME).collect();
    let msg = format!("there is no such field; the fields are {known}");
    FieldError::body(&name, "unknown_field", msg)
}

fn malformed(body: &[u8], error: &serde_json::Error) -> ApiError {
    if body.is_empty() {
        return ApiError::Malformed("the body is empty; send a JSON object".to_owned());
    }
    if std::str::from_utf8(body).is_err() {
        return ApiError::Malformed("the body is not UTF-8 text".to_owned());
    }
    ApiError::Malformed(format!("the body is not JSON: {error}"))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// A number in a message: a very large one without its row of zeros.
fn shown(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:e}") }
}

/// What a JSON value is, by its first character.
fn kind_of(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}
