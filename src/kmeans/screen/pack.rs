//! Points and centres in single precision, laid out for vectors.

use rayon::prelude::*;

use crate::kmeans::centroids::Centroids;
use crate::kmeans::points::{Block, Buffer, Points};
use crate::pages;
use crate::simd::{FLOATS, Simd};

/// Vectors of rows in a block.
pub(super) const VECTORS: usize = 3;
/// Rows in a block.
pub(super) const BLOCK: usize = VECTORS * FLOATS;

/// Something of each row of a block, vector after vector.
pub(super) type PerRow<T> = [[T; FLOATS]; VECTORS];
/// The numbers of one feature in a block of rows.
pub(super) type Feature = PerRow<f32>;

/// All points in single precision, scaled by a power of two so that their squares are in its range.
#[derive(Debug)]
pub(super) struct Packed {
    /// Block after block, and in a block feature after feature. The last block is filled up with zeros.
    features: Vec<Feature>,
    /// For each block the greatest norm of its rows.
    norms: Vec<f32>,
    n_features: usize,
    scale: f64,
}

impl Packed {
    /// Packs points whose numbers are about `deviation` from 0.
    pub(super) fn new(points: Points, deviation: f64) -> Self {
        let (n_rows, n_features) = (points.n_rows(), points.n_features());
        let scale = if deviation > 0.0 && deviation.is_finite() {
            (-deviation.log2().floor()).exp2()
        } else {
            1.0
        };
        let n_blocks = n_rows.div_ceil(BLOCK);
        let mut features = pages::zeros([[0.0; FLOATS]; VECTORS], n_blocks * n_features);
        let mut norms = vec![0.0; n_blocks];
        features
            .par_chunks_mut(n_features)
            .zip(&mut norms)
            .enumerate()
            .with_min_len(64)
            .for_each_init(Buffer::default, |buffer, (block, (features, norm))| {
                let rows = block * BLOCK..((block + 1) * BLOCK).min(n_rows);
                let greatest = match points {
                    Points::Rows(all) => {
                        let numbers =
                            &all.numbers()[rows.start * n_features..rows.end * n_features];
                        pack_rows(numbers.chunks_exact(n_features), scale, features)
                    }
                    _ => pack_columns(&points.block(rows, buffer), scale, features),
                };
                *norm = at_least(greatest.sqrt());
            });
        Self { features, norms, n_features, scale }
    }

    /// The number of blocks.
    pub(super) fn n_blocks(&self) -> usize {
        self.norms.len()
    }

    /// The features of a block.
    #[inline]
    pub(super) fn block(&self, block: usize) -> &[Feature] {
        &self.features[block * self.n_features..][..self.n_features]
    }

    /// Copies a row of the points that were packed to a place of another block.
    #[inline]
    pub(super) fn copy_row(&self, points: Points, row: usize, block: &mut [Feature], place: usize) {
        if let Points::Rows(rows) = points {
            // There its numbers are beside each other.
            for (feature, x) in block.iter_mut().zip(rows.row(row)) {
                feature.as_flattened_mut()[place] = rounded(x * self.scale);
            }
        } else {
            for (feature, packed) in block.iter_mut().zip(self.block(row / BLOCK)) {
                feature.as_flattened_mut()[place] = packed.as_flattened()[row % BLOCK];
            }
        }
    }

    /// Begins to fetch what [`Self::copy_row`] will read.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the loop over rows asks for it
    pub(super) fn prefetch_row<S: Simd>(&self, simd: S, points: Points, row: usize) {
        if let Points::Rows(rows) = points {
            for line in rows.row(row).chunks(64 / size_of::<f64>()) {
                simd.prefetch(&line[0]);
            }
        } else {
            for packed in self.block(row / BLOCK) {
                simd.prefetch(&packed.as_flattened()[row % BLOCK]);
            }
        }
    }

    /// The greatest norm of the rows of a block, scaled.
    #[inline]
    pub(super) fn norm(&self, block: usize) -> f32 {
        self.norms[block]
    }

    /// What numbers were multiplied with.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }
}

/// Packs a block of rows, and gives their greatest squared norm.
fn pack_rows<'a>(
    rows: impl Iterator<Item = &'a [f64]>,
    scale: f64,
    features: &mut [Feature],
) -> f64 {
    let mut greatest = 0.0_f64;
    for (place, row) in rows.enumerate() {
        let mut square = 0.0;
        for (feature, x) in features.iter_mut().zip(row) {
            let scaled = x * scale;
            square += scaled * scaled;
            feature.as_flattened_mut()[place] = rounded(scaled);
        }
        greatest = greatest.max(square);
    }
    greatest
}

/// Packs a block of columns, and gives the greatest squared norm of its rows.
fn pack_columns(block: &Block, scale: f64, features: &mut [Feature]) -> f64 {
    let mut squares = [0.0; BLOCK];
    for (index, feature) in features.iter_mut().enumerate() {
        let packed = feature.as_flattened_mut();
        for ((to, square), x) in packed.iter_mut().zip(&mut squares).zip(block.column(index)) {
            let scaled = x * scale;
            *square += scaled * scaled;
            *to = rounded(scaled);
        }
    }
    squares.iter().fold(0.0, |a: f64, &b| a.max(b))
}

/// The nearest float; how far that may be off is part of [`Tiles::error`].
#[allow(clippy::cast_possible_truncation)] // that is what it is for
fn rounded(x: f64) -> f32 {
    x as f32
}

/// A float that is not below `x`.
#[allow(clippy::cast_possible_truncation)] // that is what it is for
pub(super) fn at_least(x: f64) -> f32 {
    (x * (1.0 + f64::from(f32::EPSILON))) as f32
}

/// Centres in single precision. What is compared is |c|² - 2 c·x, the squared distance less |x|², which is
/// the same for all centres.
#[derive(Debug)]
pub(super) struct Tiles {
    /// -2 c, tile after tile, and in a tile feature after feature.
    coordinates: Vec<f32>,
    /// |c|².
    norms: Vec<f32>,
    /// The greatest |c|.
    greatest: f64,
    n_features: usize,
    n_centers: usize,
    /// Centres in a tile.
    width: usize,
}

impl Tiles {
    /// Packs centres in tiles of so many, for points that were multiplied with `scale`.
    pub(super) fn new(centers: &Centroids, scale: f64, width: usize) -> Self {
        let n_features = centers.n_features();
        let mut coordinates = vec![0.0; centers.len() * n_features];
        let mut norms = vec![0.0; centers.len()];
        let mut greatest = 0.0_f64;
        let mut start = 0;
        while start < centers.len() {
            let size = tile_size(centers.len() - start, width);
            let tile = &mut coordinates[start * n_features..][..size * n_features];
            for place in 0..size {
                let mut square = 0.0;
                for (feature, x) in centers.get(start + place).iter().enumerate() {
                    let scaled = x * scale;
                    square += scaled * scaled;
                    tile[feature * size + place] = rounded(-2.0 * scaled);
                }
                greatest = greatest.max(square);
                norms[start + place] = rounded(square);
            }
            start += size;
        }
        let n_centers = centers.len();
        Self { coordinates, norms, greatest: greatest.sqrt(), n_features, n_centers, width }
    }

    /// The centres from `start` on that make the next tile: their coordinates and squared norms.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the loop over tiles asks for it
    pub(super) fn tile(&self, start: usize) -> Option<(&[f32], &[f32])> {
        if start >= self.n_centers {
            return None;
        }
        let size = tile_size(self.n_centers - start, self.width);
        let coordinates = &self.coordinates[start * self.n_features..][..size * self.n_features];
        Some((coordinates, &self.norms[start..start + size]))
    }

    /// How many centres there are.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    pub(super) fn n_centers(&self) -> usize {
        self.n_centers
    }

    /// Twice |x|² is at most this times what the sum of d squares in single precision gives.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    pub(super) fn doubled(&self) -> f32 {
        at_least(2.0 + 4.0 * self.unit())
    }

    /// Distances that differ by less than this much of their sum may compare otherwise when they are
    /// computed in double precision.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    pub(super) fn rounding(&self) -> f32 {
        at_least(f64::EPSILON * (self.n_features as f64 + 4.0))
    }

    /// The relative error of sums in single precision.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    fn unit(&self) -> f64 {
        0.5 * f64::from(f32::EPSILON) * (self.n_features as f64 + 8.0)
    }

    /// How far what is computed for a row of this norm may be from the truth.
    ///
    /// A sum of d + 1 terms in single precision, each of which was rounded up to three times before, is
    /// wrong by at most (d + 3) u of the sum of the terms' magnitudes and terms in u², where u is half of
    /// `f32::EPSILON` (Higham 2002, "Accuracy and stability of numerical algorithms", 3.1); and that sum
    /// is at most |c|² + 2 |c| |x|. The last term is for numbers too small for single precision.
    #[inline(always)]
    #[allow(clippy::inline_always, clippy::cast_possible_truncation)] // as above; see `at_least`
    pub(super) fn error(&self, norm: f32) -> f32 {
        let norm = f64::from(norm);
        at_least(self.unit() * self.greatest * (self.greatest + 2.0 * norm) + 1e-30 * (1.0 + norm))
    }
}

/// How many of the centres left make the next tile: as many as a tile holds, or the greatest power of two.
#[inline(always)]
#[allow(clippy::inline_always)] // as above
fn tile_size(left: usize, width: usize) -> usize {
    if left >= width { width } else { 1 << left.ilog2() }
}
