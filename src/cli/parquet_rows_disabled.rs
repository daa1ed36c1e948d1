//! What stands in for Parquet where Segmenta was built without it.

use segmenta::Result;
use segmenta::dataset::CellType;
use serde_json::{Map, Value};

use super::failure::Usage;
use super::output::Output;

/// No such rows can be written.
#[derive(Debug)]
pub enum ParquetRows {}

impl ParquetRows {
    /// Refuses.
    ///
    /// # Errors
    ///
    /// [`Usage`].
    pub fn new(_: Output, _: impl Iterator<Item = (String, CellType)>) -> anyhow::Result<Self> {
        let problem = "this Segmenta was built without Parquet; build it with `cargo build --release \
                       --features parquet`, or write to a file that ends in .csv or .ndjson";
        Err(Usage(problem.to_owned()).into())
    }

    /// Cannot be called.
    pub fn row(&mut self, _: &Map<String, Value>) -> Result<()> {
        match *self {}
    }

    /// Cannot be called.
    pub fn finish(self) -> Result<()> {
        match self {}
    }
}
