//! Rows of a table that may be in several files, each CSV, NDJSON or Parquet.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io::Read;
use std::path::PathBuf;

use super::Values;
use super::csv::{CsvReader, Dialect, Record};
use super::encoding::Encoding;
use super::form::FileDecimal;
use super::input::{Input, ReadOptions};
use super::ndjson::{self, NdjsonReader};
use super::number::DecimalMark;
use super::parquet::ParquetReader;
use super::stream::{TextStream, broken};
use super::unpack::Compression;
use crate::error::{Error, Result};

/// Parquet is packed within itself, so hardly anybody packs it once more; see where it is used.
const LARGEST_PACKED_PARQUET: u64 = 1 << 30;

/// Reads one row after another, file after file. The files have the same columns, in any order; the
/// first one's order counts. Memory does not grow with the files, but for NDJSON from standard input.
pub struct TableReader<'a> {
    options: ReadOptions,
    waiting: VecDeque<Input<'a>>,
    current: Current<'a>,
    first: String,
    headers: Vec<String>,
    dialect: Dialect,
    /// What was found out about the files that are done.
    done: Vec<Detected>,
}

/// The file that is being read.
struct Current<'a> {
    name: String,
    rows: Rows<'a>,
    /// Where the table's columns stand in it, if not as in the first file.
    places: Option<Vec<usize>>,
}

enum Rows<'a> {
    Csv(Box<CsvReader<'a>>),
    Ndjson(Box<NdjsonReader<'a>>),
    Parquet(Box<ParquetReader>),
}

/// What was found out about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// Its format.
    pub format: FileFormat,
    /// How it is compressed.
    pub compression: Option<Compression>,
    /// How it writes letters.
    pub encoding: Encoding,
}

/// How a file holds a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Cells between separators.
    Csv(Dialect),
    /// An object a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    /// Texts, dates and anything else that is no number.
    Text,
    /// Numbers.
    Number,
    /// Numbers without a fraction.
    Whole,
}

/// What the first look at several files shows.
pub(super) struct Opened {
    pub(super) headers: Vec<String>,
    pub(super) decimal: FileDecimal,
    pub(super) files: Vec<OpenedFile>,
}

/// One of them.
pub(super) struct OpenedFile {
    pub(super) detected: Detected,
    /// Where the table's columns stand in it.
    pub(super) places: Vec<usize>,
    /// The rows of each of its groups, if it is Parquet.
    pub(super) groups: Option<Vec<u64>>,
}

/// Opens one file after another, and reads no row of any.
///
/// # Errors
///
/// As [`TableReader::open`], and [`Error::DifferentColumns`].
pub(super) fn open_each(paths: &[PathBuf], options: &ReadOptions) -> Result<Opened> {
    let mut reader = TableReader::open(paths.iter().map(Input::file), *options)?;
    let mut files = Vec::with_capacity(paths.len());
    loop {
        let in_order = || (0..reader.headers.len()).collect();
        files.push(OpenedFile {
            detected: reader.detected(),
            places: reader.current.places.clone().unwrap_or_else(in_order),
            groups: match &reader.current.rows {
                Rows::Parquet(rows) => Some(rows.groups()),
                Rows::Csv(_) | Rows::Ndjson(_) => None,
            },
        });
        if !reader.next_file()? {
            break;
        }
    }
    Ok(Opened { decimal: reader.decimal(), headers: reader.headers, files })
}

impl Detected {
    /// Whether the file is what most are: CSV with commas and decimal points in UTF-8.
    pub fn is_usual(&self) -> bool {
        let usual = Dialect { delimiter: b',', decimal: DecimalMark::Point };
        self.format == FileFormat::Csv(usual)
            && self.compression.is_none()
            && self.encoding == Encoding::Utf8
    }
}

impl fmt::Display for Detected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.format {
            FileFormat::Csv(Dialect { delimiter, decimal }) => {
                match delimiter {
                    b',' => formatter.write_str("CSV with commas")?,
                    b';' => formatter.write_str("CSV with semicolons")?,
                    b'\t' => formatter.write_str("CSV with tabs")?,
                    other => write!(formatter, "CSV with {:?}", char::from(other))?,
                }
                match decimal {
                    DecimalMark::Point => formatter.write_str(", decimal point")?,
                    DecimalMark::Comma => formatter.write_str(", decimal comma")?,
                }
            }
            FileFormat::Ndjson => formatter.write_str("NDJSON")?,
            FileFormat::Parquet => return formatter.write_str("Parquet"),
        }
        write!(formatter, ", {}", self.encoding)?;
        match self.compression {
            Some(compression) => write!(formatter, ", {compression}"),
            None => Ok(()),
        }
    }
}

impl<'a> TableReader<'a> {
    /// Reads the header of the first file.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is no header, [`Error::DuplicateColumn`], [`Error::Row`],
    /// [`Error::Format`] and [`Error::Packed`] when the file is not what it should be, and
    /// [`Error::Read`].
    pub fn open(inputs: impl IntoIterator<Item = Input<'a>>, options: ReadOptions) -> Result<Self> {
        let mut waiting: VecDeque<Input<'a>> = inputs.into_iter().collect();
        let none = || Error::Empty {
            file: "no file".to_owned(),
            problem: "there is nothing to read; name at least one file",
        };
        let input = waiting.pop_front().ok_or_else(none)?;
        let rows = Rows::open(&input, &options)?;
        let headers = rows.headers().to_vec();
        let dialect = rows.dialect(&options);
        let name = input.name().to_owned();
        let first = name.clone();
        let current = Current { name, rows, places: None };
        Ok(Self { options, waiting, current, first, headers, dialect, done: Vec::new() })
    }

    /// The columns' headers, spaces around them dropped.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// How the first file writes cells and numbers; commas and points where it is no CSV.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What the columns hold, if the first file says it: NDJSON and Parquet do, CSV does not. Where more files
    /// follow, numbers count as numbers with a fraction.
    pub fn types(&self) -> Option<Vec<CellType>> {
        let types = match &self.current.rows {
            Rows::Csv(_) => return None,
            Rows::Ndjson(rows) => rows.types(),
            Rows::Parquet(rows) => rows.types(),
        };
        let is_alone = self.waiting.is_empty();
        let widened = types.into_iter().map(|kind| match kind {
            CellType::Whole if !is_alone => CellType::Number,
            kind => kind,
        });
        Some(widened.collect())
    }

    /// The name that messages give the file that is being read.
    pub fn name(&self) -> &str {
        &self.current.name
    }

    /// What was found out about the file that is being read, as far as it was read.
    pub fn detected(&self) -> Detected {
        let (format, compression, encoding) = match &self.current.rows {
            Rows::Csv(rows) => {
                (FileFormat::Csv(rows.dialect()), rows.compression(), rows.encoding())
            }
            Rows::Ndjson(rows) => (FileFormat::Ndjson, rows.compression(), rows.encoding()),
            Rows::Parquet(_) => (FileFormat::Parquet, None, Encoding::Utf8),
        };
        Detected { format, compression, encoding }
    }

    /// The same of all files so far.
    pub(super) fn all_detected(&self) -> Vec<Detected> {
        self.done.iter().copied().chain([self.detected()]).collect()
    }

    /// The decimal mark of the first file.
    pub fn decimal(&self) -> FileDecimal {
        FileDecimal { mark: self.dialect.decimal, is_given: self.options.decimal.is_some() }
    }

    /// Reads the next row into `record`; false at the end of the last file. Rows with nothing in them
    /// are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Row`] when the row cannot be split into the header's columns or is in another encoding;
    /// the next call goes on behind it. [`Error::DifferentColumns`] when a file has other columns than
    /// the first one. All others of [`TableReader::open`].
    pub fn read(&mut self, record: &mut Record) -> Result<bool> {
        while !self.read_in_file(record)? {
            if !self.next_file()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As [`TableReader::read`]; false at the end of each file.
    pub(super) fn read_in_file(&mut self, record: &mut Record) -> Result<bool> {
        let current = &mut self.current;
        let found = match &mut current.rows {
            Rows::Csv(rows) => rows.read(record)?,
            Rows::Ndjson(rows) => rows.read(record)?,
            Rows::Parquet(rows) => rows.read(record)?,
        };
        if let Some(places) = current.places.as_ref().filter(|_| found) {
            record.reorder(places);
        }
        Ok(found)
    }

    /// All rows of a file that holds them column by column; none where it holds them row by row, and where
    /// some were read.
    pub(super) fn read_columns(&mut self) -> Result<Option<Vec<Values>>> {
        let Rows::Parquet(rows) = &mut self.current.rows else { return Ok(None) };
        let Some(mut columns) = rows.read_columns()? else { return Ok(None) };
        if let Some(places) = &self.current.places {
            let mut found: Vec<Option<Values>> = columns.into_iter().map(Some).collect();
            let mut take = |&place: &usize| found.get_mut(place).and_then(Option::take);
            columns = places.iter().filter_map(&mut take).collect();
        }
        Ok(Some(columns))
    }

    /// Goes on to the next file; false if there is none.
    pub(super) fn next_file(&mut self) -> Result<bool> {
        let Some(input) = self.waiting.pop_front() else { return Ok(false) };
        let rows = Rows::open(&input, &self.options)?;
        let places = self.places(input.name(), rows.headers())?;
        let decimal = rows.dialect(&self.options).decimal;
        let are_texts = |rows: &Rows<'_>| matches!(rows, Rows::Csv(_));
        if decimal != self.dialect.decimal && are_texts(&rows) && are_texts(&self.current.rows) {
            let problem = format!(
                "its numbers have another decimal mark than those of {}; read them apart",
                self.first
            );
            return Err(Error::Format { file: input.name().to_owned(), problem });
        }
        let is_same = places.iter().enumerate().all(|(index, &place)| index == place);
        let places = (!is_same).then_some(places);
        self.done.push(self.detected());
        self.current = Current { name: input.name().to_owned(), rows, places };
        Ok(true)
    }

    /// Where the table's columns stand in a file with these headers.
    fn places(&self, name: &str, found: &[String]) -> Result<Vec<usize>> {
        let differ = |without: &str, with: &str, column: &str| Error::DifferentColumns {
            without: without.to_owned(),
            with: with.to_owned(),
            column: column.to_owned(),
        };
        let known: HashSet<&str> = self.headers.iter().map(String::as_str).collect();
        if let Some(new) = found.iter().find(|header| !known.contains(header.as_str())) {
            return Err(differ(&self.first, name, new));
        }
        let place = |header: &String| match found.iter().position(|other| other == header) {
            Some(place) => Ok(place),
            // Columns without a name are no part of the table unless something stands in them.
            None if header.is_empty() => Ok(usize::MAX),
            None => Err(differ(name, &self.first, header)),
        };
        self.headers.iter().map(place).collect()
    }
}

impl<'a> Rows<'a> {
    fn open(input: &Input<'a>, options: &ReadOptions) -> Result<Self> {
        let name = input.name();
        let text = TextStream::new(name, input.open()?, options)?;
        if text.sample.starts_with(b"PAR1") {
            let reader = if text.compression.is_none() {
                ParquetReader::open(input)?
            } else {
                // It is read from its end, so all of it has to be at hand.
                let mut bytes = Vec::new();
                let mut whole = text.into_read().take(LARGEST_PACKED_PARQUET + 1);
                whole.read_to_end(&mut bytes).map_err(|error| broken(name, error))?;
                if bytes.len() as u64 > LARGEST_PACKED_PARQUET {
                    let problem =
                        "it unpacks to more than 1 GiB of Parquet, which is read from its end and \
                                   so needs memory for all of it; unpack it first"
                            .to_owned();
                    return Err(Error::Packed { file: name.to_owned(), problem });
                }
                ParquetReader::of_bytes(name, bytes.into())?
            };
            return Ok(Self::Parquet(Box::new(reader)));
        }
        if ndjson::is_ndjson(name, &text.sample) {
            let again = TextStream::new(name, input.open()?, options)?;
            return Ok(Self::Ndjson(Box::new(NdjsonReader::new(name, text, again, options)?)));
        }
        Ok(Self::Csv(Box::new(CsvReader::of(name, text, options)?)))
    }

    fn headers(&self) -> &[String] {
        match self {
            Self::Csv(rows) => rows.headers(),
            Self::Ndjson(rows) => rows.headers(),
            Self::Parquet(rows) => rows.headers(),
        }
    }

    fn dialect(&self, options: &ReadOptions) -> Dialect {
        match self {
            Self::Csv(rows) => rows.dialect(),
            _ => Dialect { delimiter: b',', decimal: options.decimal.unwrap_or_default() },
        }
    }
}
