//! What a pass over some points adds up, a cluster.

use serde::{Deserialize, Serialize};

/// The weight and the sum of the points of each cluster. Those of two groups of points merge by addition,
/// so an engine may look at its points in any pieces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// The weight of each cluster: the number of its points, where each weighs 1.
    pub weights: Vec<f64>,
    /// The weighted sum of the points of each cluster, one number a feature, cluster after cluster.
    pub sums: Vec<f64>,
}

impl Totals {
    /// Those of no points.
    pub fn zero(n_clusters: usize, n_features: usize) -> Self {
        Self { weights: vec![0.0; n_clusters], sums: vec![0.0; n_clusters * n_features] }
    }

    /// Forgets all points.
    pub fn clear(&mut self) {
        self.weights.fill(0.0);
        self.sums.fill(0.0);
    }

    /// Adds those of other points.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.weights, &other.weights);
        add(&mut self.sums, &other.sums);
    }

    /// The sum of a cluster's points.
    pub(super) fn sum(&self, cluster: usize) -> &[f64] {
        let n_features = self.sums.len() / self.weights.len();
        &self.sums[cluster * n_features..][..n_features]
    }

    /// The sum of a cluster's points, to be changed.
    #[inline]
    pub(super) fn sum_mut(&mut self, cluster: usize) -> &mut [f64] {
        let n_features = self.sums.len() / self.weights.len();
        &mut self.sums[cluster * n_features..][..n_features]
    }

    /// Adds a point to a cluster.
    #[inline(always)]
    #[allow(clippy::inline_always)] // compiled for the vectors of its caller
    pub(super) fn add(&mut self, cluster: usize, weight: f64, point: &[f64]) {
        self.weights[cluster] += weight;
        let sums = &mut self.sums[cluster * point.len()..][..point.len()];
        // Points have few features; the compiler makes better code of groups of them than of a loop.
        let (groups, rest) = point.as_chunks::<4>();
        let (sum_groups, sums_left) = sums.as_chunks_mut::<4>();
        for (sums, group) in sum_groups.iter_mut().zip(groups) {
            for (sum, x) in sums.iter_mut().zip(group) {
                *sum += weight * x;
            }
        }
        for (sum, x) in sums_left.iter_mut().zip(rest) {
            *sum += weight * x;
        }
    }

    /// Makes these the same as others.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.weights.clone_from(&other.weights);
        self.sums.clone_from(&other.sums);
    }

    /// Whether a cluster is empty.
    pub(super) fn has_empty_cluster(&self) -> bool {
        self.weights.contains(&0.0)
    }
}

/// Adds numbers to others, place by place.
pub(super) fn add(to: &mut [f64], more: &[f64]) {
    for (total, value) in to.iter_mut().zip(more) {
        *total += value;
    }
}
