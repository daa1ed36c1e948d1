//! The record of what was changed.

use segmenta::audit::{Audit, Entry};
use segmenta::model::store::Store;

use super::output::note;

/// Records that something was done to a data folder. What was done stays done where that fails, and it is said.
pub fn record(store: &Store, what: &str, to: &str) {
    add(store, &Entry::of_command_line(what, Some(to)));
}

/// Records that a customer was erased, but not which.
pub fn record_erasure(store: &Store) {
    add(store, &Entry::of_command_line("erase customer", None));
}

fn add(store: &Store, entry: &Entry) {
    if let Err(error) = Audit::within(store.path()).add(entry) {
        note(format_args!("warning: the change could not be recorded: {error}"));
    }
}
