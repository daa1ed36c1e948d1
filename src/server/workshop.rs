//! Where models are made: the data folder, what was uploaded to it, the trainings, and the threads that do them.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::jobs::Jobs;
use super::uploads::Uploads;
use crate::error::{Error, Result};
use crate::model::store::{Hold, Store};

/// The place where models are made. Clones share it.
#[derive(Clone)]
pub(super) struct Workshop {
    pub(super) store: Store,
    pub(super) uploads: Uploads,
    pub(super) jobs: Jobs,
    /// Threads that give way to those which answer requests.
    pub(super) pool: Arc<ThreadPool>,
    /// None while another server is at work in the folder, or nothing can be written there.
    hold: Arc<Mutex<Option<Hold>>>,
}

impl Workshop {
    /// The workshop in a data folder.
    ///
    /// # Errors
    ///
    /// Those of starting threads.
    pub(super) fn open(store: Store) -> std::result::Result<Self, rayon::ThreadPoolBuildError> {
        let uploads = Uploads::within(store.path());
        let pool = ThreadPoolBuilder::new()
            .thread_name(|place| format!("training-{place}"))
            .start_handler(|_| give_way())
            .build()?;
        let jobs = Jobs::default();
        Ok(Self { store, uploads, jobs, pool: Arc::new(pool), hold: Arc::default() })
    }

    /// Makes sure that this server, and no other, may change the folder. Whoever gets that right tidies up what
    /// killed processes left. It blocks.
    ///
    /// # Errors
    ///
    /// [`Error::FolderHeld`] while another server has the right, and [`Error::Write`].
    pub(super) fn hold(&self) -> Result<()> {
        // There is a right, or there is none: nothing in between.
        let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        if hold.is_none() {
            let none = || Error::FolderHeld { path: self.store.path().to_owned() };
            *hold = Some(self.store.hold()?.ok_or_else(none)?);
            self.uploads.sweep();
            if let Err(error) = self.store.sweep() {
                tracing::warn!(%error, "files that were never finished are left");
            }
        }
        Ok(())
    }
}

/// Lets all other threads go first.
fn give_way() {
    // Only Linux has priorities for threads rather than processes.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(LOWEST_PRIORITY) {
        tracing::debug!(%error, "trainings take the processor as others do");
    }
}

#[cfg(target_os = "linux")]
const LOWEST_PRIORITY: i32 = 19;
