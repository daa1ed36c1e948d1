//! Options that several subcommands share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{Encoding, OnError, ReadOptions};
use segmenta::elbow::MinSegmentSize;
use segmenta::kmeans::{Algorithm, KMeansParams};
use segmenta::model::TrainOptions;
use segmenta::model::store::Store;
use segmenta::personas::Language;
use segmenta::{Result, elbow};

use super::failure::Usage;
use super::values::{self, Parameter};

/// Where models are kept when nothing else is said.
const DEFAULT_DATA_DIR: &str = "./segmenta-data";

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

impl KMeansArgs {
    /// Other options with these.
    pub fn of(&self, options: TrainOptions) -> TrainOptions {
        TrainOptions {
            kmeans: KMeansParams {
                n_init: self.n_init,
                n_swaps: self.n_swaps,
                max_iter: self.max_iter,
                tol: self.tol,
                algorithm: self.algorithm.into(),
                random_state: self.random_state,
                ..KMeansParams::new(1)
            },
            k_max: self.k_max,
            min_segment_size: self.min_segment_size,
            ..options
        }
    }
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
