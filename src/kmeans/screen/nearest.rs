//! The nearest of all centres to each row of a block, in single precision, and how near the second is.

use super::pack::{Feature, Tiles, VECTORS};
use crate::kmeans::simd::{Floats, Simd};

/// Of each row of a block, vector after vector: the least score, the second least, and whose the least is.
pub(super) struct Nearest<S: Simd> {
    pub(super) least: [S::F32; VECTORS],
    pub(super) second: [S::F32; VECTORS],
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

    /// By how much the least score of a row is below the second, where that is least.
    #[inline(always)]
    pub(super) fn least_margin(&self) -> f32 {
        let mut margin = self.second[0] - self.least[0];
        for vector in 1..VECTORS {
            margin = margin.min(self.second[vector] - self.least[vector]);
        }
        let mut least = f32::INFINITY;
        for lane in margin.to_array() {
            least = if lane < least { lane } else { least };
        }
        least
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
