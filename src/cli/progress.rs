//! Progress bars, on standard error and only where somebody watches it.

use std::fmt::Write;
use std::io::{IsTerminal, stderr, stdout};

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

/// A bar over numbers of clusters.
pub fn sweep(k_max: usize) -> ProgressBar {
    bar(k_max as u64, "{msg} [{bar:30}] k = {pos} of {len}").with_message("Learning")
}

/// A bar over a file's bytes; none while rows are printed on the same terminal. 0 bytes: of unknown
/// length.
pub fn bytes(length: u64, rows_on_stdout: bool) -> ProgressBar {
    if rows_on_stdout && stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = if length == 0 {
        "{msg} {bytes} ({bytes_per_sec})"
    } else {
        "{msg} [{bar:30}] {bytes} of {total_bytes} ({eta} left)"
    };
    bar(length, template).with_message("Scoring")
}

/// A bar over the rows of a pass, of which it may not be known how many there are.
pub fn pass(what: String, n_rows: Option<u64>) -> ProgressBar {
    let template = if n_rows.is_some() {
        "{msg} [{bar:30}] {percent} % of {human_len} rows ({rate}, {eta} left)"
    } else {
        "{msg}: {human_pos} rows ({rate})"
    };
    bar(n_rows.unwrap_or(0), template).with_message(what)
}

fn bar(length: u64, template: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("rate", rate)
        .progress_chars("#>-");
    ProgressBar::new(length).with_style(style)
}

/// Rows a second, whole ones.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // no rate is negative
fn rate(state: &ProgressState, to: &mut dyn Write) {
    let _ = write!(to, "{}/s", HumanCount(state.per_sec() as u64));
}
