//! What stands in for Parquet where Segmenta was built without it.

use std::path::Path;

use bytes::Bytes;

use super::column::Values;
use super::csv::Record;
use super::input::Input;
use super::table::CellType;
use crate::error::{Error, Result};

/// Groups of rows that are in no file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) file: usize,
    pub(super) place: usize,
    pub(super) n_before: u64,
}

pub(super) fn groups_of_file(_: usize, _: &[u64]) -> impl Iterator<Item = Group> {
    std::iter::empty()
}

/// No reader.
#[derive(Default)]
pub(super) struct Readers(Option<ParquetReader>);

impl Readers {
    #[allow(clippy::unnecessary_wraps)] // as its twin
    pub(super) fn open<'a>(
        &mut self,
        _: impl Iterator<Item = usize>,
        _: impl Fn(usize) -> &'a Path,
    ) -> Result<()> {
        self.0 = None;
        Ok(())
    }

    pub(super) fn of(&self, _: usize) -> Option<&ParquetReader> {
        self.0.as_ref()
    }
}

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
