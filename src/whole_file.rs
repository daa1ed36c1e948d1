//! Files that appear whole or not at all: written under another name beside their place, flushed to
//! the disk, then renamed.

use std::fs::Permissions;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// What the names of files begin with that are not whole yet.
const UNFINISHED: &str = ".segmenta-";

/// Writes a file.
///
/// # Errors
///
/// [`Error::Write`]; a file that was there before is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let refuse = |source| Error::Write { path: path.to_owned(), source };
    let mut file = begin(path).map_err(refuse)?;
    file.write_all(bytes).map_err(refuse)?;
    finish(file, path).map_err(refuse)
}

/// Writes a file that nobody but its owner may read.
///
/// # Errors
///
/// As [`write()`].
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let refuse = |source| Error::Write { path: path.to_owned(), source };
    // Temporary files are their owner's alone.
    let mut file =
        tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder(path)).map_err(refuse)?;
    file.write_all(bytes).map_err(refuse)?;
    finish(file, path).map_err(refuse)
}

/// Begins a file whose content comes piece by piece. It has the rights of the file that it will
/// replace, else those of any new file.
///
/// # Errors
///
/// Those of making a file in the folder of `path`. Dropping the file removes it.
pub fn begin(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    let former = path.metadata().ok().map(|found| found.permissions());
    if let Some(permissions) = former.or_else(usual_permissions) {
        builder.permissions(permissions);
    }
    // The temporary file's name says nothing to the user.
    builder.tempfile_in(folder(path)).map_err(|error| error.kind().into())
}

/// Gives a finished file its name, and makes sure that it outlives a power cut.
///
/// # Errors
///
/// Those of flushing and renaming.
pub fn finish(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // Only Unix has a way to ask for a folder to be flushed.
    if cfg!(unix) { std::fs::File::open(folder(path))?.sync_all() } else { Ok(()) }
}

/// Whether a file has the name of one that is not whole yet.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a new file is created with, where a system has such a thing; the process's umask takes
/// rights away. Temporary files are otherwise their owner's alone.
fn usual_permissions() -> Option<Permissions> {
    #[cfg(unix)]
    let usual = Some(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    #[cfg(not(unix))]
    let usual = None;
    usual
}
