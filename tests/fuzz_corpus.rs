//! The inputs that the fuzzer begins with and the ones that it found: promises hold for each, whole and cut off.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;

use std::fs;
use std::path::Path;

/// Gives a target all files of its corpus, each also cut at some places.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut n_files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let cut = |part: usize| &bytes[..bytes.len() * part / 5];
        let shorter = bytes.len().saturating_sub(1);
        for input in [&bytes[..], &bytes[..shorter], cut(1), cut(2), cut(3), cut(4)] {
            let told = std::panic::catch_unwind(|| target(input));
            assert!(told.is_ok(), "{}, its first {} bytes", path.display(), input.len());
        }
        n_files += 1;
    }
    assert!(n_files >= 10, "{} has {n_files} files", folder.display());
}

#[test]
fn csv() {
    replay("csv", fuzz::csv);
}

#[test]
fn ndjson() {
    replay("ndjson", fuzz::ndjson);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet() {
    replay("parquet", fuzz::parquet);
}

#[test]
fn model_file() {
    replay("model_file", fuzz::model_file);
}

#[test]
fn predict_body() {
    replay("predict_body", fuzz::predict_body);
}

#[test]
fn persona_file() {
    replay("persona_file", fuzz::persona_file);
}
