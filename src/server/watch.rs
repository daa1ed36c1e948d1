//! Files that may change while the server runs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// When a file was written, and how long it is, in bytes: if it has changed, one of them has.
pub(super) type Stamp = (SystemTime, u64);

/// The stamp of a file; none when it is not there.
pub(super) fn stamp(path: &Path) -> Option<Stamp> {
    let found = path.metadata().ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// Looks for ever, every second, on a thread that may wait for the disk.
pub(super) async fn keep_looking(look: impl Fn() + Send + Sync + 'static) {
    let look = Arc::new(look);
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        let look = Arc::clone(&look);
        if tokio::task::spawn_blocking(move || look()).await.is_err() {
            tracing::error!("a file is not looked at any more");
            return;
        }
    }
}
