//! Where a start begins: greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the advantages
//! of careful seeding"), as in scikit-learn's `_kmeans_plusplus`.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::cancel::Cancel;
use super::centroids::Centroids;
use super::kernel::TASK;
use super::kernel::nearer::{Lower, WouldLower};
use super::points::{BLOCK, Buffer, Sample};
use crate::simd::with_widest;

/// The source of all that is drawn.
pub(super) type Random = ChaCha8Rng;

/// The random numbers of one start. Every start has a stream of its own, so that it draws the same ones
/// whichever thread runs it.
pub(super) fn random(random_state: u64, start: u64) -> Random {
    let mut rng = ChaCha8Rng::seed_from_u64(random_state);
    rng.set_stream(start);
    rng
}

/// Draws centres from the points, far ones more often than near ones.
///
/// Each next centre is the best of `2 + ln(n_clusters)` candidates drawn in proportion to their
/// weighted squared distance from the centres so far: the one that leaves the smallest sum of them.
/// The first centres are a start for fewer clusters just as well.
pub(super) fn greedy_kmeans_plusplus(
    sample: Sample,
    n_clusters: usize,
    rng: &mut Random,
    cancel: &Cancel,
) -> Seeds {
    let none = Centroids::none(sample.points.n_features());
    extend(sample, none, n_clusters, rng, cancel)
}

/// The same with the first centres given.
pub(super) fn extend(
    sample: Sample,
    given: Centroids,
    n_clusters: usize,
    rng: &mut Random,
    cancel: &Cancel,
) -> Seeds {
    let mut closest = Closest::to_nothing(sample);
    let mut centers = given;
    for center in centers.iter() {
        closest.lower(center, cancel);
    }
    let mut inertias = vec![f64::INFINITY; centers.len().saturating_sub(1)];
    if centers.len() == 0 {
        let first = closest.draw_evenly(rng);
        closest.lower(&first, cancel);
        centers.push(&first);
    }
    inertias.push(closest.sum());
    while centers.len() < n_clusters {
        let candidates: Vec<Vec<f64>> =
            (0..n_candidates(n_clusters)).map(|_| closest.draw(rng)).collect();
        let left = candidates.iter().map(|candidate| closest.sum_with(candidate, cancel));
        let best = left.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
        let chosen = &candidates[best.map_or(0, |(index, _)| index)];
        closest.lower(chosen, cancel);
        centers.push(chosen);
        inertias.push(closest.sum());
    }
    Seeds { centers, inertias }
}

/// Where a start begins, for every number of clusters up to some.
#[derive(Debug, Clone)]
pub(super) struct Seeds {
    pub(super) centers: Centroids,
    /// The weighted sum of squared distances to the first centres: to one, to two, and so on. Infinite
    /// where it was not asked for.
    pub(super) inertias: Vec<f64>,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ln of a count is below 45
pub(super) fn n_candidates(n_clusters: usize) -> usize {
    2 + (n_clusters as f64).ln() as usize
}

/// Each point's squared distance to the nearest of some centres.
struct Closest<'a> {
    sample: Sample<'a>,
    squares: Vec<f64>,
    /// The weighted sum of each block's.
    by_block: Vec<f64>,
}

impl<'a> Closest<'a> {
    fn to_nothing(sample: Sample<'a>) -> Self {
        let n_rows = sample.points.n_rows();
        Self {
            sample,
            squares: vec![f64::INFINITY; n_rows],
            by_block: vec![0.0; n_rows.div_ceil(BLOCK)],
        }
    }

    /// Takes one more centre into account.
    fn lower(&mut self, center: &[f64], cancel: &Cancel) {
        let sample = self.sample;
        let lower = |task: usize, squares: &mut [f64], by_block: &mut [f64]| {
            let mut buffer = Buffer::default();
            for (block, (closest, sum)) in squares.chunks_mut(BLOCK).zip(by_block).enumerate() {
                let start = task * TASK + block * BLOCK;
                let rows = start..start + closest.len();
                let weights = sample.weights.map(|weights| &weights[rows.clone()]);
                let block = &sample.points.block(rows, &mut buffer);
                *sum = with_widest(Lower { block, weights, center, closest });
            }
        };
        if self.squares.len() <= TASK {
            return lower(0, &mut self.squares, &mut self.by_block);
        }
        self.squares
            .par_chunks_mut(TASK)
            .zip(self.by_block.par_chunks_mut(TASK / BLOCK))
            .enumerate()
            .filter(|_| !cancel.is_cancelled())
            .for_each(|(task, (squares, by_block))| lower(task, squares, by_block));
    }

    /// The weighted sum of all.
    fn sum(&self) -> f64 {
        self.by_block.iter().sum()
    }

    /// The weighted sum of all, if there were one more centre.
    fn sum_with(&self, center: &[f64], cancel: &Cancel) -> f64 {
        let sample = self.sample;
        let would_lower = |task: usize, squares: &[f64]| {
            let mut buffer = Buffer::default();
            let mut total = 0.0;
            for (block, closest) in squares.chunks(BLOCK).enumerate() {
                let start = task * TASK + block * BLOCK;
                let rows = start..start + closest.len();
                let weights = sample.weights.map(|weights| &weights[rows.clone()]);
                let block = &sample.points.block(rows, &mut buffer);
                total += with_widest(WouldLower { block, weights, center, closest });
            }
            total
        };
        if self.squares.len() <= TASK {
            return would_lower(0, &self.squares);
        }
        let sums: Vec<f64> = self
            .squares
            .par_chunks(TASK)
            .enumerate()
            .map(
                |(task, squares)| {
                    if cancel.is_cancelled() { 0.0 } else { would_lower(task, squares) }
                },
            )
            .collect();
        sums.iter().sum()
    }

    /// A point drawn in proportion to its weight.
    fn draw_evenly(&self, rng: &mut impl Rng) -> Vec<f64> {
        let n_rows = self.squares.len();
        let row = match self.sample.weights {
            None => rng.random_range(0..n_rows),
            Some(weights) => pick(weights.iter().copied(), rng.random(), weights.iter().sum()).0,
        };
        self.sample.points.row(row)
    }

    /// A point drawn in proportion to its weight and its squared distance.
    fn draw(&self, rng: &mut impl Rng) -> Vec<f64> {
        let (block, left) = pick(self.by_block.iter().copied(), rng.random(), self.sum());
        let start = block * BLOCK;
        let rows = start..(start + BLOCK).min(self.squares.len());
        let squares = self.squares[rows.clone()].iter();
        let (lane, _) = match self.sample.weights {
            None => pick(squares.copied(), left, 1.0),
            Some(weights) => pick(squares.zip(&weights[rows]).map(|(d, w)| d * w), left, 1.0),
        };
        self.sample.points.row(start + lane)
    }
}

/// The place at which the sum of `parts` passes `share` of `total`, and how far beyond the parts before
/// it that is. The last place with a part above 0 where rounding would pass them all.
pub(super) fn pick(parts: impl Iterator<Item = f64>, share: f64, total: f64) -> (usize, f64) {
    let mut left = share * total;
    let mut last = (0, 0.0);
    for (place, part) in parts.enumerate() {
        if left < part {
            return (place, left);
        }
        left -= part;
        if part > 0.0 {
            last = (place, part);
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Matrix;

    #[test]
    fn a_place_is_picked_in_proportion_to_its_part() {
        let parts = [1.0, 0.0, 3.0];
        let at = |share| pick(parts.into_iter(), share, 4.0).0;
        assert_eq!([at(0.0), at(0.2), at(0.25), at(0.9), at(1.0)], [0, 0, 2, 2, 2]);
    }

    #[test]
    fn no_point_is_drawn_twice_while_others_are_left() {
        let matrix = Matrix::from_columns(vec![vec![0.0, 0.0, 1.0, 5.0]]).unwrap();
        for start in 0..20 {
            let rng = &mut random(7, start);
            let seeds = greedy_kmeans_plusplus((&matrix).into(), 3, rng, &Cancel::default());
            let mut found = seeds.centers.coordinates().to_vec();
            found.sort_by(f64::total_cmp);
            assert_eq!(found, [0.0, 1.0, 5.0]);
        }
    }

    #[test]
    fn a_row_without_weight_is_no_centre() {
        let matrix = Matrix::from_columns(vec![vec![0.0, 9.0, 1.0, 5.0]]).unwrap();
        let weights = [1.0, 0.0, 1.0, 1.0];
        for start in 0..20 {
            let sample = Sample::weighted(&matrix, &weights).unwrap();
            let rng = &mut random(7, start);
            let seeds = greedy_kmeans_plusplus(sample, 3, rng, &Cancel::default());
            assert!(!seeds.centers.coordinates().contains(&9.0));
        }
    }
}
