//! The value of a field, as far as a column may ask for it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// A value of JSON. Read at once, lists and objects are errors, since no column asks for one; [`Value::of`] knows them
/// by their first byte, and looks no further.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    Number(f64),
    /// A number that is larger than all that can be compared.
    TooLarge,
    Text(Cow<'a, str>),
    Bool(bool),
    Null,
    List,
    Object,
}

impl<'a> Value<'a> {
    /// A value that is JSON, whatever stands in it.
    pub(super) fn of(raw: &'a RawValue) -> Self {
        let text = raw.get();
        serde_json::from_str(text).unwrap_or_else(|_| match text.as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            // Half of a character that is written as two.
            Some(b'"') => Self::Text(text.into()),
            _ => Self::TooLarge,
        })
    }

    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::TooLarge => "a number",
            Self::Text(_) => "a text",
            Self::Bool(_) => "true or false",
            Self::Null => "null",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, a text, true, false or null")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number))
    }

    // Rounds to the nearest, as reading the digits would.
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_bool<E: Error>(self, answer: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(answer))
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        for text in
            ["0", "-0", "1e-400", "0.1", "123456789012345678", "18446744073709551617", "-1.5e3"]
        {
            let Value::Number(number) = serde_json::from_str(text).unwrap() else {
                panic!("{text}")
            };
            let expected: f64 = text.parse().unwrap();
            assert_eq!(number.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn everything_has_a_kind() {
        let nest = "[".repeat(100_000) + &"]".repeat(100_000);
        for (json, kind) in [
            ("1e400", "a number"),
            (r#""\ud800""#, "a text"),
            (r#""\u00e9""#, "a text"),
            ("true", "true or false"),
            ("null", "null"),
            (r#"[1, {"a": []}]"#, "a list"),
            (r#"{"a": [1, "b"]}"#, "an object"),
            (&*nest, "a list"),
        ] {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(Value::of(raw).kind(), kind);
        }
    }
}
