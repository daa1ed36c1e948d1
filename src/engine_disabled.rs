//! What stands in the place of the query engine in a Segmenta that was built without it (feature `engine`).

use std::convert::Infallible;
use std::io::Write;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use crate::dataset::scan::{Drawn, Pass, Watch};
use crate::dataset::{Dataset, OnError, Table};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::personas::Language;

/// A query engine that is ready: there is none.
#[derive(Debug)]
pub enum Session {}

/// Rows that come of a query: there are none.
#[derive(Debug)]
pub struct Query<'a> {
    never: Infallible,
    session: PhantomData<&'a Session>,
}

/// Rows with the segment of each: there are none.
#[derive(Debug)]
pub enum Scored {}

impl Scored {
    /// Writes all rows that could be scored as Parquet, and gives their number.
    ///
    /// # Errors
    ///
    /// None: there are no rows.
    pub fn write_parquet(&self, _: impl Write, _: &Path) -> Result<(u64, u64)> {
        match *self {}
    }
}

impl Session {
    /// An engine in this process.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`].
    pub fn embedded() -> Result<Self> {
        Err(Error::NotBuilt { what: "SQL and object storage", feature: "engine" })
    }

    /// The rows of files that are one table.
    ///
    /// # Errors
    ///
    /// None: there is no engine to ask.
    pub fn table(&self, _: &[PathBuf]) -> Result<Query<'_>> {
        match *self {}
    }

    /// The rows that a query gives over some tables.
    ///
    /// # Errors
    ///
    /// None: there is no engine to ask.
    pub fn sql(&self, _: &[PathBuf], _: &str) -> Result<Query<'_>> {
        match *self {}
    }
}

impl Query<'_> {
    /// The same rows with the segment of each behind their own columns.
    ///
    /// # Errors
    ///
    /// None: there are no rows.
    pub fn scored(self, _: &Model, _: Language, _: OnError) -> Result<Scored> {
        match self.never {}
    }

    /// Bytes of all files that are read.
    pub fn n_bytes(&self) -> u64 {
        match self.never {}
    }

    /// Writes all rows to a Parquet file, and gives their number.
    ///
    /// # Errors
    ///
    /// None: there are no rows.
    pub fn write_parquet(&self, _: &Path) -> Result<u64> {
        match self.never {}
    }
}

impl Table for Query<'_> {
    fn name(&self) -> &str {
        match self.never {}
    }

    fn headers(&self) -> &[String] {
        match self.never {}
    }

    fn n_rows(&self) -> Option<u64> {
        match self.never {}
    }

    fn fingerprint(&self) -> Result<String> {
        match self.never {}
    }

    fn pass<P: Pass>(&self, _: &P, _: &dyn Watch) -> Result<P::Part> {
        match self.never {}
    }

    fn table_of(&self, _: Drawn) -> Result<Dataset> {
        match self.never {}
    }
}
