//! Cells that are taken off a text, one after another.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use super::Layout;
use super::block::Stop;
use crate::dataset::number::DecimalMark;
use crate::dataset::scanner::LONGEST_CELL;

/// What is left of a text.
pub(super) struct Rest<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    /// Whether a point is the decimal mark.
    has_points: bool,
}

impl<'a> Rest<'a> {
    pub(super) fn new(text: &'a str, layout: Layout) -> Self {
        let has_points = layout.decimal == DecimalMark::Point;
        Self { text, at: 0, delimiter: layout.delimiter, has_points }
    }

    /// The bytes that were taken.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.text.len()
    }

    fn bytes(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Takes a delimiter.
    pub(super) fn end_of_cell(&mut self) -> bool {
        let is_there = self.bytes().first() == Some(&self.delimiter);
        self.at += usize::from(is_there);
        is_there
    }

    /// Takes the end of a line, which may be that of the text.
    pub(super) fn end_of_line(&mut self) -> bool {
        let length = match self.bytes() {
            [] => 0,
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return false,
        };
        self.at += length;
        true
    }

    /// Takes a line on which there is nothing but separators and spaces, however many, and its end. Spreadsheets leave
    /// such rows.
    pub(super) fn blank_line(&mut self) -> bool {
        let bytes = self.bytes();
        let is_blank = |&&byte: &&u8| byte == self.delimiter || byte == b' ';
        let length = bytes.iter().take_while(is_blank).count();
        let end = match &bytes[length..] {
            [] => 0,
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return false,
        };
        self.at += length + end;
        true
    }

    /// Takes a cell that is a short number in plain digits: what most cells of numbers are. At most 15
    /// digits are exact in a double, and so are powers of ten up to 22, so one division rounds as it should.
    pub(super) fn number(&mut self) -> Option<f64> {
        const MOST_DIGITS: usize = 15;
        const POWERS: [f64; MOST_DIGITS + 1] =
            [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        let bytes = self.bytes();
        let is_negative = bytes.first() == Some(&b'-');
        let digits = &bytes[usize::from(is_negative)..];
        let mut mantissa = 0_u64;
        let mut point = None;
        let mut length = 0;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => mantissa = mantissa.wrapping_mul(10) + u64::from(byte - b'0'),
                b'.' if point.is_none() => point = Some(length),
                _ => break,
            }
            length += 1;
            if length > MOST_DIGITS {
                return None;
            }
        }
        let behind = digits.get(length).copied().unwrap_or(b'\n');
        let n_fraction = point.map_or(0, |point| length - point - 1);
        let n_whole = point.unwrap_or(length);
        let is_plain = (behind == self.delimiter || matches!(behind, b'\n' | b'\r'))
            && n_whole > 0
            && (digits[0] != b'0' || n_whole == 1)
            && (point.is_none() || (n_fraction > 0 && self.has_points));
        if !is_plain {
            return None;
        }
        self.at += usize::from(is_negative) + length;
        let number = mantissa as f64 / POWERS[n_fraction];
        Some(if is_negative { -number } else { number })
    }

    /// Takes any cell, and counts the ends of lines in it.
    pub(super) fn cell(&mut self) -> Result<(Cow<'a, str>, u64), Stop> {
        let bytes = self.bytes();
        if bytes.first() == Some(&b'"') {
            return self.quoted();
        }
        let end = memchr2(self.delimiter, b'\n', bytes).unwrap_or(bytes.len());
        let mut cell = &self.text[self.at..self.at + end];
        if bytes.get(end) == Some(&b'\n') {
            cell = cell.strip_suffix('\r').unwrap_or(cell);
        }
        let is_in_order =
            end <= LONGEST_CELL && !cell.bytes().any(|byte| matches!(byte, b'"' | b'\r'));
        if !is_in_order {
            return Err(Stop::Disorder);
        }
        self.at += cell.len();
        Ok((Cow::Borrowed(cell), 0))
    }

    fn quoted(&mut self) -> Result<(Cow<'a, str>, u64), Stop> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut end = start;
        let mut is_escaped = false;
        loop {
            end += memchr(b'"', &bytes[end..]).ok_or(Stop::Disorder)?;
            if bytes.get(end + 1) != Some(&b'"') {
                break;
            }
            is_escaped = true;
            end += 2;
        }
        let cell = &self.text[start..end];
        if end - start > LONGEST_CELL || memchr(b'\r', cell.as_bytes()).is_some() {
            return Err(Stop::Disorder);
        }
        self.at = end + 1;
        let lines = memchr_iter(b'\n', cell.as_bytes()).count() as u64;
        let cell = if is_escaped { cell.replace("\"\"", "\"").into() } else { Cow::Borrowed(cell) };
        Ok((cell, lines))
    }
}
