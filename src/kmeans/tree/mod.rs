//! A k-d tree, for points in a few features (Bentley 1975, "Multidimensional binary search trees used
//! for associative searching"). A step gives whole boxes of points to a centre at once, and looks only at
//! points near the borders of clusters.

// What the walk calls must be part of the task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]
// The numbers of a feature, or of a vector, are in several arrays, which one loop goes through.
#![allow(clippy::needless_range_loop)]

mod assign;
mod build;
mod cost;
mod leaf;
mod node;
mod seeds;
mod sites;
mod split;
#[cfg(test)]
mod tests;
mod walk;

use rayon::prelude::*;

use self::assign::Assign;
use self::cost::Cost;
use self::leaf::Leaf;
use self::node::Node;
use self::sites::{MOST_SITES, Sites};
use self::walk::{Place, Stop, Visit, Walk};
use super::cancel::Cancel;
use super::centroids::Centroids;
use super::engine::Engine;
use super::init;
use super::kernel;
use super::points::Sample;
use super::totals::Totals;
use crate::simd::{DOUBLES, with_widest};

/// The most points of a leaf.
const LEAF: usize = 96;
/// Branches that a thread walks over before it looks for more.
const TASK: usize = 4;
/// The most branches that one thread walks over in less time than others take to wake up.
const FEW: usize = 8;
/// Coordinates above this are left to the engine that needs no sums of squares, which could be infinite.
const HIGHEST: f64 = 1e140;
/// How far sums of the same points, added up in another order, may be from each other, as a share of the
/// cluster's weight times the largest coordinate.
///
/// It is some thousand roundings. As many numbers are added one after another in a part of the tree, in
/// all about a hundred parts, but errors cancel: the sums of 10 million points were found to differ by
/// less than a hundredth of this. A point that moves to another cluster changes the weights of both by
/// its own. If others of the same weight move back, it changes the sums by how far they are from it,
/// which is more than this unless they are neighbours in all the data, or weigh next to nothing.
const SLACK: f64 = 1e-13;

/// Points in boxes within boxes.
pub(super) struct Tree<'a, const D: usize> {
    sample: Sample<'a>,
    /// The points of the leaves, column after column.
    numbers: Vec<f64>,
    branches: Vec<Branch<D>>,
    /// No coordinate is farther from 0, a feature.
    reach: [f64; D],
}

/// A part of the tree that one thread grows, and walks over.
struct Branch<const D: usize> {
    nodes: Vec<Node<D>>,
    /// The place of its first point among all.
    start: usize,
}

macro_rules! can_be_built {
    ($($d:literal and a weight: $r:literal,)*) => {$(
        impl<'a> Tree<'a, $d> {
            /// Builds the tree. There is nothing in it if that was cancelled.
            pub(super) fn new(sample: Sample<'a>, cancel: &Cancel) -> Self {
                let (numbers, branches) = match sample.weights {
                    None => build::build::<$d, $d>(sample, cancel),
                    Some(_) => build::build::<$d, $r>(sample, cancel),
                };
                Self::with(sample, numbers, branches)
            }
        }
    )*};
}

can_be_built! {
    2 and a weight: 3,
    3 and a weight: 4,
    4 and a weight: 5,
}

impl<'a, const D: usize> Tree<'a, D> {
    fn with(sample: Sample<'a>, numbers: Vec<f64>, branches: Vec<Branch<D>>) -> Self {
        let mut reach = [0.0; D];
        for root in branches.iter().filter_map(|branch| branch.nodes.first()) {
            for (feature, reach) in reach.iter_mut().enumerate() {
                *reach = f64::max(*reach, root.middle[feature].abs() + root.half[feature]);
            }
        }
        Self { sample, numbers, branches, reach }
    }

    /// Whether a walk can tell these centres apart.
    fn can_tell_apart(&self, centers: &Centroids) -> bool {
        let numbers = self.reach.iter().chain(centers.coordinates());
        centers.len() <= MOST_SITES && numbers.copied().all(|x| x.abs() <= HIGHEST)
    }

    /// Walks over all branches, and gives what was met in each of some parts of them. The parts do not
    /// depend on the number of threads.
    fn walk<T: Visit<D> + Send>(
        &self,
        centers: &Centroids,
        cancel: &Cancel,
        visit: impl Fn() -> T + Sync,
    ) -> Vec<T> {
        match centers.len().div_ceil(DOUBLES) {
            0..=1 => self.walk_with::<T, 1>(centers, cancel, visit),
            2 => self.walk_with::<T, 2>(centers, cancel, visit),
            _ => self.walk_with::<T, { MOST_SITES / DOUBLES }>(centers, cancel, visit),
        }
    }

    fn walk_with<T: Visit<D> + Send, const V: usize>(
        &self,
        centers: &Centroids,
        cancel: &Cancel,
        visit: impl Fn() -> T + Sync,
    ) -> Vec<T> {
        let sites = &Sites::<D, V>::new(centers);
        let n_tasks = self.branches.len().div_ceil(TASK);
        let part = |task: usize| {
            let mut start = Vec::with_capacity(1 << 10);
            if !cancel.is_cancelled() {
                let branches = task * TASK..((task + 1) * TASK).min(self.branches.len());
                let root = |branch| Stop::at(Place { branch, node: 0 }, sites.all());
                start.extend(branches.map(root));
            }
            with_widest(Walk { tree: self, start, sites, visit: visit() })
        };
        if self.branches.len() <= FEW {
            (0..n_tasks).map(part).collect()
        } else {
            (0..n_tasks).into_par_iter().map(part).collect()
        }
    }

    #[inline(always)]
    fn node(&self, place: Place) -> &Node<D> {
        &self.branches[place.branch].nodes[place.node]
    }

    /// The points of a leaf.
    #[inline(always)]
    fn leaf(&self, branch: usize, node: &Node<D>) -> Leaf<'_> {
        let is_weighted = self.sample.weights.is_some();
        let columns = D + usize::from(is_weighted);
        let start = (self.branches[branch].start + node.first as usize) * columns;
        Leaf::new(&self.numbers[start..], node.n_points as usize, is_weighted)
    }

    /// Whether totals are those of the same assignments. Which nodes are added as a whole depends on
    /// where the centres are, so equal assignments do not add up to equal bits.
    fn are_same(&self, one: &Totals, other: &Totals) -> bool {
        let weights = one.weights.iter().zip(&other.weights).enumerate();
        weights.into_iter().all(|(cluster, (a, b))| {
            let sums = one.sum(cluster).iter().zip(other.sum(cluster));
            (a - b).abs() <= SLACK * a
                && sums.zip(&self.reach).all(|((x, y), reach)| (x - y).abs() <= SLACK * a * reach)
        })
    }
}

impl<const D: usize> Engine for Tree<'_, D> {
    /// The totals of the step before.
    type Run = Totals;

    fn sample(&self) -> Sample<'_> {
        self.sample
    }

    /// A step is so little work that starts are better shared.
    fn shares_passes(&self) -> bool {
        false
    }

    fn begin(&self, n_clusters: usize) -> Totals {
        Totals::zero(n_clusters, D)
    }

    fn step(
        &self,
        former: &mut Totals,
        centers: &Centroids,
        totals: &mut Totals,
        cancel: &Cancel,
    ) -> bool {
        if self.can_tell_apart(centers) {
            totals.clear();
            for part in self.walk(centers, cancel, || Assign::new(centers.len())) {
                part.add_to(totals);
            }
        } else {
            kernel::step(self.sample, centers, totals, cancel);
        }
        let settled = self.are_same(former, totals);
        former.copy_from(totals);
        settled
    }

    fn inertia(&self, _: &Totals, centers: &Centroids, cancel: &Cancel) -> f64 {
        if self.can_tell_apart(centers) {
            self.walk(centers, cancel, Cost::default).iter().map(|cost| cost.0).sum()
        } else {
            kernel::inertia(self.sample, centers, cancel)
        }
    }

    fn seeds(&self, n_clusters: usize, rng: &mut init::Random, cancel: &Cancel) -> Centroids {
        if n_clusters <= MOST_SITES && self.reach.iter().all(|reach| *reach <= HIGHEST) {
            seeds::greedy_kmeans_plusplus(self, n_clusters, rng, cancel)
        } else {
            init::greedy_kmeans_plusplus(self.sample, n_clusters, rng, cancel).centers
        }
    }
}
