//! How the machines of a cluster are run, also where none can be.

use std::net::SocketAddr;
use std::path::PathBuf;

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
