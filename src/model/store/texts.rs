//! Texts of segments that were changed after training, beside the model they belong to.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use super::super::{Model, SegmentEdit};
use super::Store;
use crate::error::{Error, Result};
use crate::whole_file;

const TEXTS: &str = "texts.json";

/// What was changed, by the segments' ids.
type Edits = BTreeMap<usize, SegmentEdit>;

impl Store {
    /// Changes texts of a segment of a kept model, and gives that model.
    ///
    /// # Errors
    ///
    /// As [`Store::model`] and [`Model::edit`], and [`Error::Write`].
    pub fn edit(&self, version: &str, cluster_id: usize, edit: &SegmentEdit) -> Result<Model> {
        let _lock = self.lock()?;
        let mut model = self.model(version)?;
        model.edit(cluster_id, edit)?;
        let mut edits = self.edits(&model.version)?;
        edits.entry(cluster_id).or_default().extend(edit);
        let path = self.folder(&model.version).join(TEXTS);
        let refuse =
            |error: serde_json::Error| Error::Write { path: path.clone(), source: error.into() };
        whole_file::write(&path, &serde_json::to_vec_pretty(&edits).map_err(refuse)?)?;
        Ok(model)
    }

    /// Changes the model as its texts were changed.
    pub(super) fn apply_edits(&self, model: &mut Model) -> Result<()> {
        for (cluster_id, edit) in self.edits(&model.version)? {
            // Two segments that have exchanged their names do so one after the other.
            model.edit_unchecked(cluster_id, &edit);
        }
        Ok(())
    }

    fn edits(&self, version: &str) -> Result<Edits> {
        let path = self.folder(version).join(TEXTS);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Edits::new()),
            Err(error) => {
                return Err(Error::Texts { path, problem: format!("cannot be read: {error}") });
            }
        };
        serde_json::from_slice(&bytes)
            .map_err(|error| Error::Texts { path, problem: error.to_string() })
    }
}
