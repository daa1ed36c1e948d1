//! Random numbers, and columns of them.

use std::f64::consts::TAU;

use rand::{Rng, RngExt};

/// A normal number, by Box and Muller.
pub fn normal(rng: &mut impl Rng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

/// An exponential number of mean 1.
pub fn exponential(rng: &mut impl Rng) -> f64 {
    -(1.0 - rng.random::<f64>()).ln()
}

/// So many numbers.
pub fn draw(n: usize, mut number: impl FnMut() -> f64) -> Vec<f64> {
    (0..n).map(|_| number()).collect()
}

/// A point on the unit sphere.
pub fn direction(n_features: usize, rng: &mut impl Rng) -> Vec<f64> {
    let direction = draw(n_features, || normal(rng));
    let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
    direction.iter().map(|x| x / length).collect()
}

/// Columns of rows that are drawn one by one.
pub fn rows(n_rows: usize, n_features: usize, mut row: impl FnMut() -> Vec<f64>) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(n_rows); n_features];
    for _ in 0..n_rows {
        for (column, x) in columns.iter_mut().zip(row()) {
            column.push(x);
        }
    }
    columns
}

/// The columns mixed by random weights.
pub fn mixed(columns: &[Vec<f64>], rng: &mut impl Rng) -> Vec<Vec<f64>> {
    let mix = |_| {
        let weights = draw(columns.len(), || normal(rng));
        let row =
            |row: usize| columns.iter().zip(&weights).map(|(column, w)| w * column[row]).sum();
        (0..columns[0].len()).map(row).collect()
    };
    (0..columns.len()).map(mix).collect()
}
