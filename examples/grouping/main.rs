//! How often the test for natural groups and the advice are right: `make bench-grouping`.
//!
//! Draws data sets without groups and with clear ones, mostly of 200 to 2,000 rows and 2 to 6 features, scales
//! them as training does, and counts the answers; where there are groups also how often the advice, and each
//! criterion on its own, comes to their number. The first argument is the number of data sets a kind, 100 if
//! none is given; the second the seed.

mod blobs;
mod groups;
mod numbers;

use std::io::{self, Write};
use std::ops::RangeInclusive;

use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::elbow::{Elbow, Grouping, sweep};
use segmenta::features::Matrix;
use segmenta::kmeans::{Cancel, KMeansParams};
use segmenta::preparation::Scaling;
use segmenta::scaler::Scaler;

/// The numbers of rows that most data sets have.
const ROWS: RangeInclusive<usize> = 200..=2000;
/// And their numbers of features.
const FEATURES: RangeInclusive<usize> = 2..=6;

/// A kind of data.
struct Kind {
    name: &'static str,
    /// How many groups there are; one is none.
    n_groups: usize,
    n_rows: RangeInclusive<usize>,
    n_features: RangeInclusive<usize>,
    columns: Columns,
}

/// The columns of a data set of so many rows and features.
type Columns = fn(n_rows: usize, n_features: usize, &mut ChaCha8Rng) -> Vec<Vec<f64>>;

/// Those whose number of groups is counted.
const CRITERIA: [&str; 6] =
    ["advised", "elbow", "silhouette", "Calinski-H.", "Davies-B.", "stability"];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let n_sets = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let mut out = io::stdout().lock();
    writeln!(out, "{:40}{:>9}{:>9}   right k by", "of data sets", n_sets, "")?;
    write!(out, "{:40}{:>9}{:>9}", "data", "expected", "right")?;
    writeln!(out, "   {}", CRITERIA.map(|name| format!("{name:>12}")).concat())?;
    for (kind, number) in blobs::KINDS.iter().chain(&groups::KINDS).zip(0..) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number);
        let mut right = 0;
        let mut right_k = [0; CRITERIA.len()];
        for _ in 0..n_sets {
            let elbow = look_at(kind, &mut rng)?;
            right += usize::from((elbow.grouping == Grouping::Natural) == (kind.n_groups > 1));
            let advice = elbow.advice;
            let said = [
                Some(elbow.n_clusters),
                advice.elbow,
                advice.silhouette,
                advice.calinski_harabasz,
                advice.davies_bouldin,
                advice.stability,
            ];
            for (right, k) in right_k.iter_mut().zip(said) {
                *right += usize::from(k == Some(kind.n_groups));
            }
        }
        let answer = if kind.n_groups > 1 { "natural" } else { "none" };
        write!(out, "{:40}{answer:>9}{right:>9}", kind.name)?;
        if kind.n_groups > 1 {
            write!(out, "   {}", right_k.map(|count| format!("{count:>12}")).concat())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What the sweep says of one data set of a kind.
fn look_at(kind: &Kind, rng: &mut ChaCha8Rng) -> Result<Elbow> {
    let n_rows = rng.random_range(kind.n_rows.clone());
    let n_features = rng.random_range(kind.n_features.clone());
    let matrix = Matrix::from_columns((kind.columns)(n_rows, n_features, rng))?;
    let names: Vec<String> = (0..n_features).map(|index| index.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scaling = vec![(Scaling::Standard, 1.0); n_features];
    let points = Scaler::fit(&matrix, &names, &scaling)?.transform(&matrix);
    Ok(sweep(&points, &KMeansParams::new(1), 10, &Cancel::default(), |_| ())?.elbow)
}
