//! Nearest centres in any number of features and clusters.
//!
//! Rows are worked on in groups, whose nearest centre so far stays in registers while all centres pass
//! by. The rows of a group then add themselves to the totals of their clusters one after another.

use crate::kmeans::centroids::Centroids;
use crate::kmeans::points::Block;
use crate::kmeans::totals::Totals;
use crate::simd::{DOUBLES, Doubles, Simd};

/// Vectors of rows side by side: enough for one to be computed while another waits.
const WIDE: usize = 4;
/// Rows in a group.
const GROUP: usize = WIDE * DOUBLES;

/// Adds the rows of a block to the totals of their nearest centres.
#[inline(always)]
pub(super) fn step<S: Simd>(
    simd: S,
    block: &Block,
    weights: Option<&[f64]>,
    centers: &Centroids,
    totals: &mut Totals,
) {
    let n_rows = block.column(0).len();
    for start in (0..n_rows).step_by(GROUP) {
        let size = GROUP.min(n_rows - start);
        let (nearest, _) = nearest(simd, block, start, size, centers);
        for (lane, &cluster) in nearest[..size].iter().enumerate() {
            let row = start + lane;
            let weight = weights.map_or(1.0, |weights| weights[row]);
            let cluster = cluster_number(cluster);
            totals.weights[cluster] += weight;
            for (feature, sum) in totals.sum_mut(cluster).iter_mut().enumerate() {
                *sum += weight * block.column(feature)[row];
            }
        }
    }
}

/// Writes the nearest centre of each row of a block, and gives the weighted sum of the squared distances.
#[inline(always)]
pub(super) fn label<S: Simd>(
    simd: S,
    block: &Block,
    weights: Option<&[f64]>,
    centers: &Centroids,
    labels: &mut [u32],
) -> f64 {
    let mut inertia = simd.doubles(0.0);
    for (group, labels) in labels.chunks_mut(GROUP).enumerate() {
        let (start, size) = (group * GROUP, labels.len());
        let (nearest, mut least) = nearest(simd, block, start, size, centers);
        if let Some(weights) = weights {
            for (least, weight) in least.iter_mut().zip(&weights[start..start + size]) {
                *least *= weight;
            }
        }
        least[size..].fill(0.0);
        for lanes in least.as_chunks::<DOUBLES>().0 {
            inertia = inertia + simd.load_doubles(lanes);
        }
        for (label, cluster) in labels.iter_mut().zip(nearest) {
            #[allow(clippy::cast_possible_truncation)] // a cluster's number
            let cluster = cluster_number(cluster) as u32;
            *label = cluster;
        }
    }
    inertia.sum()
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small whole number
fn cluster_number(name: f64) -> usize {
    name as i64 as usize
}

/// The first of the nearest centres of each row of a group, and its squared distance. What is said of
/// rows beyond `size` means nothing.
#[inline(always)]
fn nearest<S: Simd>(
    simd: S,
    block: &Block,
    start: usize,
    size: usize,
    centers: &Centroids,
) -> ([f64; GROUP], [f64; GROUP]) {
    let mut least = [simd.doubles(f64::INFINITY); WIDE];
    // Clusters are told apart by whole numbers, which doubles hold exactly.
    let mut nearest = [simd.doubles(0.0); WIDE];
    for (cluster, center) in centers.iter().enumerate() {
        let mut distance = [simd.doubles(0.0); WIDE];
        for (feature, &coordinate) in center.iter().enumerate() {
            let coordinate = simd.doubles(coordinate);
            let numbers = &block.column(feature)[start..start + size];
            let mut rest = [0.0; GROUP];
            let group = numbers.first_chunk::<GROUP>().unwrap_or_else(|| {
                rest[..size].copy_from_slice(numbers);
                &rest
            });
            for (distance, x) in distance.iter_mut().zip(group.as_chunks().0) {
                let difference = simd.load_doubles(x) - coordinate;
                *distance = *distance + difference * difference;
            }
        }
        let name = simd.doubles(cluster as f64);
        for wide in 0..WIDE {
            let is_nearer = distance[wide].less(least[wide]);
            least[wide] = distance[wide].min(least[wide]);
            nearest[wide] = S::F64::select(is_nearer, name, nearest[wide]);
        }
    }
    (lanes::<S>(nearest), lanes::<S>(least))
}

#[inline(always)]
fn lanes<S: Simd>(vectors: [S::F64; WIDE]) -> [f64; GROUP] {
    let mut lanes = [0.0; GROUP];
    for (lanes, vector) in lanes.as_chunks_mut().0.iter_mut().zip(vectors) {
        *lanes = vector.to_array();
    }
    lanes
}
