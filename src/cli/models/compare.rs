//! `segmenta models compare`: a model beside the one in use.

use std::path::{Path, PathBuf};

use clap::Args;
use segmenta::model::store::Store;
use segmenta::model::{Comparison, Model, Moves};
use segmenta::personas::Language;

use super::super::failure::Usage;
use super::super::options::LangArgs;
use super::super::output::{Output, Taken, note, print, print_json};
use super::super::report;
use super::super::table::{Align, Table};

pub const EXAMPLES: &str = "\
Examples:
  segmenta models compare 3f2a9c01d4be
  segmenta models compare 3f2a9c01d4be --with 90b1c2d3e4f5 --json
  segmenta models compare 3f2a9c01d4be --moves moves.csv

The customers that the model was learned from are put into the segments of both.";

/// What to compare.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The model's version
    version: String,
    /// Compare with this model instead of the one in use
    #[arg(long, value_name = "VERSION", default_value = super::ACTIVE)]
    with: String,
    /// Write the customers who move to this file, as CSV
    #[arg(long, value_name = "FILE")]
    moves: Option<PathBuf>,
    #[command(flatten)]
    lang: LangArgs,
}

/// Compares, and lists who moves.
pub fn run(args: &CompareArgs, store: &Store, data_dir: &Path, json: bool) -> anyhow::Result<()> {
    let live = super::named(store, &args.with)?;
    let candidate = super::named(store, &args.version)?;
    let customers = match store.customers(&candidate) {
        Ok(customers) => Some(customers),
        Err(error) if args.moves.is_some() => return Err(error.into()),
        Err(error) => {
            note(format_args!("warning: {error}"));
            None
        }
    };
    let comparison = Comparison::of(&live, &candidate, customers.as_ref());
    let language = args.lang.language();
    if let (Some(path), Some(customers)) = (&args.moves, &customers) {
        if comparison.moves.is_none() {
            return Err(Usage(cannot_tell(&comparison)).into());
        }
        let mut output =
            Output::open(Some(path), &Taken { option: "--moves", inputs: Vec::new(), data_dir })?;
        let written = comparison.write_moves(customers, language, &mut output);
        written.map_err(|error| output.refuse(std::io::Error::from(error)))?;
        output.finish()?;
    }
    if json {
        return Ok(print_json(&comparison.to_json(language))?);
    }
    Ok(print(&to_text(&comparison, language))?)
}

fn cannot_tell(comparison: &Comparison) -> String {
    format!(
        "model {} cannot tell the segments of the customers of model {}: a feature of it is not among \
         their columns",
        comparison.live.version, comparison.candidate.version
    )
}

fn to_text(comparison: &Comparison, language: Language) -> String {
    let Comparison { live, candidate, .. } = comparison;
    let mut parts = vec![
        format!("Model {} beside {}", candidate.version, live.version),
        segments(comparison, language),
    ];
    match &comparison.moves {
        Some(moves) => parts.push(moves_in_text(comparison, moves, language)),
        None => parts.push(format!("Who moves is not known: {}.", cannot_tell(comparison))),
    }
    let [added, removed, _] = comparison.features();
    for (word, headers) in [("Added", added), ("Removed", removed)] {
        if !headers.is_empty() {
            parts.push(format!("{word} features: {}", report::list(headers)));
        }
    }
    let quality = |model: &Model| format!("{}: {}", model.version, report::quality(model));
    parts.push(format!("{}\n{}", quality(live), quality(candidate)));
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
    parts.join("\n\n") + "\n"
}

/// All segments of both, with their sizes and centres.
fn segments(comparison: &Comparison, language: Language) -> String {
    let Comparison { live, candidate, .. } = comparison;
    let mut table = Table::new([
        ("id", Align::Right),
        ("Persona", Align::Left),
        ("", Align::Left),
        ("Sureness", Align::Right),
        ("Size", Align::Right),
        ("Before", Align::Right),
        ("Share", Align::Right),
        ("Before", Align::Right),
    ]);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    for one in &comparison.segments {
        let before = one.live.map(|place| &live.segments[place]);
        let now = one.candidate.map(|place| &candidate.segments[place]);
        let Some(segment) = now.or(before) else { continue };
        let share = |share: f64| format!("{:.1}%", share * 100.0);
        table.row([
            segment.cluster_id.to_string(),
            segment.persona(language).to_owned(),
            one.kind().to_owned(),
            or_dash(one.sureness.map(|sureness| format!("{sureness:.2}"))),
            or_dash(now.map(|segment| segment.size.to_string())),
            or_dash(before.map(|segment| segment.size.to_string())),
            or_dash(now.map(|segment| share(segment.share))),
            or_dash(before.map(|segment| share(segment.share))),
        ]);
    }
    let centers = |model: &Model| report::segments(model, language);
    format!("{table}\nCentres before:\n{}\nCentres now:\n{}", centers(live), centers(candidate))
}

/// From where (rows) to where (columns), in the order of the ids.
fn moves_in_text(comparison: &Comparison, moves: &Moves, language: Language) -> String {
    let Comparison { live, candidate, .. } = comparison;
    let ids: Vec<String> =
        candidate.segments.iter().map(|s| format!("to {}", s.cluster_id)).collect();
    let mut columns = vec![("from", Align::Right), ("Persona", Align::Left)];
    columns.extend(ids.iter().map(|id| (id.as_str(), Align::Right)));
    let mut table = Table::new(columns);
    for (segment, counts) in live.segments.iter().zip(&moves.counts) {
        let mut cells = vec![segment.cluster_id.to_string(), segment.persona(language).to_owned()];
        cells.extend(counts.iter().map(ToString::to_string));
        table.row(cells);
    }
    format!("{table}\n{} of {} customers move.", moves.moved, moves.customers())
}
