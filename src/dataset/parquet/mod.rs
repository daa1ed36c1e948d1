//! Parquet, read a batch of rows at a time; as many groups of rows as there are threads are decoded at once.

use std::collections::VecDeque;
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, PrimitiveArray, RecordBatch,
};
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;
use rayon::prelude::*;

use super::column::Values;
use super::csv::Record;
use super::input::{self, Input, RandomAccess};
use super::texts::Texts;
use crate::error::{Error, Result};

/// Rows that are read at once.
const BATCH: usize = 1 << 16;
/// Whole numbers up to this magnitude are exact in a double.
const MOST_EXACT: u64 = 1 << 53;

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
        let metadata =
            ArrowReaderMetadata::load(reader, options).map_err(|error| broken(name, error))?;
        let mut headers: Vec<String> = Vec::new();
        for field in metadata.schema().fields() {
            let header = field.name().trim().to_owned();
            if field.data_type().is_nested() {
                return Err(unsuitable(name, &header, "a list or a structure"));
            }
            if !is_known(field.data_type()) {
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

    /// How many rows the file says that it has.
    pub(super) fn n_rows(&self) -> usize {
        usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    pub(super) fn headers(&self) -> &[String] {
        &self.headers
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
            let groups: Vec<Vec<Vec<Values>>> = (self.next_group..end)
                .into_par_iter()
                .map(|group| self.decode(group))
                .collect::<Result<_>>()?;
            self.ahead.extend(groups.into_iter().flatten());
            self.next_group = end;
        }
        Ok(self.ahead.pop_front())
    }

    /// The next rows that are decoded, more than one batch: for each column its parts, in their order.
    pub(super) fn read_parts(&mut self) -> Result<Option<Vec<Vec<Values>>>> {
        let Some(first) = self.read_batch()? else { return Ok(None) };
        let mut parts: Vec<Vec<Values>> = first.into_iter().map(|cells| vec![cells]).collect();
        for batch in self.ahead.drain(..) {
            parts.iter_mut().zip(batch).for_each(|(parts, cells)| parts.push(cells));
        }
        Ok(Some(parts))
    }

    /// The batches of a group of rows.
    fn decode(&self, group: usize) -> Result<Vec<Vec<Values>>> {
        match &self.chunks {
            Chunks::File(path) => self.decode_from(input::open(path)?, group),
            Chunks::Bytes(bytes) => self.decode_from(bytes.clone(), group),
        }
    }

    fn decode_from(
        &self,
        chunks: impl ChunkReader + 'static,
        group: usize,
    ) -> Result<Vec<Vec<Values>>> {
        let refuse = |error| broken(&self.name, error);
        let batches =
            ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, self.metadata.clone())
                .with_row_groups(vec![group])
                .with_batch_size(BATCH)
                .build()
                .map_err(refuse)?;
        batches
            .map(|batch| {
                let batch: RecordBatch =
                    batch.map_err(|error| refuse(ParquetError::from(error)))?;
                let columns = batch.columns().iter().zip(&self.headers);
                let columns = columns.map(|(column, header)| {
                    values(column)
                        .ok_or_else(|| unsuitable(&self.name, header, "bytes that are no text"))
                });
                columns.collect::<Result<Vec<Values>>>()
            })
            .collect()
    }
}

fn text(cells: &Values, row: usize) -> String {
    match cells {
        Values::Numbers(numbers) if numbers[row].is_nan() => String::new(),
        Values::Numbers(numbers) => numbers[row].to_string(),
        Values::Text(cells) => cells[row].to_owned(),
    }
}

fn is_known(kind: &DataType) -> bool {
    kind.is_numeric()
        || kind.is_null()
        || matches!(
            kind,
            DataType::Boolean
                | DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Binary
                | DataType::LargeBinary
                | DataType::BinaryView
                | DataType::Date32
                | DataType::Date64
                | DataType::Timestamp(..)
        )
}

/// The cells of a column; none where they are bytes that are no text.
fn values(column: &ArrayRef) -> Option<Values> {
    let array = column.as_ref();
    Some(match array.data_type() {
        DataType::Int8 => numbers::<Int8Type>(array, f64::from),
        DataType::Int16 => numbers::<Int16Type>(array, f64::from),
        DataType::Int32 => numbers::<Int32Type>(array, f64::from),
        DataType::UInt8 => numbers::<UInt8Type>(array, f64::from),
        DataType::UInt16 => numbers::<UInt16Type>(array, f64::from),
        DataType::UInt32 => numbers::<UInt32Type>(array, f64::from),
        DataType::Int64 => integers::<Int64Type>(array, i64::unsigned_abs, |x| x as f64),
        DataType::UInt64 => integers::<UInt64Type>(array, |x| x, |x| x as f64),
        DataType::Float16 => numbers::<Float16Type>(array, f64::from),
        DataType::Float32 => numbers::<Float32Type>(array, f64::from),
        DataType::Float64 => numbers::<Float64Type>(array, |x| x),
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
        DataType::Date32 => dates::<Date32Type>(array),
        DataType::Date64 => dates::<Date64Type>(array),
        DataType::Timestamp(TimeUnit::Second, _) => times::<TimestampSecondType>(array),
        DataType::Timestamp(TimeUnit::Millisecond, _) => times::<TimestampMillisecondType>(array),
        DataType::Timestamp(TimeUnit::Microsecond, _) => times::<TimestampMicrosecondType>(array),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => times::<TimestampNanosecondType>(array),
        DataType::Boolean => {
            let word = |value| if value { "true" } else { "false" };
            Values::Text(array.as_boolean().iter().map(|x| x.map_or("", word)).collect())
        }
        DataType::Utf8 => texts(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter()),
        DataType::Utf8View => texts(array.as_string_view().iter()),
        DataType::Binary => return utf8(array.as_binary::<i32>().iter()),
        DataType::LargeBinary => return utf8(array.as_binary::<i64>().iter()),
        DataType::BinaryView => return utf8(array.as_binary_view().iter()),
        _ => texts((0..array.len()).map(|_| None)),
    })
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array, number: fn(T::Native) -> f64) -> Values {
    let array: &PrimitiveArray<T> = array.as_primitive();
    if array.null_count() == 0 {
        return Values::Numbers(array.values().iter().map(|&x| number(x)).collect());
    }
    Values::Numbers(array.iter().map(|x| x.map_or(f64::NAN, number)).collect())
}

/// Whole numbers; text where one is too large for a double, as codes are.
fn integers<T: ArrowPrimitiveType>(
    array: &dyn Array,
    magnitude: fn(T::Native) -> u64,
    number: fn(T::Native) -> f64,
) -> Values
where
    T::Native: ToString,
{
    let cells: &PrimitiveArray<T> = array.as_primitive();
    if cells.iter().flatten().all(|x| magnitude(x) <= MOST_EXACT) {
        return numbers::<T>(array, number);
    }
    let mut texts = Texts::default();
    cells.iter().for_each(|x| texts.push(&x.map_or_else(String::new, |x| x.to_string())));
    Values::Text(texts)
}

fn decimals<T: arrow_array::types::DecimalType>(array: &dyn Array) -> Values
where
    T::Native: ArrowNativeTypeOp,
{
    let array: &PrimitiveArray<T> = array.as_primitive();
    let number = |row| {
        let digits = array.is_valid(row).then(|| array.value_as_string(row));
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(f64::NAN)
    };
    Values::Numbers((0..array.len()).map(number).collect())
}

fn dates<T: arrow_array::types::ArrowTemporalType>(array: &dyn Array) -> Values
where
    i64: From<T::Native>,
{
    let array: &PrimitiveArray<T> = array.as_primitive();
    let day = |row| array.value_as_date(row).filter(|_| array.is_valid(row));
    shown((0..array.len()).map(day))
}

fn times<T: arrow_array::types::ArrowTemporalType>(array: &dyn Array) -> Values
where
    i64: From<T::Native>,
{
    let array: &PrimitiveArray<T> = array.as_primitive();
    let time = |row| array.value_as_datetime(row).filter(|_| array.is_valid(row));
    shown((0..array.len()).map(time))
}

fn shown(cells: impl Iterator<Item = Option<impl ToString>>) -> Values {
    let mut texts = Texts::default();
    cells.for_each(|cell| texts.push(&cell.map_or_else(String::new, |cell| cell.to_string())));
    Values::Text(texts)
}

fn texts<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Values {
    Values::Text(cells.map(Option::unwrap_or_default).collect())
}

fn utf8<'a>(cells: impl Iterator<Item = Option<&'a [u8]>>) -> Option<Values> {
    let cells = cells.map(|cell| std::str::from_utf8(cell.unwrap_or_default()).ok());
    cells.collect::<Option<Texts>>().map(Values::Text)
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
