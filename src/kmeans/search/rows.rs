//! The rows of a cluster, next to each other.

use crate::simd::DOUBLES;

/// One number of each of eight rows.
pub(super) type Lanes = [f64; DOUBLES];

/// Rows in groups of eight: the first coordinates of a group, its second ones, and so on, its weights
/// last. A row leaves by the last one taking its place, so that what is added up passes over memory
/// without a gap.
///
/// A row by itself is written as its coordinates and then its weight, and so is a centre.
#[derive(Debug, Default)]
pub(super) struct Rows {
    lanes: Vec<Lanes>,
    /// Numbers of a row.
    width: usize,
    len: usize,
}

impl Rows {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The numbers of a row: its features and its weight.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Starts again, with rows of so many numbers.
    pub(super) fn clear(&mut self, width: usize) {
        self.lanes.clear();
        self.len = 0;
        self.width = width;
    }

    /// Makes these the same as others.
    pub(super) fn copy_from(&mut self, others: &Self) {
        self.lanes.clone_from(&others.lanes);
        (self.width, self.len) = (others.width, others.len);
    }

    /// The groups, the last filled up with rows of no weight. The width is that of the rows, which a caller
    /// may know when it is compiled.
    #[inline(always)]
    #[allow(clippy::inline_always)] // compiled into each kind of vectors
    pub(super) fn groups(&self, width: usize) -> impl ExactSizeIterator<Item = &[Lanes]> {
        self.lanes.chunks_exact(width)
    }

    /// One number of a row.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    pub(super) fn number(&self, row: usize, place: usize) -> f64 {
        self.lanes[row / DOUBLES * self.width + place][row % DOUBLES]
    }

    /// Copies a row.
    #[inline]
    pub(super) fn read(&self, row: usize, numbers: &mut [f64]) {
        let group = &self.lanes[row / DOUBLES * self.width..];
        for (number, lanes) in numbers.iter_mut().zip(group) {
            *number = lanes[row % DOUBLES];
        }
    }

    /// Takes in a row.
    #[inline]
    pub(super) fn push(&mut self, numbers: &[f64]) {
        if self.len.is_multiple_of(DOUBLES) {
            self.lanes.resize(self.lanes.len() + self.width, [0.0; DOUBLES]);
        }
        self.write(self.len, numbers);
        self.len += 1;
    }

    /// Lets go of a row; the last one takes its place.
    #[inline]
    pub(super) fn remove(&mut self, row: usize) {
        let last = self.len - 1;
        let (from, to) = (last / DOUBLES * self.width, row / DOUBLES * self.width);
        for place in 0..self.width {
            self.lanes[to + place][row % DOUBLES] = self.lanes[from + place][last % DOUBLES];
        }
        self.truncate(last);
    }

    /// Moves rows to others, of which there are none yet: those with a number above 0 in `parted`.
    ///
    /// Which rows these are cannot be foreseen, so each is written to both and then counted as one of
    /// either: a processor that guesses wrongly loses more time than that takes.
    pub(super) fn part(&mut self, parted: &[Lanes], into: &mut Self) {
        into.clear(self.width);
        into.lanes.resize(self.lanes.len(), [0.0; DOUBLES]);
        let (mut staying, mut leaving) = (0, 0);
        for (row, &number) in parted.as_flattened()[..self.len].iter().enumerate() {
            let from = row / DOUBLES * self.width;
            let [stay, leave] = [staying, leaving].map(|row| row / DOUBLES * self.width);
            for place in 0..self.width {
                let x = self.lanes[from + place][row % DOUBLES];
                self.lanes[stay + place][staying % DOUBLES] = x;
                into.lanes[leave + place][leaving % DOUBLES] = x;
            }
            let leaves = usize::from(number > 0.0);
            leaving += leaves;
            staying += 1 - leaves;
        }
        self.truncate(staying);
        into.truncate(leaving);
    }

    fn truncate(&mut self, len: usize) {
        self.len = len;
        self.lanes.truncate(len.div_ceil(DOUBLES) * self.width);
        if let (Some(weights), true) = (self.lanes.last_mut(), !len.is_multiple_of(DOUBLES)) {
            weights[len % DOUBLES..].fill(0.0);
        }
    }

    fn write(&mut self, row: usize, numbers: &[f64]) {
        let group = &mut self.lanes[row / DOUBLES * self.width..];
        for (lanes, number) in group.iter_mut().zip(numbers) {
            lanes[row % DOUBLES] = *number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_and_go_and_what_fills_the_last_group_has_no_weight() {
        let mut rows = Rows::default();
        rows.clear(2);
        let mut expected = Vec::new();
        for row in 0..20 {
            rows.push(&[f64::from(row), 1.0]);
            expected.push(f64::from(row));
        }
        for row in [19, 0, 7, 3, 3, 0, 9, 1] {
            rows.remove(row);
            expected.swap_remove(row);
            let found: Vec<f64> = (0..rows.len()).map(|row| rows.number(row, 0)).collect();
            assert_eq!(found, expected);
            let weights: f64 = rows.groups(2).flat_map(|group| group[1]).sum();
            assert_eq!(weights, expected.len() as f64);
        }
    }

    #[test]
    fn rows_part() {
        for n_rows in [0_u32, 1, 7, 8, 9, 16, 21] {
            let (mut rows, mut others) = (Rows::default(), Rows::default());
            rows.clear(2);
            (0..n_rows).for_each(|row| rows.push(&[f64::from(row), 1.0]));
            let is_parted =
                |lane: usize, group: usize| f64::from((group * 8 + lane).is_multiple_of(3));
            let parted: Vec<Lanes> = (0..rows.len().div_ceil(8))
                .map(|group| std::array::from_fn(|lane| is_parted(lane, group)))
                .collect();
            rows.part(&parted, &mut others);
            let found = |rows: &Rows| -> Vec<f64> {
                (0..rows.len()).map(|row| rows.number(row, 0)).collect()
            };
            let expected = |parts: bool| -> Vec<f64> {
                (0..n_rows).filter(|row| row.is_multiple_of(3) == parts).map(f64::from).collect()
            };
            assert_eq!(found(&rows), expected(false));
            assert_eq!(found(&others), expected(true));
            let weight = |rows: &Rows| rows.groups(2).flat_map(|group| group[1]).sum::<f64>();
            assert_eq!(weight(&rows) + weight(&others), f64::from(n_rows));
        }
    }
}
