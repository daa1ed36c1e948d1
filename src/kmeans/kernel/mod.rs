//! The one piece that every exact pass over the data shares: which centre is nearest to each row of a
//! block, and the weights, sums and squared distances that the rows add to their clusters.
//!
//! Blocks have a fixed size and merge in the order of the rows, so a sum has the same bits whatever
//! the number of threads; and all vectors compute the same bits, so it has them on every machine.

// The block must be part of the task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]

mod general;
pub(super) mod nearer;
mod plane;

use std::ops::Range;

use rayon::prelude::*;

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::points::{BLOCK, Block, Buffer, Points, Sample};
use super::totals::Totals;
use crate::simd::{Simd, Task, with_widest};

/// Rows that a thread works on before it looks for more: enough for the looking not to count.
pub(super) const TASK: usize = 32 * BLOCK;

/// The totals of all rows, each assigned to the nearest centre; of equally near ones to the first.
pub(super) fn step(sample: Sample, centers: &Centroids, totals: &mut Totals, cancel: &Cancel) {
    totals.clear();
    let n_rows = sample.points.n_rows();
    if n_rows <= TASK {
        return step_rows(sample, 0..n_rows, centers, totals);
    }
    let parts: Vec<Totals> = (0..n_rows.div_ceil(TASK))
        .into_par_iter()
        .map(|task| {
            let mut part = Totals::zero(centers.len(), centers.n_features());
            if !cancel.is_cancelled() {
                step_rows(sample, task_rows(task, n_rows), centers, &mut part);
            }
            part
        })
        .collect();
    for part in &parts {
        totals.merge(part);
    }
}

/// The nearest centre of every row, of equally near ones the first, and the weighted sum of the squared
/// distances to them.
pub(super) fn label(
    sample: Sample,
    centers: &Centroids,
    labels: &mut [u32],
    cancel: &Cancel,
) -> f64 {
    let n_rows = labels.len();
    if n_rows <= TASK {
        return label_rows(sample, 0..n_rows, centers, labels);
    }
    let inertias: Vec<f64> = labels
        .par_chunks_mut(TASK)
        .enumerate()
        .map(|(task, labels)| {
            if cancel.is_cancelled() {
                return 0.0;
            }
            label_rows(sample, task_rows(task, n_rows), centers, labels)
        })
        .collect();
    inertias.iter().sum()
}

/// The weighted sum of the squared distances of all rows to the nearest centre.
pub(super) fn inertia(sample: Sample, centers: &Centroids, cancel: &Cancel) -> f64 {
    let n_rows = sample.points.n_rows();
    let part = |rows: Range<usize>| {
        let mut labels = [0; BLOCK];
        blocks(rows).fold(0.0, |sum, rows| {
            let labels = &mut labels[..rows.len()];
            sum + label_rows(sample, rows, centers, labels)
        })
    };
    if n_rows <= TASK {
        return part(0..n_rows);
    }
    let inertias: Vec<f64> = (0..n_rows.div_ceil(TASK))
        .into_par_iter()
        .map(|task| if cancel.is_cancelled() { 0.0 } else { part(task_rows(task, n_rows)) })
        .collect();
    inertias.iter().sum()
}

fn task_rows(task: usize, n_rows: usize) -> Range<usize> {
    task * TASK..((task + 1) * TASK).min(n_rows)
}

fn blocks(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    rows.clone().step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows.end))
}

/// Adds some rows to the totals of their nearest centres.
pub(super) fn step_rows(
    sample: Sample,
    rows: Range<usize>,
    centers: &Centroids,
    totals: &mut Totals,
) {
    let mut buffer = Buffer::default();
    let few_centers = centers.len() <= plane::MOST_CLUSTERS;
    for rows in blocks(rows) {
        let weights = sample.weights.map(|weights| &weights[rows.start..rows.end]);
        let block = Rows::of(sample.points, rows, few_centers, &mut buffer);
        with_widest(Step { block, weights, centers, totals });
    }
}

/// The nearest centre of some rows, as many as there are labels, and the weighted sum of the squared
/// distances to them.
pub(super) fn label_rows(
    sample: Sample,
    rows: Range<usize>,
    centers: &Centroids,
    labels: &mut [u32],
) -> f64 {
    let mut buffer = Buffer::default();
    let mut inertia = 0.0;
    for (rows, labels) in blocks(rows).zip(labels.chunks_mut(BLOCK)) {
        let weights = sample.weights.map(|weights| &weights[rows.start..rows.end]);
        let block = Rows::of(sample.points, rows, true, &mut buffer);
        inertia += with_widest(Label { block, weights, centers, labels });
    }
    inertia
}

/// The rows of a block, in the form that suits what is done with them.
enum Rows<'a> {
    Columns(Block<'a>),
    /// Rows of two features, which need not be made columns for what [`plane`] does.
    Pairs(&'a [[f64; 2]]),
}

impl<'a> Rows<'a> {
    fn of(points: Points<'a>, rows: Range<usize>, pairs: bool, buffer: &'a mut Buffer) -> Self {
        if let (Points::Rows(all), true) = (points, pairs && points.n_features() == 2)
            && let (pairs, []) = all.numbers().as_chunks()
        {
            return Self::Pairs(&pairs[rows]);
        }
        Self::Columns(points.block(rows, buffer))
    }
}

/// Adds the rows of a block to the totals of their nearest centres.
struct Step<'a> {
    block: Rows<'a>,
    weights: Option<&'a [f64]>,
    centers: &'a Centroids,
    totals: &'a mut Totals,
}

impl Task for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { block, weights, centers, totals } = self;
        match block {
            Rows::Pairs(pairs) => {
                plane::step(simd, plane::Pairs(pairs), weights, centers, totals);
            }
            Rows::Columns(block)
                if centers.n_features() == 2 && centers.len() <= plane::MOST_CLUSTERS =>
            {
                let columns = plane::Columns(block.column(0), block.column(1));
                plane::step(simd, columns, weights, centers, totals);
            }
            Rows::Columns(block) => general::step(simd, &block, weights, centers, totals),
        }
    }
}

/// Finds the nearest centre of each row of a block.
struct Label<'a> {
    block: Rows<'a>,
    weights: Option<&'a [f64]>,
    centers: &'a Centroids,
    labels: &'a mut [u32],
}

impl Task for Label<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let Self { block, weights, centers, labels } = self;
        match block {
            Rows::Pairs(pairs) => plane::label(simd, plane::Pairs(pairs), weights, centers, labels),
            Rows::Columns(block) if centers.n_features() == 2 => {
                let columns = plane::Columns(block.column(0), block.column(1));
                plane::label(simd, columns, weights, centers, labels)
            }
            Rows::Columns(block) => general::label(simd, &block, weights, centers, labels),
        }
    }
}
