//! What a fit found.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::Centers;
use super::kernel::TASK;
use super::members::predict;
use super::points::Points;

/// The clusters found for one number of them, in the order of their centres.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// The centres, in the units of the points: `cluster_centers_`.
    pub cluster_centers: Centers,
    /// The weight of each cluster's rows; their number, where no weights were given.
    pub weights: Vec<f64>,
    /// The weighted sum of the squared distances of the rows to their centres: `inertia_`.
    pub inertia: f64,
    /// The steps that led to these centres from the start or the change before them: `n_iter_`.
    pub n_iter: usize,
    /// How many starts were tried.
    pub n_init: usize,
    /// How many swaps in a row had to bring nothing before the search ended; 0 without a search.
    pub n_swaps: usize,
}

/// What [`super::KMeans::fit`] found: no cluster is empty, and clusters stand in the order of their
/// centres.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The centres, in the units of the points: `cluster_centers_`.
    pub cluster_centers: Centers,
    /// The cluster of each row: `labels_`.
    pub labels: Vec<u32>,
    /// The number of rows of each cluster.
    pub sizes: Vec<usize>,
    /// The weighted sum of the squared distances of the rows to their centres: `inertia_`.
    pub inertia: f64,
    /// The steps that led to these centres from the start or the change before them: `n_iter_`.
    pub n_iter: usize,
    /// How many starts were tried.
    pub n_init: usize,
    /// How many swaps in a row had to bring nothing before the search ended; 0 without a search.
    pub n_swaps: usize,
}

impl Optimum {
    /// The number of clusters.
    pub fn n_clusters(&self) -> usize {
        self.cluster_centers.len()
    }

    /// The same with the cluster of each row of the points that it was found in.
    pub fn label<'a>(self, points: impl Into<Points<'a>>) -> Clustering {
        let labels = predict(points, &self.cluster_centers);
        let sizes = sizes_of(&labels, self.n_clusters());
        self.labelled(labels, sizes)
    }

    pub(crate) fn labelled(self, labels: Vec<u32>, sizes: Vec<usize>) -> Clustering {
        Clustering {
            cluster_centers: self.cluster_centers,
            labels,
            sizes,
            inertia: self.inertia,
            n_iter: self.n_iter,
            n_init: self.n_init,
            n_swaps: self.n_swaps,
        }
    }

    /// Orders the clusters by their centres, first feature first, so that their numbers depend on
    /// what was found and not on the way there.
    pub(super) fn ordered_by_center(mut self) -> Self {
        let order = order_of(&self.cluster_centers);
        self.cluster_centers = order.iter().map(|&i| self.cluster_centers[i].clone()).collect();
        self.weights = order.iter().map(|&i| self.weights[i]).collect();
        self
    }
}

/// The number of rows of each cluster.
pub(super) fn sizes_of(labels: &[u32], n_clusters: usize) -> Vec<usize> {
    let mut sizes = vec![0; n_clusters];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    sizes
}

/// The order of centres, first feature first.
fn order_of(centers: &[Vec<f64>]) -> Vec<usize> {
    // Means of the same points added in another order differ in their last digits; rounding keeps such
    // centres equal in a feature, so that the next feature decides.
    let rounded = |center: &Vec<f64>| -> Vec<f64> {
        center.iter().map(|x| (x * 1e6).round() / 1e6 + 0.0).collect()
    };
    let keys: Vec<Vec<f64>> = centers.iter().map(rounded).collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| {
        let by_feature = keys[a].iter().zip(&keys[b]).map(|(a, b)| a.total_cmp(b));
        by_feature.fold(Ordering::Equal, Ordering::then)
    });
    order
}

impl Clustering {
    /// The number of clusters.
    pub fn n_clusters(&self) -> usize {
        self.cluster_centers.len()
    }

    /// As [`Optimum::ordered_by_center`].
    pub(crate) fn ordered_by_center(self) -> Self {
        let order = order_of(&self.cluster_centers);
        if order.is_sorted() { self } else { self.reordered(&order) }
    }

    /// The same clusters in another order: the cluster `order[i]` becomes number `i`. `order` names
    /// each cluster once.
    #[must_use]
    pub fn reordered(mut self, order: &[usize]) -> Self {
        let mut new_label = vec![0; order.len()];
        for (label, &former) in (0_u32..).zip(order) {
            new_label[former] = label;
        }
        self.labels
            .par_iter_mut()
            .with_min_len(TASK)
            .for_each(|label| *label = new_label[*label as usize]);
        self.cluster_centers = order.iter().map(|&i| self.cluster_centers[i].clone()).collect();
        self.sizes = order.iter().map(|&i| self.sizes[i]).collect();
        self
    }
}
