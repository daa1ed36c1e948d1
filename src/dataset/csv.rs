//! CSV as people have it: the separator is found, a byte-order mark dropped, quotes understood.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

pub use super::dialect::Dialect;
use super::encoding::{Encoding, Letters};
use super::input::{Input, ReadOptions};
use super::scanner::Scanner;
use super::stream::{TextStream, broken};
use super::unpack::Compression;
use crate::error::{Error, Result};

/// Reads one row after another; memory does not grow with the file.
pub struct CsvReader<'a> {
    name: String,
    dialect: Dialect,
    compression: Option<Compression>,
    utf16: Option<Encoding>,
    letters: Letters,
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

    /// Takes other cells.
    pub(super) fn replace<'a>(&mut self, row: u64, cells: impl IntoIterator<Item = &'a str>) {
        self.row = row;
        self.cells.clear();
        cells.into_iter().for_each(|cell| self.cells.push_field(cell));
    }

    /// Puts the cells into another order; `places` holds where each cell to be stands now.
    pub(super) fn reorder(&mut self, places: &[usize]) {
        let cells: ::csv::StringRecord = places.iter().map(|&place| self.cell(place)).collect();
        self.cells = cells;
    }
}

impl CsvReader<'static> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`CsvReader::new`], and [`Error::Read`].
    pub fn open(path: &Path) -> Result<Self> {
        let input = Input::file(path);
        Self::new(input.name(), input.open()?)
    }
}

impl<'a> CsvReader<'a> {
    /// Reads the header from anything that gives bytes. `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is no header, [`Error::DuplicateColumn`], [`Error::Row`] when the
    /// bytes are no text, [`Error::Packed`] and [`Error::Read`].
    pub fn new(name: &str, bytes: impl Read + 'a) -> Result<Self> {
        Self::with_options(name, bytes, &ReadOptions::default())
    }

    /// The same, where something is known of how the file is written.
    ///
    /// # Errors
    ///
    /// As [`CsvReader::new`].
    pub fn with_options(name: &str, bytes: impl Read + 'a, options: &ReadOptions) -> Result<Self> {
        Self::of(name, TextStream::new(name, bytes, options)?, options)
    }

    pub(super) fn of(name: &str, text: TextStream<'a>, options: &ReadOptions) -> Result<Self> {
        if let Some(problem) = not_csv(&text.sample) {
            return Err(row_error(name, 1, problem));
        }
        let dialect = Dialect::find(&text.sample, options);
        let (compression, utf16) = (text.compression, text.utf16);
        let letters = Letters::new(text.given_letters(options));
        let reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .from_reader(Scanner::new(text.into_read(), dialect.delimiter));
        let name = name.to_owned();
        let headers = Vec::new();
        let mut this = Self { name, dialect, compression, utf16, letters, headers, reader };
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

    /// How the file is compressed.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// How the file writes letters, as far as it was read.
    pub fn encoding(&self) -> Encoding {
        self.utf16.unwrap_or_else(|| self.letters.encoding())
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
        record.cells = self
            .decode(record.row, bytes)
            .map_err(|problem| row_error(&self.name, record.row, &problem))?;
        Ok(found)
    }

    fn decode(
        &mut self,
        row: u64,
        bytes: ::csv::ByteRecord,
    ) -> Result<::csv::StringRecord, String> {
        let bytes = match ::csv::StringRecord::from_byte_record(bytes) {
            Ok(text) if self.letters.accept_utf8(row, text.as_slice().is_ascii())? => {
                return Ok(text);
            }
            Ok(text) => text.into_byte_record(),
            Err(error) => error.into_byte_record(),
        };
        Ok(self.letters.decode(row, bytes.iter())?.collect())
    }

    /// An error behind which there is no next row.
    fn broken(&self, error: ::csv::Error) -> Error {
        let source = match error.into_kind() {
            ::csv::ErrorKind::Io(source) => source,
            _ => std::io::ErrorKind::InvalidData.into(),
        };
        broken(&self.name, source)
    }
}

/// Says what the bytes are when they are well known not to be CSV.
fn not_csv(sample: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "this is a spreadsheet workbook or a zip archive; save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0", "this is a spreadsheet workbook; save the sheet as CSV"),
        (b"%PDF", "this is a PDF; save the table as CSV"),
        (b"PAR1", "this is Parquet; save it as CSV"),
    ];
    known.iter().find_map(|(start, problem)| sample.starts_with(start).then_some(*problem))
}

pub(super) fn row_error(name: &str, row: u64, problem: &str) -> Error {
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
            (b"a,b\n\xff\x00\xfa,2\n", "t.csv, row 2: this is no text"),
            ("a,b\nGröße,2\nx,1\n\u{0}".as_bytes(), "t.csv, row 4: 1 cell found, the header has 2"),
            (
                b"a,b\nGr\xf6\xdfe,2\nx,1\nGr\xc3\xb6,3\n",
                "t.csv, row 4: this row is UTF-8 and row 2 is Windows-1252; save the file in one \
                 encoding, or name one with --encoding",
            ),
            (
                b"a,b\nGr\xc3\xb6,3\nGr\xf6\xdfe,2\n",
                "t.csv, row 3: this row is Windows-1252 and row 2 is UTF-8; save the file in one \
                 encoding, or name one with --encoding",
            ),
            (
                b"a,b\nGr\xc3\xb6,Gr\xf6\xdfe\n",
                "t.csv, row 2: some cells of it are UTF-8 and others Windows-1252; save the file in \
                 one encoding",
            ),
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
    fn letters_of_other_encodings() {
        let utf16: Vec<u8> =
            "a;b\r\nGröße;1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (text, encoding) in [
            (&b"a;b\nGr\xf6\xdfe;1\n"[..], Encoding::Windows1252),
            ("a;b\nGröße;1\n".as_bytes(), Encoding::Utf8),
            (&utf16, Encoding::Utf16Le),
        ] {
            let mut reader = CsvReader::new("t.csv", text).unwrap();
            let mut record = Record::default();
            assert!(reader.read(&mut record).unwrap());
            assert_eq!((record.cell(0), reader.encoding()), ("Größe", encoding));
        }
        let options =
            ReadOptions { encoding: Some(Encoding::Windows1252), ..ReadOptions::default() };
        let text = "a,b\nÃ¶,1\n".as_bytes();
        let mut reader = CsvReader::with_options("t.csv", text, &options).unwrap();
        let mut record = Record::default();
        assert!(reader.read(&mut record).unwrap());
        assert_eq!(record.cell(0), "ÃƒÂ¶");
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
        let mut reader = CsvReader::new("t.csv", &b"a,b\n1\n\xff\x00,1\n3,4\n"[..]).unwrap();
        let mut record = Record::default();
        assert!(reader.read(&mut record).is_err());
        assert!(reader.read(&mut record).is_err());
        assert!(reader.read(&mut record).unwrap());
        assert_eq!((record.row(), record.cell(1)), (4, "4"));
    }
}
