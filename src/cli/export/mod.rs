//! `segmenta export`: the customers of a model with the segment of each, or the model in a form that
//! other programs and people read.

mod customers;
mod file;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use segmenta::model::Model;
use segmenta::model::store::Store;

pub use customers::find;

use super::failure::Usage;
use super::models::active;
use super::options::{DataDirArgs, LangArgs};
use super::output::{Output, Taken};

const EXAMPLES: &str = "\
Examples:
  segmenta export > customers_with_segments.csv
  segmenta export --segment Target --out target.csv
  segmenta export --format ndjson --lang id | head
  segmenta export --format html --out report.html
  segmenta export --format onnx --model model.json --out model.onnx
  segmenta export --format sql --out segments.sql

csv, json and ndjson hold customers; html shows some of them as points. onnx, pmml, sklearn and sql
hold the model alone, and no row of its data. In csv, texts that a spreadsheet would take for
formulas stand behind an apostrophe.";

/// What to write, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    #[command(flatten)]
    data_dir: DataDirArgs,
    /// The model to write, or whose customers to write [default: the one in use in the data folder]
    #[arg(long, env = "SEGMENTA_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
    /// What to write, and how
    #[arg(long, env = "SEGMENTA_FORMAT", value_enum, value_name = "FORMAT", default_value = "csv")]
    format: Format,
    /// Only this segment's customers, by its id or its persona
    #[arg(long, env = "SEGMENTA_SEGMENT", value_name = "ID|PERSONA")]
    segment: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long, env = "SEGMENTA_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    lang: LangArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Customers as cells between commas, below a header
    Csv,
    /// Customers as an array of objects
    Json,
    /// Customers as an object a line
    Ndjson,
    /// A report to read and print, in one file that loads nothing
    Html,
    /// The model for ONNX runtimes: preparation, scaler and K-Means in one graph
    Onnx,
    /// The model for PMML engines (version 4.4)
    Pmml,
    /// The model's arrays as JSON, and lines of Python that make scikit-learn's objects of them
    Sklearn,
    /// Queries that give customers their segments in a database, and make one step of K-Means there
    Sql,
}

impl ExportArgs {
    /// The model asked for.
    fn model(&self, store: &Store) -> anyhow::Result<Model> {
        match &self.model {
            Some(path) => Ok(Model::open(path)?),
            None => active(store),
        }
    }

    /// Where the result goes.
    fn output(&self) -> anyhow::Result<Output> {
        let inputs = self.model.as_deref().into_iter().collect();
        Output::open(
            self.out.as_deref(),
            &Taken { option: "--out", inputs, data_dir: self.data_dir.path() },
        )
    }
}

/// Writes the customers or the model.
pub fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let store = args.data_dir.store()?;
    let is_of_customers = matches!(args.format, Format::Csv | Format::Json | Format::Ndjson);
    if args.segment.is_some() && !is_of_customers {
        let problem =
            "--segment chooses customers; leave it out, or give --format csv, json or ndjson";
        return Err(Usage(problem.to_owned()).into());
    }
    let model = args.model(&store)?;
    if is_of_customers {
        customers::write(args, &store, &model)
    } else {
        file::write(args, &store, &model)
    }
}
