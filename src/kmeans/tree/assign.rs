//! A step of Lloyd's algorithm: every point adds itself to the total of its nearest centre.

use super::leaf::{Leaf, WIDE, bits, nearest};
use super::node::Node;
use super::sites::Sites;
use super::walk::{Place, Visit};
use crate::kmeans::totals::Totals;
use crate::simd::{DOUBLES, Doubles, Simd};

/// What each cluster adds up to.
pub(super) struct Assign<const D: usize>(Vec<Share<D>>);

/// What a cluster adds up to.
#[derive(Debug, Clone)]
struct Share<const D: usize> {
    weight: f64,
    sum: [f64; D],
    /// Those of single points, a lane each.
    weights: [f64; DOUBLES],
    sums: [[f64; DOUBLES]; D],
}

impl<const D: usize> Assign<D> {
    /// That of nothing.
    pub(super) fn new(n_clusters: usize) -> Self {
        let nothing = Share {
            weight: 0.0,
            sum: [0.0; D],
            weights: [0.0; DOUBLES],
            sums: [[0.0; DOUBLES]; D],
        };
        Self(vec![nothing; n_clusters])
    }

    /// Adds all to the totals of other parts.
    pub(super) fn add_to(&self, totals: &mut Totals) {
        for (cluster, sums) in self.0.iter().enumerate() {
            totals.weights[cluster] += sums.weight + sums.weights.iter().sum::<f64>();
            for (feature, total) in totals.sum_mut(cluster).iter_mut().enumerate() {
                *total += sums.sum[feature] + sums.sums[feature].iter().sum::<f64>();
            }
        }
    }
}

impl<const D: usize> Visit<D> for Assign<D> {
    #[inline(always)]
    fn own(&mut self, _: Place, node: &Node<D>, cluster: usize, _: &[f64; D]) {
        let sums = &mut self.0[cluster];
        sums.weight += node.weight;
        for feature in 0..D {
            sums.sum[feature] += node.weight * node.middle[feature] + node.lean[feature];
        }
    }

    #[inline(always)]
    fn share<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        _: Place,
        leaf: Leaf,
        rivals: u64,
        sites: &Sites<D, V>,
    ) {
        for start in leaf.groups() {
            let points = leaf.points::<S, D>(simd, start);
            let weights = leaf.weights::<S, D>(simd, start);
            let (nearest, _) = nearest(simd, &points, rivals, sites);
            for cluster in bits(rivals) {
                let name = simd.doubles(cluster as f64);
                let sums = &mut self.0[cluster];
                let mut weight = simd.load_doubles(&sums.weights);
                for vector in 0..WIDE {
                    weight = weight.add_where(nearest[vector].equal(name), weights[vector]);
                }
                sums.weights = weight.to_array();
                for feature in 0..D {
                    let mut sum = simd.load_doubles(&sums.sums[feature]);
                    for vector in 0..WIDE {
                        let weighted = points[vector][feature] * weights[vector];
                        sum = sum.add_where(nearest[vector].equal(name), weighted);
                    }
                    sums.sums[feature] = sum.to_array();
                }
            }
        }
    }
}
