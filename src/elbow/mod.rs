//! How many clusters: WCSS for each k, the knee in that curve, what other indices say, and whether there are
//! any groups at all.
//!
//! `knee` reads the curve, `stability` compares models of resampled rows by the index in `adjusted_rand`, and
//! `grouping` compares the data with a single `blob` in their likeness, made of `unimodal` features, and looks
//! for a `valley` between clusters.

mod adjusted_rand;
mod blob;
mod grouping;
mod knee;
mod resample;
mod segment_size;
mod stability;
mod unimodal;
mod valley;

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::kmeans::{Cancel, KMeansParams, Optimum};
use crate::quality::Quality;

pub use adjusted_rand::adjusted_rand_score;
pub use grouping::{Evidence, Grouping};
pub use knee::knee;
pub use resample::RESAMPLED_ROWS;
pub use segment_size::MinSegmentSize;
pub use valley::Valley;

/// Silhouettes that differ by less are as good: a tenth of the customers more or less changes them as much.
const TIE: f64 = 0.01;

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
    /// The mean adjusted Rand index between models of resampled rows, 1 when chance in the choice of
    /// customers changes nothing; none for one cluster, and for more than some resample has distinct rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
    /// The number of customers in the smallest cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<usize>,
}

impl ElbowPoint {
    /// Whether every cluster has at least so many customers.
    pub fn honours(&self, min_segment_size: Option<usize>) -> bool {
        self.smallest.zip(min_segment_size).is_none_or(|(smallest, least)| smallest >= least)
    }
}

/// What each criterion takes for the best number of clusters, of those without a cluster that is too small;
/// none where it has no answer.
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
    /// The highest bootstrap stability.
    #[serde(default)]
    pub stability: Option<usize>,
}

/// What decided the number of clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The knee of the WCSS curve.
    Elbow,
    /// The highest silhouette. It goes before a knee elsewhere where the customers fall into groups by
    /// themselves: the curve bends soonest where the largest gaps are, while the silhouette sees every gap. Of
    /// numbers of clusters whose silhouettes are as good to a hundredth, the fewest are advised then.
    /// It also decides where the curve has no knee, or one with a cluster that is too small.
    Silhouette,
    /// Neither has an answer, as with one or two distinct rows: one cluster.
    Single,
}

/// The table of the sweep and the number of clusters that it advises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elbow {
    /// The number of clusters advised. Where there are no natural groups it is still a useful number of
    /// slices.
    pub n_clusters: usize,
    /// What decided it.
    pub method: Method,
    /// One entry for each k, in ascending order.
    pub by_k: Vec<ElbowPoint>,
    /// What each criterion says.
    pub advice: Advice,
    /// Whether the customers fall into groups by themselves.
    #[serde(default)]
    pub grouping: Grouping,
    /// What shows it; none where there were too few customers to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// How many customers each cluster must have to be advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_segment_size: Option<usize>,
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
/// `params.n_clusters` plays no part. `progress` hears of each k when it is fitted, before its stability is
/// known, and `cancel` ends the sweep at any moment.
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
        let point = ElbowPoint {
            k: optimum.n_clusters(),
            wcss: optimum.inertia,
            quality,
            stability: None,
            smallest: Some(smallest(&optimum)),
        };
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
    let elbow = Elbow::of_sample(by_k, matrix, params.random_state, cancel)?;
    Ok(Sweep { elbow, optima })
}

/// The number of rows in the smallest cluster.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // weights of 1 each
fn smallest(optimum: &Optimum) -> usize {
    optimum.weights.iter().copied().fold(f64::INFINITY, f64::min) as usize
}

impl Elbow {
    /// Reads the advice off a table, of which nobody knows whether there are groups.
    pub fn judge(by_k: Vec<ElbowPoint>) -> Self {
        Self {
            n_clusters: 1,
            method: Method::Single,
            by_k,
            advice: Advice::default(),
            grouping: Grouping::default(),
            evidence: None,
            min_segment_size: None,
        }
        .advised()
    }

    /// Completes a table by what models of some of the rows tell: how stable each number of clusters is, and whether
    /// there are groups at all.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    pub(crate) fn of_sample(
        mut by_k: Vec<ElbowPoint>,
        points: &Matrix,
        random_state: u64,
        cancel: &Cancel,
    ) -> Result<Self> {
        let stability = stability::stability(points, by_k.len(), random_state, cancel)?;
        for (point, stability) in by_k.iter_mut().zip(stability) {
            point.stability = stability;
        }
        let evidence = grouping::evidence(points, by_k.len(), random_state, cancel)?;
        let grouping = evidence.map_or(Grouping::default(), |evidence| evidence.grouping());
        Ok(Self { grouping, evidence, ..Self::judge(by_k) }.advised())
    }

    /// The same with no number of clusters advised that has a smaller one than this.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] when there are fewer customers in all.
    pub fn requiring(self, min_segment_size: Option<MinSegmentSize>) -> Result<Self> {
        let n_rows = self.by_k.iter().filter_map(|point| point.smallest).max().unwrap_or(0);
        let least = min_segment_size.map(|size| size.rows(n_rows));
        if let Some(size) = min_segment_size.filter(|size| size.rows(n_rows) > n_rows) {
            return Err(Error::Parameter {
                name: "min_segment_size",
                value: size.to_string(),
                problem: "there are fewer customers than that in all",
            });
        }
        Ok(Self { min_segment_size: least, ..self }.advised())
    }

    /// The numbers of clusters that have none below the least size.
    pub fn honouring(&self) -> impl Iterator<Item = &ElbowPoint> {
        self.by_k.iter().filter(|point| point.honours(self.min_segment_size))
    }

    fn advised(mut self) -> Self {
        let best = |index: fn(&ElbowPoint) -> Option<f64>| {
            self.honouring()
                .filter_map(|point| index(point).map(|value| (point.k, value)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
                .map(|(k, _)| k)
        };
        let curve: Vec<(f64, f64)> =
            self.by_k.iter().map(|point| (point.k as f64, point.wcss)).collect();
        let knee = knee(&curve).map(|index| &self.by_k[index]);
        self.advice = Advice {
            elbow: knee.filter(|point| point.honours(self.min_segment_size)).map(|point| point.k),
            silhouette: best(|point| point.quality.silhouette),
            calinski_harabasz: best(|point| point.quality.calinski_harabasz),
            davies_bouldin: best(|point| point.quality.davies_bouldin.map(|value| -value)),
            stability: best(|point| point.stability),
        };
        (self.n_clusters, self.method) = match (self.advice.elbow, self.advice.silhouette) {
            (Some(knee), Some(_)) if self.has_natural_groups() => {
                let clearest = self.clearest();
                if clearest.contains(&knee) {
                    (knee, Method::Elbow)
                } else {
                    (clearest.first().copied().unwrap_or(knee), Method::Silhouette)
                }
            }
            (Some(k), _) => (k, Method::Elbow),
            (None, Some(k)) => (k, Method::Silhouette),
            (None, None) => (1, Method::Single),
        };
        self
    }

    /// The numbers of clusters whose silhouette is the highest one, or as good.
    fn clearest(&self) -> Vec<usize> {
        let by_k =
            || self.honouring().filter_map(|point| Some((point.k, point.quality.silhouette?)));
        let best = by_k().map(|(_, silhouette)| silhouette).fold(f64::NEG_INFINITY, f64::max);
        by_k().filter(|&(_, silhouette)| best - silhouette <= TIE).map(|(k, _)| k).collect()
    }

    /// Whether groups were found, rather than too few customers to tell.
    fn has_natural_groups(&self) -> bool {
        self.evidence.is_some() && self.grouping == Grouping::Natural
    }
}
