//! What is told of a training.

use serde::Serialize;
use utoipa::ToSchema;

use crate::elbow::ElbowPoint;
use crate::rfm::{Counts, Rfm};

/// How far a training is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub(in crate::server) const ALL: [Self; 5] =
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// What it is called in answers and metrics.
    pub(in crate::server) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen.
    pub(in crate::server) fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// What a running training does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum Stage {
    /// Reads the file.
    Reading,
    /// Makes customers of transactions.
    Rfm,
    /// Finds clusters for one k after another.
    Clusters,
    /// Compares models of resampled customers, and the customers with a single group in their likeness.
    Stability,
    /// Writes the model to the data folder.
    Keeping,
}

/// What was found for a number of clusters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(in crate::server) struct FittedK {
    k: usize,
    /// The sum of squared distances to the centres, in scaled units.
    wcss: f64,
    silhouette: Option<f64>,
}

impl From<&ElbowPoint> for FittedK {
    fn from(point: &ElbowPoint) -> Self {
        Self { k: point.k, wcss: point.wcss, silhouette: point.quality.silhouette }
    }
}

/// What became of a log of transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::server) struct RfmSummary {
    customers: usize,
    /// The day as of which they are described.
    as_of: String,
    rows: u64,
    rows_without_customer: u64,
    rows_after_as_of: u64,
    rows_returned: u64,
    customers_without_purchase: u64,
    skipped_rows: u64,
}

impl From<&Rfm> for RfmSummary {
    fn from(found: &Rfm) -> Self {
        let Counts {
            rows, without_customer, after_as_of, skipped, returns, without_purchase, ..
        } = found.counts;
        Self {
            customers: found.customers.len(),
            as_of: found.as_of.to_string(),
            rows,
            rows_without_customer: without_customer,
            rows_after_as_of: after_as_of,
            rows_returned: returns,
            customers_without_purchase: without_purchase,
            skipped_rows: skipped,
        }
    }
}

/// Why a training failed, in the words of an error of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::server) struct JobProblem {
    /// The kind of problem.
    pub(in crate::server) title: String,
    /// What is wrong, where, and how to mend it.
    pub(in crate::server) detail: String,
}

/// A training: what it learns from, how far it is, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(in crate::server) struct JobStatus {
    /// Names the training.
    pub(in crate::server) id: String,
    pub(in crate::server) state: JobState,
    /// Whether it was told to end and has not yet.
    pub(in crate::server) is_cancelling: bool,
    /// How many trainings come before it, if it waits.
    pub(in crate::server) position: Option<usize>,
    /// What it does, if it runs.
    pub(in crate::server) stage: Option<Stage>,
    /// The largest number of clusters to come.
    pub(in crate::server) k_max: usize,
    /// Lloyd's steps so far, of all starts and numbers of clusters.
    pub(in crate::server) iteration: u64,
    /// What was found so far, in ascending order of k.
    pub(in crate::server) by_k: Vec<FittedK>,
    /// The upload that it learns from, if it is one.
    pub(in crate::server) upload: Option<String>,
    /// The model whose customers it learns from, if it is one.
    pub(in crate::server) model: Option<String>,
    /// The name of what it learns from.
    pub(in crate::server) name: String,
    /// When it was asked for (RFC 3339).
    pub(in crate::server) created_at: String,
    pub(in crate::server) started_at: Option<String>,
    pub(in crate::server) finished_at: Option<String>,
    /// What became of the transactions, if it is a log.
    pub(in crate::server) rfm: Option<RfmSummary>,
    /// The rows of the file that were left out.
    pub(in crate::server) skipped_rows: usize,
    /// The model that was learned, if it is done. It is kept, and not yet in use.
    pub(in crate::server) version: Option<String>,
    /// Why it failed, if it did.
    pub(in crate::server) problem: Option<JobProblem>,
}
