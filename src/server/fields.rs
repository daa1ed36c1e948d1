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
use crate::model::{ColumnSummary, ColumnValues, Model, NumericSummary, Remark, shown};
use crate::preparation::Steps;

/// The most mistakes that one answer lists.
const MOST_ERRORS: usize = 20;
/// The most characters of a field's name that an answer repeats.
const MOST_NAME: usize = 60;

/// A customer's features, as [`crate::model::Model::predict`] takes them, and remarks on them.
#[derive(Debug)]
pub(super) struct Customer {
    pub(super) features: Vec<f64>,
    /// What is unusual about the features.
    pub(super) warnings: Vec<FieldError>,
}

/// Reads a customer from a JSON object, which messages call `what`.
pub(super) fn read(body: &[u8], what: &str, served: &Served) -> Result<Customer, ApiError> {
    let value: &RawValue =
        serde_json::from_slice(body).map_err(|error| malformed(body, what, &error))?;
    if !value.get().starts_with('{') {
        let msg = format!("a JSON object is needed, {} was given", kind_of(value.get()));
        let loc = vec!["body".to_owned()];
        return Err(ApiError::invalid(FieldError { loc, msg, kind: "object_type", ctx: None }));
    }
    let Fields(fields) =
        serde_json::from_str(value.get()).map_err(|error| malformed(body, what, &error))?;
    let columns: Vec<&ColumnSummary> = served.model.columns().collect();
    let n_features = served.model.features.len();
    let prepared = served.model.preparation.features();
    let mut features = vec![f64::NAN; n_features];
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
        let steps = prepared.get(place).map(|prepared| &prepared.steps);
        if value.get() == "null" && steps.is_some_and(Steps::may_be_missing) {
            continue;
        }
        match (check(name, value.get(), &columns[place].values), steps) {
            (Ok(Given::Number(number)), Some(_)) => features[place] = number,
            (Ok(Given::Text), Some(Steps::Categorical(categorical))) => {
                // True and false stand there without quotation marks.
                let text = serde_json::from_str::<Cow<str>>(value.get());
                features[place] = categorical.code(Some(&text.unwrap_or(value.get().into())));
                if features[place].is_nan() && categorical.missing.value().is_none() {
                    mistakes.add(|| missing(name));
                }
            }
            (Ok(_), _) => {}
            (Err(error), _) => mistakes.add(|| error),
        }
    }
    for ((column, seen), prepared) in columns.iter().zip(&seen).zip(prepared) {
        if !seen && !prepared.steps.may_be_missing() {
            mistakes.add(|| missing(&column.name));
        }
    }
    mistakes.none()?;
    let warnings = remarks(&served.model, &features);
    Ok(Customer { features, warnings })
}

/// Whether a value is true or false, of a column that has them.
fn is_known_answer(text: &str, values: &[String]) -> bool {
    matches!(text, "true" | "false") && values.iter().any(|value| value == text)
}

fn missing(name: &str) -> FieldError {
    FieldError::body(name, "missing", "the field is missing")
}

/// A value that fits its column.
enum Given {
    Number(f64),
    /// Of a feature, this is a category.
    Text,
    /// Neither plays a part.
    Other,
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

/// Checks one value against its column.
fn check(name: &str, text: &str, column: &ColumnValues) -> Result<Given, FieldError> {
    let is_string = text.starts_with('"');
    match column {
        ColumnValues::Numeric(summary) => number(name, text, summary).map(Given::Number),
        ColumnValues::Identifier if is_string || is_number(text) => Ok(Given::Other),
        ColumnValues::Categorical { values } if is_string || is_known_answer(text, values) => {
            Ok(Given::Text)
        }
        ColumnValues::Text if is_string => Ok(Given::Other),
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
        return Err(below_minimum(name, number, column));
    }
    Ok(number)
}

/// A number below the least that a column can have.
pub(super) fn below_minimum(name: &str, number: f64, column: &NumericSummary) -> FieldError {
    let minimum = column.minimum.unwrap_or_default();
    let msg = format!("{} is below {minimum}, the least that there can be", shown(number));
    FieldError::body(name, "below_minimum", msg).with(json!({ "minimum": minimum }))
}

fn remarks(model: &Model, features: &[f64]) -> Vec<FieldError> {
    let remark = |remark: Remark| {
        let error = FieldError::body(&remark.feature.name, remark.name(), remark.message());
        match remark.context() {
            Some(context) => error.with(context),
            None => error,
        }
    };
    model.remarks(features).map(remark).collect()
}

fn unknown(name: &str, columns: &[&ColumnSummary]) -> FieldError {
    let known = crate::error::list(columns.iter().map(|column| column.name.as_str()));
    let name: String = name.chars().take(MOST_NAME).collect();
    let msg = format!("there is no such field; the fields are {known}");
    FieldError::body(&name, "unknown_field", msg)
}

fn malformed(body: &[u8], what: &str, error: &serde_json::Error) -> ApiError {
    if body.is_empty() {
        return ApiError::Malformed(format!("{what} is empty; send a JSON object"));
    }
    if std::str::from_utf8(body).is_err() {
        return ApiError::Malformed(format!("{what} is not UTF-8 text"));
    }
    ApiError::Malformed(format!("{what} is not JSON: {error}"))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
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
