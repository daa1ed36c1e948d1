//! The fields of a customer in a request, checked against the model's columns.
//!
//! A customer that is in order is read in one go. Whatever else a body holds, a number that overflows, a list where
//! a number belongs, or a deep nest of brackets, costs no memory and is named as what it is.

mod value;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::json;
use serde_json::value::RawValue;

use super::error::{ApiError, FieldError};
use super::state::Served;
use crate::model::{ColumnValues, Model, NumericSummary, Remark, shown};
use crate::preparation::Steps;
use value::Value;

/// The most mistakes that one answer lists.
const MOST_ERRORS: usize = 20;
/// The most characters of a field's name that an answer repeats.
const MOST_NAME: usize = 60;

/// A customer's features, as [`crate::model::Model::predict`] takes them, and remarks on them. It has room for one
/// customer after the other.
#[derive(Debug, Default)]
pub(super) struct Customer {
    pub(super) features: Vec<f64>,
    /// What is unusual about the features.
    pub(super) warnings: Vec<FieldError>,
    /// Whether a column was given, in the order of [`Model::columns`].
    seen: Vec<bool>,
}

impl Customer {
    /// Reads a customer from a JSON object, which messages call `what`, in the place of the one before.
    ///
    /// # Errors
    ///
    /// 400, 422.
    pub(super) fn read(
        &mut self,
        body: &[u8],
        what: &str,
        served: &Served,
    ) -> Result<(), ApiError> {
        let mut reading = Reading { served, customer: self, mistakes: Mistakes::default() };
        reading.object(body, what)?;
        reading.end()?;
        self.warnings.clear();
        self.warnings.extend(remarks(&served.model, &self.features));
        Ok(())
    }
}

/// A customer that is being read.
struct Reading<'r> {
    served: &'r Served,
    customer: &'r mut Customer,
    mistakes: Mistakes,
}

impl Reading<'_> {
    fn object(&mut self, body: &[u8], what: &str) -> Result<(), ApiError> {
        let text = std::str::from_utf8(body).unwrap_or_default();
        if text.trim_start().starts_with('{') && self.entries(text, |value| value).is_ok() {
            return Ok(());
        }
        // Once more, to say what it is.
        let raw: &RawValue =
            serde_json::from_slice(body).map_err(|error| malformed(body, what, &error))?;
        if !raw.get().starts_with('{') {
            let msg = format!("a JSON object is needed, {} was given", Value::of(raw).kind());
            return Err(ApiError::invalid(FieldError::of_body("object_type", msg)));
        }
        self.entries(raw.get(), Value::of).map_err(|error| malformed(body, what, &error))
    }

    /// Takes all entries, whose values are read as `V` first.
    fn entries<'de, V: Deserialize<'de>>(
        &mut self,
        text: &'de str,
        value: impl Fn(V) -> Value<'de>,
    ) -> serde_json::Result<()> {
        let Self { served, customer, mistakes } = self;
        let (n_features, n_others) =
            (served.model.features.len(), served.model.other_columns.len());
        customer.features.clear();
        customer.features.resize(n_features, f64::NAN);
        customer.seen.clear();
        customer.seen.resize(n_features + n_others, false);
        *mistakes = Mistakes::default();
        let mut json = serde_json::Deserializer::from_str(text);
        let take = |name: &str, given: V| self.field(name, value(given));
        Entries { take, value: PhantomData }.deserialize(&mut json)?;
        json.end()
    }

    fn field(&mut self, name: &str, value: Value<'_>) {
        let Self { served, customer, mistakes } = self;
        let model = &served.model;
        let Some(place) = served.column(name) else {
            mistakes.add(|| unknown(name, model));
            return;
        };
        if std::mem::replace(&mut customer.seen[place], true) {
            mistakes.add(|| FieldError::body(name, "duplicate_field", "the field is given twice"));
            return;
        }
        let steps = model.preparation.features().get(place).map(|prepared| &prepared.steps);
        if value == Value::Null && steps.is_some_and(Steps::may_be_missing) {
            return;
        }
        match (check(name, value, &model.column(place).values), steps) {
            (Ok(Given::Number(number)), Some(_)) => customer.features[place] = number,
            (Ok(Given::Text(text)), Some(Steps::Categorical(categorical))) => {
                let code = categorical.code(Some(&text));
                if code.is_nan() && categorical.missing.value().is_none() {
                    mistakes.add(|| missing(name));
                }
                customer.features[place] = code;
            }
            (Ok(_), _) => {}
            (Err(error), _) => mistakes.add(|| error),
        }
    }

    fn end(mut self) -> Result<(), ApiError> {
        let model = &self.served.model;
        let columns = model.features.iter().zip(model.preparation.features());
        for ((column, prepared), seen) in columns.zip(&self.customer.seen) {
            if !seen && !prepared.steps.may_be_missing() {
                self.mistakes.add(|| missing(&column.name));
            }
        }
        self.mistakes.none()
    }
}

/// The entries of an object in their order, so that one given twice can be told.
struct Entries<F, V> {
    take: F,
    value: PhantomData<V>,
}

impl<'de, V: Deserialize<'de>, F: FnMut(&str, V)> DeserializeSeed<'de> for Entries<F, V> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, V: Deserialize<'de>, F: FnMut(&str, V)> Visitor<'de> for Entries<F, V> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, V>()? {
            (self.take)(&name, value);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

fn missing(name: &str) -> FieldError {
    FieldError::body(name, "missing", "the field is missing")
}

/// A value that fits its column.
enum Given<'a> {
    Number(f64),
    /// Of a feature, this is a category.
    Text(Cow<'a, str>),
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

/// Checks one value against its column.
fn check<'a>(name: &str, value: Value<'a>, column: &ColumnValues) -> Result<Given<'a>, FieldError> {
    match (column, value) {
        (ColumnValues::Numeric(summary), value) => number(name, &value, summary).map(Given::Number),
        (ColumnValues::Identifier, Value::Text(_) | Value::Number(_) | Value::TooLarge) => {
            Ok(Given::Other)
        }
        (ColumnValues::Categorical { .. }, Value::Text(text)) => Ok(Given::Text(text)),
        (ColumnValues::Categorical { values }, Value::Bool(answer))
            if values.iter().any(|known| known == yes_or_no(answer)) =>
        {
            Ok(Given::Text(yes_or_no(answer).into()))
        }
        (ColumnValues::Text, Value::Text(_)) => Ok(Given::Other),
        (_, value) => {
            let msg = format!("a text is needed, {} was given", value.kind());
            Err(FieldError::body(name, "string_type", msg))
        }
    }
}

/// True and false as a table writes them.
fn yes_or_no(answer: bool) -> &'static str {
    if answer { "true" } else { "false" }
}

fn number(name: &str, value: &Value<'_>, column: &NumericSummary) -> Result<f64, FieldError> {
    match value {
        &Value::Number(number) if column.is_below_minimum(number) => {
            Err(below_minimum(name, number, column))
        }
        &Value::Number(number) => Ok(number),
        Value::TooLarge => Err(FieldError::body(name, "number_finite", "the number is too large")),
        _ => {
            let msg = format!("a number is needed, {} was given", value.kind());
            Err(FieldError::body(name, "number_type", msg))
        }
    }
}

/// A number below the least that a column can have.
pub(super) fn below_minimum(name: &str, number: f64, column: &NumericSummary) -> FieldError {
    let minimum = column.minimum.unwrap_or_default();
    let msg = format!("{} is below {minimum}, the least that there can be", shown(number));
    FieldError::body(name, "below_minimum", msg).with(json!({ "minimum": minimum }))
}

fn remarks<'a>(model: &'a Model, features: &'a [f64]) -> impl Iterator<Item = FieldError> + 'a {
    let remark = |remark: Remark| {
        let error = FieldError::body(&remark.feature.name, remark.name(), remark.message());
        match remark.context() {
            Some(context) => error.with(context),
            None => error,
        }
    };
    model.remarks(features).map(remark)
}

fn unknown(name: &str, model: &Model) -> FieldError {
    let known = crate::error::list(model.columns().map(|column| column.name.as_str()));
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
