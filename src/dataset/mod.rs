//! Customers in: a table of named columns, each of numbers or of text.
//!
//! A [`Source`] is the bytes of a customer file; [`Dataset::read`] turns them into columns and says
//! for every row it cannot use where it is and why.

mod blocks;
mod builder;
mod column;
pub mod csv;
pub mod date;
mod dialect;
mod encoding;
mod erase;
pub mod files;
pub mod form;
mod gzip;
mod input;
mod kind;
mod lines;
pub mod names;
mod ndjson;
pub mod number;
#[cfg_attr(not(feature = "parquet"), path = "parquet_disabled.rs")]
mod parquet;
mod personal;
pub(crate) mod scan;
mod scanner;
mod source;
mod stamp;
mod stream;
mod table;
mod texts;
mod unpack;
mod written;

pub(crate) use column::KnownColumn;
pub use column::{Column, Values};
pub use encoding::Encoding;
pub use input::{Input, ReadOptions};
pub use kind::ColumnKind;
#[cfg(feature = "parquet")]
pub use parquet::{Copied, Rows};
pub use scan::{Scan, Skipped, Table};
pub use source::Source;
pub use table::{CellType, Detected, FileFormat, TableReader};
pub use texts::Texts;
pub use unpack::{Compression, MAX_UNPACKED};
#[cfg(feature = "engine")]
pub(crate) use {
    dialect::delimiter_of,
    parquet::{arrow_values, is_readable},
    scan::digest_of,
};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, list};
use builder::TableBuilder;
use lines::Lines;
use names::Names;
use number::DecimalMark;

/// What to do with a row that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// Stop at the first one.
    #[default]
    Fail,
    /// Leave it out, and count and list it.
    Skip,
}

/// What the cells of a column must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Whether each must be a finite number; text otherwise.
    pub numbers: bool,
    /// Whether none may be empty.
    pub all: bool,
}

impl Need {
    /// A number in every cell.
    pub const NUMBERS: Self = Self { numbers: true, all: true };
}

/// A table of customers: one row a customer, one column a thing known of them.
#[derive(Debug)]
pub struct Dataset {
    name: String,
    sha256: String,
    columns: Vec<Column>,
    names: Names,
    rows: Lines,
    /// The files' names, and how many rows were read when each ended.
    files: Vec<(String, usize)>,
    detected: Vec<Detected>,
    skipped: Vec<Error>,
}

impl Dataset {
    /// Reads a source: CSV, NDJSON or Parquet, of one file or several.
    ///
    /// With [`OnError::Skip`], rows that cannot be split into the header's columns are left out: see
    /// [`Dataset::skipped`].
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is no header or no row below it, [`Error::DuplicateColumn`],
    /// [`Error::Row`] for a first row that is no header, and with [`OnError::Fail`] the first one
    /// further down; [`Error::DifferentColumns`] when files differ; [`Error::Format`] and
    /// [`Error::Packed`] when a file is not what it should be.
    ///
    /// ```
    /// use segmenta::dataset::{Dataset, OnError, Source};
    ///
    /// let source = Source::new("shop.csv", "Name;Spent\nAda;12,5\nBudi;7\n");
    /// let customers = Dataset::read(&source, OnError::Fail)?;
    /// assert_eq!(customers.n_rows(), 2);
    /// assert_eq!(customers.columns()[1].number(0), Some(12.5));
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn read(source: &Source, on_error: OnError) -> Result<Self> {
        // The fingerprint of a large file takes as long as much of its reading.
        let (read, sha256) =
            rayon::join(|| TableBuilder::read(source, on_error), || source.sha256());
        Self::of_table(source.name(), sha256, read?)
    }

    /// Rows that were drawn from a table whose cells have types.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`].
    #[cfg(feature = "engine")]
    pub(crate) fn of_drawn(
        name: &str,
        sha256: String,
        headers: Vec<String>,
        drawn: scan::Drawn,
    ) -> Result<Self> {
        let decimal = form::FileDecimal { mark: number::DecimalMark::Point, is_given: false };
        let n_rows = drawn.n_drawn();
        let mut table = TableBuilder::of_cells(headers, drawn.into_cells(), decimal);
        table.rows.push_run(1, n_rows);
        table.files.push((name.to_owned(), n_rows));
        Self::of_table(name, sha256, table)
    }

    /// A table that was read.
    fn of_table(name: &str, sha256: String, mut read: TableBuilder) -> Result<Self> {
        if read.rows.is_empty() {
            return Err(Error::Empty {
                file: name.to_owned(),
                problem: "there are no customers in it; give a header and at least one row below it",
            });
        }
        let columns = read.columns();
        if has_no_header(&columns) {
            return Err(Error::Row {
                file: name.to_owned(),
                row: 1,
                problem:
                    "this looks like a customer and not like a header; put the columns' names \
                          above it"
                        .to_owned(),
            });
        }
        Ok(Self {
            name: name.to_owned(),
            sha256,
            names: Names::new(columns.iter().map(Column::header)),
            columns,
            rows: read.rows,
            files: read.files,
            detected: read.detected,
            skipped: read.skipped,
        })
    }

    /// The file's name, as messages and the model give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the file's bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The number of customers.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The rows that were left out because they could not be used, each as the error that it would
    /// have been with [`OnError::Fail`].
    pub fn skipped(&self) -> &[Error] {
        &self.skipped
    }

    /// Takes out what [`Dataset::skipped`] gives.
    pub(crate) fn take_skipped(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.skipped)
    }

    /// What was found out about each file.
    pub fn detected(&self) -> &[Detected] {
        &self.detected
    }

    /// The columns, in the file's order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The index of the column with this header or short name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::AmbiguousColumn`] when two headers share the short name.
    pub fn column_index(&self, name: &str) -> Result<usize> {
        match self.names.find(name) {
            [index] => Ok(*index),
            [] => Err(Error::UnknownColumn {
                file: self.name.clone(),
                column: name.to_owned(),
                known: list(self.columns.iter().map(Column::name)),
            }),
            several => Err(Error::AmbiguousColumn {
                file: self.name.clone(),
                column: name.to_owned(),
                candidates: list(several.iter().map(|&index| self.columns[index].header())),
            }),
        }
    }

    /// Whether there are rows, and the columns that are needed hold nothing but numbers that can be computed with.
    pub(crate) fn is_in_order(&self, needs: &[(usize, Need)]) -> bool {
        let is_in_order =
            |&(index, need): &(usize, Need)| need.numbers && self.columns[index].is_in_order();
        !self.rows.is_empty() && needs.iter().all(is_in_order)
    }

    /// Makes sure that columns, given by their places, hold what they need to, and turns those that need
    /// numbers into columns of numbers.
    ///
    /// With [`OnError::Skip`], rows where one does not are taken out of the data: see
    /// [`Dataset::skipped`].
    ///
    /// # Errors
    ///
    /// With [`OnError::Fail`] the first [`Error::Cell`], in the order of the file;
    /// [`Error::Empty`] when no row is left.
    pub fn require(&mut self, needs: &[(usize, Need)], on_error: OnError) -> Result<()> {
        if self.is_in_order(needs) {
            return Ok(());
        }
        let mut keep = vec![true; self.n_rows()];
        for (row, keep) in keep.iter_mut().enumerate() {
            for &(index, need) in needs {
                if let Err(problem) = self.columns[index].require(row, need) {
                    let error = Error::Cell {
                        file: self.file(row).to_owned(),
                        row: self.rows.line(row),
                        column: self.columns[index].header().to_owned(),
                        problem,
                    };
                    if on_error == OnError::Fail {
                        return Err(error);
                    }
                    self.skipped.push(error);
                    *keep = false;
                    break;
                }
            }
        }
        if keep.contains(&false) {
            self.retain(&keep);
        }
        if self.rows.is_empty() {
            return Err(Error::Empty {
                file: self.name.clone(),
                problem: "no row can be used in every feature; choose other columns with --features",
            });
        }
        for &(index, need) in needs {
            if need.numbers {
                self.columns[index].make_numeric();
            }
        }
        Ok(())
    }

    /// The columns of numbers, without any other.
    pub(crate) fn into_numbers(self) -> Vec<Vec<f64>> {
        self.columns.into_iter().filter_map(Column::into_numbers).collect()
    }

    fn retain(&mut self, keep: &[bool]) {
        for column in &mut self.columns {
            column.retain(keep);
        }
        self.rows.retain(keep);
        for (_, end) in &mut self.files {
            *end = keep.iter().take(*end).filter(|&&is_kept| is_kept).count();
        }
    }

    /// The name of the file that a row is from.
    fn file(&self, row: usize) -> &str {
        let file = self.files.iter().find(|(_, end)| row < *end);
        file.map_or(&self.name, |(name, _)| name)
    }
}

/// Whether every column of numbers has a number for a name. Years are such names that people do give.
fn has_no_header(columns: &[Column]) -> bool {
    let is_value = |column: &Column| {
        let number = number::parse(column.header(), DecimalMark::Comma)
            .or_else(|_| number::parse(column.header(), DecimalMark::Point));
        number.is_ok_and(|number| !(1900.0..=2100.0).contains(&number))
    };
    let mut numeric = columns.iter().filter(|column| column.numbers().is_some()).peekable();
    numeric.peek().is_some() && numeric.all(is_value)
}
