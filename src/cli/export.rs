//! `segmenta export`: the customers of the model in use with the segment of each.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use segmenta::Error;
use segmenta::model::Model;
use segmenta::personas::Language;

use super::models::active;
use super::options::{DataDirArgs, LangArgs};
use super::output::{Output, Taken};
use super::report;
use super::rows::RowWriter;

const EXAMPLES: &str = "\
Examples:
  segmenta export > customers_with_segments.csv
  segmenta export --segment Target --out target.csv
  segmenta export --format ndjson --lang id | head";

/// What to write, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    #[command(flatten)]
    data_dir: DataDirArgs,
    /// How to write it
    #[arg(long, env = "SEGMENTA_FORMAT", value_enum, value_name = "FORMAT", default_value = "csv")]
    format: Format,
    /// Only this segment, by its id or its persona
    #[arg(long, env = "SEGMENTA_SEGMENT", value_name = "ID|PERSONA")]
    segment: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long, env = "SEGMENTA_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    lang: LangArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Cells between commas, below a header
    Csv,
    /// An array of objects
    Json,
    /// An object a line
    Ndjson,
}

/// Writes the customers.
pub fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let store = args.data_dir.store()?;
    let model = active(&store)?;
    let wanted = args.segment.as_deref().map(|name| find(&model, name)).transpose()?;
    let customers = store.customers(&model)?;
    let language = args.lang.language();
    let taken = Taken { inputs: Vec::new(), data_dir: args.data_dir.path() };
    let output = Output::open(args.out.as_deref(), &taken)?;
    let mut writer = match args.format {
        Format::Csv => RowWriter::csv(output, b','),
        Format::Json => RowWriter::Json(output, false),
        Format::Ndjson => RowWriter::Ndjson(output),
    };
    let mut is_first = true;
    for (row, &label) in customers.labels.iter().enumerate() {
        if wanted.is_some_and(|wanted| wanted != label as usize) {
            continue;
        }
        let object = customers.row(row, &model, language);
        if is_first {
            writer.header(object.keys().map(String::as_str))?;
            is_first = false;
        }
        writer.row(&object)?;
    }
    Ok(writer.finish()?)
}

/// The place of the segment with this id, or with this persona in any language.
pub fn find(model: &Model, name: &str) -> Result<usize, Error> {
    let name = name.trim();
    let is_called = |persona: &str| persona.to_lowercase() == name.to_lowercase();
    let found = model.segments.iter().position(|segment| {
        segment.cluster_id.to_string() == name
            || Language::ALL.into_iter().any(|language| is_called(segment.persona(language)))
    });
    found.ok_or_else(|| {
        let known: Vec<String> =
            model.segments.iter().map(|s| format!("{} {}", s.cluster_id, s.persona)).collect();
        Error::UnknownSegment {
            segment: name.to_owned(),
            known: report::list(known.iter().map(String::as_str)),
        }
    })
}
