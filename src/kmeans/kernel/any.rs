//! The block in any number of features and clusters.

use std::ops::Range;

use super::{BLOCK, Partial};
use crate::features::Matrix;

/// Assigns some rows, as many as there are labels and at most a block.
#[inline(always)]
pub(super) fn assign(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    let mut best = [f64::INFINITY; BLOCK];
    let mut nearest = [0_u32; BLOCK];
    let mut distances = [0.0; BLOCK];
    let best = &mut best[..labels.len()];
    let nearest = &mut nearest[..labels.len()];
    let distances = &mut distances[..labels.len()];

    // One centre after another over the whole block: each inner loop runs down one column, which the
    // compiler turns into vector instructions.
    for (cluster, center) in (0_u32..).zip(centers) {
        distances.fill(0.0);
        for (column, &coordinate) in matrix.columns().iter().zip(center) {
            for (distance, &x) in distances.iter_mut().zip(&column[rows.clone()]) {
                let difference = x - coordinate;
                *distance += difference * difference;
            }
        }
        for ((best, nearest), &distance) in
            best.iter_mut().zip(nearest.iter_mut()).zip(distances.iter())
        {
            let is_nearer = distance < *best;
            *best = if is_nearer { distance } else { *best };
            *nearest = if is_nearer { cluster } else { *nearest };
        }
    }

    for (index, column) in matrix.columns().iter().enumerate() {
        for (&cluster, &x) in nearest.iter().zip(&column[rows.clone()]) {
            partial.sums[cluster as usize][index] += x;
        }
    }
    for ((label, &cluster), &distance) in labels.iter_mut().zip(nearest.iter()).zip(best.iter()) {
        partial.counts[cluster as usize] += 1;
        partial.inertia += distance;
        partial.changed += usize::from(*label != cluster);
        *label = cluster;
    }
}
