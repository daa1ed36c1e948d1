//! The customers that subcommands learn from, and the way in which they are read: in memory, or in passes.

use std::path::PathBuf;

use clap::Args;
use segmenta::Result;
use segmenta::cluster;
use segmenta::dataset::{ColumnKind, Dataset, ReadOptions, Scan, Source};
use segmenta::engine::Session;
use segmenta::memory::{Memory, Needed};
use segmenta::model::{DrawnRows, Streamed, TrainOptions, prepare, prepare_drawn};
use segmenta::personas::Language;
use segmenta::preparation::Choices;

use super::options::{FormatArgs, KMeansArgs, OnErrorArgs, check_stdin, is_stdin};
use super::out_of_core::{Drawing, Learning, LimitArgs, MemoryArgs, OverTable};
use super::output::note;
use super::queries::QueryArgs;
use super::values;
use super::{memory, preparation, report};

/// Files of customers, and how they are read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Customers as CSV, NDJSON or Parquet, also packed with gzip or zstd: files, folders or patterns such
    /// as 'shop_*.csv', which together are one table; `-` for standard input, none for the bundled Mall
    /// Customers
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    queries: QueryArgs,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    on_error: OnErrorArgs,
    /// Begin also where the files need more memory than there is
    #[arg(long, env = "SEGMENTA_IGNORE_MEMORY", value_parser = values::switch)]
    ignore_memory: bool,
}

/// The customers to learn from.
#[derive(Debug, Args)]
pub struct DataArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Columns to learn from, by header or short name, separated by commas [default: annual income
    /// and spending score, or recency, frequency and monetary, where there are all of them, else every
    /// column of numbers]
    #[arg(long, env = "SEGMENTA_FEATURES", value_name = "NAMES", value_delimiter = ',')]
    features: Vec<String>,
    /// What to do to a column before customers are compared, several times for several columns (between
    /// semicolons in the variable): NAME=STEPS, or *=STEPS for all. The steps, between commas, are plain,
    /// log1p, no-log1p, clip:LOW-HIGH (quantiles), no-clip, standard, robust, missing:median,
    /// missing:mode, missing:refuse and weight:NUMBER; what is not given is proposed
    #[arg(long, env = "SEGMENTA_PREPARE", value_name = "NAME=STEPS", value_delimiter = ';')]
    prepare: Vec<String>,
    /// Say what is done to each column, and learn nothing
    #[arg(long, env = "SEGMENTA_SHOW_PREPARATION", value_parser = values::switch)]
    pub show_preparation: bool,
    #[command(flatten)]
    memory: MemoryArgs,
    /// Learn on a cluster, in passes: the address of its scheduler, as `df://HOST:50050` (docs/scale.md). Its machines
    /// read the files by the same names
    #[arg(long, env = "SEGMENTA_ENGINE", value_name = "ADDRESS")]
    engine: Option<String>,
}

impl InputArgs {
    /// The bytes of the customers.
    ///
    /// # Errors
    ///
    /// [`super::failure::Usage`] for standard input beside files, and for files that need more memory than there is; as
    /// [`Source::open_all`] and [`Source::stdin`].
    pub fn source(&self) -> anyhow::Result<Source> {
        let source = match self.queries.local(&self.files, self.format.options())? {
            [] => {
                note(
                    "no FILE given: learning from the bundled Mall Customers \
                     (give - to read standard input)",
                );
                Source::mall_customers()
            }
            [path] if is_stdin(path) => Source::stdin()?,
            paths => {
                check_stdin(paths)?;
                if !self.ignore_memory {
                    memory::check(paths)?;
                }
                Source::open_all(paths)?
            }
        };
        let most_in_memory =
            if self.ignore_memory { None } else { Memory::of_this_machine().most_text() };
        Ok(source.with_options(ReadOptions { most_in_memory, ..self.format.options() }))
    }

    /// The table of customers. What is unusual in the files is said.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`].
    pub fn dataset(&self, source: &Source) -> Result<Dataset> {
        let data = Dataset::read(source, self.on_error.choice())?;
        report::note_detected(&data);
        Ok(data)
    }

    /// Does something with the files in passes, if a cluster is to do it or they need more memory than they may take;
    /// none if they do not, or are no files.
    ///
    /// # Errors
    ///
    /// As [`LimitArgs::is_exceeded_by`], [`cluster::connect`] and [`QueryArgs::ask`], and what `work` gives.
    pub fn pass_over<W: OverTable>(
        &self,
        engine: Option<&str>,
        limit: &LimitArgs,
        work: W,
    ) -> anyhow::Result<Option<W::Output>> {
        let Self { files, queries, format, ignore_memory, .. } = self;
        if let Some(address) = engine {
            let session = cluster::connect(address)?;
            let query = queries.ask(&session, files, format.options())?;
            return work.over(&query).map(Some);
        }
        let are_files = !files.is_empty() && !files.iter().any(|path| is_stdin(path));
        if !are_files || *ignore_memory {
            return Ok(None);
        }
        if queries.is_remote(files) {
            let session = Session::embedded()?;
            let query = queries.ask(&session, files, format.options())?;
            let needed = Needed::to_learn_from_bytes(query.n_bytes());
            if limit.is_exceeded(needed, W::INSTEAD) {
                return work.over(&query).map(Some);
            }
        }
        let files = queries.local(files, format.options())?;
        if !limit.is_exceeded_by(files, W::INSTEAD)? {
            return Ok(None);
        }
        let scan = Scan::open(files, format.options(), self.on_error.choice())?;
        work.over(&scan).map(Some)
    }
}

impl DataArgs {
    /// Learns from the files in passes, if that is the way; see [`InputArgs::pass_over`]. Passes refine what is chosen
    /// if `refines` says so.
    ///
    /// # Errors
    ///
    /// As [`InputArgs::pass_over`] and [`segmenta::model::train_out_of_core`].
    pub fn train_out_of_core(
        &self,
        options: &TrainOptions,
        refines: bool,
    ) -> anyhow::Result<Option<Streamed>> {
        let learning = Learning { memory: &self.memory, options, refines };
        self.input.pass_over(self.engine.as_deref(), &self.memory.limit, learning)
    }

    /// Says what is done to each column, as all rows show it or some that are drawn of them.
    ///
    /// # Errors
    ///
    /// As [`InputArgs::pass_over`] and [`segmenta::model::prepare`].
    pub fn show_preparation(
        &self,
        options: &TrainOptions,
        language: Language,
    ) -> anyhow::Result<()> {
        let drawing = Drawing(options);
        let drawn = self.input.pass_over(self.engine.as_deref(), &self.memory.limit, drawing)?;
        let (data, prepared) = if let Some(DrawnRows { mut data, .. }) = drawn {
            let prepared = prepare_drawn(&mut data, options)?;
            (data, prepared)
        } else {
            let mut data = self.dataset(&self.input.source()?)?;
            let prepared = prepare(&mut data, options)?;
            (data, prepared)
        };
        preparation::show(&data, &prepared, language)
    }

    /// The table of customers. What is unusual in the files, and in the choice of features, is said.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`].
    pub fn dataset(&self, source: &Source) -> Result<Dataset> {
        let data = self.input.dataset(source)?;
        for column in self.features.iter().filter_map(|name| data.column_index(name).ok()) {
            let column = &data.columns()[column];
            // Text of these kinds is refused.
            if column.numbers().is_none() {
                continue;
            }
            let what = match column.kind() {
                ColumnKind::Identifier => "tells customers apart",
                ColumnKind::Personal => "holds personal data",
                _ => continue,
            };
            note(format_args!(
                "warning: the column {:?} {what}; segments learned from it say little, and the model \
                 keeps its range",
                column.header()
            ));
        }
        Ok(data)
    }

    /// What to learn, and how.
    ///
    /// # Errors
    ///
    /// As [`TrainOptions::new`] and [`Choices::parse`].
    pub fn options(&self, kmeans: &KMeansArgs) -> Result<TrainOptions> {
        let named = |names: &[String]| -> Vec<String> {
            names.iter().filter(|name| !name.trim().is_empty()).cloned().collect()
        };
        Ok(kmeans.of(TrainOptions {
            features: named(&self.features),
            preparation: Choices::parse(&named(&self.prepare))?,
            on_error: self.input.on_error.choice(),
            ..TrainOptions::new()?
        }))
    }
}
