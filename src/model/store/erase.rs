//! One customer's rows leave all that is kept.
//!
//! Beside a model, `erased.json` holds the fingerprint of what is left of its customers, and that of what there was
//! before. It is written first, and the customers behind it: a process that is killed between the two leaves
//! customers that have the former fingerprint, which counts as well. Of an upload, the file is written first and its
//! description behind it, whose length and fingerprint are for people. Erasing again does what is left to do.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hold::{entries, sweep_folder};
use super::{CUSTOMERS, MODEL, MODELS, Store};
use crate::dataset::Source;
use crate::digest::sha256;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::whole_file;

const ERASED: &str = "erased.json";
const UPLOADS: &str = "uploads";
const UPLOAD: &str = "upload.json";
const FILE: &str = "file";

/// What holds customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// A model, by its version.
    Model(String),
    /// An upload, by its id.
    Upload(String),
}

/// What a data set has of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// So many rows.
    Found(usize),
    /// It cannot be told: no column tells customers apart, or several may.
    NoColumn,
    /// It cannot be told: the data are missing, damaged, or in no form that can be read.
    Unreadable,
}

/// A data set, and what it has of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The data set.
    pub kept: Kept,
    /// What it has.
    pub rows: Rows,
}

/// Fingerprints of a model's customers, since some were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// SHA-256 of what is left.
    pub sha256: String,
    /// The rows that were erased, of all customers.
    pub rows: usize,
    /// SHA-256 of what there was before the last of them.
    former_sha256: String,
    /// The rows that had been erased by then.
    former_rows: usize,
}

impl Store {
    /// Looks for a customer in the data of all models and in all uploads.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] where the folder cannot be read. A data set that cannot is [`Rows::Unreadable`].
    pub fn find_customer(&self, id: &str) -> Result<Vec<Place>> {
        let place = |kept: Kept| {
            let rows = self.without(&kept, id).map_or(Rows::Unreadable, |found| match found {
                None => Rows::NoColumn,
                Some((_, rows)) => Rows::Found(rows),
            });
            Place { kept, rows }
        };
        Ok(self.kept()?.into_iter().map(place).collect())
    }

    /// Erases a customer's rows where they were found.
    ///
    /// # Errors
    ///
    /// Those of reading and writing; what was done until then stays done.
    pub fn erase_customer(&self, id: &str, places: &[Place]) -> Result<()> {
        let _lock = self.lock()?;
        self.sweep_customers()?;
        let found = |place: &&Place| matches!(place.rows, Rows::Found(1..));
        for Place { kept, .. } in places.iter().filter(found) {
            // It is read once more, now that nobody else changes it.
            let Some((rest, rows)) = self.without(kept, id)?.filter(|(_, rows)| *rows > 0) else {
                continue;
            };
            match kept {
                Kept::Model(version) => self.replace_customers(&self.model(version)?, &rest, rows),
                Kept::Upload(upload) => self.replace_upload(upload, &rest),
            }?;
        }
        Ok(())
    }

    /// Removes customers that killed processes left where nobody looks for them: those of a model that was never
    /// written, and files half written. It is called behind the lock, so nobody is writing these.
    fn sweep_customers(&self) -> Result<()> {
        for folder in entries(&self.path.join(MODELS))?.into_iter().filter(|path| path.is_dir()) {
            sweep_folder(&folder)?;
            if !folder.join(MODEL).exists() {
                std::fs::remove_dir_all(&folder)
                    .map_err(|source| Error::Write { path: folder, source })?;
            }
        }
        for folder in entries(&self.path.join(UPLOADS))? {
            // One that arrives has a name of its own.
            if folder.join(UPLOAD).exists() {
                sweep_folder(&folder)?;
                sweep_folder(&folder.join(FILE))?;
            }
        }
        Ok(())
    }

    /// Whether a fingerprint is that of a model's customers, or of what is left of them.
    pub(super) fn is_of(&self, model: &Model, sha256: &str) -> bool {
        let erased = self.erased(&model.version);
        model.data.sha256 == sha256
            || erased.is_some_and(|erased| {
                [&erased.sha256, &erased.former_sha256].contains(&&sha256.to_owned())
            })
    }

    fn erased(&self, version: &str) -> Option<Erased> {
        let text = std::fs::read(self.folder(version).join(ERASED)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn replace_customers(&self, model: &Model, rest: &Source, rows: usize) -> Result<()> {
        let folder = self.folder(&model.version);
        let former_sha256 = self.source(model)?.sha256();
        let former_rows = match self.erased(&model.version) {
            Some(erased) if erased.sha256 == former_sha256 => erased.rows,
            // A process was killed before it had erased these.
            Some(erased) if erased.former_sha256 == former_sha256 => erased.former_rows,
            _ => 0,
        };
        let (sha256, rows) = (rest.sha256(), former_rows + rows);
        let erased = Erased { sha256, rows, former_sha256, former_rows };
        // Texts and numbers can always be written.
        let text = serde_json::to_vec_pretty(&erased).unwrap_or_default();
        whole_file::write(&folder.join(ERASED), &text)?;
        whole_file::write(&folder.join(CUSTOMERS), &rest.to_kept())
    }

    fn replace_upload(&self, id: &str, rest: &Source) -> Result<()> {
        let folder = self.path.join(UPLOADS).join(id);
        let bytes = rest.to_kept();
        whole_file::write(&upload_file(&folder)?, &bytes)?;
        let description = folder.join(UPLOAD);
        let mut upload = description_of(&description)?;
        upload["bytes"] = bytes.len().into();
        upload["sha256"] = sha256(&bytes).into();
        whole_file::write(&description, upload.to_string().as_bytes())
    }

    /// Everything that holds customers.
    fn kept(&self) -> Result<Vec<Kept>> {
        let mut kept: Vec<Kept> = self.versions()?.into_iter().map(Kept::Model).collect();
        let path = self.path.join(UPLOADS);
        let refuse = |source| Error::Read { path: path.clone(), source };
        match std::fs::read_dir(&path) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry.map_err(refuse)?;
                    let id = entry.file_name().to_string_lossy().into_owned();
                    if entry.path().join(UPLOAD).exists() && !id.starts_with('.') {
                        kept.push(Kept::Upload(id));
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(refuse(error)),
        }
        Ok(kept)
    }

    /// A data set without a customer's rows, and their number; none where no column tells customers apart.
    fn without(&self, kept: &Kept, id: &str) -> Result<Option<(Source, usize)>> {
        let source = match kept {
            Kept::Model(version) => self.source(&self.model(version)?)?,
            Kept::Upload(upload) => {
                Source::open(&upload_file(&self.path.join(UPLOADS).join(upload))?)?
            }
        };
        let Some(column) = source.customer_column()? else { return Ok(None) };
        source.without(&column, id).map(Some)
    }
}

/// The file of an upload, which its description names. It stands in the folder and nowhere else.
fn upload_file(folder: &Path) -> Result<PathBuf> {
    let description = folder.join(UPLOAD);
    let upload = description_of(&description)?;
    let name = upload["name"].as_str().map(Path::new).and_then(Path::file_name);
    let name = name.ok_or_else(|| damaged(&description))?;
    Ok(folder.join(FILE).join(name))
}

fn description_of(path: &Path) -> Result<Value> {
    let text =
        std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let value: Value = serde_json::from_slice(&text).map_err(|_| damaged(path))?;
    value.is_object().then_some(value).ok_or_else(|| damaged(path))
}

fn damaged(path: &Path) -> Error {
    let problem = "the description of the upload is damaged; delete the upload".to_owned();
    Error::Format { file: path.to_string_lossy().into_owned(), problem }
}
