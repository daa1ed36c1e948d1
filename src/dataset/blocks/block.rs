//! Rows of a CSV file that is in order, column by column.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::memchr_iter;

use super::rest::Rest;
use super::{Layout, with_room};
use crate::dataset::form::NumberForm;
use crate::dataset::lines::Lines;
use crate::dataset::texts::Coder;
use crate::error::CellProblem;

/// Rows of the file.
pub(super) struct Block {
    pub(super) columns: Vec<Cells>,
    /// The block's first line is line 0.
    pub(super) rows: Lines,
    pub(super) n_lines: u64,
}

pub(super) struct Cells {
    pub(super) values: Filling,
    pub(super) missing_words: BTreeSet<String>,
}

/// Cells that are added one by one.
pub(super) enum Filling {
    Numbers(Vec<f64>),
    Text(Coder),
    /// They are looked at, and not kept.
    Nothing,
}

impl Cells {
    fn new(is_skipped: bool, is_text: bool, n_rows: usize) -> Self {
        let values = if is_skipped {
            Filling::Nothing
        } else if is_text {
            Filling::Text(Coder::with_room(n_rows))
        } else {
            Filling::Numbers(with_room(n_rows))
        };
        Self { values, missing_words: BTreeSet::new() }
    }

    pub(super) fn are_numbers(&self) -> bool {
        matches!(self.values, Filling::Numbers(_))
    }

    fn take(&mut self, rest: &mut Rest<'_>, form: &NumberForm) -> Result<Taken, Stop> {
        let numbers = match &mut self.values {
            Filling::Text(texts) => {
                let (cell, n_lines) = rest.cell()?;
                texts.push(&cell);
                return Ok(Taken { is_blank: cell.trim().is_empty(), n_lines });
            }
            Filling::Nothing => {
                let (cell, n_lines) = rest.cell()?;
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

    pub(super) fn is_without_numbers(&self) -> bool {
        match &self.values {
            Filling::Numbers(numbers) => numbers.iter().all(|number| number.is_nan()),
            Filling::Text(_) | Filling::Nothing => false,
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
pub(super) enum Stop {
    /// The text is not in order.
    Disorder,
    /// A column of numbers is one of texts.
    Text,
}

impl Block {
    /// Reads rows. Columns that `are_skipped` names are not kept, and those that `are_texts` does not name hold
    /// numbers; if one does not, it is named from then on. None where the text is not in order.
    pub(super) fn read(
        text: &str,
        layout: Layout,
        form: &NumberForm,
        are_texts: &[AtomicBool],
        are_skipped: &[bool],
    ) -> Option<Self> {
        // Cells may hold ends of lines, so there are at most so many rows.
        let n_rows = memchr_iter(b'\n', text.as_bytes()).count() + 1;
        loop {
            let cells = |(index, is_text): (usize, &AtomicBool)| {
                let is_skipped = are_skipped.get(index).copied().unwrap_or(false);
                Cells::new(is_skipped, is_text.load(Ordering::Relaxed), n_rows)
            };
            let columns = are_texts.iter().enumerate().map(cells).collect();
            let block = Self { columns, rows: Lines::default(), n_lines: 0 };
            match block.fill(Rest::new(text, layout), form, are_texts) {
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
        while !rest.is_empty() {
            if rest.blank_line() {
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
