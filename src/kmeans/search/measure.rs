//! What a cluster's rows add up to, and how they fall into halves.

// Each is part of a task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]

use super::rows::{Lanes, Rows};
use crate::simd::{Doubles, Simd, Task};

/// Numbers of a row of two features: where they are known to be so many, no loop over them is left.
pub(super) const WIDTH_OF_PLANE: usize = 3;

/// Moves a centre to the mean of its rows, of which there is at least one, and measures them from there.
pub(super) struct Measure<'a> {
    pub(super) rows: &'a Rows,
    /// The centre, whose weight is written too.
    pub(super) center: &'a mut [f64],
}

/// What is to be known of a cluster's rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measures {
    /// The weighted sum of the squared distances from the centre.
    pub(super) error: f64,
    /// The greatest squared distance.
    pub(super) reach: f64,
    /// The greatest weight of a row.
    pub(super) heaviest: f64,
}

impl Task for Measure<'_> {
    type Output = Measures;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Measures {
        match self.rows.width() {
            WIDTH_OF_PLANE => self.measure(simd, WIDTH_OF_PLANE),
            width => self.measure(simd, width),
        }
    }
}

impl Measure<'_> {
    #[inline(always)]
    fn measure<S: Simd>(self, simd: S, width: usize) -> Measures {
        let Self { rows, center } = self;
        let Some((weight, means)) = center[..width].split_last_mut() else {
            return Measures::default();
        };
        let zero = simd.doubles(0.0);
        let (mut sum, mut heaviest) = (zero, zero);
        for group in rows.groups(width) {
            let w = simd.load_doubles(&group[width - 1]);
            sum = sum + w;
            heaviest = max::<S>(heaviest, w);
        }
        *weight = sum.sum();
        for (feature, mean) in means.iter_mut().enumerate() {
            let mut sum = zero;
            for group in rows.groups(width) {
                let w = simd.load_doubles(&group[width - 1]);
                sum = sum + w * simd.load_doubles(&group[feature]);
            }
            *mean = sum.sum() / *weight;
        }
        let (mut error, mut reach) = (zero, zero);
        for group in rows.groups(width) {
            let w = simd.load_doubles(&group[width - 1]);
            let square = squares(simd, group, means);
            error = error + w * square;
            reach = S::F64::select(zero.less(w), max::<S>(reach, square), reach);
        }
        Measures {
            error: error.sum(),
            reach: greatest(reach.to_array()),
            heaviest: greatest(heaviest.to_array()),
        }
    }
}

/// Halves a cluster by a plane through its centre, across the line from there to one of some rows.
pub(super) struct Halve<'a> {
    pub(super) rows: &'a Rows,
    pub(super) center: &'a [f64],
    /// The rows to try.
    pub(super) towards: &'a [usize],
    /// Takes the weights of the rows in the better half of all, 0 for those in the other.
    pub(super) half: &'a mut Vec<Lanes>,
    /// Room for those of a half that is tried.
    pub(super) trial: &'a mut Vec<Lanes>,
}

impl Task for Halve<'_> {
    /// The most that halving lowers the sum by; 0 if all rows are on one side of every plane.
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        match self.rows.width() {
            WIDTH_OF_PLANE => self.halve(simd, WIDTH_OF_PLANE),
            width => self.halve(simd, width),
        }
    }
}

impl Halve<'_> {
    #[inline(always)]
    fn halve<S: Simd>(self, simd: S, width: usize) -> f64 {
        let Self { rows, center, towards, half, trial } = self;
        let (weight, means) = (center[width - 1], &center[..width - 1]);
        let zero = simd.doubles(0.0);
        let mut most = 0.0;
        for &row in towards {
            trial.clear();
            let mut part = zero;
            for group in rows.groups(width) {
                let mut along = zero;
                for (feature, (lanes, &mean)) in group.iter().zip(means).enumerate() {
                    let direction = simd.doubles(rows.number(row, feature) - mean);
                    along = along + (simd.load_doubles(lanes) - simd.doubles(mean)) * direction;
                }
                let w = simd.load_doubles(&group[width - 1]);
                let w = S::F64::select(zero.less(along), w, zero);
                part = part + w;
                trial.push(w.to_array());
            }
            let mut square = 0.0;
            for (feature, &mean) in means.iter().enumerate() {
                let mut moment = zero;
                for (group, w) in rows.groups(width).zip(&*trial) {
                    let x = simd.load_doubles(&group[feature]) - simd.doubles(mean);
                    moment = moment + x * simd.load_doubles(w);
                }
                let moment = moment.sum();
                square += moment * moment;
            }
            let part = part.sum();
            let gain = square * weight / (part * (weight - part));
            if gain > most && gain.is_finite() {
                most = gain;
                std::mem::swap(half, trial);
            }
        }
        most
    }
}

/// The squared distances of eight rows from a centre.
#[inline(always)]
pub(super) fn squares<S: Simd>(simd: S, group: &[Lanes], center: &[f64]) -> S::F64 {
    let mut squares = simd.doubles(0.0);
    for (lanes, &coordinate) in group.iter().zip(center) {
        let difference = simd.load_doubles(lanes) - simd.doubles(coordinate);
        squares = squares + difference * difference;
    }
    squares
}

#[inline(always)]
fn max<S: Simd>(a: S::F64, b: S::F64) -> S::F64 {
    S::F64::select(a.less(b), b, a)
}

#[inline(always)]
fn greatest(lanes: Lanes) -> f64 {
    lanes.into_iter().fold(0.0, |greatest, x| if x > greatest { x } else { greatest })
}
