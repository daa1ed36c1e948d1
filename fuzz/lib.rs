//! What the fuzzer calls; the program's own tests call the same.

#[path = "../tests/fuzz/mod.rs"]
mod targets;

pub use targets::*;
