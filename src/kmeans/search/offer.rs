//! The rows of a cluster look at other centres.

// Each is part of a task that is compiled for the machine's vectors.
#![allow(clippy::inline_always)]

use super::measure::{WIDTH_OF_PLANE, squares};
use super::rows::Rows;
use crate::simd::{DOUBLES, Doubles, Simd, Task};

/// Finds the rows that had better leave for another cluster, and for which.
///
/// A row of weight w that leaves a cluster of weight W saves W / (W - w) times its squared distance, since
/// the centre it leaves behind moves away from it; joining one of weight V costs V / (V + w) times the
/// squared distance from there (Hartigan 1975).
pub(super) struct Offer<'a> {
    pub(super) rows: &'a Rows,
    /// The centre of the rows.
    pub(super) home: &'a [f64],
    /// The centres to look at, one after another.
    pub(super) others: &'a [f64],
    /// Takes the rows that had better leave, each with the place of its new centre among the others.
    pub(super) leaving: &'a mut Vec<(usize, usize)>,
}

impl Task for Offer<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.rows.width() {
            WIDTH_OF_PLANE => self.offer(simd, WIDTH_OF_PLANE),
            width => self.offer(simd, width),
        }
    }
}

impl Offer<'_> {
    #[inline(always)]
    fn offer<S: Simd>(self, simd: S, width: usize) {
        let Self { rows, home, others, leaving } = self;
        let features = width - 1;
        let weight = simd.doubles(home[features]);
        let zero = simd.doubles(0.0);
        for (start, group) in (0..).step_by(DOUBLES).zip(rows.groups(width)) {
            let w = simd.load_doubles(&group[features]);
            // The least cost so far is a fraction: multiplying crosswise compares without dividing.
            let mut cost = squares(simd, group, &home[..features]) * weight;
            let mut share = weight - w;
            let mut to = zero;
            for (place, center) in others.chunks_exact(width).enumerate() {
                let weight = simd.doubles(center[features]);
                let joining = squares(simd, group, &center[..features]) * weight;
                let joined = weight + w;
                let is_less = (joining * share).less(cost * joined);
                cost = S::F64::select(is_less, joining, cost);
                share = S::F64::select(is_less, joined, share);
                to = S::F64::select(is_less, simd.doubles((place + 1) as f64), to);
            }
            // Rows that fill the group up weigh nothing.
            let leave = S::F64::bits(zero.less(to)) & S::F64::bits(zero.less(w));
            if leave != 0 {
                for (lane, to) in to.to_labels().into_iter().enumerate() {
                    if leave >> lane & 1 == 1 {
                        leaving.push((start + lane, to as usize - 1));
                    }
                }
            }
        }
    }
}

/// Finds each row the nearest of some centres.
pub(super) struct Nearest<'a> {
    pub(super) rows: &'a Rows,
    /// The centres, one after another.
    pub(super) centers: &'a [f64],
    /// Takes the place among the centres of the nearest one of each row, in groups of eight.
    pub(super) places: &'a mut Vec<[u32; DOUBLES]>,
}

impl Task for Nearest<'_> {
    /// The weighted sum of the squared distances.
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        match self.rows.width() {
            WIDTH_OF_PLANE => self.nearest(simd, WIDTH_OF_PLANE),
            width => self.nearest(simd, width),
        }
    }
}

impl Nearest<'_> {
    #[inline(always)]
    fn nearest<S: Simd>(self, simd: S, width: usize) -> f64 {
        let Self { rows, centers, places } = self;
        let features = width - 1;
        let mut sum = simd.doubles(0.0);
        places.clear();
        for group in rows.groups(width) {
            let mut least = simd.doubles(f64::MAX);
            let mut nearest = simd.doubles(0.0);
            for (place, center) in centers.chunks_exact(width).enumerate() {
                let square = squares(simd, group, &center[..features]);
                let is_less = square.less(least);
                least = square.min(least);
                nearest = S::F64::select(is_less, simd.doubles(place as f64), nearest);
            }
            sum = sum + least * simd.load_doubles(&group[features]);
            places.push(nearest.to_labels());
        }
        sum.sum()
    }
}
