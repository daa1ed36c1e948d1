//! What finished passes gave, written down so that a training that was ended goes on behind the last of them.
//!
//! A line of JSON each, behind one that says of which files and settings they are. What lies between passes is
//! computed anew: it is the same to the bit. A line that was cut off counts as not written.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Changes when lines are written in another way.
const FORMAT: &str = "segmenta-passes 1";

/// Where passes are written down, if anywhere.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<(PathBuf, File)>,
    done: VecDeque<String>,
}

impl Journal {
    /// A journal of passes over some files with some settings, which `key` tells from others. Passes that it holds
    /// already are not made again.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] when it holds passes of other files or settings, [`Error::Read`] and [`Error::Write`].
    pub(crate) fn open(path: &Path, key: &str) -> Result<Self> {
        let heading = format!("{FORMAT} {} {key}", env!("CARGO_PKG_VERSION"));
        let mut lines = whole_lines(path)?;
        match lines.pop_front() {
            Some(found) if found == heading => {}
            Some(_) => {
                return Err(Error::Format {
                    file: path.display().to_string(),
                    problem: "this holds passes over other files or with other settings, or is something else; \
                              give those again, or another name"
                        .to_owned(),
                });
            }
            None => lines.clear(),
        }
        let refuse = |source| Error::Write { path: path.to_owned(), source };
        // Written anew without what was cut off.
        let mut text = heading + "\n";
        for line in &lines {
            text.extend([line, "\n"]);
        }
        crate::whole_file::write(path, text.as_bytes())?;
        let file = OpenOptions::new().append(true).open(path).map_err(refuse)?;
        Ok(Self { file: Some((path.to_owned(), file)), done: lines })
    }

    /// Whether the next pass was made already.
    pub(super) fn has_next(&self) -> bool {
        !self.done.is_empty()
    }

    /// Gives what a pass gave when it was made, or makes it and writes that down.
    ///
    /// # Errors
    ///
    /// As `make`, [`Error::Format`] for a line that cannot be read, and [`Error::Write`].
    pub(super) fn pass<T: Serialize + DeserializeOwned>(
        &mut self,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        if let Some(line) = self.done.pop_front() {
            return serde_json::from_str(&line).map_err(|error| Error::Format {
                file: self
                    .file
                    .as_ref()
                    .map_or(String::new(), |(path, _)| path.display().to_string()),
                problem: format!("a finished pass in it cannot be read ({error}); remove the file"),
            });
        }
        let found = make()?;
        if let Some((path, file)) = &mut self.file {
            let refuse = |source| Error::Write { path: path.clone(), source };
            let mut line = serde_json::to_vec(&found).map_err(|error| refuse(error.into()))?;
            line.push(b'\n');
            file.write_all(&line).and_then(|()| file.sync_data()).map_err(refuse)?;
        }
        Ok(found)
    }

    /// Removes the file: the training is at its end.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub(super) fn finish(self) -> Result<()> {
        let Some((path, _)) = self.file else { return Ok(()) };
        std::fs::remove_file(&path).map_err(|source| Error::Write { path, source })
    }
}

/// The lines of a file that end in order; none where there is no file.
fn whole_lines(path: &Path) -> Result<VecDeque<String>> {
    let refuse = |source| Error::Read { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(VecDeque::new()),
        Err(error) => return Err(refuse(error)),
    };
    let mut reader = BufReader::new(file);
    let mut lines = VecDeque::new();
    loop {
        let mut line = Vec::new();
        let n_read = reader.read_until(b'\n', &mut line).map_err(refuse)?;
        if n_read == 0 || line.pop() != Some(b'\n') {
            return Ok(lines);
        }
        lines.push_back(String::from_utf8_lossy(&line).into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_passes_are_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passes");
        let never = || -> Result<u32> { panic!("this pass was made already") };
        let mut journal = Journal::open(&path, "a").unwrap();
        assert_eq!(journal.pass(|| Ok(1)).unwrap(), 1);
        assert_eq!(journal.pass(|| Ok(2)).unwrap(), 2);
        drop(journal);
        // A third one was being written.
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"3").unwrap();
        let mut journal = Journal::open(&path, "a").unwrap();
        assert_eq!((journal.pass(never).unwrap(), journal.pass(never).unwrap()), (1, 2));
        assert!(!journal.has_next());
        assert_eq!(journal.pass(|| Ok(4)).unwrap(), 4);
        assert!(Journal::open(&path, "b").is_err());
        journal.finish().unwrap();
        assert!(!path.exists());
    }
}
