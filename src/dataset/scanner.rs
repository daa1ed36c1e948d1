//! What the CSV parser does not tell: on which line each row begins, and whether quotation marks are
//! in order. The parser accepts any; a mark that is left open would swallow the rest of the file as
//! one cell.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};

/// The longest cell, in bytes. A longer one is a quotation mark left open, or no CSV at all.
pub(super) const LONGEST_CELL: usize = 1024 * 1024;

/// The longest row, in bytes: rows are held in memory, also those of nothing but separators.
pub(super) const LONGEST_ROW: usize = 16 * 1024 * 1024;

/// Passes bytes on and watches them.
#[derive(Debug)]
pub(super) struct Scanner<R> {
    inner: R,
    delimiter: u8,
    state: State,
    /// The current line, from 1.
    line: u64,
    /// The length of the current cell.
    length: usize,
    /// The length of the current row.
    row_length: usize,
    /// Whether the last byte was a carriage return: a line feed behind it ends no further line.
    after_return: bool,
    /// The lines on which rows begin, those that were not asked for yet.
    rows: VecDeque<u64>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Before the first byte of a row.
    Between,
    /// Before the first byte of a cell.
    Start,
    /// In a cell without quotation marks.
    Plain,
    /// In a cell whose quotation mark was opened on this line.
    Quoted(u64),
    /// Behind a quotation mark in such a cell: the end of it, or the first of two that stand for one.
    Closing(u64),
}

/// Why the bytes cannot go on to the parser.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The line that it is about.
    pub(super) row: u64,
    pub(super) problem: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.problem)
    }
}

impl std::error::Error for Refusal {}

impl<R: Read> Scanner<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        Self {
            inner,
            delimiter,
            state: State::Between,
            line: 1,
            length: 0,
            row_length: 0,
            after_return: false,
            rows: VecDeque::new(),
        }
    }

    /// The line on which the next row begins, in the order of the rows.
    pub(super) fn next_row(&mut self) -> u64 {
        self.rows.pop_front().unwrap_or(self.line)
    }

    fn scan(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for &byte in bytes {
            let ends_line = matches!(byte, b'\n' | b'\r');
            if ends_line && !(byte == b'\n' && self.after_return) {
                self.line += 1;
            }
            self.after_return = byte == b'\r';
            self.state = self.step(byte, ends_line)?;
            self.length += 1;
            self.row_length =
                if matches!(self.state, State::Between) { 0 } else { self.row_length + 1 };
            if self.length > LONGEST_CELL {
                return Err(self.too_long());
            }
            if self.row_length > LONGEST_ROW {
                let problem = "a row is longer than 16 MiB; this is no table";
                return Err(Refusal { row: self.line, problem });
            }
        }
        Ok(())
    }

    fn step(&mut self, byte: u8, ends_line: bool) -> Result<State, Refusal> {
        Ok(match self.state {
            State::Between if ends_line => self.end_cell(byte, ends_line),
            State::Between => {
                self.rows.push_back(self.line);
                self.begin_cell(byte, ends_line)
            }
            State::Quoted(row) => {
                if byte == b'"' {
                    State::Closing(row)
                } else {
                    State::Quoted(row)
                }
            }
            State::Closing(row) if byte == b'"' => State::Quoted(row),
            State::Closing(_) if !(ends_line || byte == self.delimiter || byte == b' ') => {
                return Err(Refusal {
                    row: self.line,
                    problem: "text stands behind a closing quotation mark; write a mark inside a \
                              cell twice",
                });
            }
            State::Start => self.begin_cell(byte, ends_line),
            State::Plain | State::Closing(_) => self.end_cell(byte, ends_line),
        })
    }

    fn begin_cell(&mut self, byte: u8, ends_line: bool) -> State {
        self.length = 0;
        if byte == b'"' { State::Quoted(self.line) } else { self.end_cell(byte, ends_line) }
    }

    fn end_cell(&mut self, byte: u8, ends_line: bool) -> State {
        if ends_line {
            self.length = 0;
            State::Between
        } else if byte == self.delimiter {
            State::Start
        } else {
            State::Plain
        }
    }

    fn too_long(&self) -> Refusal {
        match self.state {
            State::Quoted(row) => open(row),
            _ => Refusal { row: self.line, problem: "a cell is longer than 1 MiB; this is no CSV" },
        }
    }
}

fn open(row: u64) -> Refusal {
    Refusal { row, problem: "a quotation mark is opened here and never closed" }
}

impl<R: Read> Read for Scanner<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.scan(&buffer[..length]).map_err(io::Error::other)?;
        match self.state {
            State::Quoted(row) if length == 0 && !buffer.is_empty() => {
                Err(io::Error::other(open(row)))
            }
            _ => Ok(length),
        }
    }
}
