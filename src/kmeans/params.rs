//! The parameters of K-Means, by scikit-learn's names. They are checked once, and [`KMeans`] is the
//! proof that they were.

use serde::{Deserialize, Serialize};

use super::cancel::Cancel;
use crate::error::{Error, Result};

/// How the points are passed over. All ways give the same clusters from the same starts; they differ in
/// the time and the memory they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// What is fastest for data of this shape; equal rows are merged where they are many.
    #[default]
    Auto,
    /// Every step compares every point with every centre, in double precision.
    Lloyd,
    /// A tree of boxes around the points: a step looks into a box only where more than one centre may be
    /// nearest. For 2 to 4 features; others are screened.
    Tree,
    /// Every step compares every point with every centre in single precision, and again in double
    /// precision where that leaves a doubt.
    Screen,
}

/// Parameters as a user gives them; [`KMeansParams::check`] makes a [`KMeans`] of them.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeansParams {
    /// The number of clusters, at least 1.
    pub n_clusters: usize,
    /// The number of starts, at least 1. The one with the lowest WCSS wins; where a search follows, it is
    /// the one that begins with the lowest.
    pub n_init: usize,
    /// A search for a better optimum than the starts lead to ends when so many swaps of clusters in a row
    /// have brought nothing. 0: no search.
    pub n_swaps: usize,
    /// The most Lloyd steps of one start, at least 1.
    pub max_iter: usize,
    /// A start also ends when the centres moved, in sum of squares, by no more than this share of the
    /// features' mean variance. 0, the default, goes on until no assignment changes, as does what a search
    /// has found.
    pub tol: f64,
    /// How the points are passed over.
    pub algorithm: Algorithm,
    /// The seed of all randomness: the same data, parameters and seed give the same result to the
    /// bit, whatever the number of threads.
    pub random_state: u64,
}

impl KMeansParams {
    /// The defaults for a number of clusters.
    pub fn new(n_clusters: usize) -> Self {
        Self {
            n_clusters,
            n_init: 10,
            n_swaps: 8,
            max_iter: 300,
            tol: 0.0,
            algorithm: Algorithm::Auto,
            random_state: 42,
        }
    }

    /// The same parameters for another number of clusters.
    #[must_use]
    pub fn with_n_clusters(&self, n_clusters: usize) -> Self {
        Self { n_clusters, ..self.clone() }
    }

    /// Checks every parameter.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] for the first one out of its range.
    pub fn check(self) -> Result<KMeans> {
        let refuse = |name, value: String, problem| Err(Error::Parameter { name, value, problem });
        if self.n_clusters == 0 {
            return refuse("n_clusters", "0".to_owned(), "at least 1 cluster is needed");
        }
        if self.n_init == 0 {
            return refuse("n_init", "0".to_owned(), "at least 1 start is needed");
        }
        if self.max_iter == 0 {
            return refuse("max_iter", "0".to_owned(), "at least 1 step is needed");
        }
        if !(self.tol.is_finite() && self.tol >= 0.0) {
            return refuse("tol", self.tol.to_string(), "a number from 0 up is needed");
        }
        Ok(KMeans { params: self, cancel: Cancel::default() })
    }
}

/// K-Means with parameters that were checked.
#[derive(Debug, Clone)]
pub struct KMeans {
    params: KMeansParams,
    cancel: Cancel,
}

impl KMeans {
    /// The parameters.
    pub fn params(&self) -> &KMeansParams {
        &self.params
    }

    /// The same, to be ended by a token.
    #[must_use]
    pub fn cancelled_by(self, cancel: &Cancel) -> Self {
        Self { cancel: cancel.clone(), ..self }
    }

    pub(super) fn cancel(&self) -> &Cancel {
        &self.cancel
    }
}
