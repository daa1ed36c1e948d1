//! What stands in for Parquet where Segmenta was built without it.

use bytes::Bytes;

use super::column::Values;
use super::csv::Record;
use super::input::Input;
use super::table::CellType;
use crate::error::{Error, Result};

/// No such reader can be made.
pub(super) enum ParquetReader {}

impl ParquetReader {
    pub(super) fn open(input: &Input<'_>) -> Result<Self> {
        Self::of_bytes(input.name(), Bytes::new())
    }

    pub(super) fn of_bytes(name: &str, _: Bytes) -> Result<Self> {
        let problem = "this is Parquet, and this Segmenta was built without it; build it with \
                       `cargo build --release --features parquet`, or save the table as CSV";
        Err(Error::Format { file: name.to_owned(), problem: problem.to_owned() })
    }

    pub(super) fn headers(&self) -> &[String] {
        match *self {}
    }

    pub(super) fn types(&self) -> Vec<CellType> {
        match *self {}
    }

    pub(super) fn groups(&self) -> Vec<u64> {
        match *self {}
    }

    pub(super) fn scan(
        &self,
        _: usize,
        _: &[usize],
        _: impl FnMut(Vec<Values>) -> Result<()>,
    ) -> Result<()> {
        match *self {}
    }

    pub(super) fn read(&mut self, _: &mut Record) -> Result<bool> {
        match *self {}
    }

    pub(super) fn read_columns(&mut self) -> Result<Option<Vec<Values>>> {
        match *self {}
    }
}

#[allow(clippy::unnecessary_wraps)] // as its twin
pub(super) fn rows_of(_: &str, file: Vec<u8>, _: &[bool]) -> Result<Vec<u8>> {
    Ok(file)
}
