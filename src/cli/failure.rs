//! From an error to what the user reads and the shell gets.

use std::io;
use std::process::ExitCode;

use super::output;

/// A use of the program that cannot be meant: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Prints the error on standard error and gives the exit code: 2 for wrong use or bad input, 1 for
/// anything else. A reader that closed the pipe has what it wanted: that is no error.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    output::note(format_args!("error: {}", message(error)));
    ExitCode::from(if is_input(error) { 2 } else { 1 })
}

/// The error, and each cause of it that says something new.
fn message(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !message.contains(&cause) {
            message.push_str(": ");
            message.push_str(&cause);
        }
    }
    message
}

fn is_input(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Usage>()
            || cause.downcast_ref::<segmenta::Error>().is_some_and(segmenta::Error::is_input)
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
