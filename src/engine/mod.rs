//! Tables that a query engine reads, DataFusion: files in object storage, and what SQL makes of several files.
//!
//! ```text
//! storage    where files are: on this machine, or in S3, Google's or Azure's storage
//! tables     files under a name, as tables of SQL
//! query      rows that come of them, to be passed over or written to a file
//! follow     work on them that goes on, and those who follow it
//! aggregate  a pass over rows as a function of SQL, so that it is done where the rows are
//! score      segments of customers, likewise
//! ```

mod aggregate;
mod follow;
mod query;
mod score;
mod session;
mod storage;
mod tables;

pub use query::{Query, Scored};
pub use session::Session;

use datafusion::error::DataFusionError;

/// What DataFusion says of an error, in one line.
fn said(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<&str>>().join(" ").replace(" caused by ", ": ")
}

#[cfg(feature = "cluster")]
pub(crate) use {
    aggregate::{Counter, fold_rows},
    score::segment,
    session::{Others, Waiting, configured, runtime},
    storage::Storage,
};
