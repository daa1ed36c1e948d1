//! K-Means: the clusters that leave the smallest sum of squared distances (WCSS, `inertia_` in
//! scikit-learn) between customers and their centres.
//!
//! Parameters are checked in `params`; from there on the computation cannot be asked for nonsense. A
//! start is seeded by `init`, run by `lloyd` and carried on by `search`, and all of them look at the data
//! through [`kernel`].

mod init;
pub mod kernel;
mod lloyd;
mod params;
mod search;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub use kernel::Centers;
pub use params::{KMeans, KMeansParams, NSwaps};

use crate::error::{Error, Result};
use crate::features::Matrix;

/// What [`KMeans::fit`] found: no cluster is empty, and clusters stand in the order of their centres.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The centres, in the units of the matrix: `cluster_centers_`.
    pub cluster_centers: Centers,
    /// The cluster of each row: `labels_`.
    pub labels: Vec<u32>,
    /// The number of rows of each cluster.
    pub sizes: Vec<usize>,
    /// The sum of squared distances of the rows to their centres: `inertia_`.
    pub inertia: f64,
    /// The passes over the data that led to these centres from the start or swap before them:
    /// `n_iter_`.
    pub n_iter: usize,
    /// How many starts were tried.
    pub n_init: usize,
    /// How many swaps in a row had to bring nothing before a start's search ended.
    pub n_swaps: usize,
}

impl Clustering {
    /// The number of clusters.
    pub fn n_clusters(&self) -> usize {
        self.cluster_centers.len()
    }

    /// The same clusters in another order: the cluster `order[i]` becomes number `i`. `order` names
    /// each cluster once.
    #[must_use]
    pub fn reordered(mut self, order: &[usize]) -> Self {
        let mut new_label = vec![0; order.len()];
        for (label, &former) in (0_u32..).zip(order) {
            new_label[former] = label;
        }
        for label in &mut self.labels {
            *label = new_label[*label as usize];
        }
        self.cluster_centers = order.iter().map(|&i| self.cluster_centers[i].clone()).collect();
        self.sizes = order.iter().map(|&i| self.sizes[i]).collect();
        self
    }

    /// Orders the clusters by their centres, first feature first, so that their numbers depend on
    /// what was found and not on the way there.
    fn ordered_by_center(self) -> Self {
        // Means of the same points added in another order differ in their last digits; rounding
        // keeps such centres equal in a feature, so that the next feature decides.
        let rounded = |center: &[f64]| -> Vec<f64> {
            center.iter().map(|x| (x * 1e6).round() / 1e6 + 0.0).collect()
        };
        let keys: Vec<Vec<f64>> = self.cluster_centers.iter().map(|c| rounded(c)).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by(|&a, &b| {
            let by_feature = keys[a].iter().zip(&keys[b]).map(|(a, b)| a.total_cmp(b));
            by_feature.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        self.reordered(&order)
    }
}

impl KMeans {
    /// Finds the clusters of the rows: the best of `n_init` starts, each searched on by swaps.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyClusters`] when there are fewer distinct rows than clusters, and
    /// [`Error::Parameter`] when `max_iter` ended every start with an empty cluster.
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
    pub fn fit(&self, matrix: &Matrix) -> Result<Clustering> {
        let params = self.params();
        let n_clusters = params.n_clusters;
        let distinct = matrix.distinct_rows(n_clusters);
        if distinct < n_clusters {
            return Err(Error::TooManyClusters { n_clusters, distinct });
        }
        let lloyd =
            lloyd::Lloyd { max_iter: params.max_iter, tol: params.tol * mean_variance(matrix) };
        let n_swaps = params.n_swaps.on(matrix.n_rows());
        // One cluster has one solution; further starts would find it again.
        let n_init = if n_clusters == 1 { 1 } else { params.n_init };
        let best = (0..n_init)
            .into_par_iter()
            .map(|start| {
                let mut rng = ChaCha8Rng::seed_from_u64(params.random_state);
                rng.set_stream(start as u64);
                let centers = init::greedy_kmeans_plusplus(matrix, n_clusters, &mut rng);
                let end = lloyd.run(matrix, centers);
                (start, search::search(matrix, end, n_swaps, lloyd, &mut rng))
            })
            .min_by(|(a, one), (b, other)| {
                let by_sum = one.inertia.total_cmp(&other.inertia);
                one.has_empty_cluster().cmp(&other.has_empty_cluster()).then(by_sum).then(a.cmp(b))
            });
        let Some((_, end)) = best else {
            return Err(Error::Shape { what: "starts", expected: 1, found: 0 });
        };
        if end.has_empty_cluster() {
            return Err(if end.n_iter < params.max_iter {
                let distinct = end.counts.iter().filter(|&&count| count > 0).count();
                Error::TooManyClusters { n_clusters, distinct }
            } else {
                Error::Parameter {
                    name: "max_iter",
                    value: params.max_iter.to_string(),
                    problem: "every start ended with an empty cluster; allow more steps",
                }
            });
        }
        let clustering = Clustering {
            cluster_centers: end.centers,
            labels: end.labels,
            sizes: end.counts,
            inertia: end.inertia,
            n_iter: end.n_iter,
            n_init,
            n_swaps,
        };
        Ok(clustering.ordered_by_center())
    }
}

fn mean_variance(matrix: &Matrix) -> f64 {
    let n_rows = matrix.n_rows() as f64;
    let variance = |column: &Vec<f64>| {
        let mean = column.iter().sum::<f64>() / n_rows;
        column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n_rows
    };
    matrix.columns().iter().map(variance).sum::<f64>() / matrix.n_columns() as f64
}
