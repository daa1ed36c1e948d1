//! The points of a leaf, column after column.

use super::node::Node;
use super::sites::Sites;
use crate::simd::{DOUBLES, Doubles, Simd};

/// Vectors of points side by side: enough for one to be computed while another waits.
pub(super) const WIDE: usize = 4;
/// Points in a group.
pub(super) const GROUP: usize = WIDE * DOUBLES;

/// Vectors of a group.
pub(super) type Group<T> = [T; WIDE];

/// The points of a leaf.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    /// The columns and all that follows them, of which at least a group can be read.
    numbers: &'a [f64],
    n_points: usize,
    is_weighted: bool,
}

impl<'a> Leaf<'a> {
    /// Takes the numbers of a leaf, and those behind.
    #[inline(always)]
    pub(super) fn new(numbers: &'a [f64], n_points: usize, is_weighted: bool) -> Self {
        Self { numbers, n_points, is_weighted }
    }

    /// Where its groups start.
    #[inline(always)]
    pub(super) fn groups(self) -> impl Iterator<Item = usize> {
        (0..self.n_points).step_by(GROUP)
    }

    /// Begins to fetch the points.
    #[inline(always)]
    pub(super) fn prefetch<S: Simd, const D: usize>(self, simd: S) {
        let columns = D + usize::from(self.is_weighted);
        for line in self.numbers[..columns * self.n_points].chunks(DOUBLES) {
            simd.prefetch(&line[0]);
        }
    }

    /// A vector of a column. What it holds beyond the last point means nothing.
    #[inline(always)]
    pub(super) fn load<S: Simd>(self, simd: S, column: usize, start: usize) -> S::F64 {
        match self.numbers[column * self.n_points + start..].first_chunk() {
            Some(numbers) => simd.load_doubles(numbers),
            None => simd.doubles(0.0),
        }
    }

    /// The coordinates of a group.
    #[inline(always)]
    pub(super) fn points<S: Simd, const D: usize>(
        self,
        simd: S,
        start: usize,
    ) -> Group<[S::F64; D]> {
        let mut points = [[simd.doubles(0.0); D]; WIDE];
        for vector in 0..WIDE {
            for feature in 0..D {
                points[vector][feature] = self.load(simd, feature, start + vector * DOUBLES);
            }
        }
        points
    }

    /// The weights of a group: 0 beyond the last point.
    #[inline(always)]
    pub(super) fn weights<S: Simd, const D: usize>(self, simd: S, start: usize) -> Group<S::F64> {
        const NUMBERS: [f64; DOUBLES] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let numbers = simd.load_doubles(&NUMBERS);
        let mut weights = [simd.doubles(1.0); WIDE];
        for vector in 0..WIDE {
            let start = start + vector * DOUBLES;
            if self.is_weighted {
                weights[vector] = self.load(simd, D, start);
            }
            let left = simd.doubles(self.n_points as f64 - start as f64);
            weights[vector] =
                S::F64::select(numbers.less(left), weights[vector], simd.doubles(0.0));
        }
        weights
    }

    /// The number of points.
    pub(super) fn n_points(self) -> usize {
        self.n_points
    }

    /// The weight of one point.
    pub(super) fn weight<const D: usize>(self, index: usize) -> f64 {
        if self.is_weighted { self.numbers[D * self.n_points + index] } else { 1.0 }
    }

    /// One point.
    pub(super) fn point<const D: usize>(self, index: usize) -> [f64; D] {
        std::array::from_fn(|feature| self.numbers[feature * self.n_points + index])
    }
}

/// The nearest centre of each point of a group and the squared distance to it.
///
/// Distances are computed as everywhere: the squared differences are added feature after feature, and
/// of equally near centres the first is taken.
#[inline(always)]
pub(super) fn nearest<S: Simd, const D: usize, const V: usize>(
    simd: S,
    points: &Group<[S::F64; D]>,
    rivals: u64,
    sites: &Sites<D, V>,
) -> (Group<S::F64>, Group<S::F64>) {
    let mut least = [simd.doubles(f64::INFINITY); WIDE];
    // Centres are told apart by small whole numbers, which doubles hold exactly.
    let mut nearest = [simd.doubles(0.0); WIDE];
    for index in bits(rivals) {
        let center = sites.point(index);
        let name = simd.doubles(index as f64);
        for vector in 0..WIDE {
            let mut distance = simd.doubles(0.0);
            for feature in 0..D {
                let difference = points[vector][feature] - simd.doubles(center[feature]);
                let square = difference * difference;
                distance = if feature == 0 { square } else { distance + square };
            }
            let is_nearer = distance.less(least[vector]);
            least[vector] = distance.min(least[vector]);
            nearest[vector] = S::F64::select(is_nearer, name, nearest[vector]);
        }
    }
    (nearest, least)
}

/// The nearest of some centres to the only place where a node's points are.
#[inline(always)]
pub(super) fn nearest_to_place<const D: usize, const V: usize>(
    node: &Node<D>,
    rivals: u64,
    sites: &Sites<D, V>,
) -> usize {
    let mut least = f64::INFINITY;
    let mut nearest = 0;
    for index in bits(rivals) {
        let center = sites.point(index);
        let mut distance = 0.0;
        for feature in 0..D {
            let difference = node.middle[feature] - center[feature];
            distance += difference * difference;
        }
        if distance < least {
            (nearest, least) = (index, distance);
        }
    }
    nearest
}

/// The places of the bits that are set, lowest first.
#[inline(always)]
pub(super) fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = word.trailing_zeros() as usize;
        word &= word.wrapping_sub(1);
        (lowest < 64).then_some(lowest)
    })
}
