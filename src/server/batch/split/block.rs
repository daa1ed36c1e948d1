//! Rows beside each other.

use std::ops::Range;

use crate::server::error::FieldError;

/// The longest row, in bytes.
pub(in crate::server::batch) const LONGEST_ROW: usize = 1024 * 1024;

/// Rows in their order, and a mistake behind the last one, if there is one.
#[derive(Debug, Default, Clone, PartialEq)]
pub(in crate::server::batch) struct Block {
    text: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
    pub(in crate::server::batch) problem: Option<FieldError>,
}

impl Block {
    pub(in crate::server::batch) fn n_rows(&self) -> usize {
        self.ends.len()
    }

    pub(in crate::server::batch) fn row(&self, place: usize) -> &[u8] {
        self.rows(place..place + 1)
    }

    /// The text of some rows.
    pub(in crate::server::batch) fn rows(&self, places: Range<usize>) -> &[u8] {
        &self.text[self.start(places.start)..self.start(places.end)]
    }

    fn start(&self, place: usize) -> usize {
        if place == 0 { 0 } else { self.ends[place - 1] }
    }

    /// Takes the first row out.
    pub(in crate::server::batch) fn drop_first(&mut self) {
        if !self.ends.is_empty() {
            let end = self.ends.remove(0);
            self.text.drain(..end);
            self.ends.iter_mut().for_each(|other| *other -= end);
        }
    }
}

/// Puts rows together from pieces of them.
#[derive(Debug, Default)]
pub(super) struct Gather {
    block: Block,
    is_too_long: bool,
    /// Whether nobody can tell any more where rows end.
    is_broken: bool,
    done: Vec<Block>,
}

impl Gather {
    /// Adds a piece to the row that is not whole. What is too long is not kept.
    pub(super) fn extend(&mut self, piece: &[u8]) {
        if self.is_too_long {
            return;
        }
        self.block.text.extend_from_slice(piece);
        if self.open().len() > LONGEST_ROW {
            self.is_too_long = true;
            let start = self.block.start(self.block.n_rows());
            self.block.text.truncate(start);
        }
    }

    /// The row that is not whole.
    fn open(&self) -> &[u8] {
        &self.block.text[self.block.start(self.block.n_rows())..]
    }

    /// Ends the row, if there is anything in it.
    pub(super) fn end_row(&mut self) {
        if std::mem::take(&mut self.is_too_long) {
            self.fail(FieldError::of_body("too_long", "the row is longer than 1 MiB"));
        } else if self.open().trim_ascii().is_empty() {
            let start = self.block.start(self.block.n_rows());
            self.block.text.truncate(start);
        } else {
            self.block.ends.push(self.block.text.len());
        }
    }

    /// Tells a mistake in the place of the row.
    fn fail(&mut self, problem: FieldError) {
        let start = self.block.start(self.block.n_rows());
        self.block.text.truncate(start);
        self.is_too_long = false;
        self.block.problem = Some(problem);
        self.done.push(std::mem::take(&mut self.block));
    }

    /// Tells a mistake behind which there is no row.
    pub(super) fn break_off(&mut self, problem: FieldError) {
        if !std::mem::replace(&mut self.is_broken, true) {
            self.fail(problem);
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The rows that are whole.
    pub(super) fn take(&mut self) -> Vec<Block> {
        if self.block.n_rows() > 0 {
            let text = self.open().to_vec();
            let open = Block { text, ..Block::default() };
            let mut whole = std::mem::replace(&mut self.block, open);
            let end = whole.start(whole.n_rows());
            whole.text.truncate(end);
            self.done.push(whole);
        }
        std::mem::take(&mut self.done)
    }
}
