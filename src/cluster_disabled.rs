//! What stands in the place of clusters in a Segmenta that was built without them (feature `cluster`).

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::engine::Session;
use crate::error::{Error, Result};

/// How a scheduler is run.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// Where it listens.
    pub address: SocketAddr,
    /// What other machines call this one.
    pub host: String,
}

/// How an executor is run.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// The scheduler's host and port.
    pub scheduler: (String, u16),
    /// Where it gives away what it made.
    pub address: SocketAddr,
    /// Where it is given work.
    pub task_port: u16,
    /// What other machines call this one.
    pub host: String,
    /// Tasks at a time.
    pub n_tasks: usize,
    /// The most memory that tasks may take, in bytes.
    pub memory: Option<u64>,
    /// Where results of parts are kept until they are fetched.
    pub work_dir: Option<PathBuf>,
}

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
