//! Trainings in their order, of which one runs at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::order::{Order, OrderSource};
use super::status::{JobState, JobStatus, Stage};
use crate::kmeans::Cancel;

/// Trainings that may wait.
const MOST_WAITING: usize = 20;
/// Trainings that are remembered when they are over.
const MOST_OVER: usize = 50;

/// A training.
pub(super) struct Job {
    pub(super) order: Order,
    pub(super) cancel: Cancel,
    status: watch::Sender<JobStatus>,
}

/// All trainings, the oldest first. Clones share them.
#[derive(Clone, Default)]
pub(in crate::server) struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    lists: Mutex<Lists>,
    has_come: Condvar,
}

#[derive(Default)]
struct Lists {
    all: Vec<Arc<Job>>,
    waiting: VecDeque<Arc<Job>>,
    is_stopping: bool,
    has_worker: bool,
}

/// What became of the wish to end a training.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It will end as soon as it looks up.
    Soon,
    /// It had not begun, or was over and is forgotten.
    Now,
}

impl Job {
    pub(super) fn status(&self) -> JobStatus {
        let mut status = self.status.borrow().clone();
        status.iteration = self.cancel.steps();
        status.is_cancelling = !status.state.is_final() && self.cancel.is_cancelled();
        status
    }

    pub(super) fn changes(&self) -> watch::Receiver<JobStatus> {
        self.status.subscribe()
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut JobStatus)) {
        self.status.send_modify(change);
    }

    fn is_named(&self, id: &str) -> bool {
        self.status.borrow().id == id
    }

    fn is_over(&self) -> bool {
        self.status.borrow().state.is_final()
    }
}

impl Jobs {
    /// Lets a training wait for its turn; none if too many do. `work` becomes the thread that does them, unless
    /// there is one.
    pub(super) fn add(
        &self,
        order: Order,
        status: JobStatus,
        work: impl FnOnce(Self) + Send + 'static,
    ) -> std::io::Result<Option<Arc<Job>>> {
        let mut lists = self.lists();
        if lists.waiting.len() >= MOST_WAITING || lists.is_stopping {
            return Ok(None);
        }
        let cancel = order.options.cancel.clone();
        let job = Arc::new(Job { order, cancel, status: watch::Sender::new(status) });
        if !lists.has_worker {
            let jobs = self.clone();
            std::thread::Builder::new().name("training".to_owned()).spawn(move || work(jobs))?;
            lists.has_worker = true;
        }
        lists.all.push(Arc::clone(&job));
        lists.waiting.push_back(Arc::clone(&job));
        lists.forget_the_oldest();
        lists.number();
        self.0.has_come.notify_one();
        Ok(Some(job))
    }

    /// Waits for the next training, which runs from then on; none when the server stops.
    pub(super) fn next(&self) -> Option<Arc<Job>> {
        let mut lists = self.lists();
        loop {
            if lists.is_stopping {
                return None;
            }
            if let Some(job) = lists.waiting.pop_front() {
                job.change(|status| {
                    status.state = JobState::Running;
                    status.stage = Some(Stage::Reading);
                    status.position = None;
                    status.started_at = Some(super::now());
                });
                lists.number();
                return Some(job);
            }
            lists = self.0.has_come.wait(lists).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// All trainings, the newest first.
    pub(in crate::server) fn list(&self) -> Vec<JobStatus> {
        self.lists().all.iter().rev().map(|job| job.status()).collect()
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Job>> {
        self.lists().all.iter().find(|job| job.is_named(id)).cloned()
    }

    /// Ends a training, or forgets one that is over; none if there is no such one.
    pub(super) fn end(&self, id: &str) -> Option<Ended> {
        let mut lists = self.lists();
        let job = lists.all.iter().find(|job| job.is_named(id)).cloned()?;
        if job.is_over() {
            lists.all.retain(|other| !other.is_named(id));
            return Some(Ended::Now);
        }
        job.cancel.cancel();
        let before = lists.waiting.len();
        lists.waiting.retain(|other| !other.is_named(id));
        if lists.waiting.len() == before {
            // Those who follow it hear that it will end.
            job.change(|status| status.is_cancelling = true);
            return Some(Ended::Soon);
        }
        job.change(|status| {
            status.state = JobState::Cancelled;
            status.position = None;
            status.finished_at = Some(super::now());
        });
        lists.number();
        Some(Ended::Now)
    }

    /// Whether a training that is not over learns from this upload.
    pub(in crate::server) fn needs(&self, upload: &str) -> bool {
        self.need(&OrderSource::Upload(upload.to_owned()))
    }

    /// Whether a training that is not over learns from the customers of this model.
    pub(in crate::server) fn needs_model(&self, version: &str) -> bool {
        self.need(&OrderSource::Model(version.to_owned()))
    }

    fn need(&self, source: &OrderSource) -> bool {
        let needs = |job: &Arc<Job>| job.order.source == *source && !job.is_over();
        self.lists().all.iter().any(needs)
    }

    /// Ends all trainings; no more will begin.
    pub(in crate::server) fn stop(&self) {
        let mut lists = self.lists();
        lists.is_stopping = true;
        lists.all.iter().for_each(|job| job.cancel.cancel());
        self.0.has_come.notify_all();
    }

    /// Nothing that is done behind the lock can leave the lists by halves.
    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.0.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    /// Tells those that wait how many are before them, the running one among these.
    fn number(&self) {
        let is_running = |job: &&Arc<Job>| job.status.borrow().state == JobState::Running;
        let running = self.all.iter().filter(is_running).count();
        for (place, job) in self.waiting.iter().enumerate() {
            job.change(|status| status.position = Some(place + running));
        }
    }

    fn forget_the_oldest(&mut self) {
        let over = self.all.iter().filter(|job| job.is_over()).count();
        let mut surplus = over.saturating_sub(MOST_OVER);
        self.all.retain(|job| {
            let is_forgotten = surplus > 0 && job.is_over();
            surplus -= usize::from(is_forgotten);
            !is_forgotten
        });
    }
}
