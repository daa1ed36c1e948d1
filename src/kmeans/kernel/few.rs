//! The block in few features and any number of clusters.
//!
//! Rows are worked on side by side, and the nearest centre so far of each of these lanes stays in a
//! register while all centres pass by. The rows then add themselves to the sums of their clusters one
//! after another. The number of lanes is fixed, so that a sum has the same bits whatever the width of
//! the machine's vectors.

use std::ops::Range;

use super::Partial;
use crate::features::Matrix;

/// Rows side by side.
const LANES: usize = 16;

type Lanes = [f64; LANES];

/// Assigns some rows, as many as there are labels. The number of features is known when this is
/// compiled: a group of rows stays in registers then.
#[inline(always)]
pub(super) fn assign<const D: usize>(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    let columns: [&[f64]; D] =
        std::array::from_fn(|feature| &matrix.column(feature)[rows.start..rows.end]);
    let mut inertia = [0.0; LANES];
    for (group, labels) in labels.chunks_mut(LANES).enumerate() {
        let start = group * LANES;
        // Rows that are missing in the last group stay at 0 and are left out of all sums.
        let mut points = [[0.0; LANES]; D];
        for (point, column) in points.iter_mut().zip(&columns) {
            let values = &column[start..start + labels.len()];
            match values.first_chunk::<LANES>() {
                Some(whole) => *point = *whole,
                None => point[..values.len()].copy_from_slice(values),
            }
        }
        let (nearest, best) = nearest::<D>(&points, centers);
        for (lane, label) in labels.iter_mut().enumerate() {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a cluster's number
            let cluster = nearest[lane] as u32;
            inertia[lane] += best[lane];
            partial.counts[cluster as usize] += 1;
            for (sum, point) in partial.sums[cluster as usize].iter_mut().zip(&points) {
                *sum += point[lane];
            }
            partial.changed += usize::from(*label != cluster);
            *label = cluster;
        }
    }
    partial.inertia += inertia.iter().sum::<f64>();
}

/// The first of the nearest centres of each lane, and its squared distance.
#[inline(always)]
fn nearest<const D: usize>(points: &[Lanes; D], centers: &[Vec<f64>]) -> (Lanes, Lanes) {
    let mut best = [f64::INFINITY; LANES];
    // Clusters are told apart by whole numbers, which lanes of doubles hold exactly.
    let mut nearest = [0.0; LANES];
    let mut name = 0.0;
    for center in centers {
        let Some(center) = center.first_chunk::<D>() else { continue };
        let mut distance = [0.0; LANES];
        for (point, coordinate) in points.iter().zip(center) {
            for lane in 0..LANES {
                let difference = point[lane] - coordinate;
                distance[lane] += difference * difference;
            }
        }
        for lane in 0..LANES {
            let is_nearer = distance[lane] < best[lane];
            best[lane] = if is_nearer { distance[lane] } else { best[lane] };
            nearest[lane] = if is_nearer { name } else { nearest[lane] };
        }
        name += 1.0;
    }
    (nearest, best)
}
