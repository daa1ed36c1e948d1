//! Options that several subcommands share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use segmenta::cluster;
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{ColumnKind, Dataset, Encoding, OnError, ReadOptions, Scan, Source};
use segmenta::elbow::MinSegmentSize;
use segmenta::engine::Session;
use segmenta::kmeans::{Algorithm, KMeansParams};
use segmenta::memory::{Memory, Needed};
use segmenta::model::store::Store;
use segmenta::model::{Streamed, TrainOptions, prepare, prepare_drawn};
use segmenta::personas::Language;
use segmenta::preparation::Choices;
use segmenta::{Result, elbow};

use super::failure::Usage;
use super::memory;
use super::out_of_core::{Drawing, Learning, LimitArgs, MemoryArgs, OverTable};
use super::output::note;
use super::preparation;
use super::queries::QueryArgs;
use super::report;
use super::values::{self, Parameter};

/// Where models are kept when nothing else is said.
const DEFAULT_DATA_DIR: &str = "./segmenta-data";

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

/// How files are written, where looking at them does not show it.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// The sign between cells of CSV: one character, or tab [default: what the file shows]
    #[arg(long, env = "SEGMENTA_DELIMITER", value_name = "SIGN", value_parser = values::delimiter)]
    delimiter: Option<u8>,
    /// The mark between whole and fraction of numbers [default: what the file shows]
    #[arg(long, env = "SEGMENTA_DECIMAL", value_enum, value_name = "MARK")]
    decimal: Option<DecimalArg>,
    /// How letters are written [default: what the file shows]
    #[arg(long, env = "SEGMENTA_ENCODING", value_enum, value_name = "NAME")]
    encoding: Option<EncodingArg>,
    /// The most that a compressed file may unpack to, such as 500MiB [default: 64GiB, and beyond 64MiB no
    /// more than 250 times the file's size]
    #[arg(long, env = "SEGMENTA_MAX_UNPACKED", value_name = "SIZE", value_parser = values::size)]
    max_unpacked: Option<u64>,
}

/// What to do with a row that cannot be used.
#[derive(Debug, Args)]
pub struct OnErrorArgs {
    /// What to do with a row that cannot be used
    #[arg(
        long,
        env = "SEGMENTA_ON_ERROR",
        value_enum,
        value_name = "WHAT",
        default_value = "fail"
    )]
    on_error: OnErrorArg,
}

impl OnErrorArgs {
    /// What was asked for.
    pub fn choice(&self) -> OnError {
        match self.on_error {
            OnErrorArg::Fail => OnError::Fail,
            OnErrorArg::Skip => OnError::Skip,
        }
    }
}

/// How clusters are found.
#[derive(Debug, Args)]
pub struct KMeansArgs {
    /// Starts per number of clusters, of which the best counts
    #[arg(long, env = "SEGMENTA_N_INIT", value_name = "N", allow_negative_numbers = true,
          value_parser = Parameter(values::n_init),
          default_value_t = KMeansParams::new(1).n_init)]
    n_init: usize,
    /// Search for a better optimum than the starts lead to, until so many swaps of clusters in a row have
    /// brought nothing (0: no search)
    #[arg(long, env = "SEGMENTA_N_SWAPS", value_name = "N", allow_negative_numbers = true,
          value_parser = Parameter(values::n_swaps),
          default_value_t = KMeansParams::new(1).n_swaps)]
    n_swaps: usize,
    /// The most steps of one start
    #[arg(long, env = "SEGMENTA_MAX_ITER", value_name = "N", allow_negative_numbers = true,
          value_parser = Parameter(values::max_iter),
          default_value_t = KMeansParams::new(1).max_iter)]
    max_iter: usize,
    /// A start also ends when its centres move by no more than this share of the variance
    #[arg(long, env = "SEGMENTA_TOL", value_name = "X", allow_negative_numbers = true,
          value_parser = Parameter(values::tol), default_value_t = KMeansParams::new(1).tol)]
    tol: f64,
    /// How the customers are passed over; all ways give the same clusters from the same starts, and auto
    /// takes the fastest
    #[arg(
        long,
        env = "SEGMENTA_ALGORITHM",
        value_enum,
        value_name = "NAME",
        default_value = "auto"
    )]
    algorithm: AlgorithmArg,
    /// The seed: the same data, options and seed give the same result
    #[arg(long, env = "SEGMENTA_RANDOM_STATE", value_name = "SEED", allow_negative_numbers = true,
          value_parser = Parameter(values::random_state),
          default_value_t = KMeansParams::new(1).random_state)]
    random_state: u64,
    /// The largest number of clusters that the elbow tries
    #[arg(long, env = "SEGMENTA_K_MAX", value_name = "K", allow_negative_numbers = true,
          value_parser = Parameter(values::k_max),
          default_value_t = *elbow::DEFAULT_RANGE.end())]
    pub k_max: usize,
    /// The fewest customers that a segment may have: a number, or a share such as 5%. Numbers of segments
    /// with a smaller one are not advised, and refused where --n-clusters asks for them
    #[arg(long, env = "SEGMENTA_MIN_SEGMENT_SIZE", value_name = "SIZE", allow_negative_numbers = true,
          value_parser = Parameter(values::min_segment_size))]
    min_segment_size: Option<MinSegmentSize>,
}

/// The folder of models.
#[derive(Debug, Args)]
pub struct DataDirArgs {
    // An option without a default value, since `train --out` must know whether it was given.
    #[arg(long, env = "SEGMENTA_DATA_DIR", value_name = "DIR",
          help = format!("The folder of models and their customers [default: {DEFAULT_DATA_DIR}]"))]
    pub data_dir: Option<PathBuf>,
}

/// Results for programs.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// Print JSON
    #[arg(long, env = "SEGMENTA_JSON", value_parser = values::switch)]
    pub json: bool,
}

/// The language of personas and descriptions.
#[derive(Debug, Args)]
pub struct LangArgs {
    /// The language of personas and descriptions
    #[arg(long, env = "SEGMENTA_LANG", value_enum, value_name = "LANG", default_value = "en")]
    lang: LangArg,
}

/// What to do with a row that cannot be used.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OnErrorArg {
    /// Stop with an error that says where it is
    Fail,
    /// Leave it out, and count and list it
    Skip,
}

/// How the customers are passed over.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum AlgorithmArg {
    /// What is fastest for data of this shape
    Auto,
    /// Every customer with every centre, in double precision
    Lloyd,
    /// As lloyd, in single precision where that leaves no doubt
    Screen,
    /// Groups of customers at once, where a box around them is nearest to one centre: for 2 to 4 features
    Tree,
}

impl From<AlgorithmArg> for Algorithm {
    fn from(algorithm: AlgorithmArg) -> Self {
        match algorithm {
            AlgorithmArg::Auto => Self::Auto,
            AlgorithmArg::Lloyd => Self::Lloyd,
            AlgorithmArg::Screen => Self::Screen,
            AlgorithmArg::Tree => Self::Tree,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DecimalArg {
    /// 12.5
    Point,
    /// 12,5
    Comma,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EncodingArg {
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "utf-16le")]
    Utf16Le,
    #[value(name = "utf-16be")]
    Utf16Be,
    /// Latin-1 (ISO 8859-1) too
    #[value(name = "windows-1252", aliases = ["latin-1", "latin1", "iso-8859-1", "cp1252"])]
    Windows1252,
}

impl FormatArgs {
    /// What was given.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            delimiter: self.delimiter,
            decimal: self.decimal.map(|decimal| match decimal {
                DecimalArg::Point => DecimalMark::Point,
                DecimalArg::Comma => DecimalMark::Comma,
            }),
            encoding: self.encoding.map(|encoding| match encoding {
                EncodingArg::Utf8 => Encoding::Utf8,
                EncodingArg::Utf16Le => Encoding::Utf16Le,
                EncodingArg::Utf16Be => Encoding::Utf16Be,
                EncodingArg::Windows1252 => Encoding::Windows1252,
            }),
            max_unpacked: self.max_unpacked,
            most_in_memory: None,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangArg {
    /// English
    En,
    /// Indonesian
    Id,
}

impl LangArgs {
    /// The language asked for.
    pub fn language(&self) -> Language {
        match self.lang {
            LangArg::En => Language::English,
            LangArg::Id => Language::Indonesian,
        }
    }
}

impl DataDirArgs {
    /// The folder asked for, or the default one.
    pub fn path(&self) -> &Path {
        self.data_dir.as_deref().unwrap_or(Path::new(DEFAULT_DATA_DIR))
    }

    /// The models in it.
    ///
    /// # Errors
    ///
    /// [`Usage`] when the path is that of a file.
    pub fn store(&self) -> Result<Store, Usage> {
        let path = self.path();
        if path.exists() && !path.is_dir() {
            let path = path.display();
            return Err(Usage(format!("--data-dir {path}: this is a file; name a folder")));
        }
        Ok(Store::new(path))
    }
}

impl InputArgs {
    /// The bytes of the customers.
    ///
    /// # Errors
    ///
    /// [`Usage`] for standard input beside files, and for files that need more memory than there is; as [`Source::open_all`] and [`Source::stdin`].
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
}

impl InputArgs {
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
        let (data, prepared) = if let Some((mut drawn, _)) = drawn {
            let prepared = prepare_drawn(&mut drawn, options)?;
            (drawn, prepared)
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
        Ok(TrainOptions {
            features: named(&self.features),
            preparation: Choices::parse(&named(&self.prepare))?,
            kmeans: KMeansParams {
                n_init: kmeans.n_init,
                n_swaps: kmeans.n_swaps,
                max_iter: kmeans.max_iter,
                tol: kmeans.tol,
                algorithm: kmeans.algorithm.into(),
                random_state: kmeans.random_state,
                ..KMeansParams::new(1)
            },
            k_max: kmeans.k_max,
            min_segment_size: kmeans.min_segment_size,
            on_error: self.input.on_error.choice(),
            ..TrainOptions::new()?
        })
    }
}

/// Refuses standard input beside files.
///
/// # Errors
///
/// [`Usage`].
pub fn check_stdin(paths: &[PathBuf]) -> Result<(), Usage> {
    if paths.len() > 1 && paths.iter().any(|path| is_stdin(path)) {
        let problem = "-: standard input cannot be read beside files; give the one or the others";
        return Err(Usage(problem.to_owned()));
    }
    Ok(())
}

/// Whether a path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}
