//! What stands in the place of clusters in a Segmenta that was built without them (feature `cluster`).

#[path = "cluster/options.rs"]
mod options;

pub use options::{ExecutorOptions, SchedulerOptions};

use crate::engine::Session;
use crate::error::{Error, Result};

fn not_built<T>() -> Result<T> {
    Err(Error::NotBuilt { what: "clusters", feature: "cluster" })
}

/// An engine whose work the machines of a cluster do.
///
/// # Errors
///
/// [`Error::NotBuilt`].
pub fn connect(_: &str) -> Result<Session> {
    not_built()
}

/// Hands out work.
///
/// # Errors
///
/// [`Error::NotBuilt`].
pub fn schedule(_: &SchedulerOptions) -> Result<()> {
    not_built()
}

/// Does work.
///
/// # Errors
///
/// [`Error::NotBuilt`].
pub fn execute(_: &ExecutorOptions) -> Result<()> {
    not_built()
}
