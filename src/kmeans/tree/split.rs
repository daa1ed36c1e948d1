//! Where boxes are cut in two.

use super::node::Bounds;

/// Rows of which the median is taken for that of all.
const MEDIAN_OF: usize = 63;

/// Cuts the rows of a box that is no point in two, and says how many are in the first part and where
/// the cut is.
///
/// It is in the middle of the widest feature if at least one row in `least_share` is on either side: boxes
/// that are as wide as they are high are left sooner by the walk. Else it is at the median, so that the
/// tree does not become deep.
pub(super) fn split<const D: usize, const R: usize>(
    rows: &mut [[f64; R]],
    bounds: &Bounds<D>,
    least_share: usize,
) -> (usize, Cut) {
    let feature = bounds.widest();
    let (low, high) = (bounds.low[feature], bounds.high[feature]);
    // Rounding may make the middle of two neighbouring numbers the higher one.
    let middle = Some(low.midpoint(high)).filter(|middle| *middle < high).unwrap_or(low);
    let cut = Cut { feature, threshold: middle };
    let first = cut.partition(rows);
    let least = rows.len() / least_share;
    if first.min(rows.len() - first) >= least {
        return (first, cut);
    }
    // At the highest number, all that are lower are cut off.
    let median = median(rows, feature).min(high.next_down());
    let cut = Cut { feature, threshold: median };
    (cut.partition(rows), cut)
}

/// The median of some rows.
fn median<const R: usize>(rows: &[[f64; R]], feature: usize) -> f64 {
    let mut numbers: Vec<f64> =
        rows.iter().step_by(rows.len().div_ceil(MEDIAN_OF)).map(|row| row[feature]).collect();
    let middle = numbers.len() / 2;
    *numbers.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// A plane between two parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    feature: usize,
    /// Rows up to here are in the first part.
    threshold: f64,
}

impl Cut {
    /// One with all on its first side.
    const NONE: Self = Self { feature: 0, threshold: f64::INFINITY };

    /// Moves the rows of the first part before the others, and says how many they are.
    #[allow(clippy::manual_swap)] // a row that was just written would have to be read again
    fn partition<const R: usize>(self, rows: &mut [[f64; R]]) -> usize {
        let mut first = 0;
        // Every row is moved, whichever part it is of: a jump could not be foreseen.
        for index in 0..rows.len() {
            let row = rows[index];
            rows[index] = rows[first];
            rows[first] = row;
            first += 1 - self.is_beyond(&row);
        }
        first
    }

    /// 1 if a row is in the second part, else 0.
    #[inline(always)]
    fn is_beyond<const R: usize>(self, row: &[f64; R]) -> usize {
        usize::from(row[self.feature] > self.threshold)
    }
}

/// Cuts in all parts at once: those of the first level, then those of the two parts of it, and so on.
pub(super) struct Cuts {
    cuts: Vec<Cut>,
    levels: u32,
}

impl Cuts {
    /// Cuts that part some rows evenly, so many times over.
    pub(super) fn of<const D: usize, const R: usize>(rows: &mut [[f64; R]], levels: u32) -> Self {
        let mut cuts = Self { cuts: vec![Cut::NONE; (1 << levels) - 1], levels };
        cuts.fill::<D, R>(rows, 0);
        cuts
    }

    fn fill<const D: usize, const R: usize>(&mut self, rows: &mut [[f64; R]], at: usize) {
        let bounds = Bounds::<D>::of(rows);
        if at >= self.cuts.len() || rows.is_empty() || bounds.is_point() {
            return;
        }
        let (first, cut) = split(rows, &bounds, 4);
        self.cuts[at] = cut;
        let (one, other) = rows.split_at_mut(first);
        self.fill::<D, R>(one, 2 * at + 1);
        self.fill::<D, R>(other, 2 * at + 2);
    }

    /// The number of parts.
    pub(super) fn n_parts(&self) -> usize {
        1 << self.levels
    }

    /// The part that a row is in.
    #[inline(always)]
    pub(super) fn part<const R: usize>(&self, row: &[f64; R]) -> usize {
        let mut at = 0;
        for _ in 0..self.levels {
            at = 2 * at + 1 + self.cuts[at].is_beyond(row);
        }
        at - self.cuts.len()
    }
}
