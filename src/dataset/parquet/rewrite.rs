//! Some rows of a Parquet file, as a file of their own.

use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::broken;
use crate::error::{Error, Result};

/// The rows for which `is_kept` says so. Types and names stay; how the file is packed may change.
pub(in crate::dataset) fn rows_of(name: &str, file: Vec<u8>, is_kept: &[bool]) -> Result<Vec<u8>> {
    let refuse = |error: ParquetError| broken(name, error);
    let selectors: Vec<RowSelector> = is_kept
        .chunk_by(|one, next| one == next)
        .map(|run| match run.first() {
            Some(true) => RowSelector::select(run.len()),
            _ => RowSelector::skip(run.len()),
        })
        .collect();
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).map_err(refuse)?;
    let schema = reader.schema().clone();
    let reader =
        reader.with_row_selection(RowSelection::from(selectors)).build().map_err(refuse)?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(refuse)?;
    for batch in reader {
        let batch = batch
            .map_err(|error| Error::Format { file: name.to_owned(), problem: error.to_string() })?;
        writer.write(&batch).map_err(refuse)?;
    }
    writer.into_inner().map_err(refuse)
}
