//! From customers to a model: the whole pipeline in order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::customers::ADDED;
use super::profile::profiles;
use super::{
    ColumnSummary, Customers, DataSummary, KMeansSummary, Model, Profile, Segment, SegmentTexts,
    Translations,
};
use crate::dataset::{Column, Dataset, Need, OnError};
use crate::elbow::{self, Elbow, ElbowPoint, MinSegmentSize};
use crate::error::{Error, Result, list};
use crate::features::{self, Matrix};
use crate::kmeans::{Cancel, Clustering, KMeansParams};
use crate::personas::{Naming, PersonaChoice};
use crate::preparation::{self, Choices, Dimension, Preparation, Scaling};
use crate::projection::Projection;
use crate::quality::Quality;
use crate::scaler::Scaler;

/// How many clusters to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NClusters {
    /// As many as the elbow advises.
    #[default]
    Auto,
    /// This many.
    #[serde(untagged)]
    Fixed(usize),
}

/// What to learn and how.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Headers or short names; none for a proposal: see [`features::choose`].
    pub features: Vec<String>,
    /// How features are prepared; what is not chosen is proposed: see [`Preparation::fit`].
    pub preparation: Choices,
    /// How many clusters.
    pub n_clusters: NClusters,
    /// How clusters are found; `n_clusters` in it plays no part.
    pub kmeans: KMeansParams,
    /// The largest number of clusters in the elbow.
    pub k_max: usize,
    /// How many customers each segment must have at least.
    pub min_segment_size: Option<MinSegmentSize>,
    /// What to do with a row that lacks a feature.
    pub on_error: OnError,
    /// Names for the segments.
    pub personas: PersonaChoice,
    /// The model whose segments keep their ids and names where they are found again. Names are given anew if
    /// it had other personas to choose from.
    pub follow: Option<Arc<Model>>,
    /// Ends the training at any moment.
    pub cancel: Cancel,
}

impl TrainOptions {
    /// The defaults.
    ///
    /// # Errors
    ///
    /// As [`PersonaChoice::embedded`].
    pub fn new() -> Result<Self> {
        Ok(Self {
            features: Vec::new(),
            preparation: Choices::default(),
            n_clusters: NClusters::Auto,
            kmeans: KMeansParams::new(1),
            k_max: *elbow::DEFAULT_RANGE.end(),
            min_segment_size: None,
            on_error: OnError::Fail,
            personas: PersonaChoice::embedded()?,
            follow: None,
            cancel: Cancel::default(),
        })
    }
}

/// What training gives.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// The customers it was learned from: those of the file less the ones left out.
    pub customers: Customers,
}

/// Customers made ready for clustering.
#[derive(Debug)]
pub struct Prepared {
    /// The places of the features' columns in the data.
    pub chosen: Vec<usize>,
    /// How the features become coordinates.
    pub preparation: Preparation,
    /// The coordinates' means and scales.
    pub scaler: Scaler,
    /// The scaled coordinates of all customers.
    pub points: Matrix,
}

/// Chooses the features, makes sure that they can be used, prepares and scales them.
///
/// # Errors
///
/// As [`features::choose`], [`Dataset::require`], [`Preparation::fit`] and [`Scaler::fit`],
/// [`Error::NotAFeature`] when something was chosen for another column, and
/// [`Error::ReservedColumn`] when a column has a name that segments get in lists.
pub fn prepare(data: &mut Dataset, options: &TrainOptions) -> Result<Prepared> {
    prepare_with(data, options, Clone::clone)
}

/// As [`prepare`], with other choices than those of the options, which `adapt` gives.
pub(super) fn prepare_with(
    data: &mut Dataset,
    options: &TrainOptions,
    adapt: impl Fn(&Choices) -> Choices,
) -> Result<Prepared> {
    if let Some(taken) = data.columns().iter().find(|column| ADDED.contains(&column.header())) {
        return Err(Error::ReservedColumn {
            file: data.name().to_owned(),
            column: taken.header().to_owned(),
        });
    }
    let chosen = features::choose(data, &options.features)?;
    let choices = adapt(&options.preparation).for_headers(|name| {
        let index = data.column_index(name)?;
        if chosen.contains(&index) {
            return Ok(data.columns()[index].header().to_owned());
        }
        let features = list(chosen.iter().map(|&index| data.columns()[index].name()));
        Err(Error::NotAFeature { column: name.to_owned(), features })
    })?;
    let need = |&index: &usize| (index, preparation::need(&data.columns()[index], &choices));
    let needs: Vec<(usize, Need)> = chosen.iter().map(need).collect();
    data.require(&needs, options.on_error)?;
    let columns: Vec<&Column> = chosen.iter().map(|&index| &data.columns()[index]).collect();
    let preparation = Preparation::fit(&columns, &choices)?;
    let matrix = preparation.transform(&columns)?;
    let header = |dimension: &Dimension| columns[dimension.feature].header();
    let headers: Vec<&str> = preparation.dimensions().iter().map(header).collect();
    let scaler = Scaler::fit(&matrix, &headers, &preparation.scaling())?;
    let points = scaler.transform(&matrix);
    Ok(Prepared { chosen, preparation, scaler, points })
}

/// Learns a model. `progress` hears of each k of the elbow when it is done.
///
/// # Errors
///
/// As the stages: [`prepare`], [`elbow::sweep`], [`Elbow::requiring`] and [`crate::kmeans::KMeans::fit`];
/// [`Error::SmallSegment`] when the number of clusters was given and one is too small.
pub fn train(
    mut data: Dataset,
    options: &TrainOptions,
    progress: impl FnMut(&ElbowPoint),
) -> Result<Trained> {
    let Prepared { chosen, preparation, scaler, points } = prepare(&mut data, options)?;
    if let NClusters::Fixed(n_clusters) = options.n_clusters {
        // Refused before the sweep's work rather than after it.
        options.kmeans.with_n_clusters(n_clusters).check()?;
    }
    let sweep = elbow::sweep(&points, &options.kmeans, options.k_max, &options.cancel, progress)?;
    let elbow = sweep.elbow.clone().requiring(options.min_segment_size)?;
    let n_clusters = match options.n_clusters {
        NClusters::Auto => elbow.n_clusters,
        NClusters::Fixed(n_clusters) => n_clusters,
    };
    let (clustering, quality) = if let Some((optimum, quality)) = sweep.into_optimum(n_clusters) {
        (optimum.label(&points), quality)
    } else {
        let kmeans = options.kmeans.with_n_clusters(n_clusters).check()?;
        let fitted = kmeans.cancelled_by(&options.cancel).fit(&points)?;
        let quality = Quality::of(&points, &fitted.cluster_centers);
        (fitted, quality)
    };

    require_sizes(&clustering, &elbow)?;
    let rows = DataSummary {
        name: data.name().to_owned(),
        sha256: data.sha256().to_owned(),
        rows: data.n_rows(),
        skipped_rows: data.skipped().len(),
    };
    let found = Found { chosen, preparation, scaler, points, elbow, clustering, quality };
    let (mut model, mut labels) = found.described(&data, rows, options);
    if let Some(earlier) = &options.follow {
        model.follow(earlier, &data, &mut labels);
    }
    model.stamp(options.follow.as_deref());
    Ok(Trained { model, customers: Customers { data, labels } })
}

/// What the stages up to the clusters found, of which a model is made.
pub(super) struct Found {
    pub(super) chosen: Vec<usize>,
    pub(super) preparation: Preparation,
    pub(super) scaler: Scaler,
    pub(super) points: Matrix,
    pub(super) elbow: Elbow,
    pub(super) clustering: Clustering,
    pub(super) quality: Quality,
}

impl Found {
    /// Names the segments and describes them by the customers in `data`, whose points and labels these are; `all`
    /// tells of all customers, of whom these may be some. Gives the labels in the segments' order, too.
    pub(super) fn described(
        self,
        data: &Dataset,
        all: DataSummary,
        options: &TrainOptions,
    ) -> (Model, Vec<u32>) {
        let Self { chosen, preparation, scaler, points, elbow, clustering, quality } = self;
        let standardised =
            standardised(&points, &scaler, &preparation, &clustering.cluster_centers);
        let features: Vec<&str> =
            chosen.iter().map(|&index| data.columns()[index].name()).collect();
        let rules = options.personas.rules(&features);
        let naming = rules.name(&standardised, &preparation.dimensions());
        let clustering = clustering.reordered(&naming.order);

        let features: Vec<ColumnSummary> = chosen
            .iter()
            .zip(preparation.features())
            .map(|(&index, prepared)| ColumnSummary::of_feature(&data.columns()[index], prepared))
            .collect();
        let others: Vec<usize> =
            (0..data.columns().len()).filter(|index| !chosen.contains(index)).collect();
        let other_columns: Vec<ColumnSummary> =
            others.iter().map(|&index| ColumnSummary::of(&data.columns()[index])).collect();
        let placed: Vec<(usize, &ColumnSummary)> = chosen
            .iter()
            .copied()
            .zip(&features)
            .chain(others.iter().copied().zip(&other_columns))
            .collect();

        let profiles = profiles(data, &placed, &clustering.labels, clustering.n_clusters());
        let model = Model {
            version: String::new(),
            created_at: String::new(),
            segments: segments(profiles, all.rows, &clustering, naming, |center| {
                preparation.inverse_transform_row(&scaler.inverse_transform_row(center))
            }),
            data: all,
            projection: Projection::fit(&points),
            quality,
            kmeans: KMeansSummary {
                n_clusters: clustering.n_clusters(),
                cluster_centers: clustering.cluster_centers,
                inertia: clustering.inertia,
                n_iter: clustering.n_iter,
                n_init: clustering.n_init,
                n_swaps: clustering.n_swaps,
                max_iter: options.kmeans.max_iter,
                tol: options.kmeans.tol,
                random_state: options.kmeans.random_state,
            },
            features,
            other_columns,
            preparation,
            scaler,
            elbow,
            settings: Some(options.into()),
            lineage: None,
            out_of_core: None,
        };
        (model, clustering.labels)
    }
}

/// Centres in standard deviations from the average customer, by which they are named. Coordinates that were
/// standardised and not weighted are that already.
fn standardised(
    points: &Matrix,
    scaler: &Scaler,
    preparation: &Preparation,
    centers: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let scaling = preparation.scaling();
    let moments: Vec<(f64, f64)> = (0..points.n_columns())
        .map(|place| {
            if scaling[place].0 == Scaling::Standard {
                return (0.0, scaler.weight(place));
            }
            let column = points.column(place);
            let n = column.len() as f64;
            let mean = column.iter().sum::<f64>() / n;
            let variance = column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
            (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
        })
        .collect();
    let each = |center: &Vec<f64>| {
        center.iter().zip(&moments).map(|(x, (mean, std))| (x - mean) / std).collect()
    };
    centers.iter().map(each).collect()
}

/// Refuses clusters of which one has fewer customers than each must have.
pub(super) fn require_sizes(clustering: &Clustering, elbow: &Elbow) -> Result<()> {
    let smallest = clustering.sizes.iter().copied().min().unwrap_or(0);
    let Some(least) = elbow.min_segment_size.filter(|&least| smallest < least) else {
        return Ok(());
    };
    let ks: Vec<String> = elbow.honouring().map(|point| point.k.to_string()).collect();
    let honouring = match ks.as_slice() {
        [one] => format!("only k = {one} honours it"),
        several => format!("k = {} honour it", several.join(", ")),
    };
    let n_clusters = clustering.n_clusters();
    Err(Error::SmallSegment { n_clusters, smallest, least, honouring })
}

fn segments(
    profiles: Vec<Profile>,
    n_rows: usize,
    clustering: &Clustering,
    naming: Naming,
    in_own_units: impl Fn(&[f64]) -> Vec<f64>,
) -> Vec<Segment> {
    let named = naming.personas.into_iter().zip(naming.levels).zip(profiles);
    (0..)
        .zip(named)
        .map(|(place, ((persona, levels), profile))| Segment {
            cluster_id: place,
            persona: persona.english.name,
            description: persona.english.description,
            action: persona.english.action,
            translations: Translations {
                id: SegmentTexts {
                    persona: persona.indonesian.name,
                    description: persona.indonesian.description,
                    action: persona.indonesian.action,
                },
            },
            size: clustering.sizes[place],
            share: clustering.sizes[place] as f64 / n_rows as f64,
            center: in_own_units(&clustering.cluster_centers[place]),
            levels,
            profile,
        })
        .collect()
}
