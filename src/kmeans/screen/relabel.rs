//! One step: which rows have to be looked at, and which of them change their cluster.

// The block must be part of the task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]

use super::nearest::Nearest;
use super::pack::{BLOCK, Packed, PerRow, Tiles, VECTORS};
use super::{NONE, Screen};
use crate::kmeans::centroids::{Centroids, squared_distance};
use crate::kmeans::points::Sample;
use crate::kmeans::totals::Totals;
use crate::simd::{FLOATS, Floats, Simd, Task};

/// The most rows of a block that are looked at by themselves. To fetch a row of its own takes as long as to
/// compare a row with hundreds of numbers of centres, so with few of them the whole block is looked at sooner.
fn most_strays(centers: &Centroids) -> u32 {
    if centers.len() * centers.n_features() < 4096 { 6 } else { 24 }
}

/// Gives the rows of some blocks the label of their nearest centre. The output is what that adds to the
/// totals; none, if no row changed its cluster.
pub(super) struct Relabel<'a> {
    pub(super) screen: &'a Screen<'a>,
    pub(super) centers: &'a Centroids,
    pub(super) tiles: &'a Tiles,
    /// The drift after this step, rounded up.
    pub(super) drift: f32,
    /// The number of the first block.
    pub(super) first: usize,
    /// The clusters of the rows.
    pub(super) labels: &'a mut [PerRow<u16>],
    /// Up to which drift each row cannot change its cluster.
    pub(super) reach: &'a mut [PerRow<f32>],
}

impl Task for Relabel<'_> {
    type Output = Option<Totals>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Option<Totals> {
        let Self { screen, centers, tiles, drift, first, labels, reach } = self;
        let packed = &screen.packed;
        let mut pass = Pass { tiles, drift, movers: Movers::new(screen.sample, centers) };
        let mut strays = Strays::new(screen.sample, packed);
        let most_strays = most_strays(centers);
        for place in 0..labels.len() {
            let block = first + place;
            let near = within_reach(simd, &reach[place], drift);
            let count: u32 = near.iter().map(|bits| bits.count_ones()).sum();
            if count == 0 {
                continue;
            }
            if count > most_strays {
                let rows = Place::Block(block * BLOCK);
                let (features, norm) = (packed.block(block), packed.norm(block));
                reach[place] = pass.look(simd, features, norm, &rows, &mut labels[place]);
                continue;
            }
            if strays.rows.len() + count as usize > BLOCK {
                strays.look(simd, &mut pass, first * BLOCK, labels, reach);
            }
            pass.movers.in_order = false;
            for (vector, bits) in near.into_iter().enumerate() {
                strays.push(simd, block * BLOCK + vector * FLOATS, bits);
            }
        }
        strays.look(simd, &mut pass, first * BLOCK, labels, reach);
        pass.movers.finish()
    }
}

/// The bits of the rows that may change their cluster, vector after vector.
#[inline(always)]
fn within_reach<S: Simd>(simd: S, reach: &PerRow<f32>, drift: f32) -> [u32; VECTORS] {
    let drift = simd.floats(drift);
    let mut near = [0; VECTORS];
    for (near, reach) in near.iter_mut().zip(reach) {
        *near = !S::F32::bits(drift.less(simd.load_floats(reach))) & u32::from(u16::MAX);
    }
    near
}

/// What a step needs and changes.
struct Pass<'a> {
    tiles: &'a Tiles,
    drift: f32,
    movers: Movers<'a>,
}

impl Pass<'_> {
    /// Gives the rows of a block, of which `norm` is the greatest norm, the labels of their nearest
    /// centres. The output is up to which drift they keep them.
    #[inline(always)]
    fn look<S: Simd>(
        &mut self,
        simd: S,
        block: &[PerRow<f32>],
        norm: f32,
        rows: &Place,
        labels: &mut PerRow<u16>,
    ) -> PerRow<f32> {
        let nearest = Nearest::of(simd, block, self.tiles);
        let error = 2.001 * self.tiles.error(norm);
        let doubt = simd.floats(error);
        for (vector, labels) in labels.iter_mut().enumerate() {
            let doubtful = S::F32::bits(nearest.margin(vector).less(doubt));
            let changed = S::F32::bits(nearest.cluster[vector].differ(simd.load_labels(labels)));
            if doubtful | changed != 0 {
                let clusters = nearest.cluster[vector].to_array();
                self.movers.relabel(rows, vector * FLOATS, doubtful, changed, clusters, labels);
            }
        }
        nearest.reach(simd, block, self.tiles, error, self.drift)
    }
}

/// Where the rows of a block are in the data.
enum Place<'a> {
    /// One after another, from this one on.
    Block(usize),
    /// Here and there.
    Strays(&'a [usize]),
}

impl Place<'_> {
    fn row(&self, index: usize) -> Option<usize> {
        match self {
            Self::Block(first) => Some(first + index),
            Self::Strays(rows) => rows.get(index).copied(),
        }
    }
}

/// Rows of several blocks that are looked at as one.
struct Strays<'a> {
    sample: Sample<'a>,
    packed: &'a Packed,
    rows: Vec<usize>,
    block: Vec<PerRow<f32>>,
}

impl<'a> Strays<'a> {
    fn new(sample: Sample<'a>, packed: &'a Packed) -> Self {
        let block = vec![[[0.0; FLOATS]; VECTORS]; sample.points.n_features()];
        Self { sample, packed, rows: Vec::with_capacity(BLOCK), block }
    }

    /// Adds those of the rows from `first` on whose bits are set.
    #[inline(always)]
    fn push<S: Simd>(&mut self, simd: S, first: usize, mut bits: u32) {
        while bits != 0 {
            let row = first + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if row < self.sample.points.n_rows() {
                self.packed.prefetch_row(simd, self.sample.points, row);
                self.rows.push(row);
            }
        }
    }

    /// Looks at the rows, which are then gone. `start` is the row of the first label.
    #[inline(always)]
    fn look<S: Simd>(
        &mut self,
        simd: S,
        pass: &mut Pass,
        start: usize,
        labels: &mut [PerRow<u16>],
        reach: &mut [PerRow<f32>],
    ) {
        let labels = labels.as_flattened_mut().as_flattened_mut();
        let reach = reach.as_flattened_mut().as_flattened_mut();
        let mut own = [[0; FLOATS]; VECTORS];
        let mut norm = 0.0_f32;
        for (place, (&row, own)) in self.rows.iter().zip(own.as_flattened_mut()).enumerate() {
            self.packed.copy_row(self.sample.points, row, &mut self.block, place);
            norm = norm.max(self.packed.norm(row / BLOCK));
            *own = labels[row - start];
        }
        let far = pass.look(simd, &self.block, norm, &Place::Strays(&self.rows), &mut own);
        let found = own.as_flattened().iter().zip(far.as_flattened());
        for (&row, (&label, &far)) in self.rows.iter().zip(found) {
            labels[row - start] = label;
            reach[row - start] = far;
        }
        self.rows.clear();
    }
}

/// The rows of a part while they change their clusters. Which rows are looked at by themselves depends on
/// the machine, so that the totals have the same bits on every one, rows are added to them in their order.
struct Movers<'a> {
    sample: Sample<'a>,
    centers: &'a Centroids,
    /// Whether rows come in their order. If not, they wait.
    in_order: bool,
    waiting: Vec<Move>,
    /// What the rows that changed their cluster add to the totals; none if no row did.
    moved: Option<Totals>,
    /// Room for a row.
    copy: Vec<f64>,
}

impl<'a> Movers<'a> {
    fn new(sample: Sample<'a>, centers: &'a Centroids) -> Self {
        let copy = vec![0.0; centers.n_features()];
        Self { sample, centers, in_order: true, waiting: Vec::new(), moved: None, copy }
    }

    /// Gives those of sixteen rows, from number `first` of a block on, another label that belong to another
    /// cluster. The bits of `doubtful` and `changed` tell which have to be compared again, and which have
    /// another cluster than their label's.
    #[inline(always)]
    fn relabel(
        &mut self,
        rows: &Place,
        first: usize,
        doubtful: u32,
        changed: u32,
        clusters: [f32; FLOATS],
        labels: &mut [u16; FLOATS],
    ) {
        let mut left = doubtful | changed;
        while left != 0 {
            let lane = left.trailing_zeros() as usize;
            left &= left - 1;
            let n_rows = self.sample.points.n_rows();
            let Some(row) = rows.row(first + lane).filter(|&row| row < n_rows) else {
                return;
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // fits a label
            let to = if doubtful >> lane & 1 == 1 {
                nearest_exactly(self.sample.points.borrow(row, &mut self.copy), self.centers) as u16
            } else {
                clusters[lane] as u16
            };
            let from = std::mem::replace(&mut labels[lane], to);
            if from == to {
                continue;
            }
            let change = Move { row, from, to };
            if self.in_order {
                self.add(&change);
            } else {
                self.waiting.push(change);
            }
        }
    }

    /// Takes a row from one cluster to another.
    #[inline(always)]
    fn add(&mut self, change: &Move) {
        let Self { sample, centers, moved, copy, .. } = self;
        let &Move { row, from, to } = change;
        let point = sample.points.borrow(row, copy);
        let weight = sample.weights.map_or(1.0, |weights| weights[row]);
        let moved = moved.get_or_insert_with(|| Totals::zero(centers.len(), centers.n_features()));
        moved.add(usize::from(to), weight, point);
        if from != NONE {
            moved.add(usize::from(from), -weight, point);
        }
    }

    /// What all rows add to the totals.
    fn finish(mut self) -> Option<Totals> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_unstable_by_key(|change| change.row);
        for change in &waiting {
            self.add(change);
        }
        self.moved
    }
}

/// A row that changes its cluster.
struct Move {
    row: usize,
    from: u16,
    to: u16,
}

/// The first of the nearest centres, in double precision.
fn nearest_exactly(point: &[f64], centers: &Centroids) -> usize {
    let mut nearest = (f64::INFINITY, 0);
    for (cluster, center) in centers.iter().enumerate() {
        let distance = squared_distance(point, center);
        if distance < nearest.0 {
            nearest = (distance, cluster);
        }
    }
    nearest.1
}
