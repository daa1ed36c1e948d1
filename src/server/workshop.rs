//! Where models are made: the data folder, what was uploaded to it, the trainings, and the threads that do them.

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::jobs::Jobs;
use super::uploads::Uploads;
use crate::model::store::Store;

/// The place where models are made. Clones share it.
#[derive(Clone)]
pub(super) struct Workshop {
    pub(super) store: Store,
    pub(super) uploads: Uploads,
    pub(super) jobs: Jobs,
    /// Threads that give way to those which answer requests.
    pub(super) pool: Arc<ThreadPool>,
}

impl Workshop {
    /// The workshop in a data folder, tidied up.
    ///
    /// # Errors
    ///
    /// Those of starting threads.
    pub(super) fn open(store: Store) -> Result<Self, rayon::ThreadPoolBuildError> {
        let uploads = Uploads::within(store.path());
        uploads.sweep();
        let pool = ThreadPoolBuilder::new()
            .thread_name(|place| format!("training-{place}"))
            .start_handler(|_| give_way())
            .build()?;
        Ok(Self { store, uploads, jobs: Jobs::default(), pool: Arc::new(pool) })
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
