//! Data with clear groups.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::numbers::{direction, draw, normal, rows};
use crate::{Columns, FEATURES, Kind, ROWS};

pub const KINDS: [Kind; 11] = [
    kind("five clear groups", 5, |n, d, rng| CLEAR.draw(5, n, d, rng)),
    Kind {
        n_features: 2..=2,
        ..kind("five, in 2 features", 5, |n, d, rng| CLEAR.draw(5, n, d, rng))
    },
    Kind {
        n_features: 6..=6,
        ..kind("five, in 6 features", 5, |n, d, rng| CLEAR.draw(5, n, d, rng))
    },
    kind("five, the largest 10 times the smallest", 5, |n, d, rng| UNEQUAL.draw(5, n, d, rng)),
    kind("five, the widest 5 times the narrowest", 5, |n, d, rng| WIDE.draw(5, n, d, rng)),
    kind("five, 3 times as long as wide", 5, |n, d, rng| LONG.draw(5, n, d, rng)),
    kind("five, close: next ones at 5 deviations", 5, |n, d, rng| CLOSE.draw(5, n, d, rng)),
    kind("two clear groups", 2, |n, d, rng| CLEAR.draw(2, n, d, rng)),
    kind("three clear groups", 3, |n, d, rng| CLEAR.draw(3, n, d, rng)),
    Kind {
        n_rows: 30..=60,
        ..kind("three, 30 to 60 rows", 3, |n, d, rng| CLEAR.draw(3, n, d, rng))
    },
    kind("eight clear groups", 8, |n, d, rng| CLEAR.draw(8, n, d, rng)),
];

const fn kind(name: &'static str, n_groups: usize, columns: Columns) -> Kind {
    Kind { name, n_groups, n_rows: ROWS, n_features: FEATURES, columns }
}

/// Normal groups of many shapes.
struct Groups {
    /// The least and the largest standard deviation of a group.
    widths: (f64, f64),
    /// How many times longer than wide a group is, in a direction of its own.
    length: f64,
    /// The customers of the largest group for each one of the smallest.
    inequality: f64,
    /// How far centres are apart at least.
    apart: f64,
    /// Whether each centre has another one at just that distance.
    close: bool,
}

const CLEAR: Groups =
    Groups { widths: (0.5, 1.0), length: 1.0, inequality: 3.0, apart: 6.0, close: false };
const UNEQUAL: Groups = Groups { inequality: 10.0, ..CLEAR };
const WIDE: Groups = Groups { widths: (0.25, 1.25), apart: 7.5, ..CLEAR };
const LONG: Groups = Groups { widths: (0.2, 0.4), length: 3.0, ..CLEAR };
const CLOSE: Groups = Groups { widths: (1.0, 1.0), apart: 5.0, close: true, ..CLEAR };

impl Groups {
    fn draw(
        &self,
        n_groups: usize,
        n_rows: usize,
        n_features: usize,
        rng: &mut ChaCha8Rng,
    ) -> Vec<Vec<f64>> {
        let centers = self.centers(n_groups, n_features, rng);
        let evenly = |at: usize| at as f64 / (n_groups - 1) as f64;
        let (least, largest) = self.widths;
        let mut widths: Vec<f64> =
            (0..n_groups).map(|at| least * (largest / least).powf(evenly(at))).collect();
        widths.shuffle(rng);
        let axes: Vec<Vec<f64>> = (0..n_groups).map(|_| direction(n_features, rng)).collect();
        let shares: Vec<f64> = (0..n_groups).map(|at| self.inequality.powf(evenly(at))).collect();
        let whole: f64 = shares.iter().sum();
        rows(n_rows, n_features, || {
            let mut place = rng.random::<f64>() * whole;
            let mut group = 0;
            while group + 1 < n_groups && place > shares[group] {
                place -= shares[group];
                group += 1;
            }
            let width = widths[group];
            let along = (self.length * self.length - 1.0).sqrt() * width * normal(rng);
            let around = centers[group].iter().zip(&axes[group]);
            around.map(|(x, axis)| x + along * axis + width * normal(rng)).collect()
        })
    }

    /// Places that keep their distance, in a cube of 20 a side or one after another.
    fn centers(&self, n_groups: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
        let mut centers: Vec<Vec<f64>> = vec![vec![0.0; n_features]];
        if !self.close {
            centers.clear();
        }
        while centers.len() < n_groups {
            let center: Vec<f64> = if self.close {
                let next_to = &centers[rng.random_range(0..centers.len())];
                let direction = direction(n_features, rng);
                next_to.iter().zip(direction).map(|(x, step)| x + self.apart * step).collect()
            } else {
                draw(n_features, || rng.random_range(-10.0..10.0))
            };
            let distance = |other: &Vec<f64>| {
                other.iter().zip(&center).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
            };
            // The one that a centre is next to may be nearer by a rounding error.
            if centers.iter().all(|other| distance(other) >= self.apart - 1e-9) {
                centers.push(center);
            }
        }
        centers
    }
}
