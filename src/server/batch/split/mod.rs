//! A body taken apart into rows, as its bytes come: none of it is kept but the row that is not whole yet.

mod array;
mod block;
mod lines;
mod table;

pub(super) use block::{Block, LONGEST_ROW};

use array::ArraySplitter;
use block::Gather;
use lines::LineSplitter;
use table::TableSplitter;

use crate::server::error::FieldError;

/// Finds where rows end.
pub(super) enum Splitter {
    Array(ArraySplitter),
    Lines(LineSplitter),
    Table(TableSplitter),
}

impl Splitter {
    pub(super) fn array() -> Self {
        Self::Array(ArraySplitter::default())
    }

    pub(super) fn lines() -> Self {
        Self::Lines(LineSplitter::default())
    }

    /// Rows of cells with this byte between two of them.
    pub(super) fn table(delimiter: u8) -> Self {
        Self::Table(TableSplitter::new(delimiter))
    }

    /// Takes what has come, and gives the rows that are whole.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Block> {
        if !self.rows().is_broken() {
            match self {
                Self::Array(splitter) => splitter.push(bytes),
                Self::Lines(splitter) => splitter.push(bytes),
                Self::Table(splitter) => splitter.push(bytes),
            }
        }
        self.rows().take()
    }

    /// Gives what is left when the body has ended in order.
    pub(super) fn end(&mut self) -> Vec<Block> {
        if !self.rows().is_broken() {
            match self {
                Self::Array(splitter) => splitter.end(),
                Self::Lines(splitter) => splitter.end(),
                Self::Table(splitter) => splitter.end(),
            }
        }
        self.rows().take()
    }

    /// Tells why no more comes in the place of a row that is not whole.
    pub(super) fn break_off(&mut self, problem: FieldError) -> Vec<Block> {
        self.rows().break_off(problem);
        self.rows().take()
    }

    fn rows(&mut self) -> &mut Gather {
        match self {
            Self::Array(splitter) => &mut splitter.rows,
            Self::Lines(splitter) => &mut splitter.rows,
            Self::Table(splitter) => &mut splitter.rows,
        }
    }
}

#[cfg(test)]
mod tests;
