//! Rows of results as Parquet.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use segmenta::Result;
use segmenta::dataset::CellType;
use serde_json::{Map, Value};

use super::output::Output;

/// Rows that are encoded at once.
const BATCH: usize = 8 * 1024;
/// Rows of a group, which is in memory until it is whole.
const GROUP: usize = 128 * 1024;

/// Writes one row after another into columns that have a type each.
pub struct ParquetRows {
    output: Output,
    schema: SchemaRef,
    columns: Vec<Column>,
    n_rows: usize,
    /// Encodes to memory, from where whole groups go on to the output.
    writer: ArrowWriter<Vec<u8>>,
}

/// The cells of a column that are not encoded yet.
enum Column {
    Text(StringBuilder),
    Number(Float64Builder),
    Whole(Int64Builder),
}

impl ParquetRows {
    /// Columns by their names. Of several that share a name only the first is written.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn new(
        output: Output,
        columns: impl Iterator<Item = (String, CellType)>,
    ) -> anyhow::Result<Self> {
        let mut seen = HashSet::new();
        let columns: Vec<_> = columns.filter(|(name, _)| seen.insert(name.clone())).collect();
        let field = |(name, kind): &(String, CellType)| Field::new(name, data_type(*kind), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<Field>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))
            .map_err(|error| refuse(&output, error))?;
        let columns = columns.iter().map(|(_, kind)| Column::new(*kind)).collect();
        Ok(Self { output, schema, columns, n_rows: 0, writer })
    }

    /// Writes a row; a column that it lacks is null.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn row(&mut self, row: &Map<String, Value>) -> Result<()> {
        for (column, field) in self.columns.iter_mut().zip(self.schema.fields()) {
            column.push(row.get(field.name()).unwrap_or(&Value::Null));
        }
        self.n_rows += 1;
        if self.n_rows == BATCH { self.encode() } else { Ok(()) }
    }

    /// Writes out what is left.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn finish(mut self) -> Result<()> {
        if self.n_rows > 0 {
            self.encode()?;
        }
        let Self { mut output, writer, .. } = self;
        let rest = writer.into_inner().map_err(|error| refuse(&output, error))?;
        output.write_all(&rest).map_err(|source| output.refuse(source))?;
        output.finish()
    }

    fn encode(&mut self) -> Result<()> {
        self.n_rows = 0;
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(Column::take).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let written = batch
            .map_err(ParquetError::from)
            .and_then(|batch| self.writer.write(&batch))
            .and_then(|()| Ok(self.writer.sync()?));
        written.map_err(|error| refuse(&self.output, error))?;
        let whole = std::mem::take(self.writer.inner_mut());
        self.output.write_all(&whole).map_err(|source| self.output.refuse(source))
    }
}

fn data_type(kind: CellType) -> DataType {
    match kind {
        CellType::Text => DataType::Utf8,
        CellType::Number => DataType::Float64,
        CellType::Whole => DataType::Int64,
    }
}

impl Column {
    fn new(kind: CellType) -> Self {
        match kind {
            CellType::Text => Self::Text(StringBuilder::new()),
            CellType::Number => Self::Number(Float64Builder::new()),
            CellType::Whole => Self::Whole(Int64Builder::new()),
        }
    }

    fn push(&mut self, value: &Value) {
        match self {
            Self::Text(cells) => match value {
                Value::Null => cells.append_null(),
                Value::String(text) => cells.append_value(text),
                other => cells.append_value(other.to_string()),
            },
            Self::Number(cells) => cells.append_option(value.as_f64()),
            Self::Whole(cells) => cells.append_option(value.as_i64()),
        }
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(cells.finish()),
            Self::Number(cells) => Arc::new(cells.finish()),
            Self::Whole(cells) => Arc::new(cells.finish()),
        }
    }
}

fn refuse(output: &Output, error: ParquetError) -> segmenta::Error {
    output.refuse(io::Error::other(error))
}
