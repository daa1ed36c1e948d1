//! What the server tells about itself: a log on standard error, and traces where somebody collects them.

use std::io::{IsTerminal, stderr};

use anyhow::{Result, anyhow};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use super::traces::{self, Traces};

/// A filter that can be used.
pub fn filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| {
        format!(
            "{error}; give a level such as info, or a filter such as info,segmenta::request=off"
        )
    })
}

/// Logs to stderr: lines to read on a terminal, JSON to process in a pipe. Gives what sends traces, if any are to be
/// sent.
///
/// # Errors
///
/// As [`traces::layer`].
pub fn start(filter: &str, otlp_endpoint: Option<&str>) -> Result<Option<Traces>> {
    let lines = fmt::layer().with_writer(stderr);
    let lines = if stderr().is_terminal() {
        lines.compact().with_target(false).boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    let (sent, traces) = otlp_endpoint.map(traces::layer).transpose()?.unzip();
    let started = registry().with(lines.with_filter(EnvFilter::try_new(filter)?)).with(sent);
    started.try_init().map_err(|error| anyhow!("logging cannot start: {error}"))?;
    Ok(traces)
}
