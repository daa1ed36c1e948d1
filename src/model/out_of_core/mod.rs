//! Learning from more customers than memory holds, in a few passes over the files.
//!
//! ```text
//! pass 1    survey     a sample of the rows: columns' types, how features are prepared
//! pass 2    coreset    exact moments, and a weighted sample that stands for all rows
//!           in memory  K-Means of the coreset for every number of clusters
//! pass 3-4  exact      two of Lloyd's steps over all rows, for every number of clusters at once: exact WCSS
//! further   refine     steps for the chosen number, until they bring next to nothing
//! ```
//!
//! The coreset is lightweight (Bachem, Lucic and Krause 2018, "Scalable k-means clustering via lightweight coresets"):
//! half of its rows are drawn evenly, and half in proportion to their squared distance from the mean, so that small
//! groups far away are seen too.

mod coreset;
mod exact;
#[cfg(any(feature = "engine", test))]
pub(crate) mod fold;
mod journal;
mod learned;
mod reading;

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::train::prepare_with;
use super::{Model, NClusters, Prepared, TrainOptions};
use crate::dataset::Dataset;
use crate::dataset::scan::{RowHash, Skipped, Survey, Table, Watch};
use crate::digest::sha256;
use crate::elbow::Elbow;
use crate::error::{Error, Result};
use crate::kmeans::{Cancel, Centers};
use crate::preparation::Choices;
use coreset::{Gather, Gathered};
use exact::Step;
pub use journal::Journal;
use learned::{Ending, Learned};
use reading::Reading;

/// Rows of the sample: enough for quantiles and shares to be right to a fraction of a percent.
const SAMPLE_ROWS: usize = 50_000;
/// The most steps over all rows that refine the chosen clusters, unless something else is asked for.
pub const MAX_PASSES: usize = 10;
/// A step that lowers WCSS by a smaller share than this is the last.
const LEAST_GAIN: f64 = 1e-5;

/// What is exact and what is not in a model whose data were not taken into memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutOfCore {
    /// The passes over the files.
    pub passes: usize,
    /// The rows of the sample from which all that is `estimated` comes.
    pub sample_rows: usize,
    /// The rows of the weighted sample in which clusters were looked for.
    pub coreset_rows: usize,
    /// By what share the last step over all rows lowered WCSS.
    pub last_gain: f64,
    /// What all rows tell.
    pub exact: Vec<String>,
    /// What a sample tells.
    pub estimated: Vec<String>,
}

/// What a pass is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A sample of all rows.
    Survey,
    /// Moments, and the coreset.
    Coreset,
    /// A step for every number of clusters, the first or the second.
    Sweep,
    /// A step for the chosen number.
    Refine,
}

/// Who follows the passes.
pub trait Progress: Sync {
    /// A pass begins, counted from 1, over so many rows, if that is known.
    fn begin(&self, pass: usize, stage: Stage, n_rows: Option<u64>);
    /// So many more rows were read.
    fn read(&self, rows: u64);
    /// The coreset's clusters for a number of them are found, of so many numbers.
    fn found(&self, n_clusters: usize, k_max: usize);
}

/// A model, and what is told of the rows that it was learned from.
#[derive(Debug)]
pub struct Streamed {
    /// The model.
    pub model: Model,
    /// Some of the customers.
    pub sample: Dataset,
    /// The first of the rows that were left out, each as the error that it would have been.
    pub skipped: Vec<String>,
}

/// Hands on what a pass tells.
struct Followed<'a> {
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
}

impl Watch for Followed<'_> {
    fn read(&self, rows: u64) {
        self.progress.read(rows);
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }
}

/// Rows that were drawn from all of a table.
#[derive(Debug)]
pub struct DrawnRows {
    /// They.
    pub data: Dataset,
    /// The number of all rows.
    pub n_rows: u64,
    /// Rows that could not be split into cells.
    pub skipped: Skipped,
}

/// Draws some rows of a table at random, each as likely as any other, and counts all: the first pass of learning, of
/// which a first look at the columns and [`prepare_drawn`] make do.
///
/// # Errors
///
/// As [`Table::pass`] and [`Table::table_of`].
pub fn draw(
    table: &impl Table,
    options: &TrainOptions,
    progress: &dyn Progress,
) -> Result<DrawnRows> {
    progress.begin(1, Stage::Survey, table.n_rows());
    let survey = survey(table, options);
    let drawn = table.pass(&survey, &Followed { progress, cancel: &options.cancel })?;
    let (n_rows, skipped) = (drawn.n_rows(), drawn.skipped().clone());
    Ok(DrawnRows { data: table.table_of(drawn)?, n_rows, skipped })
}

/// How features are prepared where memory holds only rows that were drawn: others may lack values.
///
/// # Errors
///
/// As [`super::prepare`].
pub fn prepare_drawn(drawn: &mut Dataset, options: &TrainOptions) -> Result<Prepared> {
    prepare_with(drawn, options, Choices::filling)
}

fn survey(table: &impl Table, options: &TrainOptions) -> Survey {
    let hash = RowHash::new(options.kmeans.random_state ^ OF_SAMPLE);
    Survey::new(table.headers().len(), SAMPLE_ROWS, hash)
}

/// Learns a model from files of any size, in memory that does not grow with them. At most four passes give the whole
/// elbow; up to `max_passes` more refine the clusters that were chosen. Passes that `journal` holds are not made
/// again, and its file is removed at the end.
///
/// # Errors
///
/// As [`super::train`]; [`Error::Row`] and [`Error::Cell`] for a row that cannot be used, unless such rows are left out;
/// [`Error::Format`] when a file is damaged, or has changed since it was opened; [`Error::Read`], and
/// [`Error::Write`] for the journal.
pub fn train_out_of_core(
    table: &impl Table,
    options: &TrainOptions,
    max_passes: usize,
    journal: Journal,
    progress: &dyn Progress,
) -> Result<Streamed> {
    if let NClusters::Fixed(n_clusters) = options.n_clusters {
        options.kmeans.with_n_clusters(n_clusters).check()?;
    }
    let watch = &Followed { progress, cancel: &options.cancel };
    let seed = options.kmeans.random_state;
    let mut passes = Passes { made: 0, journal, progress };

    let survey = survey(table, options);
    let drawn = passes.make(Stage::Survey, table.n_rows(), || table.pass(&survey, watch))?;
    let n_rows = drawn.n_rows();
    let mut sample = table.table_of(drawn)?;
    let prepared = prepare_drawn(&mut sample, options)?;

    let reading = Reading::new(table, &sample, &prepared, options)?;
    let hash = RowHash::new(seed ^ OF_CORESET);
    let gather = Gather::new(&reading, &prepared, &sample, n_rows, hash);
    let gathered: Gathered =
        passes.make(Stage::Coreset, Some(n_rows), || table.pass(&gather, watch))?;
    if gathered.moments.n_rows == 0 {
        let problem = "no row can be used in every feature; choose other columns with --features";
        return Err(Error::Empty { file: table.name().to_owned(), problem });
    }
    let learned = Learned::new(sample, prepared, gathered, options)?;

    let mut step = |stage, sets: &[Centers]| {
        let step = Step::new(&reading, learned.scaler(), sets);
        let sums = || Ok(step.assigned(&table.pass(&step, watch)?, learned.squares));
        passes.make(stage, Some(n_rows), sums).map(|assigned| (assigned, passes.made))
    };
    let starts = learned.starts(options, progress)?;
    let (moved, _) = step(Stage::Sweep, &starts)?;
    let sets: Vec<Centers> = moved.into_iter().map(|assigned| assigned.means).collect();
    let (assigned, mut made) = step(Stage::Sweep, &sets)?;
    let by_k = learned.table(&sets, &assigned, options);
    let points = &learned.prepared.points;
    let elbow = Elbow::of_sample(by_k, points, seed, &options.cancel)?;
    let elbow = elbow.requiring(options.min_segment_size)?;

    let n_clusters = match options.n_clusters {
        NClusters::Auto => elbow.n_clusters,
        NClusters::Fixed(n_clusters) => n_clusters,
    };
    let chosen = sets.into_iter().zip(assigned).find(|(set, _)| set.len() == n_clusters);
    let few = || Error::TooManyClusters { n_clusters, distinct: elbow.by_k.len() };
    let (mut centers, mut assigned) = chosen.ok_or_else(few)?;
    let mut last_gain = 0.0;
    for _ in 0..max_passes {
        let means = assigned.means.clone();
        let mut next = step(Stage::Refine, std::slice::from_ref(&means))?;
        made = next.1;
        let Some(next) = next.0.pop() else { break };
        last_gain = (assigned.inertia - next.inertia) / assigned.inertia.max(f64::MIN_POSITIVE);
        (centers, assigned) = (means, next);
        if last_gain <= LEAST_GAIN {
            break;
        }
    }
    if assigned.weights.contains(&0.0) {
        return Err(few());
    }
    let fingerprint = table.fingerprint()?;
    let ending = Ending { passes: made, last_gain, centers, assigned, elbow, fingerprint };
    let streamed = learned.finished(ending, options)?;
    passes.journal.finish()?;
    Ok(streamed)
}

/// Passes, one after another.
struct Passes<'a> {
    made: usize,
    journal: Journal,
    progress: &'a dyn Progress,
}

impl Passes<'_> {
    fn make<T: Serialize + DeserializeOwned>(
        &mut self,
        stage: Stage,
        n_rows: Option<u64>,
        pass: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        self.made += 1;
        if !self.journal.has_next() {
            self.progress.begin(self.made, stage, n_rows);
        }
        self.journal.pass(pass)
    }
}

impl Journal {
    /// The journal of a training, in this file.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] when the file is that of another training, [`Error::Read`] and [`Error::Write`].
    pub fn of_training(path: &Path, table: &impl Table, options: &TrainOptions) -> Result<Self> {
        let TrainOptions { features, preparation, n_clusters, kmeans, .. } = options;
        let TrainOptions { k_max, min_segment_size, on_error, .. } = options;
        // All that a pass depends on.
        let settings = format!(
            "{features:?} {preparation:?} {n_clusters:?} {kmeans:?} {k_max} {min_segment_size:?} \
             {on_error:?}"
        );
        let key = [table.fingerprint()?, sha256(settings.as_bytes())].join(" ");
        Self::open(path, &key)
    }
}

/// Random numbers for the sample and for the coreset have nothing to do with each other.
const OF_SAMPLE: u64 = 0x53;
const OF_CORESET: u64 = 0xc0;

impl OutOfCore {
    fn new(passes: usize, sample_rows: usize, coreset_rows: usize, last_gain: f64) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            passes,
            sample_rows,
            coreset_rows,
            last_gain,
            exact: owned(&EXACT),
            estimated: owned(&ESTIMATED),
        }
    }
}

/// What all rows tell, by its place in the model file.
const EXACT: [&str; 7] = [
    "data.rows",
    "scaler (but for medians and interquartile ranges)",
    "kmeans.inertia_",
    "elbow.by_k[].wcss, calinski_harabasz and smallest",
    "segments[].size and share",
    "features[].mean, std, quantiles.min and max",
    "preparation[].missing.filled",
];
/// What the sample tells.
const ESTIMATED: [&str; 6] = [
    "preparation (medians, limits and categories)",
    "elbow.by_k[].silhouette, davies_bouldin and stability",
    "elbow.evidence",
    "features[].quantiles between min and max",
    "other_columns and segments[].profile",
    "projection",
];
