//! Whether a file is still the one that it was.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::digest;
use crate::error::{Error, Result};

/// Bytes of a file's beginning and end that tell it from others. Parquet has its figures at the end.
const TELLING: u64 = 1 << 16;

/// What changes with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Result<Self> {
        let metadata =
            path.metadata().map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok() })
    }

    /// Makes sure that the file is still the one that it was.
    pub(super) fn require(&self, path: &Path) -> Result<()> {
        if Self::of(path)? == *self {
            return Ok(());
        }
        let problem = "the file changed while it was read; begin anew when nobody writes to it";
        Err(Error::Format { file: path.display().to_string(), problem: problem.to_owned() })
    }
}

/// A digest of the files' lengths, beginnings and ends: to read all of them would be one more pass.
pub(super) fn fingerprint<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<String> {
    let mut digest = Sha256::new();
    for path in paths {
        let refuse = |source| Error::Read { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(refuse)?;
        let length = file.metadata().map_err(refuse)?.len();
        digest.update(length.to_le_bytes());
        for start in [0, length.saturating_sub(TELLING)] {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(start)).map_err(refuse)?;
            file.by_ref().take(TELLING).read_to_end(&mut bytes).map_err(refuse)?;
            digest.update(&bytes);
        }
    }
    Ok(digest::hex(&digest.finalize()))
}
