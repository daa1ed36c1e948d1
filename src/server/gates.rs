//! Room for so many at a time. Who finds none is told to come back, rather than made to wait with all others.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::ApiError;
use super::limits::{Limit, Limits};

/// Work that may wait for its turn.
const MOST_WAITING: usize = 64;
/// Memory is counted in pieces of so many bytes.
const PIECE: usize = 1024;

/// Room for so many at a time.
#[derive(Clone)]
pub(super) struct Gate {
    room: Arc<Semaphore>,
    limit: Limit,
}

impl Gate {
    fn new(room: usize, limit: Limit) -> Self {
        Self { room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))), limit }
    }

    /// Takes one place, until what it gives is dropped.
    ///
    /// # Errors
    ///
    /// 503 when there is none.
    pub(super) fn enter(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.take(1)
    }

    fn take(&self, places: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let places = u32::try_from(places).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.room).try_acquire_many_owned(places);
        taken.map_err(|_| ApiError::Overloaded(self.limit))
    }
}

/// Work that waits for the disk or computes for long, away from the threads that answer requests.
#[derive(Clone)]
pub(super) struct Work {
    waiting: Gate,
    turns: Arc<Semaphore>,
}

impl Work {
    /// Does some work on a thread where it may take its time, when it is its turn.
    ///
    /// # Errors
    ///
    /// 503 when too much waits already; those of the work.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = self.waiting.enter()?;
        let turn = self.turns.acquire_owned().await.map_err(|_| ApiError::Internal)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, also when nobody waits for it any more.
            let _held = (place, turn);
            work()
        });
        done.await.unwrap_or_else(|error| {
            tracing::error!(%error, "work behind a request ended early");
            Err(ApiError::Internal)
        })
    }
}

/// All gates of a server.
pub(super) struct Gates {
    pub(super) work: Work,
    pub(super) uploads: Gate,
    pub(super) streams: Gate,
    body_memory: Gate,
}

impl Gates {
    pub(super) fn new(limits: &Limits) -> Self {
        let turns = 2 * std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            work: Work {
                waiting: Gate::new(turns + MOST_WAITING, Limit::Work),
                turns: Arc::new(Semaphore::new(turns)),
            },
            uploads: Gate::new(limits.uploads, Limit::Uploads),
            streams: Gate::new(limits.streams, Limit::Streams),
            body_memory: Gate::new(limits.body_memory.div_ceil(PIECE), Limit::BodyMemory),
        }
    }

    /// Takes memory for a body.
    ///
    /// # Errors
    ///
    /// 503 when other bodies have it.
    pub(super) fn body(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        self.body_memory.take(bytes.div_ceil(PIECE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_finds_no_room_is_told_so_and_room_comes_back() {
        let limits = Limits { uploads: 1, body_memory: 4096, ..Limits::default() };
        let gates = Gates::new(&limits);
        let first = gates.uploads.enter().unwrap();
        assert!(matches!(gates.uploads.enter(), Err(ApiError::Overloaded(Limit::Uploads))));
        drop(first);
        assert!(gates.uploads.enter().is_ok());
        let most = gates.body(3000).unwrap();
        assert!(gates.body(2048).is_err() && gates.body(1024).is_ok());
        drop(most);
        assert!(gates.body(4096).is_ok() && gates.body(5000).is_err());
    }

    #[tokio::test]
    async fn work_waits_for_its_turn_and_not_without_end() {
        let gates = Gates::new(&Limits::default());
        let turns = gates.work.turns.available_permits();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        let all: Vec<_> = (0..turns + MOST_WAITING)
            .map(|_| {
                let gate = Arc::clone(&gate);
                let work = gates
                    .work
                    .clone()
                    .run(move || gate.lock().unwrap().recv().map_err(|_| ApiError::Internal));
                tokio::spawn(work)
            })
            .collect();
        while gates.work.waiting.room.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let more = gates.work.clone().run(|| Ok(())).await;
        assert!(matches!(more, Err(ApiError::Overloaded(Limit::Work))));
        for _ in &all {
            open.send(()).unwrap();
        }
        for work in all {
            work.await.unwrap().unwrap();
        }
        gates.work.clone().run(|| Ok(())).await.unwrap();
    }
}
