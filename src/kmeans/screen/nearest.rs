//! The nearest of all centres to each row of a block, in single precision, and how near the second is.

// All of it must be part of the task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]

use super::pack::{Feature, PerRow, Tiles, VECTORS};
use crate::simd::{FLOATS, Floats, Simd};

/// Above 0 even where all points and centres are at 0, and less than any square that matters.
const TINY: f32 = 1e-30;

/// Of each row of a block, vector after vector: the least score, the second least, and whose the least is.
pub(super) struct Nearest<S: Simd> {
    least: [S::F32; VECTORS],
    second: [S::F32; VECTORS],
    pub(super) cluster: [S::F32; VECTORS],
}

impl<S: Simd> Nearest<S> {
    /// Compares a block with all centres.
    #[inline(always)]
    pub(super) fn of(simd: S, block: &[Feature], tiles: &Tiles) -> Self {
        let infinite = [simd.floats(f32::INFINITY); VECTORS];
        let mut nearest =
            Self { least: infinite, second: infinite, cluster: [simd.floats(0.0); VECTORS] };
        let mut start = 0;
        while let Some((coordinates, norms)) = tiles.tile(start) {
            match norms.len() {
                8 => nearest.look::<8>(simd, block, coordinates, norms, start),
                4 => nearest.look::<4>(simd, block, coordinates, norms, start),
                2 => nearest.look::<2>(simd, block, coordinates, norms, start),
                _ => nearest.look::<1>(simd, block, coordinates, norms, start),
            }
            start += norms.len();
        }
        nearest
    }

    /// By how much the least score is below the second.
    #[inline(always)]
    pub(super) fn margin(&self, vector: usize) -> S::F32 {
        self.second[vector] - self.least[vector]
    }

    /// How far the distances of a row to the centres may change in all until another centre can be its
    /// nearest, counted from `drift`; never too far.
    ///
    /// Squares of distances differ by the difference of the distances times their sum, and that sum is at
    /// most the root of twice the sum of both squares.
    #[inline(always)]
    pub(super) fn reach(
        &self,
        simd: S,
        block: &[Feature],
        tiles: &Tiles,
        error: f32,
        drift: f32,
    ) -> PerRow<f32> {
        if tiles.n_centers() == 1 {
            return [[f32::INFINITY; FLOATS]; VECTORS];
        }
        let mut norms = [simd.floats(0.0); VECTORS];
        for feature in block {
            for (norm, x) in norms.iter_mut().zip(feature) {
                let x = simd.load_floats(x);
                *norm = x.mul_add(x, *norm);
            }
        }
        let [slack, doubled] = [simd.floats(error + TINY), simd.floats(tiles.doubled())];
        let [less, error, drift] = [1.0 - 2e-6, error, drift].map(|x| simd.floats(x));
        // So near to each other, distances may compare otherwise when they are computed in double precision.
        let rounding = simd.floats(tiles.rounding());
        let [shorter, lower] = [1.0 - 1e-3, 1.0 - 4e-7].map(|x| simd.floats(x));
        let mut reach = [[0.0; FLOATS]; VECTORS];
        for (vector, reach) in reach.iter_mut().enumerate() {
            let half = norms[vector] * doubled + self.least[vector] + self.second[vector] + slack;
            let square = half + half;
            let inverse = square.inverse_sqrt() * shorter;
            let gap = (self.margin(vector) * less - error - rounding * square) * inverse;
            *reach = ((gap + drift) * lower).to_array();
        }
        reach
    }

    /// Compares a block with a tile of `W` centres, the first of which is number `start`.
    #[inline(always)]
    fn look<const W: usize>(
        &mut self,
        simd: S,
        block: &[Feature],
        coordinates: &[f32],
        norms: &[f32],
        start: usize,
    ) {
        let Some(norms) = norms.first_chunk::<W>() else { return };
        let mut scores = norms.map(|norm| [simd.floats(norm); VECTORS]);
        for (feature, coordinates) in block.iter().zip(coordinates.as_chunks::<W>().0) {
            let rows = feature.each_ref().map(|x| simd.load_floats(x));
            for (scores, &coordinate) in scores.iter_mut().zip(coordinates) {
                let coordinate = simd.floats(coordinate);
                for (score, &x) in scores.iter_mut().zip(&rows) {
                    *score = coordinate.mul_add(x, *score);
                }
            }
        }
        for (place, scores) in scores.iter().enumerate() {
            let cluster = simd.floats((start + place) as f32);
            for (vector, &score) in scores.iter().enumerate() {
                let least = self.least[vector];
                let is_nearer = score.less(least);
                self.second[vector] = self.second[vector].min(least.max(score));
                self.least[vector] = least.min(score);
                self.cluster[vector] = S::F32::select(is_nearer, cluster, self.cluster[vector]);
            }
        }
    }
}
