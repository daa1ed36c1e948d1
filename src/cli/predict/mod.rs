//! `segmenta predict`: which segments new customers belong to.

mod elsewhere;
mod file;
mod one;
#[cfg_attr(not(feature = "parquet"), path = "parquet_disabled.rs")]
mod parquet;
mod tally;

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use segmenta::model::Model;

use super::failure::Usage;
use super::models;
use super::options::{DataDirArgs, FormatArgs, JsonArgs, LangArgs, OnErrorArgs};
use super::output::{Output, Taken};
use super::queries::QueryArgs;

const EXAMPLES: &str = "\
Examples:
  segmenta predict new.csv --out scored.csv
  segmenta predict new.parquet --out scored.parquet
  segmenta predict --model model.json new.csv --on-error skip > scored.csv
  segmenta predict --set annual_income=50 --set spending_score=50
  cat new.csv | segmenta predict - --json | jq .persona

Files may have any size, and are never held in memory. Their columns stay as they are; cluster_id,
persona and distance (in standard deviations, to the segment's centre) are added behind them. FILE
of --out that ends in .ndjson, .jsonl or .parquet is written so, any other one as CSV. In NDJSON
and Parquet, numbers stay numbers where FILE says that they are, or where they are numbers in the
model.";

/// Whom to predict, and with which model.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("customers").required(true).multiple(true))]
pub struct PredictArgs {
    /// New customers as CSV, NDJSON or Parquet, also packed with gzip or zstd: files, folders or patterns;
    /// `-` for standard input
    #[arg(value_name = "FILE", group = "customers")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    queries: QueryArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// What is known of one new customer, by header or short name; give every feature
    #[arg(long, env = "SEGMENTA_SET", value_name = "NAME=VALUE", group = "customers")]
    set: Vec<String>,
    /// The model to ask [default: the one in use in the data folder]
    #[arg(long, env = "SEGMENTA_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    data_dir: DataDirArgs,
    /// Score on a cluster: the address of its scheduler, as `df://HOST:50050` (docs/scale.md). FILE of --out is
    /// Parquet then
    #[arg(long, env = "SEGMENTA_ENGINE", value_name = "ADDRESS")]
    engine: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long, env = "SEGMENTA_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    on_error: OnErrorArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Scores a file, or one customer. A file was asked for on the command line, so it counts more than
/// a customer from the environment.
pub fn run(args: &PredictArgs, set_is_from_variable: bool) -> anyhow::Result<()> {
    if !args.files.is_empty() && !args.set.is_empty() && !set_is_from_variable {
        let problem = "FILE and --set cannot go together; give the one or the other";
        return Err(Usage(problem.to_owned()).into());
    }
    let model = args.model()?;
    match &args.engine {
        _ if args.files.is_empty() => one::run(args, &model),
        Some(address) => elsewhere::run(args, &model, address),
        None => file::run(args, &model),
    }
}

impl PredictArgs {
    fn model(&self) -> anyhow::Result<Model> {
        match &self.model {
            Some(path) => Ok(Model::open(path)?),
            None => models::active(&self.data_dir.store()?),
        }
    }

    fn output(&self) -> anyhow::Result<Output> {
        let files = self.files.iter().map(PathBuf::as_path);
        let inputs = files.chain(self.model.as_deref()).collect();
        let taken = Taken { option: "--out", inputs, data_dir: self.data_dir.path() };
        Output::open(self.out.as_deref(), &taken)
    }
}
