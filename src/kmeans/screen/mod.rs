//! Steps in single precision that are as exact as those in double precision.
//!
//! Single precision takes half the memory and twice as many rows in a vector. How wrong it can be is
//! known, so where the nearest centre is nearer than the second by more than that, it is the nearest; the
//! few other rows are compared again in double precision. Sums are kept in double precision from step to
//! step, and only the rows that change their cluster are moved between them.
//!
//! A row that is nearer to its centre than to the second by more than the centres have moved since is not
//! looked at: Hamerly's bound (Hamerly 2010, "Making k-means even faster").

mod nearest;
mod pack;
mod relabel;

use rayon::prelude::*;

use self::pack::{BLOCK, Packed, PerRow, Tiles, VECTORS, at_least};
use self::relabel::Relabel;
use super::cancel::Cancel;
use super::centroids::{Centroids, squared_distance};
use super::engine::Engine;
use super::points::Sample;
use super::totals::Totals;
use crate::pages;
use crate::simd::{FLOATS, Vectors, with_widest};

/// The most clusters whose numbers fit a label.
pub(super) const MOST_CLUSTERS: usize = u16::MAX as usize;
/// Rows of a part that a thread works on, at least.
const FEWEST_ROWS: usize = 16_384;
/// Parts at most: each has totals of its own.
const MOST_PARTS: usize = 64;

/// Points that are screened in single precision.
#[derive(Debug)]
pub(super) struct Screen<'a> {
    sample: Sample<'a>,
    packed: Packed,
    /// Blocks in a part.
    part: usize,
}

/// What a run keeps: the cluster of each row, and the totals of all.
#[derive(Debug)]
pub(super) struct Labels {
    of_rows: Vec<PerRow<u16>>,
    totals: Totals,
    /// The centres of the step before.
    former: Option<Centroids>,
    /// The sum of the greatest changes of distances that all steps have brought, scaled as the points are.
    drift: f64,
    /// For each row the drift up to which it cannot change its cluster.
    reach: Vec<PerRow<f32>>,
}

impl Labels {
    /// Row after row.
    fn labels(&self) -> &[u16] {
        self.of_rows.as_flattened().as_flattened()
    }

    /// Takes note of where the centres have gone. No distance changes by more than a centre moves, and a
    /// row changes its cluster only if two distances change towards each other.
    fn follow(&mut self, centers: &Centroids, scale: f64) {
        if let Some(former) = &mut self.former {
            let squares = former.iter().zip(centers.iter()).map(|(a, b)| squared_distance(a, b));
            // More than rounding takes off.
            self.drift += 2.0 * squares.fold(0.0, f64::max).sqrt() * scale * (1.0 + 1e-9);
            former.copy_from(centers);
        } else {
            self.former = Some(centers.clone());
        }
    }
}

/// The label of a row that belongs to no cluster yet.
const NONE: u16 = u16::MAX;

impl<'a> Screen<'a> {
    /// Packs the points, whose features have this mean variance.
    pub(super) fn new(sample: Sample<'a>, mean_variance: f64) -> Self {
        let points = sample.points;
        let deviation = (mean_variance * points.n_features() as f64).sqrt();
        let packed = Packed::new(points, deviation);
        let parts = (points.n_rows() / FEWEST_ROWS).clamp(1, MOST_PARTS);
        let part = packed.n_blocks().div_ceil(parts);
        Self { sample, packed, part }
    }
}

impl Engine for Screen<'_> {
    type Run = Labels;

    fn sample(&self) -> Sample<'_> {
        self.sample
    }

    fn shares_passes(&self) -> bool {
        self.part < self.packed.n_blocks()
    }

    fn begin(&self, n_clusters: usize) -> Labels {
        Labels {
            of_rows: vec![[[NONE; FLOATS]; VECTORS]; self.packed.n_blocks()],
            totals: Totals::zero(n_clusters, self.sample.points.n_features()),
            former: None,
            drift: 0.0,
            reach: pages::zeros([[0.0; FLOATS]; VECTORS], self.packed.n_blocks()),
        }
    }

    fn step(
        &self,
        run: &mut Labels,
        centers: &Centroids,
        totals: &mut Totals,
        cancel: &Cancel,
    ) -> bool {
        // Registers for a larger tile are there only in AVX-512.
        let width = if Vectors::widest() == Vectors::Avx512 { 8 } else { 2 };
        let tiles = &Tiles::new(centers, self.packed.scale(), width);
        run.follow(centers, self.packed.scale());
        let drift = at_least(run.drift);
        let moved: Vec<Totals> = run
            .of_rows
            .par_chunks_mut(self.part)
            .zip(run.reach.par_chunks_mut(self.part))
            .enumerate()
            .filter(|_| !cancel.is_cancelled())
            .filter_map(|(part, (labels, reach))| {
                let first = part * self.part;
                with_widest(Relabel { screen: self, centers, tiles, drift, first, labels, reach })
            })
            .collect();
        for moved in &moved {
            run.totals.merge(moved);
        }
        totals.copy_from(&run.totals);
        moved.is_empty()
    }

    fn inertia(&self, run: &Labels, centers: &Centroids, cancel: &Cancel) -> f64 {
        let size = self.part * BLOCK;
        let inertias: Vec<f64> = (0..self.sample.points.n_rows().div_ceil(size))
            .into_par_iter()
            .filter(|_| !cancel.is_cancelled())
            .map(|part| self.inertia_of(part * size, &run.labels()[part * size..], centers))
            .collect();
        inertias.iter().sum()
    }

    fn label(&self, run: &Labels, centers: &Centroids, labels: &mut [u32], cancel: &Cancel) -> f64 {
        labels
            .par_iter_mut()
            .zip(run.labels())
            .with_min_len(FEWEST_ROWS)
            .for_each(|(label, &found)| *label = u32::from(found));
        self.inertia(run, centers, cancel)
    }
}

impl Screen<'_> {
    /// The weighted sum of the squared distances of the rows of a part, from `first` on.
    fn inertia_of(&self, first: usize, labels: &[u16], centers: &Centroids) -> f64 {
        let points = self.sample.points;
        let end = (first + self.part * BLOCK).min(points.n_rows());
        let mut copy = vec![0.0; points.n_features()];
        // Several sums, so that none waits for the one before.
        let mut sums = [0.0; 4];
        for (row, &label) in (first..end).zip(labels) {
            let point = points.borrow(row, &mut copy);
            let square = squared_distance(point, centers.get(usize::from(label)));
            sums[row % 4] += self.sample.weights.map_or(square, |weights| weights[row] * square);
        }
        sums.iter().sum()
    }
}
