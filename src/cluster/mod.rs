//! Passes on many machines, by Apache Ballista: a scheduler hands out parts of a pass, and executors make them.
//!
//! A lost executor is noticed within seconds here, where Ballista takes minutes by default: its parts are made again
//! by others.

mod client;
mod executor;
mod jobs;
mod options;
mod readiness;
mod scheduler;

pub use client::connect;
pub use executor::execute;
pub use options::{ExecutorOptions, SchedulerOptions};
pub use scheduler::schedule;

use crate::error::Error;

/// Seconds between two signs of life of an executor.
const HEARTBEAT: u64 = 2;
/// Seconds without one after which an executor is lost.
const TIMEOUT: u64 = 10;
/// Seconds without any executor, or without a scheduler, after which a pass is given up.
const PATIENCE: u64 = 20;
/// The most bytes of a message: what a pass gives may be as long.
const LONGEST_MESSAGE: u32 = 1 << 28;

fn failed(what: &str, error: impl std::fmt::Display) -> Error {
    Error::Engine(format!("{what}: {error}"))
}
