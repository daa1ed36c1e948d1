//! Files of Parquet, written as one with more columns behind their own.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::{ArrowError, Field, FieldRef, Fields, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use super::groups::{Group, Readers, of_file};
use super::{ParquetReader, SCANNED, broken, cells, no_text};
use crate::dataset::column::Values;
use crate::dataset::files;
use crate::dataset::input::Input;
use crate::dataset::stamp::Stamp;
use crate::dataset::table::CellType;
use crate::error::{Error, Result};

/// Rows of a group that is written: at least, where small ones are put together, and at most.
const GROUP: (u64, u64) = (1 << 17, 1 << 20);
/// The most files of which small groups are put together, as these are open meanwhile.
const TOGETHER: usize = 64;

/// Files of Parquet that are one table, in which every column has the same type in all of them.
#[derive(Debug)]
pub struct Copied {
    name: String,
    paths: Vec<PathBuf>,
    schema: SchemaRef,
    headers: Vec<String>,
    types: Vec<CellType>,
    groups: Vec<Group>,
    stamps: Vec<Stamp>,
}

/// Some rows of a file.
#[derive(Debug)]
pub struct Rows<'a> {
    /// What messages call the file.
    pub file: &'a str,
    /// The number of the first row in its file, counted from 1.
    pub first: u64,
    /// How many there are.
    pub n_rows: usize,
    /// The columns that were wanted.
    pub cells: &'a [Values],
}

/// A group of rows as it is written.
struct Encoded {
    chunks: Vec<ArrowColumnChunk>,
}

impl Copied {
    /// Looks at the end of each file. None if one is no Parquet as it stands, or has other columns than the first.
    ///
    /// # Errors
    ///
    /// As [`files::expand`], and [`Error::Format`] and [`Error::Read`] for a file that cannot be read.
    pub fn open(paths: &[PathBuf]) -> Result<Option<Self>> {
        let found = files::expand(paths)?;
        let mut first: Option<ParquetReader> = None;
        let (mut groups, mut stamps) = (Vec::new(), Vec::with_capacity(found.len()));
        for (place, path) in found.iter().enumerate() {
            stamps.push(Stamp::of(path)?);
            // What a pipe gave cannot be read again.
            if !path.is_file() || !starts_as_parquet(path)? {
                return Ok(None);
            }
            let reader = ParquetReader::open(&Input::file(path))?;
            groups.extend(of_file(place, &reader.groups()));
            match &first {
                None => first = Some(reader),
                Some(first) if types_of(first).eq(types_of(&reader)) => {}
                Some(_) => return Ok(None),
            }
        }
        let Some(first) = first else { return Ok(None) };
        Ok(Some(Self {
            name: files::title(paths, &found),
            paths: found,
            schema: Arc::clone(first.metadata.schema()),
            types: first.types(),
            headers: first.headers,
            groups,
            stamps,
        }))
    }

    /// What messages call the table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns' headers.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// What the columns hold.
    pub fn types(&self) -> &[CellType] {
        &self.types
    }

    /// The number of rows.
    pub fn n_rows(&self) -> u64 {
        self.groups.iter().map(|group| group.n_rows).sum()
    }

    /// Writes all rows with the columns that are `added`, which `work` makes of the `wanted` ones; rows for which
    /// it says false are left out. What it notes of rows in a `T` goes to `done`, in the order of the rows. `path` is
    /// what messages call the output.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] for a file that is damaged, [`Error::Write`], and what `work` and `done` give.
    pub fn write<T: Default + Send>(
        &self,
        (mut output, path): (impl Write, &Path),
        wanted: &[usize],
        added: &Fields,
        work: impl Fn(Rows<'_>, &mut T) -> Result<(Vec<ArrayRef>, BooleanArray)> + Sync,
        mut done: impl FnMut(T, u64) -> Result<()>,
    ) -> Result<()> {
        let refuse = |source: io::Error| Error::Write { path: path.to_owned(), source };
        let pack = |error: ParquetError| refuse(error.into());
        let fields = self.schema.fields().iter().chain(added);
        let nullable = |field: &FieldRef| Field::new(field.name(), field.data_type().clone(), true);
        let schema = Arc::new(Schema::new(fields.map(nullable).collect::<Vec<Field>>()));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        // Encoded to memory, from where whole groups go on.
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties));
        let (mut writer, factory) =
            writer.and_then(ArrowWriter::into_serialized_writer).map_err(pack)?;
        let task = Task { schema, factory, wanted, work: &work, pack: &pack };
        let mut readers = Readers::default();
        let units = units(&self.groups);
        for units in units.chunks(rayon::current_num_threads()) {
            let files = units.iter().flat_map(|unit| unit.iter().map(|group| group.file));
            readers.open(files, |file| &self.paths[file])?;
            self.require_unchanged(units.iter().flat_map(|unit| unit.iter()))?;
            let encoded: Vec<Result<(Vec<Encoded>, T)>> = units
                .par_iter()
                .with_max_len(1)
                .map(|unit| {
                    let mut noted = T::default();
                    Ok((task.encode(unit, &readers, &mut noted)?, noted))
                })
                .collect();
            // Of several errors the first is told, whichever thread was faster.
            for (encoded, unit) in encoded.into_iter().zip(units) {
                let (encoded, noted) = encoded?;
                for group in encoded {
                    append(&mut writer, group).map_err(pack)?;
                    output.write_all(&std::mem::take(writer.inner_mut())).map_err(refuse)?;
                }
                done(noted, unit.iter().map(|group| group.n_rows).sum())?;
            }
        }
        self.require_unchanged(&self.groups)?;
        let rest = writer.into_inner().map_err(pack)?;
        output.write_all(&rest).map_err(refuse)
    }

    /// Makes sure that the files of some groups are those that were opened.
    fn require_unchanged<'a>(&self, groups: impl IntoIterator<Item = &'a Group>) -> Result<()> {
        let mut last = None;
        for file in groups.into_iter().map(|group| group.file) {
            if last.replace(file) != Some(file) {
                self.stamps[file].require(&self.paths[file])?;
            }
        }
        Ok(())
    }
}

/// What is done with each unit.
struct Task<'a, W> {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
    wanted: &'a [usize],
    work: &'a W,
    /// What is said of rows that cannot be encoded.
    pack: &'a (dyn Fn(ParquetError) -> Error + Sync),
}

impl<W> Task<'_, W> {
    /// Groups of rows, as one or several that are ready to be written.
    fn encode<T>(&self, unit: &[Group], readers: &Readers, noted: &mut T) -> Result<Vec<Encoded>>
    where
        W: Fn(Rows<'_>, &mut T) -> Result<(Vec<ArrayRef>, BooleanArray)> + Sync,
    {
        let mut encoded = Vec::new();
        let mut open: Option<(Vec<ArrowColumnWriter>, u64)> = None;
        for group in unit {
            let Some(reader) = readers.of(group.file) else { continue };
            let refuse =
                |error| broken(&format!("{} (group of rows {})", reader.name, group.place), error);
            let mut first = group.n_before + 1;
            let batches =
                reader.batches(&reader.metadata, group.place, ProjectionMask::all(), SCANNED)?;
            for batch in batches {
                let batch = batch.map_err(|error| refuse(error.into()))?;
                let n_rows = batch.num_rows();
                let batch = self.with_columns(reader, &batch, first, noted)?;
                first += n_rows as u64;
                if batch.num_rows() == 0 {
                    continue;
                }
                let (mut writers, n_written) = match open.take() {
                    Some(open) => open,
                    // Its number matters to encrypted files only.
                    None => (self.factory.create_column_writers(0).map_err(self.pack)?, 0),
                };
                write(&mut writers, &batch).map_err(self.pack)?;
                let n_written = n_written + batch.num_rows() as u64;
                if n_written < GROUP.1 {
                    open = Some((writers, n_written));
                } else {
                    encoded.push(Encoded::new(writers).map_err(self.pack)?);
                }
            }
            let n_read = first - group.n_before - 1;
            if n_read != group.n_rows {
                let problem = format!("{n_read} of {} rows are there", group.n_rows);
                return Err(refuse(ParquetError::General(problem)));
            }
        }
        if let Some((writers, _)) = open {
            encoded.push(Encoded::new(writers).map_err(self.pack)?);
        }
        Ok(encoded)
    }

    /// Rows with the columns that are added, without those that are left out.
    fn with_columns<T>(
        &self,
        reader: &ParquetReader,
        batch: &RecordBatch,
        first: u64,
        noted: &mut T,
    ) -> Result<RecordBatch>
    where
        W: Fn(Rows<'_>, &mut T) -> Result<(Vec<ArrayRef>, BooleanArray)>,
    {
        let cells = |&column: &usize| {
            let cells = batch.columns().get(column).and_then(|array| cells::values(array));
            let header = reader.headers.get(column).map_or("", String::as_str);
            cells.ok_or_else(|| no_text(&reader.name, header))
        };
        let cells: Vec<Values> = self.wanted.iter().map(cells).collect::<Result<_>>()?;
        let n_rows = batch.num_rows();
        let rows = Rows { file: &reader.name, first, n_rows, cells: &cells };
        let (added, are_kept) = (self.work)(rows, noted)?;
        let columns = batch.columns().iter().cloned().chain(added).collect();
        let whole = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let kept = whole.and_then(|whole| {
            if are_kept.true_count() == n_rows {
                Ok(whole)
            } else {
                filter_record_batch(&whole, &are_kept)
            }
        });
        kept.map_err(|error: ArrowError| broken(&reader.name, error.into()))
    }
}

impl Encoded {
    fn new(writers: Vec<ArrowColumnWriter>) -> parquet::errors::Result<Self> {
        let chunks = writers.into_iter().map(ArrowColumnWriter::close);
        Ok(Self { chunks: chunks.collect::<parquet::errors::Result<_>>()? })
    }
}

/// Encodes rows whose columns are no structures, so that each has one writer.
fn write(writers: &mut [ArrowColumnWriter], batch: &RecordBatch) -> parquet::errors::Result<()> {
    let schema = batch.schema();
    for ((writer, field), column) in writers.iter_mut().zip(schema.fields()).zip(batch.columns()) {
        for leaf in compute_leaves(field, column)? {
            writer.write(&leaf)?;
        }
    }
    Ok(())
}

fn append(
    writer: &mut SerializedFileWriter<Vec<u8>>,
    group: Encoded,
) -> parquet::errors::Result<()> {
    let mut rows = writer.next_row_group()?;
    for chunk in group.chunks {
        chunk.append_to_row_group(&mut rows)?;
    }
    rows.close()?;
    Ok(())
}

/// Groups that one thread works on: small ones together, each in its order.
fn units(groups: &[Group]) -> Vec<&[Group]> {
    let mut units = Vec::new();
    let (mut start, mut n_rows) = (0, 0);
    for (place, group) in groups.iter().enumerate() {
        n_rows += group.n_rows;
        let n_files = group.file - groups[start].file + 1;
        let is_full = n_rows >= GROUP.0 || n_files >= TOGETHER;
        if is_full || place + 1 == groups.len() {
            units.push(&groups[start..=place]);
            (start, n_rows) = (place + 1, 0);
        }
    }
    units
}

/// The names and types of a file's columns.
fn types_of(reader: &ParquetReader) -> impl Iterator<Item = (&str, &arrow_schema::DataType)> {
    let fields = reader.metadata.schema().fields().iter();
    fields.map(|field| (field.name().as_str(), field.data_type()))
}

fn starts_as_parquet(path: &Path) -> Result<bool> {
    let mut start = Vec::new();
    let input = Input::file(path);
    let read = io::Read::read_to_end(&mut io::Read::take(input.open()?, 4), &mut start);
    read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Ok(start == b"PAR1")
}
