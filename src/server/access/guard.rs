//! The tokens of the data folder, as they are now.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard as Loaded};

use super::session::Sessions;
use crate::access::Tokens;
use crate::server::watch::{Stamp, stamp};

/// Keeps watch over a server.
pub(in crate::server) struct Guard {
    path: PathBuf,
    doors: ArcSwap<Doors>,
    sessions: Sessions,
}

/// What the file of tokens says.
pub(super) struct Doors {
    seen: Option<Stamp>,
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
    fn read(path: &Path) -> Self {
        let seen = stamp(path);
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
        Arc::new(Self { path, doors, sessions: Sessions::default() })
    }

    /// What the file says.
    pub(super) fn doors(&self) -> Loaded<Arc<Doors>> {
        self.doors.load()
    }

    /// Reads the file if it has changed, or could not be read.
    pub(in crate::server) fn look(&self) {
        let doors = self.doors.load();
        let is_unreadable = matches!(doors.said, Said::Unreadable);
        if stamp(&self.path) == doors.seen && !is_unreadable {
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
