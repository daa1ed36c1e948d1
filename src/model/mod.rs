//! A model: everything that was learned, in one value that can be kept in a file, asked for a
//! prediction, and explained.

mod compare;
mod customer_rows;
mod customers;
mod explain;
mod file;
mod follow;
mod out_of_core;
mod predict;
mod profile;
mod remarks;
mod row_reader;
mod settings;
pub mod store;
mod texts;
mod train;
mod words;

use serde::{Deserialize, Serialize};

pub use compare::{Compared, Comparison, Moves};
pub use customer_rows::{CustomerRows, Layout};
pub use customers::{COMPONENTS, Customers};
pub use explain::{Contribution, Explanation, SegmentDistance, Switch};
pub use file::FORMAT_VERSION;
#[cfg(feature = "engine")]
pub(crate) use out_of_core::fold;
pub use out_of_core::{
    DrawnRows, Journal, MAX_PASSES, OutOfCore, Progress, Stage, Streamed, draw, prepare_drawn,
    train_out_of_core,
};
pub use predict::Prediction;
pub use profile::{
    CategoricalProfile, ColumnSummary, ColumnValues, NumericProfile, NumericSummary, Profile,
    Quantiles, Share,
};
pub(crate) use remarks::shown;
pub use remarks::{Remark, RemarkKind};
pub use row_reader::{Doubt, RowReader};
pub use settings::TrainSettings;
pub use texts::{LONGEST_PERSONA, LONGEST_TEXT, SegmentEdit, TextsEdit};
pub use train::{NClusters, Prepared, TrainOptions, Trained, prepare, train};
pub use words::in_words;

use crate::elbow::Elbow;
use crate::identity::Lineage;
use crate::kmeans::Centers;
use crate::personas::{Language, Level};
use crate::preparation::Preparation;
use crate::projection::Projection;
use crate::quality::Quality;
use crate::scaler::Scaler;

/// What was learned from one customer file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Names what was learned: the same data, settings and seed give the same version.
    pub version: String,
    /// When it was learned (RFC 3339, UTC).
    pub created_at: String,
    /// What it was learned from.
    pub data: DataSummary,
    /// The columns it was learned from.
    pub features: Vec<ColumnSummary>,
    /// The other columns of the data, in the file's order.
    pub other_columns: Vec<ColumnSummary>,
    /// How the features become the coordinates of customers and centres.
    #[serde(default)]
    pub preparation: Preparation,
    /// The coordinates' means and scales.
    pub scaler: Scaler,
    /// The clusters, and how they were found.
    pub kmeans: KMeansSummary,
    /// How many clusters there should be.
    pub elbow: Elbow,
    /// How good these clusters are.
    pub quality: Quality,
    /// The plane in which the customers differ most, where there are more than two coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projection: Option<Projection>,
    /// The clusters as groups of customers, by ascending `cluster_id`; the centre of each has the same place
    /// in [`KMeansSummary::cluster_centers`].
    pub segments: Vec<Segment>,
    /// What training was asked for; none in a file of an earlier Segmenta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<TrainSettings>,
    /// Where the segments come from, if the model follows an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<Lineage>,
    /// What is exact and what is not in a model whose data were not taken into memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_core: Option<OutOfCore>,
}

/// What a model was learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// The file's name.
    pub name: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    /// The customers it was learned from.
    pub rows: usize,
    /// The rows of the file that were left out because they could not be used.
    pub skipped_rows: usize,
}

/// The clusters in scaled units, and the parameters that found them, by scikit-learn's names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KMeansSummary {
    /// The number of clusters.
    pub n_clusters: usize,
    /// One centre a cluster, in scaled coordinates.
    #[serde(rename = "cluster_centers_")]
    pub cluster_centers: Centers,
    /// The sum of squared distances of the customers to their centres.
    #[serde(rename = "inertia_")]
    pub inertia: f64,
    /// The passes over the data that led to the centres.
    #[serde(rename = "n_iter_")]
    pub n_iter: usize,
    /// How many starts were tried.
    pub n_init: usize,
    /// How many swaps in a row had to bring nothing before a start's search ended.
    pub n_swaps: usize,
    /// The most passes a start could take.
    pub max_iter: usize,
    /// The movement of the centres that would have ended a start early.
    pub tol: f64,
    /// The seed.
    pub random_state: u64,
}

/// A group of customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What the segment goes by, also in later models that have it. It says nothing of its place: between the
    /// ids of a model there may be gaps.
    pub cluster_id: usize,
    /// Its name in English.
    pub persona: String,
    /// Who these customers are, in English.
    pub description: String,
    /// What to do for them, in English.
    pub action: String,
    /// The same three in other languages.
    pub translations: Translations,
    /// The number of customers in it.
    pub size: usize,
    /// Its part of all customers, from 0 to 1.
    pub share: f64,
    /// Its centre in the features' own units, and of categories the shares of its customers that have them.
    pub center: Vec<f64>,
    /// Where the centre lies in each coordinate.
    pub levels: Vec<Level>,
    /// What is known of its customers beside the features.
    pub profile: Profile,
}

/// A segment's texts in other languages than English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translations {
    /// Indonesian.
    pub id: SegmentTexts,
}

/// What a segment is called in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentTexts {
    /// Its name.
    pub persona: String,
    /// Who these customers are.
    pub description: String,
    /// What to do for them.
    pub action: String,
}

impl Segment {
    /// Its name in a language.
    pub fn persona(&self, language: Language) -> &str {
        match language {
            Language::English => &self.persona,
            Language::Indonesian => &self.translations.id.persona,
        }
    }

    /// Who these customers are, in a language.
    pub fn description(&self, language: Language) -> &str {
        match language {
            Language::English => &self.description,
            Language::Indonesian => &self.translations.id.description,
        }
    }

    /// What to do for them, in a language.
    pub fn action(&self, language: Language) -> &str {
        match language {
            Language::English => &self.action,
            Language::Indonesian => &self.translations.id.action,
        }
    }
}

impl Segment {
    /// Its texts in a language.
    pub fn texts(&self, language: Language) -> SegmentTexts {
        SegmentTexts {
            persona: self.persona(language).to_owned(),
            description: self.description(language).to_owned(),
            action: self.action(language).to_owned(),
        }
    }

    fn set_texts(&mut self, language: Language, texts: SegmentTexts) {
        match language {
            Language::English => {
                (self.persona, self.description, self.action) =
                    (texts.persona, texts.description, texts.action);
            }
            Language::Indonesian => self.translations.id = texts,
        }
    }
}

impl Model {
    /// All columns of the data: the features first.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnSummary> {
        self.features.iter().chain(&self.other_columns)
    }

    /// The column at a place of [`Model::columns`].
    pub(crate) fn column(&self, place: usize) -> &ColumnSummary {
        let others = place.checked_sub(self.features.len());
        others.map_or_else(|| &self.features[place], |other| &self.other_columns[other])
    }

    /// A customer's scaled coordinates: NaN where a value is missing that nothing stands for. A customer has
    /// one number a feature.
    pub(super) fn point(&self, customer: &[f64]) -> Vec<f64> {
        self.scaler.transform_row(&self.preparation.transform_row(customer))
    }

    /// Where a customer lies on the plane in which customers differ most; none for a model that needs no
    /// plane. A customer is what [`Model::predict`] takes, and not refuses.
    pub fn on_plane(&self, customer: &[f64]) -> Option<[f64; 2]> {
        self.projection.as_ref().map(|plane| plane.transform_row(&self.point(customer)))
    }

    /// As [`Model::on_plane`], of a customer's scaled coordinates.
    pub(crate) fn point_on_plane(&self, point: &[f64]) -> Option<[f64; 2]> {
        self.projection.as_ref().map(|plane| plane.transform_row(point))
    }

    /// The place of the segment with this id, if the model has it.
    pub fn place(&self, cluster_id: usize) -> Option<usize> {
        self.segments.binary_search_by_key(&cluster_id, |segment| segment.cluster_id).ok()
    }

    /// The features' short names.
    pub fn feature_names(&self) -> Vec<&str> {
        self.features.iter().map(|feature| feature.name.as_str()).collect()
    }
}
