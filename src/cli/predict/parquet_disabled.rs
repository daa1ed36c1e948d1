//! What stands in for Parquet where Segmenta was built without it.

use std::path::PathBuf;

use segmenta::model::Model;

use super::PredictArgs;

#[allow(clippy::unnecessary_wraps)] // as its twin
pub(super) fn run(_: &PredictArgs, _: &Model, _: &[PathBuf]) -> anyhow::Result<bool> {
    Ok(false)
}
