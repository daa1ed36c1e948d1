//! Equal rows as one row that counts as often as they are: customers' incomes and scores are mostly whole
//! numbers, and of ten million rows few differ.

use rayon::prelude::*;

use super::cancel::Cancel;
use super::points::{Points, Sample};
use crate::features::Rows;

/// Fewer rows are not worth the looking.
const FEWEST_ROWS: usize = 2_000;
/// Rows that are looked at to guess whether it is worth it.
const SAMPLE: usize = 8_192;
/// Merging is worth it when it leaves at most one row of so many.
const LEAST_GAIN: usize = 8;
/// Parts of the rows that threads merge on their own. A fixed number, so that rows keep their order.
const PARTS: usize = 32;

/// The rows that differ, row after row in the order of their first occurrence, and how often each occurs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Distinct {
    numbers: Vec<f64>,
    counts: Vec<f64>,
    n_features: usize,
}

impl Distinct {
    /// The rows that differ, where they are few.
    pub(super) fn few_of(points: Points, cancel: &Cancel) -> Option<Self> {
        let n_rows = points.n_rows();
        if n_rows < FEWEST_ROWS || !seem_few(points) {
            return None;
        }
        let most = n_rows / LEAST_GAIN;
        let size = n_rows.div_ceil(PARTS);
        let parts: Option<Vec<Table>> = (0..n_rows.div_ceil(size))
            .into_par_iter()
            .map(|part| {
                let rows = part * size..((part + 1) * size).min(n_rows);
                let mut table = Table::new(points.n_features());
                let mut row = vec![0.0; points.n_features()];
                for index in rows {
                    points.read(index, &mut row);
                    table.count(&row, 1.0);
                    if table.found.counts.len() > most || cancel.is_cancelled() {
                        return None;
                    }
                }
                Some(table)
            })
            .collect();
        let mut parts = parts?.into_iter();
        let mut all = parts.next()?;
        for part in parts {
            let rows = part.found.numbers.chunks_exact(points.n_features());
            for (row, &count) in rows.zip(&part.found.counts) {
                all.count(row, count);
            }
        }
        (all.found.counts.len() <= most).then_some(all.found)
    }

    /// The rows, each standing for as many as there are.
    pub(super) fn sample(&self) -> Option<Sample<'_>> {
        let rows = Rows::new(&self.numbers, self.n_features).ok()?;
        Some(Sample::of_copies(rows, &self.counts))
    }
}

/// Whether rows spread over all of them repeat so often that few can differ.
fn seem_few(points: Points) -> bool {
    let n_rows = points.n_rows();
    let drawn = SAMPLE.min(n_rows);
    let mut table = Table::new(points.n_features());
    let mut row = vec![0.0; points.n_features()];
    for index in 0..drawn {
        points.read(index * n_rows / drawn, &mut row);
        table.count(&row, 1.0);
    }
    // How many would differ among so many drawn if as many values as may be were equally frequent.
    let most = (n_rows / LEAST_GAIN) as f64;
    let differing = most * (1.0 - (-(drawn as f64) / most).exp());
    table.found.counts.len() as f64 <= differing
}

/// Rows by their bits. Open addressing with places in powers of two.
#[derive(Debug)]
struct Table {
    found: Distinct,
    /// One more than the number of a row in `found`; 0 where there is none.
    places: Vec<u32>,
}

impl Table {
    fn new(n_features: usize) -> Self {
        let found = Distinct { numbers: Vec::new(), counts: Vec::new(), n_features };
        Self { found, places: vec![0; 1024] }
    }

    fn count(&mut self, row: &[f64], times: f64) {
        if self.found.counts.len() * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.place_of(row);
        match self.places[place] {
            0 => {
                self.found.numbers.extend_from_slice(row);
                self.found.counts.push(times);
                #[allow(clippy::cast_possible_truncation)] // a table holds fewer rows by far
                let number = self.found.counts.len() as u32;
                self.places[place] = number;
            }
            number => self.found.counts[number as usize - 1] += times,
        }
    }

    /// Where the row is, or where it would be put.
    fn place_of(&self, row: &[f64]) -> usize {
        let mask = self.places.len() - 1;
        let mut place = hash(row) & mask;
        while self.places[place] != 0 && self.row(self.places[place]) != row {
            place = (place + 1) & mask;
        }
        place
    }

    fn row(&self, number: u32) -> &[f64] {
        let n_features = self.found.n_features;
        &self.found.numbers[(number as usize - 1) * n_features..][..n_features]
    }

    fn grow(&mut self) {
        let numbers: Vec<u32> = self.places.iter().copied().filter(|&number| number != 0).collect();
        self.places = vec![0; self.places.len() * 4];
        for number in numbers {
            let place = self.place_of(self.row(number));
            self.places[place] = number;
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // any bits of it will do
fn hash(row: &[f64]) -> usize {
    // An odd number without a pattern, after Knuth's multiplicative hashing.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = 0_u64;
    for x in row {
        // Adding 0.0 makes -0.0 and 0.0, which are equal, the same bits.
        hash = (hash.rotate_left(23) ^ (x + 0.0).to_bits()).wrapping_mul(FACTOR);
    }
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_counted_in_the_order_of_their_first_occurrence() {
        let numbers: Vec<f64> = (0..5000).flat_map(|i| [f64::from(i % 7), -0.0]).collect();
        let points = Rows::new(&numbers, 2).unwrap().into();
        let found = Distinct::few_of(points, &Cancel::default()).unwrap();
        assert_eq!(found.counts, [715.0, 715.0, 714.0, 714.0, 714.0, 714.0, 714.0]);
        let firsts: Vec<f64> = found.numbers.iter().copied().step_by(2).collect();
        assert_eq!(firsts, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn rows_that_mostly_differ_are_left_alone() {
        let numbers: Vec<f64> = (0..5000).map(f64::from).collect();
        let points = Rows::new(&numbers, 1).unwrap().into();
        assert_eq!(Distinct::few_of(points, &Cancel::default()), None);
    }

    #[test]
    fn a_table_grows() {
        let mut table = Table::new(1);
        for i in (0..3000).chain(0..3000) {
            table.count(&[f64::from(i)], 1.0);
        }
        assert_eq!(table.found.counts, vec![2.0; 3000]);
    }
}
