//! NDJSON, also called JSON Lines: an object a line. The keys of all lines are the columns, in the order
//! in which they first appear; a line that lacks a key has an empty cell there.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::de::{self, Deserialize, Deserializer, MapAccess};
use serde_json::Value;

use super::csv::{Record, row_error};
use super::encoding::{Encoding, Letters};
use super::input::ReadOptions;
use super::stream::{TextStream, broken};
use super::table::CellType;
use super::unpack::Compression;
use crate::error::{Error, Result};

/// The longest line, in bytes.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// Whether a text that begins so is NDJSON.
pub(super) fn is_ndjson(name: &str, sample: &[u8]) -> bool {
    match sample.trim_ascii_start() {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..]),
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{', ..]),
        [] => false,
        _ => [".ndjson", ".jsonl"].iter().any(|end| name.contains(end)),
    }
}

/// Reads one line after another.
pub(super) struct NdjsonReader<'a> {
    lines: Lines<'a>,
    headers: Vec<String>,
    /// What each column holds; none where all cells are empty.
    types: Vec<Option<CellType>>,
    places: HashMap<String, usize>,
    compression: Option<Compression>,
}

impl<'a> NdjsonReader<'a> {
    /// `again` is the same text once more: the columns are known when all of it was read.
    pub(super) fn new(
        name: &str,
        text: TextStream<'_>,
        again: TextStream<'a>,
        options: &ReadOptions,
    ) -> Result<Self> {
        let mut headers: Vec<String> = Vec::new();
        let mut types = Vec::new();
        let mut places = HashMap::new();
        let mut lines = Lines::new(name, text, options);
        loop {
            match lines.next() {
                Ok(None) => break,
                Ok(Some(object)) => {
                    for (key, value) in object {
                        let place = *places.entry(key).or_insert_with_key(|key| {
                            headers.push(key.clone());
                            types.push(None);
                            headers.len() - 1
                        });
                        types[place] = wider(types[place], &value);
                    }
                }
                // It is told when it is read again.
                Err(Error::Row { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let compression = again.compression;
        Ok(Self { lines: Lines::new(name, again, options), headers, types, places, compression })
    }

    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    pub(super) fn types(&self) -> Vec<CellType> {
        self.types.iter().map(|kind| kind.unwrap_or(CellType::Text)).collect()
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        self.compression
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.lines.utf16.unwrap_or_else(|| self.lines.letters.encoding())
    }

    /// As [`super::csv::CsvReader::read`].
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool> {
        let Some(object) = self.lines.next()? else { return Ok(false) };
        let mut cells = vec![String::new(); self.headers.len()];
        for (key, value) in object {
            let Some(&place) = self.places.get(&key) else { continue };
            cells[place] = match value {
                Value::Null => String::new(),
                Value::Bool(value) => value.to_string(),
                Value::Number(value) => value.to_string(),
                Value::String(value) => value,
                Value::Array(_) => return Err(self.nested(&key, "a list")),
                Value::Object(_) => return Err(self.nested(&key, "an object")),
            };
        }
        record.replace(self.lines.row, cells.iter().map(String::as_str));
        Ok(true)
    }

    fn nested(&self, key: &str, what: &str) -> Error {
        let problem = format!(
            "the key {key:?} holds {what}; a cell is a text, a number, true, false or null"
        );
        row_error(&self.lines.name, self.lines.row, &problem)
    }
}

/// What a column holds that has this value too.
fn wider(kind: Option<CellType>, value: &Value) -> Option<CellType> {
    let of_value = match value {
        Value::Null => return kind,
        Value::Number(number) if number.is_i64() => CellType::Whole,
        Value::Number(_) => CellType::Number,
        _ => CellType::Text,
    };
    match kind {
        None => Some(of_value),
        Some(kind) if kind == of_value => Some(kind),
        Some(CellType::Text) => Some(CellType::Text),
        Some(_) if of_value == CellType::Text => Some(CellType::Text),
        Some(_) => Some(CellType::Number),
    }
}

/// The objects of a text, and on which line each stands.
struct Lines<'a> {
    name: String,
    text: BufReader<Box<dyn Read + 'a>>,
    utf16: Option<Encoding>,
    letters: Letters,
    line: Vec<u8>,
    row: u64,
}

impl<'a> Lines<'a> {
    fn new(name: &str, text: TextStream<'a>, options: &ReadOptions) -> Self {
        let letters = Letters::new(text.given_letters(options));
        let utf16 = text.utf16;
        let text = BufReader::with_capacity(1 << 16, text.into_read());
        Self { name: name.to_owned(), text, utf16, letters, line: Vec::new(), row: 0 }
    }

    /// The object on the next line that is not empty.
    fn next(&mut self) -> Result<Option<Vec<(String, Value)>>> {
        loop {
            self.line.clear();
            let mut text = self.text.by_ref().take(LONGEST_LINE);
            text.read_until(b'\n', &mut self.line).map_err(|error| broken(&self.name, error))?;
            if self.line.is_empty() {
                return Ok(None);
            }
            self.row += 1;
            if self.line.len() as u64 == LONGEST_LINE {
                let problem = "a line is longer than 16 MiB; give one object a line".to_owned();
                return Err(Error::Format { file: self.name.clone(), problem });
            }
            if !self.line.trim_ascii().is_empty() {
                return self.object().map(Some);
            }
        }
    }

    fn object(&mut self) -> Result<Vec<(String, Value)>> {
        let refuse = |problem: String| row_error(&self.name, self.row, &problem);
        let text = match std::str::from_utf8(&self.line) {
            Ok(text) if self.letters.accept_utf8(self.row, text.is_ascii()).map_err(refuse)? => {
                Cow::Borrowed(text)
            }
            _ => {
                let cells = std::iter::once(&self.line[..]);
                let decoded = self.letters.decode(self.row, cells).map_err(refuse)?;
                decoded.collect::<String>().into()
            }
        };
        let object: Entries = serde_json::from_str(&text).map_err(|error| {
            let problem = if error.to_string().starts_with("number out of range") {
                format!("the number is too large (character {})", error.column())
            } else if text.trim_start().starts_with('[') {
                "this is a list; give one object a line, as in {\"age\": 25}".to_owned()
            } else if error.is_eof() {
                "the object does not end on this line; give one object a line".to_owned()
            } else {
                format!("no JSON object (character {}); give one object a line", error.column())
            };
            refuse(problem)
        })?;
        let mut seen = HashSet::new();
        match object.0.iter().find(|(key, _)| !seen.insert(key.as_str())) {
            None => Ok(object.0),
            Some((key, _)) => {
                Err(refuse(format!("the key {key:?} is given twice; rename or remove one")))
            }
        }
    }
}

/// The entries of an object, so that a key given twice can be told.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Entries;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>> {
        let options = ReadOptions::default();
        let stream = || TextStream::new("t.ndjson", text.as_bytes(), &options);
        let mut reader = NdjsonReader::new("t.ndjson", stream()?, stream()?, &options)?;
        let mut rows = vec![reader.headers().to_vec()];
        let mut record = Record::default();
        while reader.read(&mut record)? {
            rows.push(record.cells().map(str::to_owned).collect());
        }
        Ok(rows)
    }

    #[test]
    fn keys_of_all_lines_are_the_columns() {
        let text = "{\"name\": \"Ada\", \"spent\": 12.5}\n\n{\"vip\": true, \"name\": null}\r\n";
        let expected = [["name", "spent", "vip"], ["Ada", "12.5", ""], ["", "", "true"]]
            .map(|row| row.to_vec());
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn errors_say_the_line_and_the_key() {
        for (text, expected) in [
            (
                "{\"a\": 1}\n{\"a\": [1]}\n",
                "t.ndjson, row 2: the key \"a\" holds a list; a cell is a text, a number, true, \
                 false or null",
            ),
            (
                "{\"a\": 1}\n{\"a\": \n",
                "t.ndjson, row 2: the object does not end on this line; give one object a line",
            ),
            (
                "{\"a\": 1}\nx\n",
                "t.ndjson, row 2: no JSON object (character 1); give one object a line",
            ),
            (
                "[{\"a\": 1}]",
                "t.ndjson, row 1: this is a list; give one object a line, as in {\"age\": 25}",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn what_is_ndjson() {
        assert!(is_ndjson("-", b" {\"a\": 1}") && is_ndjson("a.jsonl.gz", b"x"));
        assert!(!is_ndjson("a.csv", b"{a},b\n1,2\n") && !is_ndjson("a.csv", b"a,b\n"));
    }
}
