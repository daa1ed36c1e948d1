//! Rows of results, in the form that was asked for.

use std::io::{self, Write};

use csv::{IntoInnerError, Writer, WriterBuilder};
use segmenta::Result;
use serde_json::{Map, Value};

use super::output::Output;
use super::parquet_rows::ParquetRows;

/// Writes one row after another.
pub enum RowWriter {
    /// Cells between delimiters, below a header.
    Csv(Box<Writer<Output>>),
    /// An object a line.
    Ndjson(Output),
    /// An array of objects, and whether one was written.
    Json(Output, bool),
    /// Columns that have a type each.
    Parquet(Box<ParquetRows>),
}

impl RowWriter {
    /// CSV with this byte between two cells.
    pub fn csv(output: Output, delimiter: u8) -> Self {
        Self::Csv(Box::new(WriterBuilder::new().delimiter(delimiter).from_writer(output)))
    }

    /// Writes a header, in the form that has one.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn header<'a>(&mut self, headers: impl IntoIterator<Item = &'a str>) -> Result<()> {
        match self {
            Self::Csv(writer) => cells(writer, headers),
            Self::Ndjson(_) | Self::Json(..) | Self::Parquet(_) => Ok(()),
        }
    }

    /// Writes a row: its values as cells, or all of it as an object.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn row(&mut self, row: &Map<String, Value>) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                let texts: Vec<String> = row.values().map(text).collect();
                cells(writer, texts.iter().map(String::as_str))
            }
            Self::Ndjson(output) => object(output, "", row, "\n"),
            Self::Parquet(rows) => rows.row(row),
            Self::Json(output, begun) => {
                let before = if *begun { ",\n" } else { "[\n" };
                *begun = true;
                object(output, before, row, "")
            }
        }
    }

    /// Writes out what is left.
    ///
    /// # Errors
    ///
    /// [`segmenta::Error::Write`].
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut writer) => {
                let flushed = writer.flush();
                flushed.map_err(|source| writer.get_ref().refuse(source))?;
                // The buffer is empty, so nothing is left that could fail.
                writer.into_inner().map_err(refuse_inner)?.finish()
            }
            Self::Ndjson(output) => output.finish(),
            Self::Parquet(rows) => rows.finish(),
            Self::Json(mut output, begun) => {
                let end = if begun { "\n]\n" } else { "[]\n" };
                output.write_all(end.as_bytes()).map_err(|source| output.refuse(source))?;
                output.finish()
            }
        }
    }
}

/// Writes a row of cells.
///
/// # Errors
///
/// [`segmenta::Error::Write`].
pub fn cells<'a>(
    writer: &mut Writer<Output>,
    cells: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    writer.write_record(cells).map_err(|error| {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => io::Error::other(format!("{other:?}")),
        };
        writer.get_ref().refuse(source)
    })
}

fn refuse_inner(error: IntoInnerError<Writer<Output>>) -> segmenta::Error {
    let source = io::Error::new(error.error().kind(), error.error().to_string());
    error.into_inner().get_ref().refuse(source)
}

fn object(output: &mut Output, before: &str, row: &Map<String, Value>, after: &str) -> Result<()> {
    let written = output
        .write_all(before.as_bytes())
        .and_then(|()| serde_json::to_writer(&mut *output, row).map_err(io::Error::from))
        .and_then(|()| output.write_all(after.as_bytes()));
    written.map_err(|source| output.refuse(source))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
