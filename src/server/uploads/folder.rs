//! The folder of uploads: `uploads/ID/file/NAME`, and beside it `upload.json`, which says what it is.
//!
//! A file arrives in a folder whose name begins with [`ARRIVING`], and gets its own when it is whole. What a
//! killed process left there is swept away at the next start.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use utoipa::ToSchema;

use super::name;
use crate::digest::hex;
use crate::error::Error;
use crate::whole_file;

const FOLDER: &str = "uploads";
const ARRIVING: &str = ".arriving-";
const DESCRIPTION: &str = "upload.json";
const FILE: &str = "file";
/// The random letters of an id.
const ID_LENGTH: usize = 12;

/// A file that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(in crate::server) struct Upload {
    /// Names the upload.
    pub(in crate::server) id: String,
    /// The file's name, without its folders.
    pub(in crate::server) name: String,
    /// Its length.
    pub(in crate::server) bytes: u64,
    /// The SHA-256 of its bytes.
    pub(in crate::server) sha256: String,
    /// When it had arrived (RFC 3339).
    pub(in crate::server) created_at: String,
}

/// Where uploads are kept.
#[derive(Debug, Clone)]
pub(in crate::server) struct Uploads {
    path: PathBuf,
}

/// An upload that has not arrived yet. Dropped before its end, it leaves nothing.
pub(super) struct Arriving {
    folder: TempDir,
    file: File,
    name: String,
    bytes: u64,
    digest: Sha256,
}

impl Uploads {
    /// Those in a data folder.
    pub(in crate::server) fn within(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FOLDER) }
    }

    /// Removes what never arrived.
    pub(in crate::server) fn sweep(&self) {
        for entry in self.folders().unwrap_or_default() {
            let is_partial =
                entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with(ARRIVING));
            if is_partial && let Err(error) = fs::remove_dir_all(&entry) {
                tracing::warn!(%error, folder = %entry.display(), "an upload that was cut off is left");
            }
        }
    }

    pub(super) fn begin(&self, name: &str) -> io::Result<Arriving> {
        fs::create_dir_all(&self.path)?;
        let folder = tempfile::Builder::new()
            .prefix(ARRIVING)
            .rand_bytes(ID_LENGTH)
            .tempdir_in(&self.path)?;
        let name = name::safe(name);
        fs::create_dir(folder.path().join(FILE))?;
        let file = File::create(folder.path().join(FILE).join(&name))?;
        Ok(Arriving { folder, file, name, bytes: 0, digest: Sha256::new() })
    }

    /// All uploads, the newest first.
    pub(super) fn list(&self) -> io::Result<Vec<Upload>> {
        let mut uploads: Vec<Upload> =
            self.folders()?.iter().filter_map(|folder| described(folder)).collect();
        uploads.sort_by(|a, b| (&b.created_at, &b.id).cmp(&(&a.created_at, &a.id)));
        Ok(uploads)
    }

    /// The upload of this id, and where its file is.
    pub(in crate::server) fn find(&self, id: &str) -> Option<(Upload, PathBuf)> {
        let is_id = id.len() == ID_LENGTH && id.bytes().all(|sign| sign.is_ascii_alphanumeric());
        let folder = self.path.join(id);
        let upload = described(&folder).filter(|_| is_id)?;
        let file = folder.join(FILE).join(&upload.name);
        Some((upload, file))
    }

    /// Removes an upload; false where there was none.
    pub(super) fn remove(&self, id: &str) -> io::Result<bool> {
        if self.find(id).is_none() {
            return Ok(false);
        }
        // Without its description it is gone, even if the rest should stay.
        fs::remove_file(self.path.join(id).join(DESCRIPTION))?;
        fs::remove_dir_all(self.path.join(id))?;
        Ok(true)
    }

    fn folders(&self) -> io::Result<Vec<PathBuf>> {
        match fs::read_dir(&self.path) {
            Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

impl Arriving {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Gives the file its place, once all of it is on the disk.
    pub(super) fn finish(self) -> io::Result<Upload> {
        self.file.sync_all()?;
        drop(self.file);
        let arrived = self.folder.path();
        let own = arrived.file_name().unwrap_or_default().to_string_lossy();
        let id = own.trim_start_matches(ARRIVING).to_owned();
        let now = jiff::Timestamp::now();
        let upload = Upload {
            id,
            name: self.name,
            bytes: self.bytes,
            sha256: hex(&self.digest.finalize()),
            created_at: now.round(jiff::Unit::Millisecond).unwrap_or(now).to_string(),
        };
        let text = serde_json::to_vec(&upload)?;
        whole_file::write(&arrived.join(DESCRIPTION), &text).map_err(|error| match error {
            Error::Write { source, .. } => source,
            error => io::Error::other(error),
        })?;
        let place = arrived.with_file_name(&upload.id);
        fs::rename(arrived, place)?;
        // There is nothing left under the former name to be removed.
        let _ = self.folder.keep();
        Ok(upload)
    }
}

fn described(folder: &Path) -> Option<Upload> {
    let upload: Upload = serde_json::from_slice(&fs::read(folder.join(DESCRIPTION)).ok()?).ok()?;
    let is_own = folder.file_name().is_some_and(|name| name.to_string_lossy() == upload.id);
    (is_own && upload.name == name::safe(&upload.name)).then_some(upload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_is_whole_or_absent() {
        let data_dir = tempfile::tempdir().unwrap();
        let uploads = Uploads::within(data_dir.path());
        assert_eq!(uploads.list().unwrap(), []);
        let mut cut_off = uploads.begin("a.csv").unwrap();
        cut_off.write(b"x\n1\n").unwrap();
        assert_eq!(uploads.list().unwrap(), []);
        drop(cut_off);

        let mut arriving = uploads.begin("../a.csv").unwrap();
        arriving.write(b"x\n").unwrap();
        arriving.write(b"1\n").unwrap();
        let upload = arriving.finish().unwrap();
        assert_eq!((upload.name.as_str(), upload.bytes), ("a.csv", 4));
        assert_eq!(upload.sha256, crate::digest::sha256(b"x\n1\n"));
        let (found, file) = uploads.find(&upload.id).unwrap();
        assert_eq!((found, fs::read(file).unwrap()), (upload.clone(), b"x\n1\n".to_vec()));
        assert_eq!(uploads.list().unwrap(), std::slice::from_ref(&upload));

        // As a process leaves it that is killed in the middle.
        let left = uploads.begin("b.csv").unwrap();
        let left = left.folder.keep();
        uploads.sweep();
        assert!(!left.exists());
        assert_eq!(uploads.list().unwrap().len(), 1);
        assert!(uploads.remove(&upload.id).unwrap() && !uploads.remove(&upload.id).unwrap());
        assert_eq!(fs::read_dir(data_dir.path().join(FOLDER)).unwrap().count(), 0);
    }

    #[test]
    fn ids_that_are_none_lead_nowhere() {
        let data_dir = tempfile::tempdir().unwrap();
        fs::write(data_dir.path().join(DESCRIPTION), "{}").unwrap();
        let uploads = Uploads::within(data_dir.path());
        for id in ["", "..", "../..", "abcdefghijkl", "%2e%2e", "abcdefghijk/"] {
            assert_eq!(uploads.find(id), None, "{id:?}");
            assert!(!uploads.remove(id).unwrap());
        }
    }
}
