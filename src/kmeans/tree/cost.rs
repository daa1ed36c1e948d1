//! The weighted sum of the points' squared distances to their nearest centres.

use super::leaf::{Leaf, WIDE, nearest};
use super::node::Node;
use super::sites::Sites;
use super::walk::{Place, Visit};
use crate::simd::{Doubles, Simd};

/// The sum for some points.
#[derive(Default)]
pub(super) struct Cost(pub(super) f64);

impl<const D: usize> Visit<D> for Cost {
    #[inline(always)]
    fn own(&mut self, _: Place, node: &Node<D>, _: usize, center: &[f64; D]) {
        self.0 += node.cost(center);
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
        self.0 += cost(simd, leaf, rivals, sites);
    }
}

/// That of a leaf.
#[inline(always)]
pub(super) fn cost<S: Simd, const D: usize, const V: usize>(
    simd: S,
    leaf: Leaf,
    rivals: u64,
    sites: &Sites<D, V>,
) -> f64 {
    let mut sum = simd.doubles(0.0);
    for start in leaf.groups() {
        let points = leaf.points::<S, D>(simd, start);
        let weights = leaf.weights::<S, D>(simd, start);
        let (_, least) = nearest(simd, &points, rivals, sites);
        for vector in 0..WIDE {
            sum = sum + least[vector] * weights[vector];
        }
    }
    sum.sum()
}
