//! The data folder: models, the customers they were learned from, and which one is in use.
//!
//! ```text
//! segmenta-data/
//!   active                     the version in use
//!   audit.log                  who changed what
//!   tokens.json                who may use the server
//!   history                    the versions that were in use before, the latest last
//!   lock                       held by a process while it changes one of these
//!   serving                    held by a server that may change them, for as long as it runs
//!   models/3f2a9c01d4be/
//!     customers.csv            the file it was learned from, byte for byte; several files, or one whose
//!                              form was given, behind a line that says which and how
//!     model.json
//!     texts.json               what was changed in its segments' texts since, if anything was
//!     erased.json              the fingerprint of what is left of the customers, if any were erased
//!   uploads/                   files that were sent to be learned from: a matter of the server
//! ```
//!
//! Every file is written whole or not at all, `model.json` after the customers, `history` before `active`
//! when a model is put to use and behind it on the way back, so a process that is killed between any two
//! leaves a folder that works as before or as it should.

mod erase;
mod history;
mod hold;
mod texts;
mod tokens;

use std::fs::File;
use std::path::{Path, PathBuf};

pub use erase::{Erased, Kept, Place, Rows};
pub use hold::Hold;

use super::file::is_version;
use super::{Customers, Model};
use crate::dataset::{Source, TableReader};
use crate::error::{Error, Result};
use crate::whole_file;

const ACTIVE: &str = "active";
const LOCK: &str = "lock";
const MODELS: &str = "models";
const MODEL: &str = "model.json";
const CUSTOMERS: &str = "customers.csv";

/// A data folder. It is made when something is first kept in it.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
}

impl Store {
    /// The store in this folder, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The version in use, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], and [`Error::UnknownModel`] when the folder names something that is no version.
    pub fn active_version(&self) -> Result<Option<String>> {
        let path = self.path.join(ACTIVE);
        match std::fs::read(&path) {
            Ok(bytes) => self.checked(String::from_utf8_lossy(&bytes).trim()).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// The model in use, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Store::active_version`] and [`Store::model`].
    pub fn active(&self) -> Result<Option<Model>> {
        self.active_version()?.map(|version| self.model(&version)).transpose()
    }

    /// A kept model, with the texts of its segments as they were changed.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownModel`], as [`Model::open`], and [`Error::Texts`].
    pub fn model(&self, version: &str) -> Result<Model> {
        let mut model = self.model_as_learned(version)?;
        self.apply_edits(&mut model)?;
        Ok(model)
    }

    /// A kept model with the texts that its segments had when it was learned.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownModel`], and as [`Model::open`].
    pub fn model_as_learned(&self, version: &str) -> Result<Model> {
        let version = self.checked(version)?;
        if !self.holds(&version) {
            return Err(self.unknown(&version));
        }
        Model::open(&self.folder(&version).join(MODEL))
    }

    fn holds(&self, version: &str) -> bool {
        self.folder(version).join(MODEL).exists()
    }

    /// The versions of all kept models, in alphabetical order.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn versions(&self) -> Result<Vec<String>> {
        let path = self.path.join(MODELS);
        let refuse = |source| Error::Read { path: path.clone(), source };
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(refuse(error)),
        };
        let mut versions = Vec::new();
        for entry in entries {
            let entry = entry.map_err(refuse)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_version(&name) && entry.path().join(MODEL).exists() {
                versions.push(name);
            }
        }
        versions.sort_unstable();
        Ok(versions)
    }

    /// Keeps a model and the file it was learned from. It does not yet become the one in use.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn keep(&self, model: &Model, customers: &Source) -> Result<()> {
        let _lock = self.lock()?;
        let folder = self.folder(&model.version);
        let refuse = |source| Error::Write { path: folder.clone(), source };
        let kept = std::fs::create_dir_all(&folder)
            .map_err(refuse)
            .and_then(|()| whole_file::write(&folder.join(CUSTOMERS), &customers.to_kept()))
            .and_then(|()| model.save(&folder.join(MODEL)));
        if kept.is_err() && !self.holds(&model.version) {
            // Customers without a model are of no use, and the room that they take may be the last.
            let _ = std::fs::remove_dir_all(&folder);
        }
        kept
    }

    /// Keeps a model whose customers no memory holds, and so without them. It does not yet become the one in use.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn keep_alone(&self, model: &Model) -> Result<()> {
        let _lock = self.lock()?;
        let folder = self.folder(&model.version);
        std::fs::create_dir_all(&folder)
            .map_err(|source| Error::Write { path: folder.clone(), source })?;
        model.save(&folder.join(MODEL))
    }

    /// Deletes a kept model and its customers.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownModel`], [`Error::ModelInUse`] and [`Error::Write`].
    pub fn delete(&self, version: &str) -> Result<()> {
        let _lock = self.lock()?;
        let version = self.checked(version)?;
        if !self.holds(&version) {
            return Err(self.unknown(&version));
        }
        if self.active_version().ok().flatten().as_ref() == Some(&version) {
            return Err(Error::ModelInUse { version });
        }
        let folder = self.folder(&version);
        // Without its first file nobody takes the rest for a model.
        std::fs::remove_file(folder.join(MODEL))
            .and_then(|()| std::fs::remove_dir_all(&folder))
            .map_err(|source| Error::Write { path: folder, source })
    }

    /// The customers that a kept model was learned from, and each one's segment.
    ///
    /// # Errors
    ///
    /// As [`Store::source`] and [`Customers::assign`].
    pub fn customers(&self, model: &Model) -> Result<Customers> {
        Customers::assign(model, &self.source(model)?)
    }

    /// The file that a kept model was learned from.
    ///
    /// # Errors
    ///
    /// [`Error::Customers`] when it is missing or is not the one the model was learned from.
    pub fn source(&self, model: &Model) -> Result<Source> {
        let path = self.folder(&model.version).join(CUSTOMERS);
        let refuse = |problem| Error::Customers { path: path.clone(), problem };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(refuse(why_missing(model)));
            }
            Err(source) => return Err(Error::Read { path, source }),
        };
        let source = Source::from_kept(model.data.name.clone(), bytes)?;
        if !self.is_of(model, &source.sha256()) {
            return Err(refuse("not the ones in this file; train anew or restore it"));
        }
        Ok(source)
    }

    /// The rows of the file that a kept model was learned from, as they are asked for. That it is the same file
    /// still is not checked, which would take a pass over it.
    ///
    /// # Errors
    ///
    /// [`Error::Customers`] when it is missing, and as [`TableReader::open`].
    pub fn rows(&self, model: &Model) -> Result<TableReader<'static>> {
        let path = self.folder(&model.version).join(CUSTOMERS);
        if !path.exists() {
            return Err(Error::Customers { path, problem: why_missing(model) });
        }
        Source::kept_rows(&model.data.name, &path)
    }

    /// Keeps other processes from changing the folder until it is dropped.
    fn lock(&self) -> Result<File> {
        let (path, file) = self.lock_file(LOCK)?;
        file.lock().map_err(|source| Error::Write { path, source })?;
        Ok(file)
    }

    /// A file that is there to be locked.
    fn lock_file(&self, name: &str) -> Result<(PathBuf, File)> {
        let path = self.path.join(name);
        let refuse = |source| Error::Write { path: path.clone(), source };
        std::fs::create_dir_all(&self.path).map_err(refuse)?;
        let file = File::create(&path).map_err(refuse)?;
        Ok((path, file))
    }

    fn folder(&self, version: &str) -> PathBuf {
        self.path.join(MODELS).join(version)
    }

    fn checked(&self, version: &str) -> Result<String> {
        if is_version(version) { Ok(version.to_owned()) } else { Err(self.unknown(version)) }
    }

    fn unknown(&self, version: &str) -> Error {
        Error::UnknownModel { path: self.path.clone(), version: version.to_owned() }
    }
}

/// Why there are no customers beside a model.
fn why_missing(model: &Model) -> &'static str {
    if model.out_of_core.is_some() {
        "not kept: the model was learned from more of them than memory holds"
    } else {
        "missing; train anew to bring them back"
    }
}
