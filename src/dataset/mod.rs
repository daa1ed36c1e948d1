//! Customers in: a table of named columns, each of numbers or of text.
//!
//! A [`Source`] is the bytes of a customer file; [`Dataset::read`] turns them into columns and says
//! for every row it cannot use where it is and why.

mod column;
pub mod csv;
pub mod date;
mod dialect;
pub mod names;
pub mod number;
mod scanner;
mod source;
mod written;

pub use column::{Column, ColumnKind, Values};
pub use source::Source;

use crate::error::{Error, Result, list};
use names::Names;
use number::DecimalMark;

/// What to do with a row that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Stop at the first one.
    #[default]
    Fail,
    /// Leave it out, and count and list it.
    Skip,
}

/// What the cells of a column must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// For each row, the line of the file on which it begins.
    rows: Vec<u64>,
    skipped: Vec<Error>,
}

impl Dataset {
    /// Reads a CSV source.
    ///
    /// With [`OnError::Skip`], rows that cannot be split into the header's columns are left out: see
    /// [`Dataset::skipped`].
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is no header or no row below it, [`Error::DuplicateColumn`],
    /// [`Error::Row`] for a first row that is no header, and with [`OnError::Fail`] the first one
    /// further down.
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
        let mut reader = csv::CsvReader::new(source.name(), source.bytes())?;
        let mut cells: Vec<Vec<String>> = vec![Vec::new(); reader.headers().len()];
        let mut rows = Vec::new();
        let mut skipped = Vec::new();
        let mut record = csv::Record::default();
        loop {
            match reader.read(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    rows.push(record.row());
                    for (column, cell) in cells.iter_mut().zip(record.cells()) {
                        column.push(cell.to_owned());
                    }
                }
                Err(error @ Error::Row { .. }) if on_error == OnError::Skip => skipped.push(error),
                Err(error) => return Err(error),
            }
        }
        if rows.is_empty() {
            return Err(Error::Empty {
                file: source.name().to_owned(),
                problem: "there are no customers in it; give a header and at least one row below it",
            });
        }
        let decimal = reader.dialect().decimal;
        let names = Names::new(reader.headers().iter().map(String::as_str));
        let is_used = |(header, cells): &(&String, Vec<String>)| {
            !header.is_empty() || cells.iter().any(|cell| !cell.trim().is_empty())
        };
        let columns: Vec<Column> = reader
            .headers()
            .iter()
            .zip(cells)
            .filter(is_used)
            .map(|(header, cells)| {
                Column::new(header.clone(), names.unambiguous(header), cells, decimal)
            })
            .collect();
        if has_no_header(&columns) {
            return Err(Error::Row {
                file: source.name().to_owned(),
                row: 1,
                problem:
                    "this looks like a customer and not like a header; put the columns' names \
                          above it"
                        .to_owned(),
            });
        }
        Ok(Self {
            name: source.name().to_owned(),
            sha256: source.sha256(),
            names: Names::new(columns.iter().map(Column::header)),
            columns,
            rows,
            skipped,
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
        let mut keep = vec![true; self.n_rows()];
        for (row, keep) in keep.iter_mut().enumerate() {
            for &(index, need) in needs {
                if let Err(problem) = self.columns[index].require(row, need) {
                    let error = Error::Cell {
                        file: self.name.clone(),
                        row: self.rows[row],
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

    fn retain(&mut self, keep: &[bool]) {
        for column in &mut self.columns {
            column.retain(keep);
        }
        let mut flags = keep.iter();
        self.rows.retain(|_| flags.next().copied().unwrap_or(true));
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
