//! Large CSV files, read block by block on all processors: all of a file that is in memory, or one [`Piece`] of a file
//! after another (`pieces`).
//!
//! This is the short way for files that are in order: UTF-8 text, as many cells in every row as in the header,
//! quotation marks only around cells. Whatever else it meets, it gives up, and the file is read row by row, where
//! all that is wrong with it is told. Both ways give the same table.
//!
//! `block` makes columns of rows, and `rest` takes cells off a text.

mod block;
mod pieces;
mod rest;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::column::Values;
use super::form::NumberForm;
use super::lines::Lines;
use super::number::DecimalMark;
use super::texts::Texts;
use crate::pages;
use block::{Block, Cells, Filling};
use rest::Rest;

pub(super) use pieces::{Kept, Piece, Pieces};

/// Bytes of a block, up to the end of a row: at least, and at most. Columns of large blocks fill large pages.
const BLOCK: (usize, usize) = (1 << 20, 1 << 25);

/// The rows of a file, column by column.
pub(super) struct Table {
    pub(super) columns: Vec<Values>,
    /// For each column of numbers, words in it that stand for empty cells.
    pub(super) missing_words: Vec<BTreeSet<String>>,
    /// The header begins on line 1.
    pub(super) rows: Lines,
}

/// How the text is to be split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) decimal: DecimalMark,
    pub(super) n_columns: usize,
}

/// Reads the rows below a header that begins on the first line. None where the text is not in order.
pub(super) fn read(text: &str, layout: Layout) -> Option<Table> {
    let header = Header::of(text, layout)?;
    let body = &text[header.length..];
    let blocks = split(body);
    let form = NumberForm::plain(layout.decimal);
    let are_texts: Vec<AtomicBool> =
        (0..layout.n_columns).map(|_| AtomicBool::new(false)).collect();
    let parse = |text: &&str| Block::read(text, layout, &form, &are_texts, &[]);
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
            cells
                .into_iter()
                .any(|(cells, is_text)| cells.are_numbers() && is_text.load(Ordering::Relaxed))
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
    Some(join(read, layout.n_columns, header.n_lines))
}

/// The first row.
#[derive(Debug, Clone, Copy)]
struct Header {
    /// Its bytes, with the end of its last line.
    length: usize,
    n_lines: u64,
}

impl Header {
    /// None where it is not in order, or does not begin on the first line.
    fn of(text: &str, layout: Layout) -> Option<Self> {
        let mut rest = Rest::new(text, layout);
        let mut n_lines = 1;
        let mut is_blank = true;
        for index in 1..=layout.n_columns {
            let (cell, more) = rest.cell().ok()?;
            is_blank &= cell.trim().is_empty();
            n_lines += more;
            let is_ended =
                if index == layout.n_columns { rest.end_of_line() } else { rest.end_of_cell() };
            if !is_ended {
                return None;
            }
        }
        (!is_blank).then_some(Self { length: rest.place(), n_lines })
    }
}

/// Cuts behind rows.
fn split(body: &str) -> Vec<&str> {
    let (least, most) = BLOCK;
    let size = (body.len() / (4 * rayon::current_num_threads())).clamp(least, most);
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < body.len() {
        let length = pieces::cut(&body.as_bytes()[start..], size).unwrap_or(body.len() - start);
        blocks.push(&body[start..start + length]);
        start += length;
    }
    blocks
}

/// Room for so many, in large pages.
fn with_room<T>(length: usize) -> Vec<T> {
    let mut room = Vec::with_capacity(length);
    pages::prefer_large(room.spare_capacity_mut());
    room
}

/// All blocks, the first of which begins behind so many lines.
fn join(blocks: Vec<Block>, n_columns: usize, lines_before: u64) -> Table {
    let n_rows = blocks.iter().map(|block| block.rows.len()).sum();
    let mut rows = Lines::default();
    let mut parts: Vec<Vec<Cells>> = (0..n_columns).map(|_| Vec::new()).collect();
    let mut line = 1 + lines_before;
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
            Filling::Nothing => {}
        }
    }
    let is_text = numbers.is_empty();
    (if is_text { Values::Text(Texts::join(&texts)) } else { Values::Numbers(numbers) }, words)
}
