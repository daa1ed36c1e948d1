//! The data folder: models, the customers they were learned from, and which one is in use.
//!
//! ```text
//! segmenta-data/
//!   active                     the version in use
//!   models/3f2a9c01d4be/
//!     customers.csv            the file it was learned from, byte for byte; several files, or one whose
//!                              form was given, behind a line that says which and how
//!     model.json
//! ```
//!
//! Every file is written whole or not at all, `model.json` after the customers and `active` last, so
//! a process that is killed between any two leaves a folder that works as before.

use std::path::{Path, PathBuf};

use super::file::is_version;
use super::{Customers, Model};
use crate::dataset::Source;
use crate::error::{Error, Result};
use crate::whole_file;

const ACTIVE: &str = "active";
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
        match std::fs::read_to_string(&path) {
            Ok(text) => self.checked(text.trim()).map(Some),
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

    /// A kept model.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownModel`], and as [`Model::open`].
    pub fn model(&self, version: &str) -> Result<Model> {
        let path = self.folder(&self.checked(version)?).join(MODEL);
        if !path.exists() {
            return Err(self.unknown(version));
        }
        Model::open(&path)
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
        let folder = self.folder(&model.version);
        std::fs::create_dir_all(&folder)
            .map_err(|source| Error::Write { path: folder.clone(), source })?;
        whole_file::write(&folder.join(CUSTOMERS), &customers.to_kept())?;
        model.save(&folder.join(MODEL))
    }

    /// Puts a kept model to use.
    ///
    /// # Errors
    ///
    /// As [`Store::model`], and [`Error::Write`].
    pub fn activate(&self, version: &str) -> Result<()> {
        let model = self.model(version)?;
        whole_file::write(&self.path.join(ACTIVE), format!("{}\n", model.version).as_bytes())
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
                return Err(refuse("missing; train anew to bring them back"));
            }
            Err(source) => return Err(Error::Read { path, source }),
        };
        let source = Source::from_kept(model.data.name.clone(), bytes)?;
        if source.sha256() != model.data.sha256 {
            return Err(refuse("not the ones in this file; train anew or restore it"));
        }
        Ok(source)
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
