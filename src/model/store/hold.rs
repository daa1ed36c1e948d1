//! Who may change the folder: one server at a time, for as long as it runs. And what killed processes left there.

use std::fs::{self, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::{LOCK, MODELS, Store};
use crate::error::{Error, Result};
use crate::whole_file;

const SERVING: &str = "serving";

/// The right of a server to change a folder. It ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct Hold {
    _file: fs::File,
}

impl Store {
    /// Takes the right to change the folder; none while another server has it. The command line needs none: it
    /// changes a folder for a moment, and each such moment has a lock of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn hold(&self) -> Result<Option<Hold>> {
        let (path, file) = self.lock_file(SERVING)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Hold { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(Error::Write { path, source }),
        }
    }

    /// Removes files that killed processes left half written. While another process changes the folder nothing is
    /// removed, since they may be that one's.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] and [`Error::Write`].
    pub fn sweep(&self) -> Result<()> {
        let (path, file) = self.lock_file(LOCK)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(()),
            Err(TryLockError::Error(source)) => return Err(Error::Write { path, source }),
        }
        sweep_folder(self.path())?;
        for version in entries(&self.path().join(MODELS))? {
            if version.is_dir() {
                sweep_folder(&version)?;
            }
        }
        Ok(())
    }
}

pub(super) fn sweep_folder(folder: &Path) -> Result<()> {
    for path in entries(folder)? {
        if whole_file::is_unfinished(&path) {
            fs::remove_file(&path).map_err(|source| Error::Write { path, source })?;
        }
    }
    Ok(())
}

/// What is in a folder; nothing if there is none.
pub(super) fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let refuse = |source| Error::Read { path: folder.to_owned(), source };
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry.map_err(refuse)?.path())).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(refuse(error)),
    }
}
