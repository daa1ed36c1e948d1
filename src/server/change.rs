//! Another model answers, or the one that does goes by other names.

use std::sync::{MutexGuard, PoisonError};

use super::customers::erase::refusal;
use super::error::ApiError;
use super::state::AppState;
use crate::erasure::erased_rows;
use crate::error::{Error, Result};
use crate::model::store::{Kept, Place, Store};
use crate::model::{Model, SegmentEdit};

/// What these do blocks: a request calls them on a thread apart. One changes after the other, so that the model
/// that answers is the one that the folder names.
impl AppState {
    /// Keeps a model from the folder answering from now on, and gives the version of the one that did before.
    /// What is in use is written first: a server that starts anew has the same model.
    ///
    /// # Errors
    ///
    /// As [`Store::activate`]; [`Error::UnknownModel`] without a folder, [`Error::FolderHeld`] where another server is
    /// at work.
    pub fn activate(&self, version: &str) -> Result<String> {
        let _change = self.change();
        let store = self.folder(version)?;
        let model = store.model(version)?;
        store.activate(version)?;
        Ok(self.answer_with(store, model))
    }

    /// Lets the model answer again that did before. Gives its version and that of the one that answered until
    /// now.
    ///
    /// # Errors
    ///
    /// As [`Store::roll_back`]; [`Error::UnknownModel`] without a folder, [`Error::FolderHeld`] where another server is
    /// at work.
    pub fn roll_back(&self) -> Result<(String, String)> {
        let _change = self.change();
        let store = self.folder("")?;
        let version = store.roll_back()?;
        let former = self.answer_with(store, store.model(&version)?);
        Ok((version, former))
    }

    /// Deletes a model from the folder, but not the one that answers.
    ///
    /// # Errors
    ///
    /// As [`Store::delete`]; [`Error::UnknownModel`] without a folder, [`Error::FolderHeld`] where another server is
    /// at work.
    pub fn delete(&self, version: &str) -> Result<()> {
        let _change = self.change();
        if self.model().version == version {
            return Err(Error::ModelInUse { version: version.to_owned() });
        }
        self.folder(version)?.delete(version)
    }

    /// Changes texts of a segment of a kept model, at once for the one that answers.
    ///
    /// # Errors
    ///
    /// As [`Store::edit`]; [`Error::UnknownModel`] without a folder, [`Error::FolderHeld`] where another server is
    /// at work.
    pub fn edit(&self, version: &str, cluster_id: usize, edit: &SegmentEdit) -> Result<Model> {
        let _change = self.change();
        let store = self.folder(version)?;
        let model = store.edit(version, cluster_id, edit)?;
        if self.model().version == version {
            self.answer_with(store, model.clone());
        }
        Ok(model)
    }

    /// Erases a customer from all that is kept, at once from what is answered too. Gives what was found where.
    ///
    /// # Errors
    ///
    /// 404 and 409 where there is nothing to erase or it cannot be told, 409 too when a training that is not over
    /// learns from such data, or another server is at work in the folder.
    pub(super) fn erase(&self, id: &str) -> std::result::Result<Vec<Place>, ApiError> {
        let _change = self.change();
        let workshop = self.workshop()?;
        workshop.hold().map_err(ApiError::of_folder)?;
        let failed = |error: Error| {
            // Its file may be named, its customers are not.
            tracing::error!(%error, "a customer could not be erased");
            ApiError::Internal
        };
        let places = workshop.store.find_customer(id).map_err(failed)?;
        if let Some(refusal) = refusal(&places) {
            return Err(refusal);
        }
        let needed = erased_rows(&places).any(|(kept, _)| match kept {
            Kept::Upload(id) => workshop.jobs.needs(id),
            Kept::Model(version) => workshop.jobs.needs_model(version),
        });
        if needed {
            let problem =
                "a training that waits or runs learns from data of this customer; cancel it first";
            return Err(ApiError::Conflict(problem.to_owned()));
        }
        let done = workshop.store.erase_customer(id, &places).map_err(failed);
        // What was done before something failed is not to be answered either.
        let version = self.model().version.clone();
        let active = Kept::Model(version.clone());
        if erased_rows(&places).any(|(kept, _)| *kept == active) {
            let model = workshop.store.model(&version).map_err(failed)?;
            self.answer_with(&workshop.store, model);
        }
        done.map(|()| places)
    }

    /// Where models are kept.
    pub(super) fn store(&self) -> std::result::Result<&Store, ApiError> {
        Ok(&self.workshop()?.store)
    }

    /// Where models are kept, which nobody else may change meanwhile.
    fn folder(&self, version: &str) -> Result<&Store> {
        let none = |_| Error::UnknownModel { path: "".into(), version: version.to_owned() };
        let workshop = self.workshop().map_err(none)?;
        workshop.hold()?;
        Ok(&workshop.store)
    }

    fn answer_with(&self, store: &Store, model: Model) -> String {
        let customers = store.customers(&model).inspect_err(|error| {
            tracing::warn!(%error, "the list of customers is not available");
        });
        let former = self.model().version.clone();
        tracing::info!(version = model.version, former, "a model was put to use");
        self.put_to_use(model, customers.ok().as_ref());
        former
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        // A change that panicked left a folder that is whole.
        self.changing().lock().unwrap_or_else(PoisonError::into_inner)
    }
}
