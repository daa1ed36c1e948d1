//! What training was asked for.

use serde::{Deserialize, Serialize};

use super::{NClusters, TrainOptions};
use crate::dataset::OnError;
use crate::elbow::MinSegmentSize;

/// What training was asked for, beside what a model's other parts tell: its features, their preparation and
/// the parameters of K-Means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainSettings {
    /// How many clusters.
    pub n_clusters: NClusters,
    /// The largest number of clusters in the elbow.
    pub k_max: usize,
    /// How many customers each segment had to have at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_segment_size: Option<MinSegmentSize>,
    /// What was done with a row that lacks a feature.
    pub on_error: OnError,
    /// SHA-256 of the persona file; none for those that come with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personas: Option<String>,
}

impl From<&TrainOptions> for TrainSettings {
    fn from(options: &TrainOptions) -> Self {
        Self {
            n_clusters: options.n_clusters,
            k_max: options.k_max,
            min_segment_size: options.min_segment_size,
            on_error: options.on_error,
            personas: options.personas.sha256().map(str::to_owned),
        }
    }
}
