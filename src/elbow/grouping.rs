//! Whether there are any groups at all.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use rand::RngExt;

use super::blob::Blob;
use super::resample::{Purpose, quick_sweep, random, sample};
use super::valley::Valley;
use crate::error::Result;
use crate::features::Matrix;
use crate::kmeans::{Cancel, Optimum};

/// Fewer rows than these are too few to tell.
const LEAST_ROWS: usize = 20;
/// The numbers of clusters that are looked at.
const MOST_CLUSTERS: usize = 10;
/// The data without groups that each kind of them is represented by.
const REFERENCES: u64 = 40;
/// How many standard deviations WCSS must lie below that of data without groups. Chance reaches three once
/// in 700 times; the fourth is for what no data without groups imitate exactly.
const DEVIATIONS: f64 = 4.0;
/// The part by which it must lie below. Where there are many rows, the least difference is beyond chance.
const DROP: f64 = 0.05;
/// The same of the customers between clusters. Two are enough where WCSS must be that low as well, and as many as
/// a few hundred customers in groups that nearly touch have.
const VALLEY_DEVIATIONS: f64 = 2.0;
/// The part by which fewer must lie between clusters than around their centres.
const DEPTH: f64 = 0.25;

/// Whether the customers fall into groups by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// They do, or there are too few of them to tell.
    #[default]
    Natural,
    /// They are a continuum, and segments are slices of it.
    None,
}

/// How much closer to their centres the customers lie than customers without groups would, and how few lie
/// between.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The number of clusters where it shows most.
    pub k: usize,
    /// WCSS with so many clusters, as a share of that with one.
    pub wcss: f64,
    /// The same of customers without groups, on average.
    pub expected: f64,
    /// How many standard deviations lie between them.
    pub deviations: f64,
    /// Whether these clusters lie apart; none in a model that was learned before this was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valley: Option<Valley>,
}

impl Evidence {
    /// What it shows.
    pub fn grouping(&self) -> Grouping {
        if self.strength() >= 1.0 { Grouping::Natural } else { Grouping::None }
    }

    /// From 1 up it is a natural grouping.
    fn strength(&self) -> f64 {
        let tighter = (self.deviations / DEVIATIONS).min((1.0 - self.wcss / self.expected) / DROP);
        self.valley.map_or(tighter, |valley| {
            tighter.min(valley.deviations() / VALLEY_DEVIATIONS).min(valley.depth() / DEPTH)
        })
    }
}

/// Compares WCSS, for each k, with that of customers that are one single blob but else like these: the gap
/// statistic (Tibshirani, Walther and Hastie 2001, "Estimating the number of clusters in a data set via the
/// gap statistic") and the test of `SigClust` (Liu, Hayes, Nobel and Marron 2008, "Statistical significance
/// of clustering for high-dimension, low-sample size data"), with two kinds of blobs in place of their box
/// and bell, so that skewed and long-tailed customers are no groups either: see [`Blob`]. Both must be beaten
/// at the same k, and there must be a [`Valley`] between its clusters: WCSS is low too where a single blob
/// has a shape that no reference has, such as a triangle, but what has one peak has no valley.
///
/// None when there are too few rows. Of more than [`super::RESAMPLED_ROWS`], so many are looked at.
///
/// # Errors
///
/// [`crate::Error::Cancelled`].
pub(super) fn evidence(
    matrix: &Matrix,
    k_max: usize,
    random_state: u64,
    cancel: &Cancel,
) -> Result<Option<Evidence>> {
    let k_max = k_max.min(MOST_CLUSTERS);
    if matrix.n_rows() < LEAST_ROWS || k_max < 2 {
        return Ok(None);
    }
    let rows = spread(&sample(matrix, random_state), random_state);
    let optima = quick_sweep(&rows, k_max, random_state, cancel)?;
    let found = shares(&optima);
    if found.is_empty() {
        return Ok(None);
    }
    let mut by_k: Vec<Option<Evidence>> = vec![None; found.len()];
    for (kind, blob) in (0..).zip(Blob::like(&rows)) {
        let expected: Vec<Vec<f64>> = (0..REFERENCES)
            .into_par_iter()
            .map(|number| {
                let task = kind * REFERENCES + number;
                let mut rng = random(random_state, Purpose::Grouping, task);
                let drawn = blob.draw(rows.n_rows(), &mut rng)?;
                let random_state = random_state.wrapping_add(task);
                Ok(shares(&quick_sweep(&drawn, k_max, random_state, cancel)?))
            })
            .collect::<Result<_>>()?;
        for (at, (evidence, &wcss)) in by_k.iter_mut().zip(&found).enumerate() {
            // Logarithms, as in the gap statistic: parts of a sum vary by shares of it.
            let logarithms: Vec<f64> = expected
                .iter()
                .map(|shares| logarithm(shares.get(at).copied().unwrap_or(0.0)))
                .collect();
            let (mean, deviation) = mean_and_deviation(&logarithms);
            let against = Evidence {
                k: at + 2,
                wcss,
                expected: mean.exp(),
                deviations: (mean - logarithm(wcss)) / deviation.max(f64::EPSILON),
                valley: None,
            };
            let weaker = evidence.filter(|other| other.strength() <= against.strength());
            *evidence = Some(weaker.unwrap_or(against));
        }
    }
    let by_k: Vec<Option<Evidence>> = by_k
        .into_iter()
        .zip(optima.iter().skip(1))
        .map(|(evidence, optimum)| {
            let valley = Some(Valley::between(&rows, &optimum.cluster_centers));
            evidence.map(|evidence| Evidence { valley, ..evidence })
        })
        .collect();
    let stronger = |one: Evidence, other: Evidence| {
        if other.strength() > one.strength() { other } else { one }
    };
    Ok(by_k.into_iter().flatten().reduce(stronger))
}

/// WCSS for each k from 2 on, as a share of that for one cluster.
fn shares(optima: &[Optimum]) -> Vec<f64> {
    let whole = optima.first().map_or(0.0, |one| one.inertia);
    if !(whole > 0.0 && whole.is_finite()) {
        return Vec::new();
    }
    optima.iter().skip(1).map(|found| found.inertia / whole).collect()
}

/// That of 0 is far below all others, and still a number that a file can hold.
fn logarithm(share: f64) -> f64 {
    share.max(f64::MIN_POSITIVE).ln()
}

fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The same rows with each number moved by up to half a step, in columns that know only a few steps, such as
/// ratings from 1 to 5: that nobody can answer 3.7 is no gap between customers. Two answers stay two.
fn spread(matrix: &Matrix, random_state: u64) -> Matrix {
    let mut rng = random(random_state, Purpose::Sample, 1);
    matrix.map_columns(|_, column| {
        let mut steps = column.to_vec();
        steps.sort_unstable_by(f64::total_cmp);
        steps.dedup();
        if steps.len() < 3 || 2 * steps.len() > column.len() {
            return column.to_vec();
        }
        let mut widths: Vec<f64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        widths.sort_unstable_by(f64::total_cmp);
        let width = widths[widths.len() / 2];
        column.iter().map(|x| x + width * (rng.random::<f64>() - 0.5)).collect()
    })
}
