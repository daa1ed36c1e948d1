//! The filtering algorithm (Kanungo et al. 2002, "An efficient k-means clustering algorithm: analysis
//! and implementation"; Pelleg and Moore 1999, "Accelerating exact k-means algorithms with geometric
//! reasoning"): a walk from the roots down that takes along the centres which can still be the nearest.

use super::Tree;
use super::leaf::{Leaf, nearest_to_place};
use super::node::Node;
use super::sites::Sites;
use crate::simd::{Simd, Task};

/// What is done where a walk ends.
pub(super) trait Visit<const D: usize> {
    /// All points of a node are nearest to one centre.
    fn own(&mut self, place: Place, node: &Node<D>, cluster: usize, center: &[f64; D]);

    /// The points of a leaf are shared by centres, which are `rivals`.
    fn share<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        place: Place,
        leaf: Leaf,
        rivals: u64,
        sites: &Sites<D, V>,
    );
}

/// Where a node is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) branch: usize,
    pub(super) node: usize,
}

/// A node that waits, or two next to each other, and the centres that can be the nearest there.
pub(super) struct Stop {
    place: Place,
    n_nodes: usize,
    rivals: u64,
}

impl Stop {
    /// At one node.
    #[inline(always)]
    pub(super) fn at(place: Place, rivals: u64) -> Self {
        Self { place, n_nodes: 1, rivals }
    }
}

/// A walk from some nodes down.
pub(super) struct Walk<'a, T, const D: usize, const V: usize> {
    pub(super) tree: &'a Tree<'a, D>,
    pub(super) start: Vec<Stop>,
    pub(super) sites: &'a Sites<D, V>,
    pub(super) visit: T,
}

impl<T: Visit<D>, const D: usize, const V: usize> Task for Walk<'_, T, D, V> {
    type Output = T;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> T {
        // Nodes and leaves are far apart in memory, and fetched while they wait: level after level, and
        // leaves at the end. A function that calls itself would not do either, since it could not be
        // compiled for the machine's vectors.
        let Self { tree, start: mut queue, sites, mut visit } = self;
        let mut shared = Vec::with_capacity(1 << 8);
        let mut done = 0;
        while let Some(&Stop { place: Place { branch, node: first }, n_nodes, rivals }) =
            queue.get(done)
        {
            done += 1;
            let nodes = &tree.branches[branch].nodes;
            for (node, at) in nodes[first..first + n_nodes].iter().zip(first..) {
                let place = Place { branch, node: at };
                let left = sites.contest(simd, node, rivals);
                if left & left.wrapping_sub(1) == 0 {
                    let nearest = left.trailing_zeros() as usize;
                    visit.own(place, node, nearest, sites.point(nearest));
                } else if !node.is_leaf() {
                    let children = node.children as usize;
                    for child in &nodes[children..children + 2] {
                        simd.prefetch(child);
                    }
                    let place = Place { branch, node: children };
                    queue.push(Stop { place, n_nodes: 2, rivals: left });
                } else if node.is_point() {
                    let nearest = nearest_to_place(node, left, sites);
                    visit.own(place, node, nearest, sites.point(nearest));
                } else {
                    tree.leaf(branch, node).prefetch::<S, D>(simd);
                    shared.push(Stop::at(place, left));
                }
            }
        }
        for Stop { place, rivals, .. } in shared {
            let leaf = tree.leaf(place.branch, tree.node(place));
            visit.share(simd, place, leaf, rivals, sites);
        }
        visit
    }
}
