//! CSV as people have it: the separator is found, a byte-order mark dropped, quotes understood.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

pub use super::dialect::Dialect;
use super::dialect::SAMPLE_BYTES;
use super::scanner::{Refusal, Scanner};
use crate::error::{Error, Result};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads one row after another; memory does not grow with the file.
pub struct CsvReader<'a> {
    name: String,
    dialect: Dialect,
    headers: Vec<String>,
    reader: ::csv::Reader<Scanner<Box<dyn Read + 'a>>>,
}

/// The cells of one row, and where it stands in the file.
#[derive(Debug, Default)]
pub struct Record {
    row: u64,
    cells: ::csv::StringRecord,
}

impl Record {
    /// The line of the file on which the row begins; the header is row 1.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The cells, in the header's order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// The cell of a column, counted from 0.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }
}

impl CsvReader<'static> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`CsvReader::new`], and [`Error::Read`].
    pub fn open(path: &Path) -> Result<Self> {
        let file =
            File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::new(&path.to_string_lossy(), file)
    }
}

impl<'a> CsvReader<'a> {
    /// Reads the header from anything that gives bytes. `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is no header, [`Error::DuplicateColumn`], [`Error::Row`] when the
    /// bytes are no UTF-8 text, and [`Error::Read`].
    pub fn new(name: &str, mut bytes: impl Read + 'a) -> Result<Self> {
        let mut sample = Vec::new();
        bytes
            .by_ref()
            .take(SAMPLE_BYTES)
            .read_to_end(&mut sample)
            .map_err(|source| read_error(name, source))?;
        if let Some(problem) = not_csv(&sample) {
            return Err(row_error(name, 1, problem));
        }
        let text = sample.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&sample);
        let dialect = Dialect::detect(text);
        let skipped = sample.len() - text.len();
        let mut start = Cursor::new(sample);
        start.set_position(skipped as u64);
        let bytes: Box<dyn Read + 'a> = Box::new(start.chain(bytes));
        let reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .from_reader(Scanner::new(bytes, dialect.delimiter));
        let mut this = Self { name: name.to_owned(), dialect, headers: Vec::new(), reader };
        this.headers = this.read_header()?;
        Ok(this)
    }

    /// The columns' headers, spaces around them dropped.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// What was detected.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The name that messages give the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the next row into `record`; false at the end. Rows with nothing in them are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Row`] when the row has another number of cells than the header or is not UTF-8; the
    /// next call goes on behind it. [`Error::Read`] when the file cannot be read any further.
    pub fn read(&mut self, record: &mut Record) -> Result<bool> {
        while self.read_record(record)? {
            if record.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if record.cells.len() != self.headers.len() {
                return Err(row_error(&self.name, record.row, &self.unequal(record)));
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn unequal(&self, record: &Record) -> String {
        let found = record.cells.len();
        let cells = if found == 1 { "cell" } else { "cells" };
        format!("{found} {cells} found, the header has {}", self.headers.len())
    }

    fn read_header(&mut self) -> Result<Vec<String>> {
        let mut record = Record::default();
        if !self.read_record(&mut record)? {
            return Err(Error::Empty {
                file: self.name.clone(),
                problem: "the file is empty; give a header and at least one row below it",
            });
        }
        let mut seen = HashSet::new();
        let mut headers = Vec::with_capacity(record.cells.len());
        for header in record.cells() {
            let header = header.trim();
            // Spreadsheets leave separators behind the last column; Dataset::read drops such columns
            // where they are empty.
            if !header.is_empty() && !seen.insert(header) {
                return Err(Error::DuplicateColumn {
                    file: self.name.clone(),
                    column: header.to_owned(),
                });
            }
            headers.push(header.to_owned());
        }
        Ok(headers)
    }

    fn read_record(&mut self, record: &mut Record) -> Result<bool> {
        let mut bytes = std::mem::take(&mut record.cells).into_byte_record();
        let found = self.reader.read_byte_record(&mut bytes).map_err(|error| self.broken(error))?;
        if found {
            record.row = self.reader.get_mut().next_row();
        }
        record.cells = ::csv::StringRecord::from_byte_record(bytes).map_err(|_| {
            row_error(&self.name, record.row, "not UTF-8 text; save the file as CSV UTF-8")
        })?;
        Ok(found)
    }

    /// An error behind which there is no next row.
    fn broken(&self, error: ::csv::Error) -> Error {
        let source = match error.into_kind() {
            ::csv::ErrorKind::Io(source) => source,
            _ => std::io::ErrorKind::InvalidData.into(),
        };
        match source.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
            Some(refusal) => Error::Quotation {
                file: self.name.clone(),
                row: refusal.row,
                problem: refusal.problem,
            },
            None => read_error(&self.name, source),
        }
    }
}

/// Says what the bytes are when they are well known not to be CSV.
fn not_csv(sample: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "this is a spreadsheet workbook or a zip archive; save the sheet as CSV"),
        (b"\x1f\x8b", "this is compressed with gzip; unpack it first"),
        (b"PAR1", "this is Parquet; save it as CSV"),
        (b"\xff\xfe", "this is UTF-16 text; save the file as CSV UTF-8"),
        (b"\xfe\xff", "this is UTF-16 text; save the file as CSV UTF-8"),
    ];
    known.iter().find_map(|(start, problem)| sample.starts_with(start).then_some(*problem))
}

fn read_error(name: &str, source: std::io::Error) -> Error {
    Error::Read { path: name.into(), source }
}

fn row_error(name: &str, row: u64, problem: &str) -> Error {
    Error::Row { file: name.to_owned(), row, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<Vec<String>>> {
        let mut reader = CsvReader::new("t.csv", text)?;
        let mut rows = vec![reader.headers().to_vec()];
        let mut record = Record::default();
        while reader.read(&mut record)? {
            rows.push(record.cells().map(str::to_owned).collect());
        }
        Ok(rows)
    }

    #[test]
    fn separators_marks_quotes_and_line_ends() {
        let expected = [["a", "b"], ["1", "x, y; z"], ["2", "two\nlines"]];
        for text in [
            "a,b\n1,\"x, y; z\"\n2,\"two\nlines\"\n",
            "\u{feff}a;b\r\n1;\"x, y; z\"\r\n\r\n2;\"two\nlines\"",
            "a\tb\n1\t\"x, y; z\"\n2\t\"two\nlines\"\n\t\n",
            "\"a\", b\n1,\"x, y; z\"\n2,\"two\nlines\"",
        ] {
            assert_eq!(
                rows(text.as_bytes()).ok().as_deref(),
                Some(&expected.map(|row| row.map(str::to_owned).to_vec())[..]),
                "{text:?}"
            );
        }
    }

    #[test]
    fn errors_say_the_row() {
        for (text, message) in [
            (&b""[..], "t.csv: the file is empty; give a header and at least one row below it"),
            (b"a,a\n1,2\n", "t.csv, row 1: the column \"a\" is named twice; rename one of the two"),
            (b"a,b\n1,2\n3\n", "t.csv, row 3: 1 cell found, the header has 2"),
            (b"a,b\n1,2\n3,4,5\n", "t.csv, row 3: 3 cells found, the header has 2"),
            (
                b"a,b\n1,2\n\"3,4\n5,6\n",
                "t.csv, row 3: a quotation mark is opened here and never closed",
            ),
            (
                b"a,b\n1,2\n3,\"4\n5,6\n",
                "t.csv, row 3: a quotation mark is opened here and never closed",
            ),
            (
                b"a,b\n1,2\n3,\"4\n5,\"six\"\n",
                "t.csv, row 4: text stands behind a closing quotation mark; write a mark inside a cell \
                 twice",
            ),
            (b"a,b\n\xff\xfe\xfa,2\n", "t.csv, row 2: not UTF-8 text; save the file as CSV UTF-8"),
            (
                b"PK\x03\x04....",
                "t.csv, row 1: this is a spreadsheet workbook or a zip archive; save the sheet as CSV",
            ),
        ] {
            let error = rows(text).err().map(|error| error.to_string());
            assert_eq!(error.as_deref(), Some(message), "{text:?}");
        }
    }

    #[test]
    fn rows_are_numbered_by_the_lines_they_begin_on() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4", &[2, 3][..]),
            ("\u{feff}a;b\r\n1;2\r\n3;4\r\n", &[2, 3]),
            ("a,b\n\n1,2\n\n\n3,4\n", &[3, 6]),
            ("a,b\r\n1,2\r\n\r\n3,4", &[2, 4]),
            ("a,b\n1,\"x\ny\"\n3,4\n", &[2, 4]),
            ("a,b\r\n1,\"x\r\n\r\ny\"\r\n,\r\n3,4\r\n", &[2, 6]),
        ] {
            let mut reader = CsvReader::new("t.csv", text.as_bytes()).unwrap();
            let mut record = Record::default();
            let mut rows = Vec::new();
            while reader.read(&mut record).unwrap() {
                rows.push(record.row());
            }
            assert_eq!(rows, expected, "{text:?}");
        }
        let text = "a,b\r\n".to_owned() + &"12,345\r\n".repeat(50_000) + "\r\nlast,row\r\n";
        let mut reader = CsvReader::new("t.csv", text.as_bytes()).unwrap();
        let mut record = Record::default();
        while reader.read(&mut record).unwrap() {}
        assert_eq!(record.row(), 50_003);
    }

    #[test]
    fn reading_goes_on_behind_a_bad_row() {
        let mut reader = CsvReader::new("t.csv", &b"a,b\n1\n\xff,1\n3,4\n"[..]).unwrap();
        let mut record = Record::default();
        assert!(reader.read(&mut record).is_err());
        assert!(reader.read(&mut record).is_err());
        assert!(reader.read(&mut record).unwrap());
        assert_eq!((record.row(), record.cell(1)), (4, "4"));
    }
}
