//! SHA-256, in hexadecimal: fingerprints of data, checksums of models, tags of answers.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The digest of some bytes, 64 lower-case digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
