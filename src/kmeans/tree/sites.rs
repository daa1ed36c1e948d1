//! Which centres can be the nearest one of some point in a box.

use super::node::Node;
use crate::kmeans::centroids::Centroids;
use crate::simd::{DOUBLES, Doubles, Simd};

/// The most centres that are told apart by the bits of a word.
pub(super) const MOST_SITES: usize = 64;

/// The share of a squared distance by which another must be larger for rounding not to matter.
///
/// Let `d(x, c)` be the squared distance of a point to a centre, `u` be 2^-53 and `D` the number of
/// features. Computed, it is off by less than `(D + 3) u` of itself. For all points `x` of a box with
/// middle `m` and half widths `h`, and any centres `q` and `z`,
///
/// ```text
/// d(x, q) - d(x, z) >= d(m, q) - d(m, z) - s    with s = 2 * sum of h |q - z|, and
/// d(x, q) <= 2 d(m, q) + 2 |h|^2.
/// ```
///
/// So `z` is nearer than `q` to every point of the box, and the computed distances say so too, if the
/// right side of the first line, computed, is above the sum of these errors:
///
/// - those of `d(x, q)` and `d(x, z)`, `d(x, z)` being the smaller: `4 (D + 3) u (d(m, q) + |h|^2)`;
/// - those of `d(m, q)` and `d(m, z)`, likewise: `2 (D + 3) u d(m, q)`;
/// - those of `s`, which is below `d(m, q)`, and of two subtractions: `(D + 5) u d(m, q)`.
///
/// Together they are below `(7 D + 23) u (d(m, q) + |h|^2)`. This is more than twice as much for up to
/// four features.
const GUARD: f64 = 64.0 * f64::EPSILON;

/// Squares below this may have lost digits to underflow; errors of that kind are far below the guard's
/// share of it.
const LEAST_SQUARE: f64 = 1e-280;

/// Numbers, one a centre, in lanes.
type Lanes<const V: usize> = [[f64; DOUBLES]; V];

/// Centres, in the lanes of `V` vectors a feature.
pub(super) struct Sites<const D: usize, const V: usize> {
    /// Infinite where there is no centre.
    lanes: [Lanes<V>; D],
    /// For each centre, twice the differences of all from it.
    gaps: Vec<[Lanes<V>; D]>,
    points: Vec<[f64; D]>,
}

impl<const D: usize, const V: usize> Sites<D, V> {
    /// Takes at most as many centres as there are lanes.
    pub(super) fn new(centers: &Centroids) -> Self {
        let mut lanes = [[[f64::INFINITY; DOUBLES]; V]; D];
        let mut points = vec![[0.0; D]; centers.len()];
        for (index, center) in centers.iter().enumerate() {
            for feature in 0..D {
                lanes[feature][index / DOUBLES][index % DOUBLES] = center[feature];
                points[index][feature] = center[feature];
            }
        }
        let gaps_from = |from: &[f64; D]| {
            let mut gaps = lanes;
            for feature in 0..D {
                for gap in gaps[feature].as_flattened_mut() {
                    *gap = 2.0 * (*gap - from[feature]).abs();
                }
            }
            gaps
        };
        let gaps = points.iter().map(gaps_from).collect();
        Self { lanes, gaps, points }
    }

    /// All of them, a bit each.
    pub(super) fn all(&self) -> u64 {
        u64::MAX >> (MOST_SITES - self.points.len())
    }

    /// One of them.
    #[inline(always)]
    pub(super) fn point(&self, index: usize) -> &[f64; D] {
        &self.points[index]
    }

    /// Those of the rivals, which are left by a larger box, that can be nearest to some point of a node.
    /// Among them are all that are as near as any to some point, rounding included.
    #[inline(always)]
    pub(super) fn contest<S: Simd>(&self, simd: S, node: &Node<D>, rivals: u64) -> u64 {
        let mut distances = [simd.doubles(f64::INFINITY); V];
        let mut least = simd.doubles(f64::INFINITY);
        for vector in 0..V {
            if V > 1 && of_vector(rivals, vector) == 0 {
                continue;
            }
            // Those that are no rivals any more are farther from the middle than some that are.
            let mut distance = simd.doubles(0.0);
            for feature in 0..D {
                let lanes = simd.load_doubles(&self.lanes[feature][vector]);
                let difference = simd.doubles(node.middle[feature]) - lanes;
                let square = difference * difference;
                distance = if feature == 0 { square } else { distance + square };
            }
            distances[vector] = distance;
            least = least.min(distance);
        }
        let least = simd.doubles(least.least());
        let mut nearest = 0;
        for vector in (0..V).rev() {
            let lanes = S::F64::bits(distances[vector].equal(least));
            if lanes != 0 {
                nearest = vector * DOUBLES + lanes.trailing_zeros() as usize;
            }
        }
        let gaps = &self.gaps[nearest];
        let mut size = LEAST_SQUARE;
        for half in node.half {
            size += half * half;
        }
        let mut left = 0;
        for vector in 0..V {
            let rivals = of_vector(rivals, vector);
            if V > 1 && rivals == 0 {
                continue;
            }
            let mut most = simd.doubles(0.0);
            for feature in 0..D {
                let gap = simd.load_doubles(&gaps[feature][vector]);
                let gain = simd.doubles(node.half[feature]) * gap;
                most = if feature == 0 { gain } else { most + gain };
            }
            let ahead = (distances[vector] - least) - most;
            let guard = (distances[vector] + simd.doubles(size)) * simd.doubles(GUARD);
            let beaten = S::F64::bits(guard.less(ahead));
            left |= u64::from(rivals & !beaten) << (vector * DOUBLES);
        }
        left
    }
}

/// The bits of a vector's lanes.
#[inline(always)]
fn of_vector(bits: u64, vector: usize) -> u32 {
    #[allow(clippy::cast_possible_truncation)] // eight bits
    let lanes = (bits >> (vector * DOUBLES)) as u32 & 0xff;
    lanes
}
