//! A program that was built without traces.

use anyhow::Result;
use tracing_subscriber::layer::Identity;

use crate::cli::failure::Usage;

/// Nothing to send.
pub struct Traces;

/// Refuses.
///
/// # Errors
///
/// [`Usage`].
pub fn layer(_: &str) -> Result<(Identity, Traces)> {
    let problem =
        "--otlp-endpoint: this program was built without traces; build it with --features otel";
    Err(Usage(problem.to_owned()).into())
}
