//! A JSON array: a row an element. Only brackets, commas and quotation marks between the elements are looked at;
//! what an element holds is for its reader to judge.

use super::block::{Gather, LONGEST_ROW};
use crate::server::error::FieldError;

#[derive(Debug, Default)]
pub(in crate::server::batch) struct ArraySplitter {
    pub(super) rows: Gather,
    place: Place,
    /// The closing brackets that are awaited, the next one last.
    closing: Vec<u8>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the array.
    #[default]
    Before,
    /// Where an element may begin, or the array end if it has none.
    First,
    /// Behind a comma.
    Next,
    /// In a number or a word.
    Bare,
    /// Between the brackets of an element.
    Inside,
    /// In a text, and whether a backslash stands before the next byte.
    Text { escaped: bool },
    /// Behind an element.
    Behind,
    /// Behind the array.
    After,
}

impl ArraySplitter {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            let was_element = self.place.is_element();
            match self.step(byte) {
                Ok(place) => self.place = place,
                Err(problem) => {
                    self.closing = Vec::new();
                    return self.rows.break_off(FieldError::of_body("json_invalid", problem));
                }
            }
            match (was_element, self.place.is_element()) {
                (false, true) => start = at,
                (true, false) => {
                    // A bracket or a quotation mark that closes an element is part of it.
                    let is_part = self.place == Place::Behind && !byte.is_ascii_whitespace();
                    self.rows.extend(&bytes[start..at + usize::from(is_part)]);
                    self.rows.end_row();
                }
                _ => {}
            }
        }
        if self.place.is_element() {
            self.rows.extend(&bytes[start..]);
        }
    }

    pub(super) fn end(&mut self) {
        if self.place != Place::After {
            let problem = "the array has no end; close it with ]";
            self.rows.break_off(FieldError::of_body("json_invalid", problem));
        }
    }

    fn step(&mut self, byte: u8) -> Result<Place, &'static str> {
        match self.place {
            Place::Text { escaped: false } if byte == b'"' => Ok(self.within()),
            Place::Text { escaped } => Ok(Place::Text { escaped: !escaped && byte == b'\\' }),
            Place::Bare if byte.is_ascii_whitespace() => Ok(Place::Behind),
            place if byte.is_ascii_whitespace() => Ok(place),
            Place::Before if byte == b'[' => Ok(Place::First),
            Place::Before => Err("a JSON array is needed"),
            Place::First if byte == b']' => Ok(Place::After),
            Place::First | Place::Next if matches!(byte, b',' | b']' | b'}' | b':') => {
                Err("an element of the array is missing, so the rest of it cannot be read")
            }
            Place::First | Place::Next => self.begin(byte, Place::Bare),
            Place::Inside if matches!(byte, b']' | b'}') => {
                if self.closing.pop() != Some(byte) {
                    return Err(
                        "a bracket closes what another kind of bracket has opened, so the \
                                rest of the array cannot be read",
                    );
                }
                Ok(self.within())
            }
            Place::Inside => self.begin(byte, Place::Inside),
            Place::Bare | Place::Behind => match byte {
                b',' => Ok(Place::Next),
                b']' => Ok(Place::After),
                b'[' | b'{' | b'"' => Err(BETWEEN),
                _ if self.place == Place::Behind => Err(BETWEEN),
                _ => Ok(Place::Bare),
            },
            Place::After => Err("something stands behind the array"),
        }
    }

    /// Where a byte leads that may begin an object, a list or a text, and to `other` if it begins none.
    fn begin(&mut self, byte: u8, other: Place) -> Result<Place, &'static str> {
        match byte {
            b'[' => self.open(b']'),
            b'{' => self.open(b'}'),
            b'"' => Ok(Place::Text { escaped: false }),
            _ => Ok(other),
        }
    }

    fn open(&mut self, closing: u8) -> Result<Place, &'static str> {
        if self.closing.len() == LONGEST_ROW {
            return Err("brackets are nested too deeply");
        }
        self.closing.push(closing);
        Ok(Place::Inside)
    }

    /// Where something ended: the element, or a part of it.
    fn within(&self) -> Place {
        if self.closing.is_empty() { Place::Behind } else { Place::Inside }
    }
}

const BETWEEN: &str =
    "a comma is missing between two elements of the array, so the rest of it cannot be read";

impl Place {
    fn is_element(self) -> bool {
        matches!(self, Self::Bare | Self::Inside | Self::Text { .. })
    }
}
