//! Large CSV files, read block by block on all processors.
//!
//! This is the short way for files that are in order: UTF-8 text in memory, as many cells in every row as
//! in the header, quotation marks only around cells. Whatever else it meets, it gives up, and the file is
//! read row by row, where all that is wrong with it is told. Both ways give the same table.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::{memchr, memchr_iter, memchr2};
use rayon::prelude::*;

use super::column::Values;
use super::form::NumberForm;
use super::lines::Lines;
use super::number::DecimalMark;
use super::scanner::LONGEST_CELL;
use super::texts::{Coder, Texts};
use crate::error::CellProblem;
use crate::pages;

/// Bytes of a block, up to the end of a row: at least, and at most. Columns of large blocks fill large pages.
const BLOCK: (usize, usize) = (1 << 20, 1 << 25);

/// The rows of a file, column by column.
pub(super) struct Table {
    pub(super) columns: Vec<Values>,
    /// For each column of numbers, words in it that stand for empty cells.
    pub(super) missing_words: Vec<BTreeSet<String>>,
    /// The header is line 1.
    pub(super) rows: Lines,
}

/// How the text is to be split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) decimal: DecimalMark,
    pub(super) n_columns: usize,
}

/// Reads the rows below a header that is the first line. None where the text is not in order.
pub(super) fn read(text: &str, layout: Layout) -> Option<Table> {
    let (header, body) = text.split_once('\n')?;
    let header = header.strip_suffix('\r').unwrap_or(header);
    if header.trim().is_empty() || header.contains(['"', '\r']) {
        return None;
    }
    let blocks = split(body);
    let form = NumberForm::plain(layout.decimal);
    let are_texts: Vec<AtomicBool> =
        (0..layout.n_columns).map(|_| AtomicBool::new(false)).collect();
    let parse = |text: &&str| Block::read(text, layout, &form, &are_texts);
    let mut read: Vec<Block> = blocks.par_iter().map(parse).collect::<Option<_>>()?;
    loop {
        // A column without any number is one of empty texts.
        for (column, is_text) in are_texts.iter().enumerate() {
            if read.iter().all(|block| block.columns[column].is_without_numbers()) {
                is_text.store(true, Ordering::Relaxed);
            }
        }
        let is_outdated = |block: &Block| {
            let cells = block.columns.iter().zip(&are_texts);
            cells.into_iter().any(|(cells, is_text)| {
                matches!(cells.values, Filling::Numbers(_)) && is_text.load(Ordering::Relaxed)
            })
        };
        if !read.iter().any(is_outdated) {
            break;
        }
        read = read
            .into_par_iter()
            .zip(&blocks)
            .map(|(block, text)| if is_outdated(&block) { parse(text) } else { Some(block) })
            .collect::<Option<_>>()?;
    }
    Some(join(read, layout.n_columns))
}

/// Cuts behind rows. Where all quotation marks are around cells, one stands open behind an odd number
/// of them.
fn split(body: &str) -> Vec<&str> {
    let bytes = body.as_bytes();
    let (least, most) = BLOCK;
    let size = (bytes.len() / (4 * rayon::current_num_threads())).clamp(least, most);
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let mut end = (start + size).min(bytes.len());
        let mut is_open = memchr_iter(b'"', &bytes[start..end]).count() % 2 == 1;
        while end < bytes.len() {
            let Some(found) = memchr2(b'\n', b'"', &bytes[end..]) else {
                end = bytes.len();
                break;
            };
            end += found + 1;
            if bytes[end - 1] == b'"' {
                is_open = !is_open;
            } else if !is_open {
                break;
            }
        }
        blocks.push(&body[start..end]);
        start = end;
    }
    blocks
}

/// Rows of the file.
struct Block {
    columns: Vec<Cells>,
    /// The block's first line is line 0.
    rows: Lines,
    n_lines: u64,
}

struct Cells {
    values: Filling,
    missing_words: BTreeSet<String>,
}

/// Cells that are added one by one.
enum Filling {
    Numbers(Vec<f64>),
    Text(Coder),
}

impl Cells {
    fn new(is_text: bool, n_rows: usize) -> Self {
        let values = if is_text {
            Filling::Text(Coder::with_room(n_rows))
        } else {
            Filling::Numbers(with_room(n_rows))
        };
        Self { values, missing_words: BTreeSet::new() }
    }

    fn take(&mut self, rest: &mut Rest<'_>, form: &NumberForm) -> Result<Taken, Stop> {
        let numbers = match &mut self.values {
            Filling::Text(texts) => {
                let (cell, n_lines) = rest.cell()?;
                texts.push(&cell);
                return Ok(Taken { is_blank: cell.trim().is_empty(), n_lines });
            }
            Filling::Numbers(numbers) => numbers,
        };
        if let Some(number) = rest.number() {
            numbers.push(number);
            return Ok(Taken { is_blank: false, n_lines: 0 });
        }
        let (cell, n_lines) = rest.cell()?;
        let mut is_blank = false;
        numbers.push(match form.parse(&cell) {
            Ok(number) if form.is_faithful(&cell) => number,
            Err(CellProblem::Empty) => {
                is_blank = true;
                f64::NAN
            }
            Err(CellProblem::Missing(word)) => {
                self.missing_words.insert(word);
                f64::NAN
            }
            _ => return Err(Stop::Text),
        });
        Ok(Taken { is_blank, n_lines })
    }

    fn is_without_numbers(&self) -> bool {
        match &self.values {
            Filling::Numbers(numbers) => numbers.iter().all(|number| number.is_nan()),
            Filling::Text(_) => false,
        }
    }
}

/// A cell that was taken.
struct Taken {
    is_blank: bool,
    /// Ends of lines in it.
    n_lines: u64,
}

/// Why a block was not read.
enum Stop {
    /// The text is not in order.
    Disorder,
    /// A column of numbers is one of texts.
    Text,
}

impl Block {
    fn read(
        text: &str,
        layout: Layout,
        form: &NumberForm,
        are_texts: &[AtomicBool],
    ) -> Option<Self> {
        loop {
            // Cells may hold ends of lines, so there are at most so many rows.
            let n_rows = memchr_iter(b'\n', text.as_bytes()).count() + 1;
            let cells = |is_text: &AtomicBool| Cells::new(is_text.load(Ordering::Relaxed), n_rows);
            let columns = are_texts.iter().map(cells).collect();
            let block = Self { columns, rows: Lines::default(), n_lines: 0 };
            let has_points = layout.decimal == DecimalMark::Point;
            let rest = Rest { text, at: 0, delimiter: layout.delimiter, has_points };
            match block.fill(rest, form, are_texts) {
                Ok(block) => return Some(block),
                Err(Stop::Disorder) => return None,
                // From here on its cells are kept as they are.
                Err(Stop::Text) => {}
            }
        }
    }

    fn fill(
        mut self,
        mut rest: Rest<'_>,
        form: &NumberForm,
        are_texts: &[AtomicBool],
    ) -> Result<Self, Stop> {
        while rest.at < rest.text.len() {
            if rest.end_of_line() {
                self.n_lines += 1;
                continue;
            }
            self.rows.push(self.n_lines);
            let mut is_blank = true;
            let last = self.columns.len().wrapping_sub(1);
            for (index, cells) in self.columns.iter_mut().enumerate() {
                let taken = cells.take(&mut rest, form).inspect_err(|stop| {
                    if matches!(stop, Stop::Text) {
                        are_texts[index].store(true, Ordering::Relaxed);
                    }
                })?;
                is_blank &= taken.is_blank;
                self.n_lines += taken.n_lines;
                let is_ended = if index == last { rest.end_of_line() } else { rest.end_of_cell() };
                if !is_ended {
                    return Err(Stop::Disorder);
                }
            }
            if is_blank {
                return Err(Stop::Disorder);
            }
            self.n_lines += 1;
        }
        Ok(self)
    }
}

/// What is left of a block.
struct Rest<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    /// Whether a point is the decimal mark.
    has_points: bool,
}

impl<'a> Rest<'a> {
    fn bytes(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Takes a delimiter.
    fn end_of_cell(&mut self) -> bool {
        let is_there = self.bytes().first() == Some(&self.delimiter);
        self.at += usize::from(is_there);
        is_there
    }

    /// Takes the end of a line, which may be that of the text.
    fn end_of_line(&mut self) -> bool {
        let length = match self.bytes() {
            [] => 0,
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return false,
        };
        self.at += length;
        true
    }

    /// Takes a cell that is a short number in plain digits: what most cells of numbers are. At most 15
    /// digits are exact in a double, and so are powers of ten up to 22, so one division rounds as it should.
    fn number(&mut self) -> Option<f64> {
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
    fn cell(&mut self) -> Result<(Cow<'a, str>, u64), Stop> {
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

/// Room for so many, in large pages.
fn with_room<T>(length: usize) -> Vec<T> {
    let mut room = Vec::with_capacity(length);
    pages::prefer_large(room.spare_capacity_mut());
    room
}

fn join(blocks: Vec<Block>, n_columns: usize) -> Table {
    let n_rows = blocks.iter().map(|block| block.rows.len()).sum();
    let mut rows = Lines::default();
    let mut parts: Vec<Vec<Cells>> = (0..n_columns).map(|_| Vec::new()).collect();
    let mut line = 2;
    for block in blocks {
        rows.append(&block.rows, line);
        line += block.n_lines;
        parts.iter_mut().zip(block.columns).for_each(|(parts, cells)| parts.push(cells));
    }
    let columns: Vec<(Values, BTreeSet<String>)> =
        parts.into_par_iter().map(|parts| join_column(parts, n_rows)).collect();
    let (columns, missing_words) = columns.into_iter().unzip();
    Table { columns, missing_words, rows }
}

fn join_column(parts: Vec<Cells>, n_rows: usize) -> (Values, BTreeSet<String>) {
    let mut words = BTreeSet::new();
    let mut numbers = Vec::new();
    let mut texts = Vec::new();
    if matches!(parts.first(), Some(Cells { values: Filling::Numbers(_), .. })) {
        numbers = with_room(n_rows);
    }
    for part in parts {
        words.extend(part.missing_words);
        match part.values {
            Filling::Numbers(more) => numbers.extend(more),
            Filling::Text(more) => texts.push(more.into_texts()),
        }
    }
    let is_text = numbers.is_empty();
    (if is_text { Values::Text(Texts::join(&texts)) } else { Values::Numbers(numbers) }, words)
}
