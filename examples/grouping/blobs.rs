//! Data without groups: one single blob each.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::numbers::{direction, draw, exponential, mixed, normal, rows};
use crate::{Columns, FEATURES, Kind, ROWS};

pub const KINDS: [Kind; 23] = [
    blob("uniform in a box", box_),
    blob("uniform in a ball", ball),
    blob("uniform, correlated", sheared_box),
    blob("one Gaussian blob", bell),
    blob("one Gaussian blob, correlated", ellipse),
    blob("one log-normal blob", skewed),
    blob("one log-normal blob, correlated", skewed_ellipse),
    blob("one blob with long tails (t, 3)", long_tailed),
    Kind { n_features: 2..=2, ..blob("uniform, correlated, 2 features", sheared_box) },
    Kind { n_features: 3..=3, ..blob("uniform, correlated, 3 features", sheared_box) },
    Kind { n_features: 5..=5, ..blob("uniform, correlated, 5 features", sheared_box) },
    Kind { n_features: 2..=2, ..blob("uniform in a triangle", simplex) },
    Kind { n_features: 3..=6, ..blob("uniform in a simplex", simplex) },
    blob("uniform in an ellipse", sheared_ball),
    blob("one Gaussian blob, correlation 0.95", needle),
    blob("exponential", exponentials),
    blob("exponential, correlated", sheared_exponentials),
    blob("ratings from 1 to 5", ratings),
    blob("ratings from 1 to 5, correlated", alike_ratings),
    blob("counts (geometric, mean 3)", counts),
    Kind { n_rows: 30..=60, ..blob("uniform in a box, 30 to 60 rows", box_) },
    Kind { n_rows: 30..=60, ..blob("one Gaussian blob, 30 to 60 rows", bell) },
    blob("one feature uniform, the others t(3)", box_and_tails),
];

const fn blob(name: &'static str, columns: Columns) -> Kind {
    Kind { name, n_groups: 1, n_rows: ROWS, n_features: FEATURES, columns }
}

fn box_(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || rng.random()))
}

fn ball(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let direction = direction(n_features, rng);
        let radius = rng.random::<f64>().powf(1.0 / n_features as f64);
        direction.iter().map(|x| x * radius).collect()
    })
}

fn bell(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || normal(rng)))
}

fn skewed(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || normal(rng).exp()))
}

fn exponentials(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || exponential(rng)))
}

/// Of the multivariate t: all features of a row are far out at once.
fn long_tailed(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let squares: f64 = draw(3, || normal(rng)).iter().map(|x| x * x).sum();
        draw(n_features, || normal(rng) / (squares / 3.0).sqrt())
    })
}

/// In a triangle with a right angle, or what it is in more dimensions.
fn simplex(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let parts = draw(n_features + 1, || exponential(rng));
        let whole: f64 = parts.iter().sum();
        parts[1..].iter().map(|x| x / whole).collect()
    })
}

fn sheared_box(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&box_(n_rows, n_features, rng), rng)
}

fn sheared_ball(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&ball(n_rows, n_features, rng), rng)
}

fn sheared_exponentials(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&exponentials(n_rows, n_features, rng), rng)
}

fn ellipse(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&bell(n_rows, n_features, rng), rng)
}

/// Each feature is one and the same number, with little of its own.
fn needle(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let common = 0.95_f64.sqrt() * normal(rng);
        draw(n_features, || common + 0.05_f64.sqrt() * normal(rng))
    })
}

fn skewed_ellipse(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let mut columns = ellipse(n_rows, n_features, rng);
    for column in &mut columns {
        let square = column.iter().map(|x| x * x).sum::<f64>() / n_rows as f64;
        for x in column {
            *x = (*x / square.sqrt()).exp();
        }
    }
    columns
}

fn ratings(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || rng.random_range(1..=5_u8).into()))
}

/// Of people who tend to be pleased, or not, with everything.
fn alike_ratings(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let pleased = 3.3 + normal(rng);
        draw(n_features, || (pleased + 0.8 * normal(rng)).round().clamp(1.0, 5.0))
    })
}

fn counts(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || (3.5 * exponential(rng)).floor()))
}

fn box_and_tails(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let mut row = draw(n_features, || {
            let squares: f64 = draw(3, || normal(rng)).iter().map(|x| x * x).sum();
            normal(rng) / (squares / 3.0).sqrt()
        });
        row[0] = rng.random();
        row
    })
}
