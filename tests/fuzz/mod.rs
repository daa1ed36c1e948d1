//! What holds for any bytes, a function for each way in: it takes bytes and panics only where a promise is broken.
//!
//! The fuzzer under `fuzz/` calls them with bytes that it makes up, and `tests/fuzz_corpus.rs` with those that are
//! kept.

mod model_file;
mod persona_file;
mod predict_body;
mod tables;

pub use model_file::model_file;
pub use persona_file::persona_file;
pub use predict_body::predict_body;
#[cfg(feature = "parquet")]
pub use tables::parquet;
pub use tables::{csv, ndjson};

/// Inputs beyond this length show nothing that shorter ones do not.
const LONGEST: usize = 1 << 16;
