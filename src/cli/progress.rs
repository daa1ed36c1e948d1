//! Progress bars, on standard error and only where somebody watches it.

use std::io::{IsTerminal, stderr, stdout};

use indicatif::{ProgressBar, ProgressStyle};

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

fn bar(length: u64, template: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("#>-");
    ProgressBar::new(length).with_style(style)
}
