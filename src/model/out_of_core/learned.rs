//! What is known of all rows, and the model that is made of it.

use super::super::train::{Found, require_sizes};
use super::super::{ColumnValues, DataSummary, NClusters, Prepared, TrainOptions};
use super::coreset::Gathered;
use super::{OutOfCore, Progress, Streamed};
use crate::dataset::{Column, Dataset};
use crate::elbow::{Elbow, ElbowPoint};
use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::kmeans::passes::Assigned;
use crate::kmeans::{Centers, KMeansParams, Optimum, Sample};
use crate::preparation::Dimension;
use crate::quality::Quality;
use crate::scaler::Scaler;

/// Starts for each number of clusters: with 10, WCSS came out up to 1 % higher on skewed customers.
const STARTS: usize = 50;

/// What the first two passes tell, before clusters are looked for.
pub(super) struct Learned {
    /// The sample, with the scaler of all rows.
    pub(super) prepared: Prepared,
    pub(super) sample: Dataset,
    gathered: Gathered,
    /// The coreset, scaled.
    coreset: Matrix,
    /// The sum of all rows' squared distances from the origin.
    pub(super) squares: f64,
}

/// What the last pass over all rows told of the chosen clusters.
pub(super) struct Ending {
    pub(super) passes: usize,
    pub(super) last_gain: f64,
    pub(super) centers: Centers,
    pub(super) assigned: Assigned,
    pub(super) elbow: Elbow,
    pub(super) fingerprint: String,
}

impl Learned {
    /// Puts the figures of all rows in the place of those of the sample.
    ///
    /// # Errors
    ///
    /// As [`Scaler::refined`].
    pub(super) fn new(
        sample: Dataset,
        prepared: Prepared,
        gathered: Gathered,
        options: &TrainOptions,
    ) -> Result<Self> {
        let Prepared { chosen, preparation, scaler: rough, points } = prepared;
        let columns: Vec<&Column> = chosen.iter().map(|&index| &sample.columns()[index]).collect();
        let missing: Vec<usize> = gathered.spans.iter().map(|span| span.missing).collect();
        let header = |dimension: &Dimension| columns[dimension.feature].header();
        let headers: Vec<&str> = preparation.dimensions().iter().map(header).collect();
        let scaler = rough.refined(&headers, &preparation.scaling(), &gathered.moments)?;
        let points = scaler.transform(&rough.inverse_transform(&points));
        let preparation = preparation.with_filled(&columns, &options.preparation, &missing);
        Ok(Self {
            coreset: gathered.coreset(&scaler)?,
            squares: gathered.moments.squares(&rough, &scaler),
            prepared: Prepared { chosen, preparation, scaler, points },
            sample,
            gathered,
        })
    }

    /// The number of rows that are learned from.
    pub(super) fn n_rows(&self) -> usize {
        self.gathered.moments.n_rows
    }

    /// The scaler of all rows.
    pub(super) fn scaler(&self) -> &Scaler {
        &self.prepared.scaler
    }

    /// The best clusters of the coreset, for each number of them.
    ///
    /// # Errors
    ///
    /// As [`crate::kmeans::KMeans::fit_each`].
    pub(super) fn starts(
        &self,
        options: &TrainOptions,
        progress: &dyn Progress,
    ) -> Result<Vec<Centers>> {
        let rows = Sample::weighted(&self.coreset, &self.gathered.weights)?;
        let searched = options.kmeans.with_n_clusters(options.k_max);
        let n_init = searched.n_init.max(STARTS);
        let started = KMeansParams { n_init, n_swaps: 0, ..searched.clone() };
        let mut found = each_number(rows, &started, options, |k| progress.found(k, options.k_max))?;
        // A search goes on from one start, and starts miss what a search finds: now the one is better, now the other.
        for (best, other) in found.iter_mut().zip(each_number(rows, &searched, options, |_| ())?) {
            if other.inertia < best.inertia {
                *best = other;
            }
        }
        let mut sets: Vec<Centers> = found.into_iter().map(|best| best.cluster_centers).collect();
        if let NClusters::Fixed(n_clusters) = options.n_clusters
            && n_clusters > options.k_max
        {
            let kmeans = started.with_n_clusters(n_clusters).check()?;
            sets.push(kmeans.cancelled_by(&options.cancel).fit(rows)?.cluster_centers);
        }
        Ok(sets)
    }

    /// The table of the elbow: WCSS and sizes of all rows, the other figures of the sample.
    pub(super) fn table(
        &self,
        sets: &[Centers],
        assigned: &[Assigned],
        options: &TrainOptions,
    ) -> Vec<ElbowPoint> {
        let total = assigned.first().map_or(0.0, |single| single.inertia);
        let point = |(centers, assigned): (&Centers, &Assigned)| ElbowPoint {
            k: centers.len(),
            wcss: assigned.inertia,
            quality: self.quality(centers, assigned.inertia, total),
            stability: None,
            smallest: sizes(assigned).into_iter().min(),
        };
        let tried = sets.iter().zip(assigned).filter(|(set, _)| set.len() <= options.k_max);
        tried.map(point).collect()
    }

    /// The indices of a clustering: Calinski and Harabasz's of all rows, of which one cluster has the WCSS `total`.
    fn quality(&self, centers: &Centers, inertia: f64, total: f64) -> Quality {
        let (n, k) = (self.n_rows() as f64, centers.len() as f64);
        let ratio = (total - inertia) * (n - k) / (inertia * (k - 1.0));
        let quality = Quality::of(&self.prepared.points, centers);
        Quality {
            calinski_harabasz: quality.calinski_harabasz.map(|_| ratio).filter(|x| x.is_finite()),
            ..quality
        }
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// [`crate::Error::SmallSegment`].
    pub(super) fn finished(self, ending: Ending, options: &TrainOptions) -> Result<Streamed> {
        let Ending { passes, last_gain, centers, assigned, mut elbow, fingerprint } = ending;
        let n_rows = self.n_rows();
        let total = elbow.by_k.first().map_or(0.0, |single| single.wcss);
        let quality = self.quality(&centers, assigned.inertia, total);
        let sizes = sizes(&assigned);
        if let Some(point) = elbow.by_k.iter_mut().find(|point| point.k == centers.len()) {
            point.wcss = assigned.inertia;
            point.smallest = sizes.iter().copied().min();
            point.quality = quality;
        }
        let optimum = Optimum {
            cluster_centers: centers,
            weights: assigned.weights,
            inertia: assigned.inertia,
            n_iter: passes.saturating_sub(2),
            n_init: options.kmeans.n_init,
            n_swaps: options.kmeans.n_swaps,
        };
        let Self { prepared, sample, gathered, .. } = self;
        let Prepared { chosen, preparation, scaler, points } = prepared;
        let labels = crate::kmeans::predict(&points, &optimum.cluster_centers);
        let clustering = optimum.labelled(labels, sizes).ordered_by_center();
        require_sizes(&clustering, &elbow)?;
        let all = DataSummary {
            name: sample.name().to_owned(),
            sha256: fingerprint,
            rows: n_rows,
            skipped_rows: gathered.skipped.count,
        };
        let sample_rows = points.n_rows();
        let coreset_rows = gathered.weights.len();
        let found = Found { chosen, preparation, scaler, points, elbow, clustering, quality };
        let (mut model, mut labels) = found.described(&sample, all, options);
        for (feature, span) in model.features.iter_mut().zip(&gathered.spans) {
            if let ColumnValues::Numeric(summary) = &mut feature.values {
                span.correct(summary);
            }
        }
        model.out_of_core = Some(OutOfCore::new(passes, sample_rows, coreset_rows, last_gain));
        if let Some(earlier) = &options.follow {
            model.follow(earlier, &sample, &mut labels);
        }
        model.stamp(options.follow.as_deref());
        Ok(Streamed { model, sample, skipped: gathered.skipped.listed })
    }
}

/// The best clusters of some rows for each number of them, or for as many as there are distinct rows.
fn each_number(
    rows: Sample,
    params: &KMeansParams,
    options: &TrainOptions,
    progress: impl Fn(usize),
) -> Result<Vec<Optimum>> {
    let kmeans = params.clone().check()?.cancelled_by(&options.cancel);
    let mut optima = Vec::new();
    let found = kmeans.fit_each(rows, |optimum| {
        progress(optimum.n_clusters());
        optima.push(optimum);
    });
    match found {
        // Rows that differ in bits may be too near to each other to be told apart.
        Err(Error::TooManyClusters { .. }) if !optima.is_empty() => Ok(optima),
        found => found.map(|()| optima),
    }
}

/// The number of rows of each cluster.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // weights of 1 each
fn sizes(assigned: &Assigned) -> Vec<usize> {
    assigned.weights.iter().map(|&weight| weight as usize).collect()
}
