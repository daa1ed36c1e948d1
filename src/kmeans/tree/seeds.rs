//! Greedy k-means++ on a tree: see [`init`] for what it is.
//!
//! A walk finds the front, the nodes with one nearest centre and the leaves with several. A point is
//! drawn by going down from a node of the front: whole nodes tell what their points would add up to. What
//! a centre more would bring is found by walks from those nodes of the front that it is near to.

use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::Tree;
use super::cost::{Cost, cost};
use super::leaf::{Leaf, bits};
use super::node::Node;
use super::sites::{MOST_SITES, Sites};
use super::walk::{Place, Stop, Visit, Walk};
use crate::kmeans::cancel::Cancel;
use crate::kmeans::centroids::{Centroids, squared_distance};
use crate::kmeans::init;
use crate::simd::{DOUBLES, Simd, Task, with_widest};

/// Entries of the front that a thread looks at before it takes more.
const ENTRIES: usize = 1 << 11;

/// Draws centres from the points as [`init::greedy_kmeans_plusplus`] does.
pub(super) fn greedy_kmeans_plusplus<const D: usize>(
    tree: &Tree<D>,
    n_clusters: usize,
    rng: &mut init::Random,
    cancel: &Cancel,
) -> Centroids {
    let mut centers = Centroids::none(D);
    centers.push(&tree.draw_evenly(rng));
    while centers.len() < n_clusters && !cancel.is_cancelled() {
        let front = Front::around(tree, &centers, cancel);
        let candidates = (0..init::n_candidates(n_clusters)).map(|_| {
            let mut with = centers.clone();
            with.push(&front.draw(rng));
            let cost = front.cost_with(&with, cancel);
            (with, cost)
        });
        if let Some((best, _)) = candidates.min_by(|(_, a), (_, b)| a.total_cmp(b)) {
            centers = best;
        }
    }
    centers
}

impl<const D: usize> Tree<'_, D> {
    /// A point drawn in proportion to its weight.
    fn draw_evenly(&self, rng: &mut impl Rng) -> [f64; D] {
        let roots = self.branches.iter().filter_map(|branch| branch.nodes.first());
        let total: f64 = roots.clone().map(|root| root.weight).sum();
        let (branch, left) = init::pick(roots.map(|root| root.weight), rng.random(), total);
        let place = Place { branch, node: 0 };
        self.draw_below(place, left, |node| node.weight, |_| 1.0)
    }

    /// A point at or below a node, drawn in proportion to `of_point` and its weight; `of_node` tells what
    /// the points of a node add up to. `left` says which, being below what all of them add up to.
    fn draw_below(
        &self,
        place: Place,
        mut left: f64,
        of_node: impl Fn(&Node<D>) -> f64,
        of_point: impl Fn(&[f64; D]) -> f64,
    ) -> [f64; D] {
        let Some(branch) = self.branches.get(place.branch) else { return [0.0; D] };
        let mut node = &branch.nodes[place.node];
        while !node.is_leaf() {
            let [first, second] = [0, 1].map(|child| &branch.nodes[node.children as usize + child]);
            let part = of_node(first);
            // Rounding may have left more than both have.
            if left < part || of_node(second) == 0.0 {
                node = first;
            } else {
                left -= part;
                node = second;
            }
        }
        if node.is_point() {
            return node.middle;
        }
        let leaf = self.leaf(place.branch, node);
        let parts = (0..leaf.n_points())
            .map(|index| of_point(&leaf.point(index)) * leaf.weight::<D>(index));
        leaf.point(init::pick(parts, left, 1.0).0)
    }
}

/// Nodes that hold all points, and the centres nearest to them.
pub(super) struct Front<'a, const D: usize> {
    tree: &'a Tree<'a, D>,
    centers: &'a Centroids,
    entries: Vec<Entry>,
}

struct Entry {
    /// What its points add up to.
    cost: f64,
    /// What the points up to here add up to.
    total: f64,
    place: Place,
    /// The centres that can be nearest to a point of the node.
    rivals: u64,
}

impl<'a, const D: usize> Front<'a, D> {
    pub(super) fn around(tree: &'a Tree<'a, D>, centers: &'a Centroids, cancel: &Cancel) -> Self {
        let parts = tree.walk(centers, cancel, Met::default);
        let mut entries: Vec<Entry> = parts.into_iter().flat_map(|part| part.0).collect();
        let mut total = 0.0;
        for entry in &mut entries {
            total += entry.cost;
            entry.total = total;
        }
        Self { tree, centers, entries }
    }

    /// A point drawn in proportion to its weight and its squared distance to the nearest centre.
    pub(super) fn draw(&self, rng: &mut impl Rng) -> [f64; D] {
        let Some(all) = self.entries.last() else { return [0.0; D] };
        let share = rng.random::<f64>() * all.total;
        // Rounding must not lead behind the last entry, or to one with nothing in it.
        let share = share.min(all.total.next_down());
        let index = self.entries.partition_point(|entry| entry.total <= share);
        let Some(entry) = self.entries.get(index) else { return [0.0; D] };
        let before = if index == 0 { 0.0 } else { self.entries[index - 1].total };
        let distance =
            |center: usize, point: &[f64; D]| squared_distance(point, self.centers.get(center));
        let first = entry.rivals.trailing_zeros() as usize;
        let center: [f64; D] = std::array::from_fn(|feature| self.centers.get(first)[feature]);
        self.tree.draw_below(
            entry.place,
            share - before,
            |node| node.cost(&center),
            |point| {
                let distances = bits(entry.rivals).map(|center| distance(center, point));
                distances.fold(f64::INFINITY, f64::min)
            },
        )
    }

    /// What all points add up to if there is one centre more, the last of these.
    pub(super) fn cost_with(&self, centers: &Centroids, cancel: &Cancel) -> f64 {
        match centers.len().div_ceil(DOUBLES) {
            0..=1 => self.cost_around(&Sites::<D, 1>::new(centers), cancel),
            2 => self.cost_around(&Sites::<D, 2>::new(centers), cancel),
            _ => self.cost_around(&Sites::<D, { MOST_SITES / DOUBLES }>::new(centers), cancel),
        }
    }

    fn cost_around<const V: usize>(&self, sites: &Sites<D, V>, cancel: &Cancel) -> f64 {
        let tree = self.tree;
        let part = |entries: &[Entry]| {
            if cancel.is_cancelled() { 0.0 } else { with_widest(CostWith { tree, entries, sites }) }
        };
        if self.entries.len() <= ENTRIES {
            return part(&self.entries);
        }
        let parts: Vec<f64> = self.entries.par_chunks(ENTRIES).map(part).collect();
        parts.iter().sum()
    }
}

/// What the points of some entries add up to with one centre more, the last of `sites`.
struct CostWith<'a, const D: usize, const V: usize> {
    tree: &'a Tree<'a, D>,
    entries: &'a [Entry],
    sites: &'a Sites<D, V>,
}

impl<const D: usize, const V: usize> Task for CostWith<'_, D, V> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let Self { tree, entries, sites } = self;
        let last = sites.all() ^ (sites.all() >> 1);
        let mut far = 0.0;
        let mut start = Vec::with_capacity(1 << 10);
        for entry in entries {
            let left = sites.contest(simd, tree.node(entry.place), entry.rivals | last);
            if left & last == 0 {
                far += entry.cost;
            } else {
                start.push(Stop::at(entry.place, left));
            }
        }
        far + Walk { tree, start, sites, visit: Cost::default() }.run(simd).0
    }
}

/// The entries that a walk comes upon, each with what its own points add up to.
#[derive(Default)]
struct Met(Vec<Entry>);

impl<const D: usize> Visit<D> for Met {
    #[inline(always)]
    fn own(&mut self, place: Place, node: &Node<D>, cluster: usize, center: &[f64; D]) {
        self.0.push(Entry { cost: node.cost(center), total: 0.0, place, rivals: 1 << cluster });
    }

    #[inline(always)]
    fn share<S: Simd, const V: usize>(
        &mut self,
        simd: S,
        place: Place,
        leaf: Leaf,
        rivals: u64,
        sites: &Sites<D, V>,
    ) {
        let cost = cost(simd, leaf, rivals, sites);
        self.0.push(Entry { cost, total: 0.0, place, rivals });
    }
}
