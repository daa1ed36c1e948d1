//! Parquet: all columns at once, each group of rows decoded into its place in them; or one row after another, of
//! which as many groups as there are threads are decoded at once. `copied` writes rows as they are, with more columns.

mod cells;
mod columns;
mod copied;
mod groups;
mod rewrite;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(feature = "engine")]
pub(crate) use cells::{is_known as is_readable, values as arrow_values};
pub use copied::{Copied, Rows};
pub(super) use groups::{Group, Readers, of_file as groups_of_file};
pub(super) use rewrite::rows_of;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, FieldRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;
use rayon::prelude::*;

use super::column::Values;
use super::csv::Record;
use super::input::{self, Input, RandomAccess};
use super::table::CellType;
use crate::error::{Error, Result};

/// Rows that are read at once.
const BATCH: usize = 1 << 16;
/// The same where they are worked on at once: all that is made of them stays in the cache.
const SCANNED: usize = 1 << 13;

/// Reads one row after another, or a batch of them column by column.
pub(super) struct ParquetReader {
    name: String,
    headers: Vec<String>,
    chunks: Chunks,
    metadata: ArrowReaderMetadata,
    /// The group of rows that is decoded next.
    next_group: usize,
    /// Batches that are decoded.
    ahead: VecDeque<Vec<Values>>,
    batch: Vec<Values>,
    /// Rows of the batch, and those of them that were read.
    n_rows: usize,
    n_read: usize,
    /// Rows that were read, of all batches.
    row: u64,
}

/// Where the bytes of the file are.
enum Chunks {
    /// Opened anew by each thread: those that share an open file share its position too.
    File(PathBuf),
    Bytes(Bytes),
}

impl ParquetReader {
    pub(super) fn open(input: &Input<'_>) -> Result<Self> {
        match input.random_access() {
            RandomAccess::File(path) => {
                let file = input::open(&path)?;
                Self::new(input.name(), &file, Chunks::File(path))
            }
            RandomAccess::Bytes(bytes) => Self::of_bytes(input.name(), bytes),
        }
    }

    /// Reads a file that is in memory.
    pub(super) fn of_bytes(name: &str, bytes: Bytes) -> Result<Self> {
        Self::new(name, &bytes.clone(), Chunks::Bytes(bytes))
    }

    fn new(name: &str, reader: &impl ChunkReader, chunks: Chunks) -> Result<Self> {
        // What other libraries note beside the types would bring their own forms of the same columns.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = guarded(|| ArrowReaderMetadata::load(reader, options))
            .map_err(|error| broken(name, error))?;
        let mut headers: Vec<String> = Vec::new();
        for field in metadata.schema().fields() {
            let header = field.name().trim().to_owned();
            if field.data_type().is_nested() {
                return Err(unsuitable(name, &header, "a list or a structure"));
            }
            if !cells::is_known(field.data_type()) {
                return Err(unsuitable(name, &header, &field.data_type().to_string()));
            }
            if headers.contains(&header) {
                return Err(Error::DuplicateColumn { file: name.to_owned(), column: header });
            }
            headers.push(header);
        }
        Ok(Self {
            name: name.to_owned(),
            headers,
            chunks,
            metadata,
            next_group: 0,
            ahead: VecDeque::new(),
            batch: Vec::new(),
            n_rows: 0,
            n_read: 0,
            row: 0,
        })
    }

    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// What the columns hold.
    pub(super) fn types(&self) -> Vec<CellType> {
        let kind = |field: &FieldRef| match field.data_type() {
            kind if kind.is_integer() => CellType::Whole,
            kind if kind.is_numeric() => CellType::Number,
            _ => CellType::Text,
        };
        self.metadata.schema().fields().iter().map(kind).collect()
    }

    /// The number of rows of each group.
    pub(super) fn groups(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).collect()
    }

    /// Reads a group of rows, some columns of it, in batches.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is damaged, and what `each` gives.
    pub(super) fn scan(
        &self,
        group: usize,
        columns: &[usize],
        mut each: impl FnMut(Vec<Values>) -> Result<()>,
    ) -> Result<()> {
        let refuse = |error| broken(&format!("{} (group of rows {group})", self.name), error);
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let known = columns.iter().copied().filter(|&column| column < self.headers.len());
        let mut sorted: Vec<usize> = known.collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mask = ProjectionMask::leaves(descriptor, sorted.iter().copied());
        let mut n_read = 0;
        for batch in self.batches(&self.metadata, group, mask, SCANNED)? {
            let batch = batch.map_err(|error| refuse(error.into()))?;
            n_read += batch.num_rows() as u64;
            let n_rows = batch.num_rows();
            let array = |column: &usize| {
                sorted.binary_search(column).ok().map(|place| Arc::clone(batch.column(place)))
            };
            let arrays: Vec<Option<ArrayRef>> = columns.iter().map(array).collect();
            drop(batch);
            let cells = |(&column, array): (&usize, Option<ArrayRef>)| match array {
                Some(array) => cells::into_values(array)
                    .ok_or_else(|| no_text(&self.name, &self.headers[column])),
                // A column without a name that only other files have.
                None => Ok(Values::Text((0..n_rows).map(|_| "").collect())),
            };
            each(columns.iter().zip(arrays).map(cells).collect::<Result<_>>()?)?;
        }
        let expected = self.groups().get(group).copied().unwrap_or(0);
        if n_read != expected {
            let problem = format!("{n_read} of {expected} rows are there");
            return Err(refuse(ParquetError::General(problem)));
        }
        Ok(())
    }

    /// As [`super::csv::CsvReader::read`]. The first row is row 1: there is no line with a header.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool> {
        while self.n_read == self.n_rows {
            match self.read_batch()? {
                None => return Ok(false),
                Some(batch) => {
                    (self.n_rows, self.n_read) = (batch.first().map_or(0, Values::len), 0);
                    self.batch = batch;
                }
            }
        }
        let cells: Vec<String> = self.batch.iter().map(|cells| text(cells, self.n_read)).collect();
        self.n_read += 1;
        self.row += 1;
        record.replace(self.row, cells.iter().map(String::as_str));
        Ok(true)
    }

    /// The next rows, column by column.
    fn read_batch(&mut self) -> Result<Option<Vec<Values>>> {
        let n_groups = self.metadata.metadata().num_row_groups();
        while self.ahead.is_empty() && self.next_group < n_groups {
            let end = (self.next_group + rayon::current_num_threads()).min(n_groups);
            let groups: Vec<Result<Vec<Vec<Values>>>> =
                (self.next_group..end).into_par_iter().map(|group| self.decode(group)).collect();
            // Of several errors the first is told, whichever thread was faster.
            let groups: Vec<Vec<Vec<Values>>> = groups.into_iter().collect::<Result<_>>()?;
            self.ahead.extend(groups.into_iter().flatten());
            self.next_group = end;
        }
        Ok(self.ahead.pop_front())
    }

    /// The batches of a group of rows.
    fn decode(&self, group: usize) -> Result<Vec<Vec<Values>>> {
        let values = |batch: RecordBatch| {
            let columns = batch.columns().iter().zip(&self.headers);
            let columns = columns.map(|(column, header)| {
                cells::values(column).ok_or_else(|| no_text(&self.name, header))
            });
            columns.collect::<Result<Vec<Values>>>()
        };
        self.batches(&self.metadata, group, ProjectionMask::all(), BATCH)?
            .map(|batch| values(batch.map_err(|error| broken(&self.name, error.into()))?))
            .collect()
    }

    /// Reads some columns of a group of rows, so many rows at once.
    fn batches(
        &self,
        metadata: &ArrowReaderMetadata,
        group: usize,
        columns: ProjectionMask,
        n_rows: usize,
    ) -> Result<Batches> {
        fn build(
            chunks: impl ChunkReader + 'static,
            metadata: &ArrowReaderMetadata,
            group: usize,
            columns: ProjectionMask,
            n_rows: usize,
        ) -> std::result::Result<ParquetRecordBatchReader, ParquetError> {
            ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, metadata.clone())
                .with_row_groups(vec![group])
                .with_projection(columns)
                .with_batch_size(n_rows)
                .build()
        }
        let batches = match &self.chunks {
            Chunks::File(path) => {
                let file = input::open(path)?;
                guarded(|| build(file, metadata, group, columns, n_rows))
            }
            Chunks::Bytes(bytes) => {
                guarded(|| build(bytes.clone(), metadata, group, columns, n_rows))
            }
        };
        let batches = batches.map_err(|error| broken(&self.name, error))?;
        Ok(Batches(Some(batches)))
    }
}

/// Batches of rows. The reader of a damaged file may meet what it took for impossible, and panic: that is an error of
/// the file like any other.
struct Batches(Option<ParquetRecordBatchReader>);

impl Iterator for Batches {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batches = self.0.as_mut()?;
        let next = guarded(|| batches.next().transpose().map_err(ParquetError::from));
        if next.is_err() {
            self.0 = None;
        }
        next.map_err(ArrowError::from).transpose()
    }
}

/// What the reader gives, or that it panicked.
fn guarded<T>(
    read: impl FnOnce() -> std::result::Result<T, ParquetError>,
) -> std::result::Result<T, ParquetError> {
    // What it leaves behind is not looked at any more.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ParquetError::General("the reader of Parquet met what it did not expect".to_owned()))
    })
}

fn text(cells: &Values, row: usize) -> String {
    match cells {
        Values::Numbers(numbers) if numbers[row].is_nan() => String::new(),
        Values::Numbers(numbers) => numbers[row].to_string(),
        Values::Text(cells) => cells[row].to_owned(),
    }
}

fn no_text(name: &str, header: &str) -> Error {
    unsuitable(name, header, "bytes that are no text")
}

fn unsuitable(name: &str, header: &str, what: &str) -> Error {
    let problem = format!(
        "the column {header:?} holds {what}; Segmenta reads numbers, text, true and false, dates and \
         times: leave the column out or write it as one of these"
    );
    Error::Format { file: name.to_owned(), problem }
}

fn broken(name: &str, error: ParquetError) -> Error {
    let problem = match error {
        ParquetError::NYI(what) => format!("this Parquet file uses what is not supported: {what}"),
        other => format!("the Parquet file is cut short or damaged ({other}); write it again"),
    };
    Error::Format { file: name.to_owned(), problem }
}
