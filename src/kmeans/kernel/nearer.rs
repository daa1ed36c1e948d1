//! How much nearer the rows of a block come to some centre by one centre more.

use crate::kmeans::points::Block;
use crate::simd::{DOUBLES, Doubles, Simd, Task};

/// Lowers `closest`, each row's squared distance to the nearest centre, to that of one centre more, and
/// gives the weighted sum of it.
pub(in crate::kmeans) struct Lower<'a> {
    pub(in crate::kmeans) block: &'a Block<'a>,
    pub(in crate::kmeans) weights: Option<&'a [f64]>,
    pub(in crate::kmeans) center: &'a [f64],
    pub(in crate::kmeans) closest: &'a mut [f64],
}

impl Task for Lower<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let Self { block, weights, center, closest } = self;
        let mut sum = simd.doubles(0.0);
        let (groups, rest) = closest.as_chunks_mut::<DOUBLES>();
        for (group, closest) in groups.iter_mut().enumerate() {
            let start = group * DOUBLES;
            let nearer = distances(simd, block, start, center).min(simd.load_doubles(closest));
            *closest = nearer.to_array();
            sum = sum + weighted(simd, nearer, weights, start);
        }
        let start = groups.len() * DOUBLES;
        let mut sum = sum.sum();
        for (lane, closest) in rest.iter_mut().enumerate() {
            *closest = distance(block, start + lane, center).min(*closest);
            sum += *closest * weights.map_or(1.0, |weights| weights[start + lane]);
        }
        sum
    }
}

/// What [`Lower`] would give, with `closest` left as it is.
pub(in crate::kmeans) struct WouldLower<'a> {
    pub(in crate::kmeans) block: &'a Block<'a>,
    pub(in crate::kmeans) weights: Option<&'a [f64]>,
    pub(in crate::kmeans) center: &'a [f64],
    pub(in crate::kmeans) closest: &'a [f64],
}

impl Task for WouldLower<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let Self { block, weights, center, closest } = self;
        let mut sum = simd.doubles(0.0);
        let (groups, rest) = closest.as_chunks::<DOUBLES>();
        for (group, closest) in groups.iter().enumerate() {
            let start = group * DOUBLES;
            let nearer = distances(simd, block, start, center).min(simd.load_doubles(closest));
            sum = sum + weighted(simd, nearer, weights, start);
        }
        let start = groups.len() * DOUBLES;
        let mut sum = sum.sum();
        for (lane, closest) in rest.iter().enumerate() {
            let nearer = distance(block, start + lane, center).min(*closest);
            sum += nearer * weights.map_or(1.0, |weights| weights[start + lane]);
        }
        sum
    }
}

/// The squared distances of eight rows to a centre.
#[inline(always)]
fn distances<S: Simd>(simd: S, block: &Block, start: usize, center: &[f64]) -> S::F64 {
    let mut distances = simd.doubles(0.0);
    for (feature, &coordinate) in center.iter().enumerate() {
        if let Some(numbers) = block.column(feature)[start..].first_chunk() {
            let difference = simd.load_doubles(numbers) - simd.doubles(coordinate);
            distances = distances + difference * difference;
        }
    }
    distances
}

/// The squared distance of one row to a centre.
#[inline(always)]
fn distance(block: &Block, row: usize, center: &[f64]) -> f64 {
    let difference = |(feature, x): (usize, &f64)| block.column(feature)[row] - x;
    center.iter().enumerate().map(difference).map(|difference| difference * difference).sum()
}

#[inline(always)]
fn weighted<S: Simd>(simd: S, x: S::F64, weights: Option<&[f64]>, start: usize) -> S::F64 {
    match weights.and_then(|weights| weights[start..].first_chunk()) {
        Some(weights) => x * simd.load_doubles(weights),
        None => x,
    }
}
