//! Who changed what, and when: lines of JSON in the data folder, to which is only ever added.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

const FILE: &str = "audit.log";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done.
    pub at: Timestamp,
    /// Who did it: the name of a token, `anyone` where none is needed, or `command line`.
    pub who: String,
    /// The id of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The address that it came from, or the system's user of the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What was done, in a word or two: `activate`, `delete`, `edit`.
    pub what: String,
    /// What it was done to: a model's version, an upload's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Entry {
    /// Something that is done now.
    pub fn now(who: &str, what: &str, to: Option<&str>) -> Self {
        let now = Timestamp::now();
        Self {
            at: now.round(Unit::Millisecond).unwrap_or(now),
            who: who.to_owned(),
            token: None,
            from: None,
            what: what.to_owned(),
            to: to.map(str::to_owned),
        }
    }

    /// Something that is done now by a program on this machine.
    pub fn of_command_line(what: &str, to: Option<&str>) -> Self {
        let user = ["USER", "LOGNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Self { from: user, ..Self::now("command line", what, to) }
    }
}

/// The entries of a data folder.
#[derive(Debug, Clone)]
pub struct Audit {
    path: PathBuf,
}

impl Audit {
    /// Those in this data folder.
    pub fn within(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE) }
    }

    /// Adds an entry, whole and for good: lines of several processes do not mix.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn add(&self, entry: &Entry) -> Result<()> {
        let refuse = |source| Error::Write { path: self.path.clone(), source };
        // Texts of an entry can always be written, and JSON has no line ends within them.
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        let mut options = OpenOptions::new();
        options.create(true).read(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path).map_err(refuse)?;
        if is_cut_off(&mut file).map_err(refuse)? {
            line.insert(0, b'\n');
        }
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(refuse)
    }

    /// The last entries, the newest first. A line that a power cut left half written is left out.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn last(&self, most: usize) -> Result<Vec<Entry>> {
        let refuse = |source| Error::Read { path: self.path.clone(), source };
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(refuse(error)),
        };
        let mut last = VecDeque::new();
        for line in BufReader::new(file).split(b'\n') {
            let line = line.map_err(refuse)?;
            if let Ok(entry) = serde_json::from_slice(&line) {
                last.push_front(entry);
                last.truncate(most);
            }
        }
        Ok(last.into())
    }
}

/// Whether a power cut or a full disk has left the last line half written.
fn is_cut_off(file: &mut File) -> std::io::Result<bool> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_lines_whatever_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let audit = Audit::within(folder.path());
        assert_eq!(audit.last(5).unwrap(), []);
        let first = Entry::now("a\n{\"who\":\"b\"}\r\u{2028}", "activate", Some("x\ny"));
        let second = Entry::of_command_line("delete", None);
        audit.add(&first).unwrap();
        audit.add(&second).unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(folder.path().join(FILE))
            .unwrap()
            .write_all(b"{\"at\":")
            .unwrap();
        assert_eq!(audit.last(5).unwrap(), [second.clone(), first]);
        assert_eq!(audit.last(1).unwrap(), [second]);
        let third = Entry::now("c", "upload", None);
        audit.add(&third).unwrap();
        assert_eq!(audit.last(1).unwrap(), [third]);
    }
}
