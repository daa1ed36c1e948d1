//! The block in two features with few clusters, which is what customers mostly are clustered by.
//!
//! Rows are worked on side by side, and every cluster has a sum of its own for each of these lanes: a
//! row adds itself to its cluster's sums and 0 to all others. That is more arithmetic than looking up
//! the cluster of each row, and far faster, since no step waits for the one before. The number of
//! lanes is fixed, so that a sum has the same bits whatever the width of the machine's vectors.

use super::Partial;

/// The most clusters for which the sums of all lanes are kept.
pub(super) const MOST_CLUSTERS: usize = 10;
/// Rows side by side.
const LANES: usize = 8;

type Lanes = [f64; LANES];

/// Assigns the rows whose two features are `xs` and `ys`. The number of clusters is known when this is
/// compiled: the sums stay in registers then.
#[inline(always)]
pub(super) fn assign<const K: usize>(
    xs: &[f64],
    ys: &[f64],
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    let centers: [[f64; 2]; K] =
        std::array::from_fn(|cluster| [centers[cluster][0], centers[cluster][1]]);
    let mut sums = Sums::<K>::default();
    let (x_groups, xs_left) = xs.as_chunks::<LANES>();
    let (y_groups, ys_left) = ys.as_chunks::<LANES>();
    let (label_groups, labels_left) = labels.as_chunks_mut::<LANES>();
    for ((x, y), label) in x_groups.iter().zip(y_groups).zip(label_groups) {
        sums.add(x, y, label, &[1.0; LANES], &centers);
    }
    // The rows that fill no group are worked on in one that is filled up with rows of no weight.
    let rest = labels_left.len();
    if rest > 0 {
        let (mut x, mut y, mut label) = ([0.0; LANES], [0.0; LANES], [0; LANES]);
        x[..rest].copy_from_slice(xs_left);
        y[..rest].copy_from_slice(ys_left);
        label[..rest].copy_from_slice(labels_left);
        let weight = std::array::from_fn(|lane| if lane < rest { 1.0 } else { 0.0 });
        sums.add(&x, &y, &mut label, &weight, &centers);
        labels_left.copy_from_slice(&label[..rest]);
    }
    sums.pour(partial);
}

/// What the lanes of a block add up to.
struct Sums<const K: usize> {
    counts: [Lanes; K],
    xs: [Lanes; K],
    ys: [Lanes; K],
    inertia: Lanes,
    changed: Lanes,
}

impl<const K: usize> Default for Sums<K> {
    fn default() -> Self {
        let zeros = [0.0; LANES];
        Self { counts: [zeros; K], xs: [zeros; K], ys: [zeros; K], inertia: zeros, changed: zeros }
    }
}

impl<const K: usize> Sums<K> {
    #[inline(always)]
    fn add(
        &mut self,
        x: &Lanes,
        y: &Lanes,
        labels: &mut [u32; LANES],
        weight: &Lanes,
        centers: &[[f64; 2]; K],
    ) {
        let mut best = [f64::INFINITY; LANES];
        // Clusters are told apart by small whole numbers, which lanes of doubles hold exactly.
        let mut nearest = [0.0; LANES];
        let mut name = 0.0;
        for center in centers {
            for lane in 0..LANES {
                let (dx, dy) = (x[lane] - center[0], y[lane] - center[1]);
                let distance = dx * dx + dy * dy;
                let is_nearer = distance < best[lane];
                best[lane] = if is_nearer { distance } else { best[lane] };
                nearest[lane] = if is_nearer { name } else { nearest[lane] };
            }
            name += 1.0;
        }
        let mut name = 0.0;
        for cluster in 0..K {
            for lane in 0..LANES {
                let is_member = nearest[lane] == name;
                self.counts[cluster][lane] += if is_member { weight[lane] } else { 0.0 };
                self.xs[cluster][lane] += if is_member { x[lane] } else { 0.0 };
                self.ys[cluster][lane] += if is_member { y[lane] } else { 0.0 };
            }
            name += 1.0;
        }
        for lane in 0..LANES {
            self.inertia[lane] += if weight[lane] > 0.0 { best[lane] } else { 0.0 };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below K
            let label = nearest[lane] as u32;
            self.changed[lane] += if labels[lane] == label { 0.0 } else { weight[lane] };
            labels[lane] = label;
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts of rows
    fn pour(&self, partial: &mut Partial) {
        for cluster in 0..K {
            partial.counts[cluster] += total(&self.counts[cluster]) as usize;
            partial.sums[cluster][0] += total(&self.xs[cluster]);
            partial.sums[cluster][1] += total(&self.ys[cluster]);
        }
        partial.inertia += total(&self.inertia);
        partial.changed += total(&self.changed) as usize;
    }
}

/// The sum of the lanes, always in the same order.
fn total(lanes: &Lanes) -> f64 {
    lanes.iter().sum()
}
