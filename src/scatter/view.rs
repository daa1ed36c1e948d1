//! A window onto the customers, and what is seen in it.

use rayon::prelude::*;

use super::Scatter;
use super::sample::quotas;

/// Customers that one task counts.
const BLOCK: usize = 1 << 16;

/// A part of an axis, its ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Where it begins.
    pub min: f32,
    /// Where it ends.
    pub max: f32,
}

/// What is to be seen.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    /// The name of the horizontal axis.
    pub x: &'a str,
    /// The name of the vertical axis.
    pub y: &'a str,
    /// The part of the horizontal axis; none for all of it.
    pub x_range: Option<Range>,
    /// The part of the vertical axis; none for all of it.
    pub y_range: Option<Range>,
    /// The number of cells beside each other.
    pub columns: usize,
    /// The number of cells above each other.
    pub rows: usize,
    /// The places of segments that are not to be seen.
    pub hidden: Vec<usize>,
    /// The most customers to be shown one by one.
    pub most_dots: usize,
}

/// What is seen in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The part of the horizontal axis that is shown.
    pub x_range: Range,
    /// The part of the vertical axis that is shown.
    pub y_range: Range,
    /// The customers in it, for each segment's place.
    pub in_view: Vec<u64>,
    /// Customers one by one: all in view if they are few enough, else a sample that favours small segments.
    pub dots: Vec<Dot>,
    /// How many customers are in each cell; none when all are shown one by one.
    pub cells: Vec<Cells>,
}

/// A customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// Its place on the horizontal axis.
    pub x: f32,
    /// Its place on the vertical axis.
    pub y: f32,
    /// The place of its segment.
    pub segment: usize,
}

/// Where the customers of a segment are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The place of the segment.
    pub segment: usize,
    /// Cells with customers in them and how many there are. Cells are counted from the lower left, row by row.
    pub counts: Vec<(u32, u32)>,
}

impl Range {
    /// From the least number to the largest; none if there is no number.
    pub(super) fn of(values: &[f32]) -> Option<Self> {
        let none = (f32::INFINITY, f32::NEG_INFINITY);
        let (min, max) = values
            .par_chunks(BLOCK)
            .map(|block| {
                let finite = block.iter().filter(|value| value.is_finite());
                finite.fold(none, |(min, max), &value| (min.min(value), max.max(value)))
            })
            .reduce(|| none, |a, b| (a.0.min(b.0), a.1.max(b.1)));
        (min <= max).then_some(Self { min, max })
    }

    /// How many cells wide a unit of the axis is.
    fn cells_a_unit(self, n_cells: usize) -> f32 {
        let width = self.max - self.min;
        if width > 0.0 && width.is_finite() { n_cells as f32 / width } else { 0.0 }
    }

    fn contains(self, value: f32) -> bool {
        value >= self.min && value <= self.max
    }
}

impl Scatter {
    /// Looks at the customers through a window; none if an axis is unknown or nobody is on it.
    ///
    /// ```
    /// use segmenta::scatter::{Scatter, Window};
    ///
    /// let customers = Scatter::new(&[0, 0, 1], 2)
    ///     .with_axis("income", |row| [10.0, 12.0, 90.0][row])
    ///     .with_axis("age", |row| [30.0, 35.0, 40.0][row]);
    /// let window = Window {
    ///     x: "income",
    ///     y: "age",
    ///     x_range: None,
    ///     y_range: None,
    ///     columns: 2,
    ///     rows: 2,
    ///     hidden: Vec::new(),
    ///     most_dots: 0,
    /// };
    /// let view = customers.look(&window).unwrap();
    /// assert_eq!(view.in_view, [2, 1]);
    /// // Cell 0 is the lower left one, cell 3 the upper right one.
    /// assert_eq!(view.cells[1].counts, [(3, 1)]);
    /// ```
    pub fn look(&self, window: &Window<'_>) -> Option<View> {
        let (x, y) = (self.axis(window.x)?, self.axis(window.y)?);
        let (x_range, y_range) = (window.x_range.or(x.range)?, window.y_range.or(y.range)?);
        let is_shown: Vec<bool> =
            (0..self.n_segments).map(|segment| !window.hidden.contains(&segment)).collect();
        let grid = Grid {
            labels: &self.labels,
            xs: &x.values,
            ys: &y.values,
            is_shown: &is_shown,
            x_range,
            y_range,
            columns: window.columns.max(1),
            rows: window.rows.max(1),
        };
        let counts = grid.count();
        let n_cells = grid.columns * grid.rows;
        let in_view: Vec<u64> = counts
            .chunks_exact(n_cells)
            .map(|cells| cells.iter().map(|&count| u64::from(count)).sum())
            .collect();
        let quotas = quotas(&in_view, window.most_dots as u64);
        let are_all_dots = quotas == in_view;
        let dots = grid.dots(quotas);
        let cells = if are_all_dots {
            Vec::new()
        } else {
            counts.chunks_exact(n_cells).enumerate().filter_map(cells).collect()
        };
        Some(View { x_range, y_range, in_view, dots, cells })
    }
}

/// The cells of a segment that are not empty; none if all are.
#[allow(clippy::cast_possible_truncation)] // the number of cells is small
fn cells((segment, counts): (usize, &[u32])) -> Option<Cells> {
    let counts: Vec<(u32, u32)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(cell, &count)| (cell as u32, count))
        .collect();
    (!counts.is_empty()).then_some(Cells { segment, counts })
}

/// The customers, and the cells they fall in.
#[derive(Clone, Copy)]
struct Grid<'a> {
    labels: &'a [u16],
    xs: &'a [f32],
    ys: &'a [f32],
    is_shown: &'a [bool],
    x_range: Range,
    y_range: Range,
    columns: usize,
    rows: usize,
}

impl Grid<'_> {
    fn sees(&self, x: f32, y: f32, segment: usize) -> bool {
        // Nothing is known of a NaN, and no range contains it.
        self.x_range.contains(x) && self.y_range.contains(y) && self.is_shown[segment]
    }

    /// The number of customers in each cell of each segment.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // cut off at the last cell
    fn count(&self) -> Vec<u32> {
        let n_cells = self.columns * self.rows;
        let (dx, dy) =
            (self.x_range.cells_a_unit(self.columns), self.y_range.cells_a_unit(self.rows));
        let none = || vec![0_u32; n_cells * self.is_shown.len()];
        self.labels
            .par_chunks(BLOCK)
            .zip(self.xs.par_chunks(BLOCK).zip(self.ys.par_chunks(BLOCK)))
            .fold(none, |mut counts, (labels, (xs, ys))| {
                for ((&label, &x), &y) in labels.iter().zip(xs).zip(ys) {
                    let segment = usize::from(label);
                    if self.sees(x, y, segment) {
                        let column = (((x - self.x_range.min) * dx) as usize).min(self.columns - 1);
                        let row = (((y - self.y_range.min) * dy) as usize).min(self.rows - 1);
                        counts[segment * n_cells + row * self.columns + column] += 1;
                    }
                }
                counts
            })
            .reduce(none, |mut all, counts| {
                all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
                all
            })
    }

    /// The first customers in view, as many of each segment as it may show.
    fn dots(&self, mut quotas: Vec<u64>) -> Vec<Dot> {
        let mut left: u64 = quotas.iter().sum();
        let mut dots = Vec::new();
        for ((&label, &x), &y) in self.labels.iter().zip(self.xs).zip(self.ys) {
            if left == 0 {
                break;
            }
            let segment = usize::from(label);
            if self.sees(x, y, segment) && quotas[segment] > 0 {
                quotas[segment] -= 1;
                left -= 1;
                dots.push(Dot { x, y, segment });
            }
        }
        dots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100,000 customers, of whom 20 are in segment 1, far from the others.
    fn scatter() -> Scatter {
        let labels: Vec<u32> = (0..100_000).map(|row| u32::from(row % 5000 == 7)).collect();
        let is_rare = labels.clone();
        Scatter::new(&labels, 2)
            .with_axis("x", |row| (row % 1000) as f64)
            .with_axis("y", move |row| if is_rare[row] == 1 { 500.0 } else { (row % 100) as f64 })
            .with_axis("gaps", |row| if row % 2 == 0 { f64::NAN } else { 1.0 })
    }

    fn window<'a>(x: &'a str, y: &'a str) -> Window<'a> {
        Window {
            x,
            y,
            x_range: None,
            y_range: None,
            columns: 50,
            rows: 20,
            hidden: Vec::new(),
            most_dots: 1000,
        }
    }

    #[test]
    fn everybody_in_view_is_counted_and_rare_segments_are_seen() {
        let view = scatter().look(&window("x", "y")).unwrap();
        assert_eq!(view.in_view, [99_980, 20]);
        let counted: u64 =
            view.cells.iter().flat_map(|cells| &cells.counts).map(|&(_, n)| u64::from(n)).sum();
        assert_eq!(counted, 100_000);
        let rare = view.dots.iter().filter(|dot| dot.segment == 1).count();
        assert_eq!(rare, 20);
        assert!((990..=1000).contains(&view.dots.len()));
        assert!(view.cells[1].counts.iter().all(|&(cell, _)| cell / 50 == 19), "at the top");
    }

    #[test]
    fn few_customers_are_shown_one_by_one() {
        let x_range = Some(Range { min: 7.0, max: 7.0 });
        let y_range = Some(Range { min: 400.0, max: 600.0 });
        let view = scatter().look(&Window { x_range, y_range, ..window("x", "y") }).unwrap();
        assert_eq!((view.in_view, view.dots.len(), view.cells.len()), (vec![0, 20], 20, 0));
        let hidden = vec![1];
        let view = scatter().look(&Window { y_range, hidden, ..window("x", "y") }).unwrap();
        assert_eq!((view.in_view, view.dots.len()), (vec![0, 0], 0));
    }

    #[test]
    fn customers_of_whom_nothing_is_known_are_left_out() {
        let view = scatter().look(&window("gaps", "x")).unwrap();
        assert_eq!(view.in_view.iter().sum::<u64>(), 50_000);
        assert!(scatter().look(&window("x", "nothing")).is_none());
        let nobody = Scatter::new(&[0], 1).with_axis("x", |_| f64::NAN);
        assert!(nobody.look(&window("x", "x")).is_none());
        assert!(Scatter::new(&[], 0).look(&window("x", "x")).is_none());
    }

    #[test]
    fn the_sum_over_cells_is_what_counting_one_by_one_gives() {
        let scatter = scatter();
        let range = |min, max| Some(Range { min, max });
        for (x_range, y_range) in [
            (range(100.0, 299.5), range(10.0, 20.0)),
            (range(-5.0, 2000.0), range(99.0, 1e9)),
            (range(50.0, 50.0), range(0.0, 99.0)),
            (range(9.0, 3.0), None),
        ] {
            let view = scatter.look(&Window { x_range, y_range, ..window("x", "y") }).unwrap();
            let y_range = view.y_range;
            let expected = (0..100_000)
                .filter(|row| view.x_range.contains((row % 1000) as f32))
                .filter(|row| {
                    let y = if row % 5000 == 7 { 500.0 } else { (row % 100) as f32 };
                    y_range.contains(y)
                })
                .count();
            assert_eq!(view.in_view.iter().sum::<u64>(), expected as u64, "{x_range:?}");
        }
    }
}
