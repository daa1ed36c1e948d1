//! Shifts of the boundary between two clusters over several rows at once, where each row alone would have
//! to go uphill: after the chains of Kernighan and Lin 1970, "An efficient heuristic procedure for
//! partitioning graphs".

use super::partition::{Partition, Room};
use super::rows::Rows;
use crate::kmeans::init::Random;
use crate::simd::DOUBLES;

/// Bits of a place on a line that give way to the number of a row.
const BITS_OF_ROW: u32 = 10;

/// Only boundaries between small clusters are shifted. Where there are many rows, moves of one are so small
/// that they do not get stuck.
const MAX_SHIFTED: usize = 1 << BITS_OF_ROW;

/// By what factor a new boundary must be better than the old one, which is found again with other
/// rounding.
const LEAST_FACTOR: f64 = 1.0 + 1e-9;

impl Partition {
    /// Shifts boundaries between neighbours to where the sum is least. True if a shift paid.
    pub(super) fn shift(&mut self, rng: &mut Random) -> bool {
        let mut has_paid = false;
        let pairs = (1..self.clusters.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        for (pair, (a, b)) in pairs.enumerate() {
            if self.is_over() {
                break;
            }
            let versions = [a, b].map(|cluster| self.clusters[cluster].version);
            if self.tried[pair] == versions || !self.adjoin(a, b) {
                continue;
            }
            let pays = self.shift_between(a, b, rng);
            if !pays {
                self.tried[pair] = versions;
            }
            has_paid |= pays;
        }
        has_paid
    }

    /// Whether two clusters are small and no other centre is nearer to the middle between theirs (Gabriel
    /// and Sokal 1969, "A new statistical approach to geographic variation analysis").
    fn adjoin(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.clusters[a], &self.clusters[b]);
        let n_rows = one.rows.len() + other.rows.len();
        let apart = self.apart(a, b);
        let from_middle = |place: &[f64]| -> f64 {
            let sides = one.place().iter().zip(other.place());
            let square = |(x, (a, b)): (&f64, (&f64, &f64))| {
                let difference = x - (a + b) / 2.0;
                difference * difference
            };
            place.iter().zip(sides).map(square).sum()
        };
        // The middle is a quarter of that from both, but for rounding.
        let is_between = |place: &[f64]| from_middle(place) < apart * 0.2499;
        one.rows.len() > 0
            && other.rows.len() > 0
            && n_rows <= MAX_SHIFTED
            && apart < 2.0 * (one.measures.reach + other.measures.reach)
            && !self.clusters.iter().any(|cluster| is_between(cluster.place()))
    }

    fn shift_between(&mut self, a: usize, b: usize, rng: &mut Random) -> bool {
        let mut line = std::mem::take(&mut self.room.line);
        let cut = self.better_cut(a, b, &mut line);
        let pays = cut.is_some_and(|n_rows| {
            self.begin();
            self.touch(a);
            self.touch(b);
            self.deal(a, b, &line, n_rows);
            let pays = self.pays();
            self.conclude(pays, rng);
            pays
        });
        self.room.line = line;
        pays
    }

    /// Puts the rows of two clusters on the line through their centres, the last of `a` first and the
    /// last of `b` last, and finds how many of them are best in `b`, if not those that are.
    fn better_cut(&mut self, a: usize, b: usize, line: &mut Vec<u64>) -> Option<usize> {
        let (one, other) = (&self.clusters[a], &self.clusters[b]);
        let total = one.weight() + other.weight();
        let Room { direction, mean, moments, .. } = &mut self.room;
        direction.clear();
        direction.extend(other.place().iter().zip(one.place()).map(|(b, a)| b - a));
        mean.clear();
        let share = other.weight() / total;
        mean.extend(one.place().iter().zip(&*direction).map(|(a, v)| a + v * share));
        line.clear();
        put_on_line(&one.rows, mean, direction, line);
        put_on_line(&other.rows, mean, direction, line);
        line.sort_unstable();
        // About what sorting takes.
        self.work += 4 * line.len() as u64;
        let square: f64 = direction.iter().map(|v| v * v).sum();
        let mut most = one.weight() * share * square * LEAST_FACTOR;
        let mut cut = None;
        let mut weight = 0.0;
        moments.clear();
        moments.resize(mean.len(), 0.0);
        for (place, pair) in line.windows(2).enumerate().rev() {
            let (rows, row) = row_of(pair[1], [&one.rows, &other.rows]);
            let w = rows.number(row, mean.len());
            weight += w;
            let mut square = 0.0;
            for (feature, (moment, mean)) in moments.iter_mut().zip(&*mean).enumerate() {
                *moment += w * (rows.number(row, feature) - mean);
                square += *moment * *moment;
            }
            // Equal rows stay together.
            let parts = pair[0] >> BITS_OF_ROW != pair[1] >> BITS_OF_ROW;
            if square * total > most * (weight * (total - weight)) && parts {
                most = square * total / (weight * (total - weight));
                cut = Some(line.len() - 1 - place);
            }
        }
        cut
    }

    /// Gives the last rows of a line to one of two touched clusters and all others to the other.
    fn deal(&mut self, a: usize, b: usize, line: &[u64], n_rows: usize) {
        let width = self.room.row.len();
        self.clusters[a].rows.clear(width);
        self.clusters[b].rows.clear(width);
        for (place, &key) in line.iter().enumerate() {
            let (rows, row) = row_of(key, [&self.saved[a].rows, &self.saved[b].rows]);
            rows.read(row, &mut self.room.row);
            let to = if place < line.len() - n_rows { a } else { b };
            self.clusters[to].rows.push(&self.room.row);
        }
        self.measure(a);
        self.measure(b);
    }
}

/// Adds keys of rows to those on a line: whole numbers in the order of the places, with the number of the
/// row in the last bits.
fn put_on_line(rows: &Rows, mean: &[f64], direction: &[f64], line: &mut Vec<u64>) {
    let end = line.len() + rows.len();
    for group in rows.groups(rows.width()) {
        let mut along = [0.0; DOUBLES];
        for (lanes, (mean, v)) in group.iter().zip(mean.iter().zip(direction)) {
            for (along, x) in along.iter_mut().zip(lanes) {
                *along += (x - mean) * v;
            }
        }
        for place in along {
            if line.len() < end {
                line.push(key(place, line.len()));
            }
        }
    }
}

/// Doubles are in the order of their bits, but for the sign.
fn key(place: f64, row: usize) -> u64 {
    let bits = place.to_bits();
    let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    ordered >> BITS_OF_ROW << BITS_OF_ROW | row as u64
}

/// The row of a key, among those of two clusters.
fn row_of(key: u64, [one, other]: [&Rows; 2]) -> (&Rows, usize) {
    #[allow(clippy::cast_possible_truncation)] // below `MAX_SHIFTED`
    let row = key as usize % MAX_SHIFTED;
    if row < one.len() { (one, row) } else { (other, row - one.len()) }
}
