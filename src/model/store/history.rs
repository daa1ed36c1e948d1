//! Which model is in use, and which were before.

use std::io::ErrorKind;

use super::super::file::is_version;
use super::{ACTIVE, Store};
use crate::error::{Error, Result};
use crate::whole_file;

const HISTORY: &str = "history";
/// So many models are remembered as having been in use.
const REMEMBERED: usize = 100;

impl Store {
    /// Puts a kept model to use.
    ///
    /// # Errors
    ///
    /// As [`Store::model`], and [`Error::Write`].
    pub fn activate(&self, version: &str) -> Result<()> {
        let _lock = self.lock()?;
        let model = self.model(version)?;
        // A folder whose `active` is damaged is mended by this.
        let former = self.active_version().ok().flatten();
        if let Some(former) = former.filter(|former| *former != model.version) {
            let mut history = self.history()?;
            if history.last() != Some(&former) {
                history.push(former);
            }
            let first = history.len().saturating_sub(REMEMBERED);
            self.write_history(&history[first..])?;
        }
        self.write_active(&model.version)
    }

    /// The model that [`Store::roll_back`] would put to use, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn previous_version(&self) -> Result<Option<String>> {
        Ok(self.previous()?.map(|(_, version)| version))
    }

    /// Puts the model to use that was in use before, and gives its version.
    ///
    /// # Errors
    ///
    /// [`Error::NoPreviousModel`]; as [`Store::model`], and [`Error::Write`].
    pub fn roll_back(&self) -> Result<String> {
        let _lock = self.lock()?;
        let (place, version) = self
            .previous()?
            .ok_or_else(|| Error::NoPreviousModel { path: self.path().to_owned() })?;
        self.model(&version)?;
        self.write_active(&version)?;
        let history = self.history()?;
        self.write_history(&history[..place])?;
        Ok(version)
    }

    /// The last model of the history that is not in use and still there, with its place. What is in use may be
    /// the last entry where a process was killed between two files.
    fn previous(&self) -> Result<Option<(usize, String)>> {
        let active = self.active_version().ok().flatten();
        let is_there = |version: &String| Some(version) != active.as_ref() && self.holds(version);
        let history = self.history()?;
        let found = history.into_iter().enumerate().rfind(|(_, version)| is_there(version));
        Ok(found)
    }

    /// The models that were in use before, the latest last.
    fn history(&self) -> Result<Vec<String>> {
        let path = self.path().join(HISTORY);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::Read { path, source }),
        };
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().filter(|line| is_version(line)).map(str::to_owned).collect())
    }

    fn write_history(&self, history: &[String]) -> Result<()> {
        let lines: String = history.iter().flat_map(|version| [version, "\n"]).collect();
        whole_file::write(&self.path().join(HISTORY), lines.as_bytes())
    }

    fn write_active(&self, version: &str) -> Result<()> {
        whole_file::write(&self.path().join(ACTIVE), format!("{version}\n").as_bytes())
    }
}
