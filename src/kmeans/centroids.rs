//! Centres while they are searched for: one after another in one piece of memory.

use serde::{Deserialize, Serialize};

use super::Centers;

/// Points in feature space, one a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Centroids {
    coordinates: Vec<f64>,
    n_features: usize,
}

impl Centroids {
    /// None yet.
    pub(super) fn none(n_features: usize) -> Self {
        Self { coordinates: Vec::new(), n_features }
    }

    /// Copies centres with so many features each.
    pub(super) fn from_centers(centers: &[Vec<f64>], n_features: usize) -> Self {
        Self { coordinates: centers.concat(), n_features }
    }

    /// The centres, each on its own.
    pub(super) fn to_centers(&self) -> Centers {
        self.iter().map(<[f64]>::to_vec).collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.coordinates.len() / self.n_features
    }

    /// Coordinates of each.
    pub(super) fn n_features(&self) -> usize {
        self.n_features
    }

    /// One centre.
    #[inline]
    pub(super) fn get(&self, index: usize) -> &[f64] {
        &self.coordinates[index * self.n_features..][..self.n_features]
    }

    /// One centre, to be moved.
    pub(super) fn get_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.coordinates[index * self.n_features..][..self.n_features]
    }

    /// One after another.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[f64]> + ExactSizeIterator {
        self.coordinates.chunks_exact(self.n_features)
    }

    /// All coordinates, centre after centre.
    pub(super) fn coordinates(&self) -> &[f64] {
        &self.coordinates
    }

    /// Adds one.
    pub(super) fn push(&mut self, center: &[f64]) {
        self.coordinates.extend_from_slice(center);
    }

    /// Makes these the same as others of the same number.
    pub(super) fn copy_from(&mut self, others: &Self) {
        self.coordinates.clone_from(&others.coordinates);
    }

    /// The first so many of them.
    pub(super) fn first(&self, n_clusters: usize) -> Self {
        let coordinates = self.coordinates[..n_clusters * self.n_features].to_vec();
        Self { coordinates, n_features: self.n_features }
    }
}

/// The square of the Euclidean distance between two points.
#[inline]
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
