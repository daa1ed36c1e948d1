//! From parameters and data to clusters: what can be asked for.

use super::algorithm::{Job, Problem, with_engine};
use super::centroids::Centroids;
use super::clustering::{Clustering, Optimum};
use super::params::{Algorithm, KMeans};
use super::points::Sample;
use super::prepare::Prepared;
use super::solve::{EachNumber, FromCenters, FromStarts};
use crate::error::{Error, Result};

impl KMeans {
    /// Finds the clusters of the rows: the best of `n_init` starts, searched on for a better optimum.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyClusters`] when there are fewer distinct rows than clusters,
    /// [`Error::Parameter`] when `max_iter` ended every start with an empty cluster, and
    /// [`Error::Cancelled`].
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::kmeans::KMeansParams;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 2.0, 10.0, 11.0]])?;
    /// let found = KMeansParams::new(2).check()?.fit(&matrix)?;
    /// assert_eq!(found.cluster_centers, [[1.5], [10.5]]);
    /// assert_eq!(found.labels, [0, 0, 1, 1]);
    /// assert_eq!(found.inertia, 1.0);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit<'a>(&self, sample: impl Into<Sample<'a>>) -> Result<Clustering> {
        let sample = sample.into();
        let n_clusters = self.params().n_clusters;
        let distinct = sample.points.distinct_rows(n_clusters);
        if distinct < n_clusters {
            return Err(Error::TooManyClusters { n_clusters, distinct });
        }
        self.solve(sample, FromStarts(n_clusters))
    }

    /// Runs Lloyd's algorithm from the given centres, and from nowhere else: scikit-learn's `init` given as
    /// an array.
    ///
    /// # Errors
    ///
    /// As [`KMeans::fit`], and [`Error::Shape`] when there are not `n_clusters` centres with one finite
    /// coordinate a feature.
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::kmeans::KMeansParams;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 2.0, 10.0, 11.0]])?;
    /// let kmeans = KMeansParams::new(2).check()?;
    /// let found = kmeans.fit_from(&matrix, &[vec![0.0], vec![1.0]])?;
    /// assert_eq!(found.cluster_centers, [[1.5], [10.5]]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit_from<'a>(
        &self,
        sample: impl Into<Sample<'a>>,
        start: &[Vec<f64>],
    ) -> Result<Clustering> {
        let sample = sample.into();
        let n_features = sample.points.n_features();
        let expected = self.params().n_clusters;
        if start.len() != expected {
            return Err(Error::Shape { what: "centres", expected, found: start.len() });
        }
        for center in start {
            let found = center.iter().filter(|coordinate| coordinate.is_finite()).count();
            if found != n_features || center.len() != n_features {
                let what = "finite coordinates of a centre";
                return Err(Error::Shape { what, expected: n_features, found });
            }
        }
        let start = Centroids::from_centers(start, n_features);
        self.solve(sample, FromCenters(start))
    }

    /// Fits for each number of clusters from 1 to `n_clusters`, or to as many as there are distinct rows,
    /// and hands over each as soon as it is found. What the fits have in common is done once.
    ///
    /// # Errors
    ///
    /// As [`KMeans::fit`].
    ///
    /// ```
    /// use segmenta::features::Matrix;
    /// use segmenta::kmeans::KMeansParams;
    ///
    /// let matrix = Matrix::from_columns(vec![vec![1.0, 2.0, 10.0, 11.0]])?;
    /// let mut inertias = Vec::new();
    /// KMeansParams::new(3).check()?.fit_each(&matrix, |found| inertias.push(found.inertia))?;
    /// assert_eq!(inertias, [82.0, 1.0, 0.5]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn fit_each<'a>(
        &self,
        sample: impl Into<Sample<'a>>,
        mut found: impl FnMut(Optimum),
    ) -> Result<()> {
        let sample = sample.into();
        let n_clusters = sample.points.distinct_rows(self.params().n_clusters);
        self.solve(sample, EachNumber { n_clusters, found: &mut found })
    }

    fn solve<J: Job>(&self, sample: Sample, job: J) -> Result<J::Output> {
        let merges = self.params().algorithm == Algorithm::Auto;
        let prepared = Prepared::new(sample, merges, self.cancel())?;
        with_engine(&Problem { kmeans: self, prepared: &prepared }, job)
    }
}
