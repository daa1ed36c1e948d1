//! What the server tells about itself, on standard error.

use std::io::{IsTerminal, stderr};

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

/// A filter that can be used.
pub fn filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| {
        format!(
            "{error}; give a level such as info, or a filter such as info,segmenta::request=off"
        )
    })
}

/// Logs to stderr: lines to read on a terminal, JSON to process in a pipe.
pub fn start(filter: &str) -> Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    let logging = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let started = if stderr().is_terminal() {
        logging.compact().with_target(false).try_init()
    } else {
        logging.json().flatten_event(true).try_init()
    };
    started.map_err(|error| anyhow!("logging cannot start: {error}"))
}
