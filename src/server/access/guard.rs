//! The tokens of the data folder, as they are now.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::{ArcSwap, Guard as Loaded};

use super::session::Sessions;
use crate::access::Tokens;

/// How often the file is looked at, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Keeps watch over a server.
pub(in crate::server) struct Guard {
    path: PathBuf,
    doors: ArcSwap<Doors>,
    since: Instant,
    /// When the file was last looked at, in milliseconds since then.
    looked: AtomicU64,
    sessions: Sessions,
}

/// What the file of tokens says.
pub(super) struct Doors {
    seen: Option<(SystemTime, u64)>,
    said: Said,
}

enum Said {
    /// There is no file: nobody was meant to be kept out.
    Nothing,
    These(Tokens),
    /// It cannot be read, so nobody is let in.
    Unreadable,
}

impl Doors {
    fn read(path: &std::path::Path) -> Self {
        let seen = look(path);
        let said = match Tokens::read(path) {
            Ok(None) => Said::Nothing,
            Ok(Some(tokens)) => Said::These(tokens),
            Err(error) => {
                tracing::error!(%error, "nobody is let in");
                Said::Unreadable
            }
        };
        Self { seen, said }
    }

    pub(super) fn tokens(&self) -> Option<&Tokens> {
        match &self.said {
            Said::These(tokens) => Some(tokens),
            _ => None,
        }
    }

    pub(super) fn are_open(&self) -> bool {
        matches!(self.said, Said::Nothing)
    }
}

impl Guard {
    pub(in crate::server) fn new(path: PathBuf) -> Arc<Self> {
        let doors = ArcSwap::from_pointee(Doors::read(&path));
        let sessions = Sessions::default();
        Arc::new(Self { path, doors, since: Instant::now(), looked: AtomicU64::new(0), sessions })
    }

    /// What the file says. If it was not looked at for a while, it is meanwhile: a request does not wait for the
    /// disk.
    pub(super) fn doors(self: &Arc<Self>) -> Loaded<Arc<Doors>> {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let looked = self.looked.load(Ordering::Relaxed);
        let is_due = u128::from(now.saturating_sub(looked)) >= LOOK_EVERY.as_millis();
        let relaxed = Ordering::Relaxed;
        if is_due && self.looked.compare_exchange(looked, now, relaxed, relaxed).is_ok() {
            let guard = Arc::clone(self);
            tokio::task::spawn_blocking(move || guard.look());
        }
        self.doors.load()
    }

    /// Looks at the file for ever, so that also the first request after a while meets what it says now.
    pub(in crate::server) async fn keep_up(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            self.doors();
        }
    }

    /// Reads the file if it has changed, or could not be read.
    fn look(&self) {
        let doors = self.doors.load();
        let is_unreadable = matches!(doors.said, Said::Unreadable);
        if look(&self.path) == doors.seen && !is_unreadable {
            return;
        }
        let mut now = Doors::read(&self.path);
        if !doors.are_open() && now.are_open() {
            // A file that is gone while the server runs was hardly meant to open it.
            tracing::error!(file = %self.path.display(), "the tokens are gone; nobody is let in until they are back");
            now.said = Said::Unreadable;
        }
        self.doors.store(Arc::new(now));
    }

    pub(super) fn sessions(&self) -> &Sessions {
        &self.sessions
    }
}

/// When the file was written, and how long it is.
fn look(path: &std::path::Path) -> Option<(SystemTime, u64)> {
    let found = path.metadata().ok()?;
    Some((found.modified().ok()?, found.len()))
}
