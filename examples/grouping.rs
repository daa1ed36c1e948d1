//! How often the test for natural groups is right: `make bench-grouping`.
//!
//! Draws data sets without groups and with five clear ones, of 200 to 2,000 rows and 2 to 6 features, scales
//! them as training does, and counts the answers, and how often some criteria take five for the best number.
//! The first argument is the number of data sets a kind, 100 if none is given; the second the seed.

use std::f64::consts::TAU;
use std::io::{self, Write};

use anyhow::Result;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::elbow::{Grouping, sweep};
use segmenta::features::Matrix;
use segmenta::kmeans::{Cancel, KMeansParams};
use segmenta::preparation::Scaling;
use segmenta::scaler::Scaler;

/// A kind of data: its name, the right answer, and one row of a data set.
struct Kind {
    name: &'static str,
    answer: Grouping,
    columns: fn(n_rows: usize, n_features: usize, &mut ChaCha8Rng) -> Vec<Vec<f64>>,
}

const KINDS: [Kind; 9] = [
    Kind { name: "uniform in a box", answer: Grouping::None, columns: box_ },
    Kind { name: "uniform in a ball", answer: Grouping::None, columns: ball },
    Kind { name: "uniform, correlated", answer: Grouping::None, columns: sheared_box },
    Kind { name: "one Gaussian blob", answer: Grouping::None, columns: bell },
    Kind { name: "one Gaussian blob, correlated", answer: Grouping::None, columns: ellipse },
    Kind { name: "one log-normal blob", answer: Grouping::None, columns: skewed },
    Kind {
        name: "one log-normal blob, correlated",
        answer: Grouping::None,
        columns: skewed_ellipse,
    },
    Kind { name: "one blob with long tails (t, 3)", answer: Grouping::None, columns: long_tailed },
    Kind { name: "five clear groups", answer: Grouping::Natural, columns: five_groups },
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let n_sets = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "data                               expected   right   k = 5 by elbow, silhouette, stability"
    )?;
    for (kind, number) in KINDS.iter().zip(0..) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number);
        let mut right = 0;
        let mut five = [0; 3];
        for _ in 0..n_sets {
            let n_rows = rng.random_range(200..=2000);
            let n_features = rng.random_range(2..=6);
            let matrix = Matrix::from_columns((kind.columns)(n_rows, n_features, &mut rng))?;
            let names: Vec<String> = (0..n_features).map(|index| index.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let scaling = vec![(Scaling::Standard, 1.0); n_features];
            let points = Scaler::fit(&matrix, &names, &scaling)?.transform(&matrix);
            let params = KMeansParams::new(1);
            let elbow = sweep(&points, &params, 10, &Cancel::default(), |_| ())?.elbow;
            right += usize::from(elbow.grouping == kind.answer);
            let advice = elbow.advice;
            for (five, k) in
                five.iter_mut().zip([advice.elbow, advice.silhouette, advice.stability])
            {
                *five += usize::from(k == Some(5));
            }
        }
        let answer = if kind.answer == Grouping::Natural { "natural" } else { "none" };
        let counts = format!("{right}/{n_sets}");
        let [elbow, silhouette, stability] = five;
        let name = kind.name;
        writeln!(out, "{name:34}{answer:>9}{counts:>8}{elbow:>17}{silhouette:>12}{stability:>11}")?;
    }
    Ok(())
}

/// A normal number, by Box and Muller.
fn normal(rng: &mut impl Rng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

/// Columns of rows that are drawn one by one.
fn rows(n_rows: usize, n_features: usize, mut row: impl FnMut() -> Vec<f64>) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(n_rows); n_features];
    for _ in 0..n_rows {
        for (column, x) in columns.iter_mut().zip(row()) {
            column.push(x);
        }
    }
    columns
}

fn draw(n: usize, mut number: impl FnMut() -> f64) -> Vec<f64> {
    (0..n).map(|_| number()).collect()
}

fn box_(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || rng.random()))
}

fn ball(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let direction = draw(n_features, || normal(rng));
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let radius = rng.random::<f64>().powf(1.0 / n_features as f64);
        direction.iter().map(|x| x / length * radius).collect()
    })
}

fn bell(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || normal(rng)))
}

fn skewed(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || draw(n_features, || normal(rng).exp()))
}

fn long_tailed(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    rows(n_rows, n_features, || {
        let squares: f64 = draw(3, || normal(rng)).iter().map(|x| x * x).sum();
        draw(n_features, || normal(rng) / (squares / 3.0).sqrt())
    })
}

fn sheared_box(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&box_(n_rows, n_features, rng), rng)
}

fn ellipse(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    mixed(&bell(n_rows, n_features, rng), rng)
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

/// The columns mixed by random weights.
fn mixed(columns: &[Vec<f64>], rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let mix = |_| {
        let weights = draw(columns.len(), || normal(rng));
        let row =
            |row: usize| columns.iter().zip(&weights).map(|(column, w)| w * column[row]).sum();
        (0..columns[0].len()).map(row).collect()
    };
    (0..columns.len()).map(mix).collect()
}

/// Groups of unequal sizes and widths around centres that are at least six of the largest width apart.
fn five_groups(n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let mut centers: Vec<Vec<f64>> = Vec::new();
    while centers.len() < 5 {
        let center = draw(n_features, || rng.random_range(-10.0..10.0));
        let apart = |other: &Vec<f64>| {
            other.iter().zip(&center).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
        };
        if centers.iter().all(|other| apart(other) >= 6.0) {
            centers.push(center);
        }
    }
    let widths = draw(5, || rng.random_range(0.5..1.0));
    // The first group has up to three times the customers of the last.
    let shares = draw(5, || rng.random_range(1.0..3.0));
    let whole: f64 = shares.iter().sum();
    rows(n_rows, n_features, || {
        let mut place = rng.random::<f64>() * whole;
        let mut group = 0;
        while group < 4 && place > shares[group] {
            place -= shares[group];
            group += 1;
        }
        centers[group].iter().map(|x| x + widths[group] * normal(rng)).collect()
    })
}
