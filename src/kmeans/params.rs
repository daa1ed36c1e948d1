//! The parameters of K-Means, by scikit-learn's names. They are checked once, and [`KMeans`] is the
//! proof that they were.

use crate::error::{Error, Result};

/// How long each start is searched on for a better optimum, by swaps of one centre at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NSwaps {
    /// Until 20 swaps in a row have brought nothing, on up to 5,000 rows; fewer on more rows, so that
    /// a start's last vain swaps look at 100,000 rows together, and none beyond that.
    #[default]
    Auto,
    /// Until this many swaps in a row have brought nothing; 0 leaves each start where it ended.
    Fixed(usize),
}

impl NSwaps {
    /// The number of swaps in a row on data of so many rows.
    pub fn on(self, n_rows: usize) -> usize {
        match self {
            Self::Auto => (100_000 / n_rows.max(1)).min(20),
            Self::Fixed(swaps) => swaps,
        }
    }
}

/// Parameters as a user gives them; [`KMeansParams::check`] makes a [`KMeans`] of them.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeansParams {
    /// The number of clusters, at least 1.
    pub n_clusters: usize,
    /// The number of starts, at least 1; the one with the lowest WCSS wins.
    pub n_init: usize,
    /// How long each start is searched on for a better optimum.
    pub n_swaps: NSwaps,
    /// The most Lloyd steps of one start, at least 1.
    pub max_iter: usize,
    /// A start also ends when the centres moved, in sum of squares, by no more than this share of the
    /// features' mean variance. 0, the default, goes on until no assignment changes.
    pub tol: f64,
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
            n_swaps: NSwaps::Auto,
            max_iter: 300,
            tol: 0.0,
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
        Ok(KMeans { params: self })
    }
}

/// K-Means with parameters that were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    params: KMeansParams,
}

impl KMeans {
    /// The parameters.
    pub fn params(&self) -> &KMeansParams {
        &self.params
    }
}
