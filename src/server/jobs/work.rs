//! A training, from the file to a kept model.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::order::OrderSource;
use super::queue::{Job, Jobs};
use super::status::{FittedK, JobProblem, JobState, Stage};
use crate::dataset::{Dataset, Input, ReadOptions, Source, TableReader};
use crate::error::{Error, Result};
use crate::kmeans::Cancel;
use crate::memory::{Memory, Needed};
use crate::model::train;
use crate::rfm::{Rfm, RowSource, TableRows};
use crate::server::error::ApiError;
use crate::server::workshop::Workshop;

/// Does one training after another until the server stops.
pub(super) fn work(jobs: &Jobs, workshop: &Workshop) {
    while let Some(job) = jobs.next() {
        let status = job.status();
        tracing::info!(id = status.id, name = status.name, "a training begins");
        let trained = || workshop.pool.install(|| learn(&job, workshop));
        let ended = catch_unwind(AssertUnwindSafe(trained));
        let (state, version, problem) = match ended {
            Ok(Ok(version)) => (JobState::Done, Some(version), None),
            Ok(Err(Error::Cancelled)) => (JobState::Cancelled, None, None),
            Ok(Err(error)) => (JobState::Failed, None, Some(told(&error))),
            Err(_) => {
                tracing::error!(id = status.id, "a training panicked");
                (JobState::Failed, None, Some(failed(&ApiError::Internal)))
            }
        };
        tracing::info!(id = status.id, ?state, version, "a training is over");
        job.change(|status| {
            status.state = state;
            status.stage = None;
            status.version = version;
            status.problem = problem;
            status.finished_at = Some(super::now());
        });
    }
}

fn learn(job: &Arc<Job>, workshop: &Workshop) -> Result<String> {
    let order = &job.order;
    let enter = |stage| {
        job.change(|status| status.stage = Some(stage));
        go_on(&job.cancel)
    };
    let source = source(job, workshop)?;
    go_on(&job.cancel)?;
    let data = Dataset::read(&source, order.options.on_error)?;
    enter(Stage::Clusters)?;
    let k_last = order.options.k_max.min(data.n_rows());
    let trained = train(data, &order.options, |point| {
        job.change(|status| {
            status.by_k.push(FittedK::from(point));
            if point.k == k_last {
                status.stage = Some(Stage::Stability);
            }
        });
    })?;
    enter(Stage::Keeping)?;
    job.change(|status| status.skipped_rows = trained.customers.data.skipped().len());
    workshop.store.keep(&trained.model, &source)?;
    Ok(trained.model.version)
}

/// The customers' file; of a log of transactions the customers that are made of it.
fn source(job: &Arc<Job>, workshop: &Workshop) -> Result<Source> {
    let (name, path) = match &job.order.source {
        OrderSource::Model(version) => {
            let model = workshop.store.model(version)?;
            return workshop.store.source(&model);
        }
        OrderSource::Upload(id) => match workshop.uploads.find(id) {
            Some((upload, path)) => (upload.name, path),
            None => return Err(Error::UnknownUpload { id: id.clone() }),
        },
    };
    let Some(options) = &job.order.rfm else {
        let memory = Memory::of_this_machine();
        memory.admit(Needed::to_learn_from([&*path]))?;
        let most_in_memory = memory.most_text_now();
        return Ok(Source::open(&path)?
            .with_options(ReadOptions { most_in_memory, ..ReadOptions::default() }));
    };
    job.change(|status| status.stage = Some(Stage::Rfm));
    let input = Input::file(path).named(&name);
    let reader = TableReader::open([input], ReadOptions::default())?;
    let mut rows = Cancellable { rows: TableRows::new(reader), cancel: &job.cancel };
    let found = Rfm::read(&mut rows, options)?;
    job.change(|status| status.rfm = Some((&found).into()));
    let base = name.split('.').next().unwrap_or(&name);
    Ok(Source::new(format!("{base}-rfm.csv"), found.to_csv()))
}

fn go_on(cancel: &Cancel) -> Result<()> {
    if cancel.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

/// Rows that end with an error when the training is cancelled.
struct Cancellable<'a, R> {
    rows: R,
    cancel: &'a Cancel,
}

impl<R: RowSource> RowSource for Cancellable<'_, R> {
    fn name(&self) -> &str {
        self.rows.name()
    }

    fn headers(&self) -> &[String] {
        self.rows.headers()
    }

    fn decimal(&self) -> crate::dataset::form::FileDecimal {
        self.rows.decimal()
    }

    fn advance(&mut self) -> Result<bool> {
        go_on(self.cancel)?;
        self.rows.advance()
    }

    fn row(&self) -> u64 {
        self.rows.row()
    }

    fn cell(&self, column: usize) -> &str {
        self.rows.cell(column)
    }
}

/// What is told of an error. Paths of the server and what its system says are logged only.
fn told(error: &Error) -> JobProblem {
    match error {
        Error::Read { source, .. } | Error::Write { source, .. } => {
            tracing::error!(%error, "a training met trouble with its files");
            failed(&ApiError::storage(source))
        }
        error => failed(error),
    }
}

fn failed(problem: &dyn Display) -> JobProblem {
    JobProblem { title: "The training failed".to_owned(), detail: problem.to_string() }
}
