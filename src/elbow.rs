//! How many clusters: WCSS for each k, the knee in that curve, and what other indices say.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::kmeans::{Cancel, KMeansParams, Optimum};
use crate::quality::Quality;

/// The numbers of clusters that are tried.
pub const DEFAULT_RANGE: RangeInclusive<usize> = 1..=10;

/// What is known of one number of clusters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElbowPoint {
    /// The number of clusters.
    pub k: usize,
    /// The sum of squared distances to the centres, in scaled units.
    pub wcss: f64,
    /// Silhouette, Calinski-Harabasz and Davies-Bouldin.
    #[serde(flatten)]
    pub quality: Quality,
}

/// What each criterion takes for the best number of clusters; none where it has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Advice {
    /// The knee of the WCSS curve.
    pub elbow: Option<usize>,
    /// The highest silhouette.
    pub silhouette: Option<usize>,
    /// The highest Calinski-Harabasz index.
    pub calinski_harabasz: Option<usize>,
    /// The lowest Davies-Bouldin index.
    pub davies_bouldin: Option<usize>,
}

/// What decided the number of clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The knee of the WCSS curve.
    Elbow,
    /// The curve has no knee; the highest silhouette decided.
    Silhouette,
    /// Neither has an answer, as with one or two distinct rows: one cluster.
    Single,
}

/// The table of the sweep and the number of clusters that it advises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elbow {
    /// The number of clusters advised.
    pub n_clusters: usize,
    /// What decided it.
    pub method: Method,
    /// One entry for each k, in ascending order.
    pub by_k: Vec<ElbowPoint>,
    /// What each criterion says.
    pub advice: Advice,
}

/// A finished sweep: the table, and what was found for each k.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// The table and the advice.
    pub elbow: Elbow,
    /// The clusters, in the order of `elbow.by_k`.
    pub optima: Vec<Optimum>,
}

impl Sweep {
    /// So many clusters and their quality, if the sweep came to them.
    pub fn into_optimum(self, n_clusters: usize) -> Option<(Optimum, Quality)> {
        let found = self.optima.into_iter().zip(&self.elbow.by_k);
        let mut found = found.map(|(optimum, point)| (optimum, point.quality));
        found.find(|(optimum, _)| optimum.n_clusters() == n_clusters)
    }
}

/// Fits K-Means for each k from 1 to `k_max`, or to the number of distinct rows where that is less.
///
/// `params.n_clusters` plays no part. `progress` hears of each k when it is done,
/// and `cancel` ends the sweep at any moment.
///
/// # Errors
///
/// As [`KMeansParams::check`] and [`crate::kmeans::KMeans::fit`], [`Error::Cancelled`], and
/// [`Error::Parameter`] when `k_max` is 0.
///
/// ```
/// use segmenta::elbow::{DEFAULT_RANGE, sweep};
/// use segmenta::features::Matrix;
/// use segmenta::kmeans::{Cancel, KMeansParams};
///
/// let mut column: Vec<f64> = (0..30).map(f64::from).collect();
/// column.extend((0..30).map(|i| 500.0 + f64::from(i)));
/// let matrix = Matrix::from_columns(vec![column])?;
/// let params = KMeansParams::new(1);
/// let sweep = sweep(&matrix, &params, *DEFAULT_RANGE.end(), &Cancel::default(), |_| ())?;
/// assert_eq!(sweep.elbow.n_clusters, 2);
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn sweep(
    matrix: &Matrix,
    params: &KMeansParams,
    k_max: usize,
    cancel: &Cancel,
    mut progress: impl FnMut(&ElbowPoint),
) -> Result<Sweep> {
    let kmeans = params.with_n_clusters(k_max).check()?.cancelled_by(cancel);
    let mut by_k = Vec::with_capacity(k_max);
    let mut optima = Vec::with_capacity(k_max);
    let ended = kmeans.fit_each(matrix, |optimum| {
        if cancel.is_cancelled() {
            return;
        }
        let quality = Quality::of(matrix, &optimum.cluster_centers);
        let point = ElbowPoint { k: optimum.n_clusters(), wcss: optimum.inertia, quality };
        progress(&point);
        by_k.push(point);
        optima.push(optimum);
    });
    match ended {
        // Rows that differ in bits may be too near to each other to be told apart.
        Err(Error::TooManyClusters { .. }) if !by_k.is_empty() => (),
        ended => ended?,
    }
    if cancel.is_cancelled() {
        return Err(Error::Cancelled);
    }
    Ok(Sweep { elbow: Elbow::judge(by_k), optima })
}

impl Elbow {
    /// Reads the advice off a table.
    pub fn judge(by_k: Vec<ElbowPoint>) -> Self {
        let best = |index: fn(&Quality) -> Option<f64>| {
            by_k.iter()
                .filter_map(|point| index(&point.quality).map(|value| (point.k, value)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
                .map(|(k, _)| k)
        };
        let curve: Vec<(f64, f64)> =
            by_k.iter().map(|point| (point.k as f64, point.wcss)).collect();
        let advice = Advice {
            elbow: knee(&curve).map(|index| by_k[index].k),
            silhouette: best(|quality| quality.silhouette),
            calinski_harabasz: best(|quality| quality.calinski_harabasz),
            davies_bouldin: best(|quality| quality.davies_bouldin.map(|value| -value)),
        };
        let (n_clusters, method) = match (advice.elbow, advice.silhouette) {
            (Some(k), _) => (k, Method::Elbow),
            (None, Some(k)) => (k, Method::Silhouette),
            (None, None) => (1, Method::Single),
        };
        Self { n_clusters, method, by_k, advice }
    }
}

/// The knee of a falling convex curve, by Kneedle (Satopää et al. 2011, "Finding a kneedle in a
/// haystack") with sensitivity 1: the index of the first point that stands out above the straight
/// line between the ends and after which the curve falls back towards the line far enough.
///
/// `None` when no point does: the curve is straight, bends the other way, or has fewer than three
/// points.
pub fn knee(curve: &[(f64, f64)]) -> Option<usize> {
    const SENSITIVITY: f64 = 1.0;
    let (first, last) = (curve.first()?, curve.last()?);
    let lowest = curve.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let highest = curve.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    if curve.len() < 3 || highest <= lowest {
        return None;
    }
    // The curve is turned over so that it rises and bulges upwards; what is left after taking off
    // the diagonal is how far a point stands out.
    let difference: Vec<f64> = curve
        .iter()
        .map(|(x, y)| {
            let x = (x - first.0) / (last.0 - first.0);
            let y = (highest - y) / (highest - lowest);
            y - x
        })
        .collect();
    let mean_step = 1.0 / (curve.len() - 1) as f64;
    let mut candidate: Option<(usize, f64)> = None;
    for index in 1..difference.len() {
        let here = difference[index];
        let next = difference.get(index + 1).copied().unwrap_or(f64::NEG_INFINITY);
        if here > 0.0 && here >= difference[index - 1] && here >= next && index + 1 < curve.len() {
            candidate = Some((index, here - SENSITIVITY * mean_step));
        } else if let Some((knee, threshold)) = candidate
            && here < threshold
        {
            return Some(knee);
        }
    }
    None
}
