//! CSV: rows end with their lines, but for line ends between quotation marks.

use super::block::Gather;
use crate::server::error::FieldError;

#[derive(Debug)]
pub(in crate::server::batch) struct TableSplitter {
    pub(super) rows: Gather,
    delimiter: u8,
    place: Place,
    /// The length of the cell between quotation marks.
    quoted: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first byte of a cell.
    Start,
    /// In a cell without quotation marks.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark in such a cell: the end of it, or the first of two that stand for one.
    Closing,
}

/// The longest cell between quotation marks, in bytes: behind a longer one, a mark was left open.
const LONGEST_QUOTED: usize = 8 * super::LONGEST_ROW;

impl TableSplitter {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { rows: Gather::default(), delimiter, place: Place::Start, quoted: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            let ends_line = matches!(byte, b'\n' | b'\r');
            self.place = match (self.place, byte) {
                (Place::Start, b'"') => {
                    self.quoted = 0;
                    Place::Quoted
                }
                (Place::Quoted, b'"') => Place::Closing,
                (Place::Closing, b'"') | (Place::Quoted, _) => {
                    self.quoted += 1;
                    if self.quoted > LONGEST_QUOTED {
                        return self.break_off(OPEN);
                    }
                    Place::Quoted
                }
                (Place::Start | Place::Plain | Place::Closing, _) if ends_line => {
                    self.rows.extend(&bytes[start..=at]);
                    self.rows.end_row();
                    start = at + 1;
                    Place::Start
                }
                (_, byte) if byte == self.delimiter => Place::Start,
                (Place::Closing, byte) if byte != b' ' => {
                    return self.break_off(
                        "text stands behind a closing quotation mark, so the rows behind cannot be \
                         read; write a mark inside a cell twice",
                    );
                }
                (Place::Start | Place::Plain | Place::Closing, _) => Place::Plain,
            };
        }
        self.rows.extend(&bytes[start..]);
    }

    pub(super) fn end(&mut self) {
        if self.place == Place::Quoted {
            self.break_off(OPEN);
        } else {
            self.rows.end_row();
        }
    }

    fn break_off(&mut self, problem: &str) {
        self.rows.break_off(FieldError::of_body("csv_invalid", problem));
    }
}

const OPEN: &str =
    "a quotation mark is opened in this row and never closed, so no row behind it can be read";
