//! What the charts share: positions, ticks and a frame with axes.

use maud::{Markup, html};

/// Where numbers lie along a line of the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Lays the range of numbers, `from`, over pixels, `to`. A range of no width gets one.
    pub(super) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        let (low, high) = from;
        let from = if high > low { from } else { (low - 0.5, low + 0.5) };
        Self { from, to }
    }

    /// The pixel of a number, with two decimals.
    pub(super) fn at(&self, x: f64) -> f64 {
        let (low, high) = self.from;
        let (first, last) = self.to;
        let pixel = first + (x - low) / (high - low) * (last - first);
        (pixel * 100.0).round() / 100.0
    }

    /// Whether a number is within the range.
    pub(super) fn holds(&self, x: f64) -> bool {
        (self.from.0..=self.from.1).contains(&x)
    }

    /// Round numbers spread over the range, about so many.
    pub(super) fn ticks(&self, about: usize) -> Vec<f64> {
        let (low, high) = self.from;
        let step = round_step((high - low) / about.max(1) as f64);
        let is_usable = step.is_finite() && step > 0.0;
        if !is_usable {
            return Vec::new();
        }
        let first = (low / step - 1e-9).ceil();
        // A sum of steps would gather rounding.
        (0..=2 * about)
            .map(|n| (first + n as f64) * step)
            .filter(|x| *x <= high + step * 1e-9)
            .collect()
    }
}

/// The least of 1, 2, 5, 10, ... that is no less.
fn round_step(step: f64) -> f64 {
    let magnitude = 10_f64.powf(step.log10().floor());
    let factors = [1.0, 2.0, 5.0];
    let fitting = factors.into_iter().find(|factor| factor * magnitude >= step * (1.0 - 1e-9));
    fitting.unwrap_or(10.0) * magnitude
}

/// An axis: its ticks with their labels, and what it shows.
#[derive(Debug)]
pub(super) struct Axis {
    pub(super) ticks: Vec<(f64, String)>,
    pub(super) title: String,
}

/// A picture with axes left and below.
#[derive(Debug)]
pub(super) struct Frame {
    /// Names the picture's parts; each picture of a page has its own.
    pub(super) id: &'static str,
    pub(super) size: (f64, f64),
    pub(super) title: String,
    pub(super) description: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

/// What is left free around the field of a picture: left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (64.0, 16.0, 16.0, 48.0);

impl Frame {
    /// The pixels across of a picture of this size, from left to right.
    pub(super) fn across(size: (f64, f64)) -> (f64, f64) {
        (MARGIN.0, size.0 - MARGIN.1)
    }

    /// The pixels upward of a picture of this size, from the bottom to the top.
    pub(super) fn upward(size: (f64, f64)) -> (f64, f64) {
        (size.1 - MARGIN.3, MARGIN.2)
    }

    /// The picture with this in its field; ticks are at pixels.
    pub(super) fn around(&self, content: &Markup) -> Markup {
        let (width, height) = self.size;
        let (left, right) = Self::across(self.size);
        let (bottom, top) = Self::upward(self.size);
        let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let (title, description) =
            (format!("{}-title", self.id), format!("{}-description", self.id));
        let turned = format!("translate(14 {}) rotate(-90)", middle.1);
        html! {
            svg viewBox={ "0 0 " (width) " " (height) } role="img"
                aria-labelledby={ (title) " " (description) } {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                g class="grid" {
                    @for (x, label) in &self.x.ticks {
                        line x1=(x) x2=(x) y1=(top) y2=(bottom) {}
                        text x=(x) y=(bottom + 18.0) text-anchor="middle" { (label) }
                    }
                    @for (y, label) in &self.y.ticks {
                        line x1=(left) x2=(right) y1=(y) y2=(y) {}
                        text x=(left - 8.0) y=(y + 4.0) text-anchor="end" { (label) }
                    }
                    line class="axis" x1=(left) x2=(right) y1=(bottom) y2=(bottom) {}
                    text class="name" x=(middle.0) y=(height - 8.0) text-anchor="middle" { (self.x.title) }
                    text class="name" transform=(turned) text-anchor="middle" { (self.y.title) }
                }
                (content)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_range() {
        assert_eq!(Scale::new((0.0, 137.0), (0.0, 1.0)).ticks(5), [0.0, 50.0, 100.0]);
        assert_eq!(Scale::new((-1.3, 1.2), (0.0, 1.0)).ticks(5), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        let same = Scale::new((7.0, 7.0), (0.0, 100.0));
        assert_eq!(same.at(7.0), 50.0);
        assert!(!same.ticks(4).is_empty());
        assert!(Scale::new((0.0, f64::INFINITY), (0.0, 1.0)).ticks(5).is_empty());
    }
}
