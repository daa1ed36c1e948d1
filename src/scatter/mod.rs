//! Millions of customers on two axes: what a map needs of those it shows.
//!
//! A [`Scatter`] holds 4 bytes a customer and axis, and 2 for the segment, in an order in which every beginning is
//! spread over all customers. A [`Window`] onto it is answered by counts in cells, and by a sample in which small
//! segments are seen.

mod sample;
mod view;

pub use view::{Cells, Dot, Range, View, Window};

use rayon::prelude::*;

/// Customers on axes of choice.
#[derive(Debug, Clone, Default)]
pub struct Scatter {
    axes: Vec<Axis>,
    /// The place of each customer's segment.
    labels: Vec<u16>,
    n_segments: usize,
}

/// What a map can be laid out by.
#[derive(Debug, Clone)]
struct Axis {
    name: String,
    /// NaN where nothing is known of a customer.
    values: Vec<f32>,
    range: Option<Range>,
}

/// Takes customers one after another in an order that is spread over all: each step is by the golden section of
/// their number, so the next ones fall into the largest gaps (Weyl's sequence).
#[derive(Debug, Clone, Copy)]
struct Order {
    step: u64,
    n_rows: u64,
}

impl Scatter {
    /// Customers whose segments are at these places, on no axis yet. There are at most 65,536 segments.
    #[allow(clippy::cast_possible_truncation)] // places of segments
    pub fn new(labels: &[u32], n_segments: usize) -> Self {
        let order = Order::of(labels.len());
        let labels = (0..labels.len()).into_par_iter().map(|at| labels[order.row(at)] as u16);
        Self { axes: Vec::new(), labels: labels.collect(), n_segments }
    }

    /// The same with one more axis; `value` gives a customer's place on it, NaN for none.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // finer than any screen
    pub fn with_axis(
        mut self,
        name: impl Into<String>,
        value: impl Fn(usize) -> f64 + Sync,
    ) -> Self {
        let order = Order::of(self.labels.len());
        let values: Vec<f32> =
            (0..self.labels.len()).into_par_iter().map(|at| value(order.row(at)) as f32).collect();
        let range = Range::of(&values);
        self.axes.push(Axis { name: name.into(), values, range });
        self
    }

    /// The number of customers.
    pub fn n_rows(&self) -> usize {
        self.labels.len()
    }

    /// The axes' names and what they reach from and to; none where nothing is known of any customer.
    pub fn axes(&self) -> impl Iterator<Item = (&str, Option<Range>)> {
        self.axes.iter().map(|axis| (axis.name.as_str(), axis.range))
    }

    /// The bytes that it takes.
    pub fn n_bytes(&self) -> usize {
        self.labels.len() * (size_of::<u16>() + self.axes.len() * size_of::<f32>())
    }

    fn axis(&self, name: &str) -> Option<&Axis> {
        self.axes.iter().find(|axis| axis.name == name)
    }
}

impl Order {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below the number of rows
    fn of(n_rows: usize) -> Self {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let n_rows = n_rows as u64;
        let mut step = ((n_rows as f64 * GOLDEN) as u64).max(1);
        // Only a step that has no divisor in common with the number comes by every customer.
        while common_divisor(step, n_rows) > 1 {
            step += 1;
        }
        Self { step, n_rows }
    }

    #[allow(clippy::cast_possible_truncation)] // below the number of rows
    fn row(self, at: usize) -> usize {
        let row = u128::from(self.step) * at as u128 % u128::from(self.n_rows.max(1));
        row as usize
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_comes_by_everybody_once() {
        for n_rows in [0, 1, 2, 3, 10, 97, 1000, 65_536] {
            let order = Order::of(n_rows);
            let mut rows: Vec<usize> = (0..n_rows).map(|at| order.row(at)).collect();
            rows.sort_unstable();
            assert!(rows.into_iter().eq(0..n_rows), "{n_rows}");
        }
    }

    #[test]
    fn every_beginning_is_spread_over_all() {
        let order = Order::of(100_000);
        let mut tenths = [0; 10];
        (0..1000).for_each(|at| tenths[order.row(at) / 10_000] += 1);
        assert!(tenths.iter().all(|count| (90..=110).contains(count)), "{tenths:?}");
    }
}
