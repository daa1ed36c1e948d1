//! A step in two features with few clusters, which is what customers mostly are clustered by.
//!
//! Rows are worked on side by side, and every cluster has a sum of its own for each of these lanes: a
//! row adds itself to its cluster's sums and nothing to all others. That is more arithmetic than looking
//! up the cluster of each row, and far faster, since no step waits for the one before.

use crate::kmeans::centroids::Centroids;
use crate::kmeans::totals::Totals;
use crate::simd::{DOUBLES, Doubles, Simd};

/// The most clusters for which the sums of all lanes are kept.
pub(super) const MOST_CLUSTERS: usize = 10;

/// The two features of some rows.
pub(super) trait Plane: Copy {
    /// How many rows there are.
    fn len(self) -> usize;

    /// The features of a group of eight rows that is whole.
    fn group<S: Simd>(self, simd: S, group: usize) -> [S::F64; 2];

    /// The features of one row.
    fn row(self, row: usize) -> [f64; 2];
}

/// One feature after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a>(pub(super) &'a [f64], pub(super) &'a [f64]);

impl Plane for Columns<'_> {
    #[inline(always)]
    fn len(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn group<S: Simd>(self, simd: S, group: usize) -> [S::F64; 2] {
        let (xs, ys) = (self.0.as_chunks().0, self.1.as_chunks().0);
        [simd.load_doubles(&xs[group]), simd.load_doubles(&ys[group])]
    }

    #[inline(always)]
    fn row(self, row: usize) -> [f64; 2] {
        [self.0[row], self.1[row]]
    }
}

/// One row after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs<'a>(pub(super) &'a [[f64; 2]]);

impl Plane for Pairs<'_> {
    #[inline(always)]
    fn len(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn group<S: Simd>(self, simd: S, group: usize) -> [S::F64; 2] {
        simd.load_pairs(&self.0.as_chunks().0[group])
    }

    #[inline(always)]
    fn row(self, row: usize) -> [f64; 2] {
        self.0[row]
    }
}

/// The rows that fill no group: a group that is filled up with rows of no weight.
struct Rest {
    xs: [f64; DOUBLES],
    ys: [f64; DOUBLES],
    weights: [f64; DOUBLES],
}

impl Rest {
    #[inline(always)]
    fn of<P: Plane>(plane: P, weights: Option<&[f64]>) -> Self {
        let start = plane.len() / DOUBLES * DOUBLES;
        let zeros = [0.0; DOUBLES];
        let mut rest = Self { xs: zeros, ys: zeros, weights: zeros };
        for row in start..plane.len() {
            [rest.xs[row - start], rest.ys[row - start]] = plane.row(row);
            rest.weights[row - start] = match weights {
                None => 1.0,
                Some(weights) => weights[row],
            };
        }
        rest
    }
}

/// Adds the rows to the totals of their nearest centres.
#[inline(always)]
pub(super) fn step<S: Simd, P: Plane>(
    simd: S,
    plane: P,
    weights: Option<&[f64]>,
    centers: &Centroids,
    totals: &mut Totals,
) {
    macro_rules! with_clusters_known {
        ($($k:literal)*) => {
            match centers.len() {
                $($k => Sums::<S, $k>::add_all(simd, plane, weights, centers, totals),)*
                _ => (),
            }
        };
    }
    with_clusters_known!(1 2 3 4 5 6 7 8 9 10);
}

/// Writes the nearest centre of each row, and gives the weighted sum of the squared distances.
#[inline(always)]
pub(super) fn label<S: Simd, P: Plane>(
    simd: S,
    plane: P,
    weights: Option<&[f64]>,
    centers: &Centroids,
    labels: &mut [u32],
) -> f64 {
    let (groups, labels_left) = labels.as_chunks_mut::<DOUBLES>();
    let centers = centers.coordinates().as_chunks().0;
    let mut inertia = simd.doubles(0.0);
    for (group, labels) in groups.iter_mut().enumerate() {
        let [x, y] = plane.group(simd, group);
        let (nearest, mut least) = nearest(simd, x, y, centers);
        if let Some(weights) = weights.and_then(|all| all[group * DOUBLES..].first_chunk()) {
            least = least * simd.load_doubles(weights);
        }
        inertia = inertia + least;
        *labels = nearest.to_labels();
    }
    if !labels_left.is_empty() {
        let rest = Rest::of(plane, weights);
        let (x, y) = (simd.load_doubles(&rest.xs), simd.load_doubles(&rest.ys));
        let (nearest, least) = nearest(simd, x, y, centers);
        inertia = inertia + least * simd.load_doubles(&rest.weights);
        labels_left.copy_from_slice(&nearest.to_labels()[..labels_left.len()]);
    }
    inertia.sum()
}

/// The first of the nearest centres of a group of rows, and its squared distance.
#[inline(always)]
fn nearest<S: Simd>(simd: S, x: S::F64, y: S::F64, centers: &[[f64; 2]]) -> (S::F64, S::F64) {
    let mut least = simd.doubles(f64::INFINITY);
    let mut nearest = simd.doubles(0.0);
    for (cluster, center) in centers.iter().enumerate() {
        let (dx, dy) = (x - simd.doubles(center[0]), y - simd.doubles(center[1]));
        let distance = dx * dx + dy * dy;
        let is_nearer = distance.less(least);
        least = distance.min(least);
        nearest = S::F64::select(is_nearer, simd.doubles(cluster as f64), nearest);
    }
    (nearest, least)
}

#[inline(always)]
fn on_all_lanes<S: Simd>(simd: S, &[x, y]: &[f64; 2]) -> [S::F64; 2] {
    [simd.doubles(x), simd.doubles(y)]
}

/// What the lanes add up to. The number of clusters is known when this is compiled: the sums stay in
/// registers then.
struct Sums<S: Simd, const K: usize> {
    weights: [S::F64; K],
    xs: [S::F64; K],
    ys: [S::F64; K],
}

impl<S: Simd, const K: usize> Sums<S, K> {
    #[inline(always)]
    fn add_all<P: Plane>(
        simd: S,
        plane: P,
        weights: Option<&[f64]>,
        centers: &Centroids,
        totals: &mut Totals,
    ) {
        let zeros = [simd.doubles(0.0); K];
        let mut sums = Self { weights: zeros, xs: zeros, ys: zeros };
        let (mut known, mut names) = ([[simd.doubles(0.0); 2]; K], zeros);
        for (cluster, center) in centers.coordinates().as_chunks().0.iter().take(K).enumerate() {
            known[cluster] = on_all_lanes(simd, center);
            names[cluster] = simd.doubles(cluster as f64);
        }
        let groups = plane.len() / DOUBLES;
        match weights {
            None => {
                let one = simd.doubles(1.0);
                for group in 0..groups {
                    let [x, y] = plane.group(simd, group);
                    sums.add(simd, [x, y], [x, y], one, &known, &names);
                }
            }
            Some(weights) => {
                for (group, weight) in weights.as_chunks().0.iter().enumerate() {
                    let [x, y] = plane.group(simd, group);
                    let weight = simd.load_doubles(weight);
                    sums.add(simd, [x, y], [x * weight, y * weight], weight, &known, &names);
                }
            }
        }
        if groups * DOUBLES < plane.len() {
            let rest = Rest::of(plane, weights);
            let (x, y) = (simd.load_doubles(&rest.xs), simd.load_doubles(&rest.ys));
            let weight = simd.load_doubles(&rest.weights);
            sums.add(simd, [x, y], [x * weight, y * weight], weight, &known, &names);
        }
        for cluster in 0..K {
            totals.weights[cluster] += sums.weights[cluster].sum();
            let sum = totals.sum_mut(cluster);
            sum[0] += sums.xs[cluster].sum();
            sum[1] += sums.ys[cluster].sum();
        }
    }

    /// Adds a group of rows, each feature of which was multiplied with the weights.
    #[inline(always)]
    fn add(
        &mut self,
        simd: S,
        [x, y]: [S::F64; 2],
        weighted: [S::F64; 2],
        weight: S::F64,
        centers: &[[S::F64; 2]; K],
        names: &[S::F64; K],
    ) {
        let mut least = simd.doubles(f64::INFINITY);
        // Clusters are told apart by small whole numbers, which doubles hold exactly.
        let mut nearest = simd.doubles(0.0);
        for (center, &name) in centers.iter().zip(names) {
            let (dx, dy) = (x - center[0], y - center[1]);
            let distance = dx * dx + dy * dy;
            let is_nearer = distance.less(least);
            least = distance.min(least);
            nearest = S::F64::select(is_nearer, name, nearest);
        }
        for (cluster, &name) in names.iter().enumerate() {
            let is_member = nearest.equal(name);
            self.weights[cluster] = self.weights[cluster].add_where(is_member, weight);
            self.xs[cluster] = self.xs[cluster].add_where(is_member, weighted[0]);
            self.ys[cluster] = self.ys[cluster].add_where(is_member, weighted[1]);
        }
    }
}
