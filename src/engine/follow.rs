//! Work that goes on, in this process or on other machines, and those who follow it.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use tokio::time::sleep;

use super::session::Session;
use crate::dataset::scan::Watch;
use crate::error::{Error, Result};

/// How often those who follow a pass are told of it, and asked whether to end.
const TICK: Duration = Duration::from_millis(100);
/// How often others are asked how far they are.
const ASK: Duration = Duration::from_millis(500);

/// A pass, and who follows it.
pub(super) struct Followed<'a> {
    session: &'a Session,
    watch: &'a dyn Watch,
    /// Whether others can tell how many rows of it they have read.
    others_tell: bool,
    /// Rows that this process had read before the pass.
    before: u64,
    /// Rows that were told of.
    told: u64,
}

impl Session {
    /// Waits until somebody is there who does the work.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] when nobody comes.
    pub(super) async fn ready(&self) -> Result<()> {
        match &self.others {
            Some(others) => others.ready().await,
            None => Ok(()),
        }
    }

    /// Ends when nobody is there any more who does the work.
    pub(super) async fn lost(&self) -> Error {
        match &self.others {
            Some(others) => others.lost().await,
            None => pending().await,
        }
    }

    pub(super) fn follow<'a>(&'a self, watch: &'a dyn Watch, others_tell: bool) -> Followed<'a> {
        Followed { session: self, watch, others_tell, before: self.counter.get(), told: 0 }
    }
}

impl Followed<'_> {
    /// What comes of work on all rows. Rows that are read once more, since machines were lost, are not told of again.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`], and [`Error::Engine`] when nobody is there any more who does the work.
    pub(super) async fn work<T>(&mut self, work: impl Future<Output = T>) -> Result<T> {
        let (session, watch) = (self.session, self.watch);
        let done = tokio::select! {
            done = work => done,
            error = session.lost() => return Err(error),
            error = cancelled(watch) => return Err(error),
            never = self.tell() => match never {},
        };
        if session.others.is_none() {
            self.tell_of(session.counter.get() - self.before);
        }
        Ok(done)
    }

    async fn tell(&mut self) -> Infallible {
        loop {
            match &self.session.others {
                None => {
                    sleep(TICK).await;
                    self.tell_of(self.session.counter.get() - self.before);
                }
                Some(others) if self.others_tell => {
                    sleep(ASK).await;
                    self.tell_of(others.rows_read().await.unwrap_or(0));
                }
                Some(_) => pending().await,
            }
        }
    }

    fn tell_of(&mut self, read: u64) {
        self.watch.read(read.saturating_sub(self.told));
        self.told = self.told.max(read);
    }
}

async fn cancelled(watch: &dyn Watch) -> Error {
    while !watch.is_cancelled() {
        sleep(TICK).await;
    }
    Error::Cancelled
}
