//! `segmenta elbow`: how many segments there should be.

use clap::Args;
use segmenta::elbow::{Elbow, ElbowPoint, sweep};
use segmenta::model::{Prepared, Streamed, prepare};
use serde_json::json;

use super::data::DataArgs;
use super::options::{JsonArgs, KMeansArgs, LangArgs};
use super::{output, progress, report};

const EXAMPLES: &str = "\
Examples:
  segmenta elbow customers.csv
  segmenta elbow customers.csv --features age,annual_income --k-max 15
  segmenta elbow customers.csv --min-segment-size 5%
  segmenta elbow 'shop/*.parquet' --memory-limit 2GiB
  segmenta elbow customers.csv --json | jq .elbow.n_clusters";

/// What to look at.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ElbowArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    kmeans: KMeansArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Prints WCSS and the indices for each number of clusters, and what they advise.
pub fn run(args: &ElbowArgs) -> anyhow::Result<()> {
    let options = args.data.options(&args.kmeans)?;
    if args.data.show_preparation {
        return args.data.show_preparation(&options, args.lang.language());
    }
    if let Some(streamed) = args.data.train_out_of_core(&options, false)? {
        let Streamed { model, skipped, .. } = streamed;
        return args.print(&Found {
            data: &model.data.name,
            rows: model.data.rows,
            features: model.features.iter().map(|c| (c.name.as_str(), c.column.as_str())).collect(),
            elbow: &model.elbow,
            n_skipped: model.data.skipped_rows,
            skipped,
            passes: report::out_of_core(&model),
        });
    }
    let mut data = args.data.dataset(&args.data.input.source()?)?;
    let Prepared { chosen, points, .. } = prepare(&mut data, &options)?;
    let bar = progress::sweep(options.k_max);
    let progress = |_: &ElbowPoint| bar.inc(1);
    let found = sweep(&points, &options.kmeans, options.k_max, &options.cancel, progress);
    bar.finish_and_clear();
    let elbow = found?.elbow.requiring(options.min_segment_size)?;
    let columns = chosen.iter().map(|&index| &data.columns()[index]);
    args.print(&Found {
        data: data.name(),
        rows: data.n_rows(),
        features: columns.map(|column| (column.name(), column.header())).collect(),
        elbow: &elbow,
        n_skipped: data.skipped().len(),
        skipped: data.skipped().iter().map(ToString::to_string).collect(),
        passes: None,
    })
}

/// What is printed.
struct Found<'a> {
    data: &'a str,
    rows: usize,
    /// Short names and headers.
    features: Vec<(&'a str, &'a str)>,
    elbow: &'a Elbow,
    n_skipped: usize,
    /// The first of those.
    skipped: Vec<String>,
    /// What the passes over the files were, if it took several.
    passes: Option<String>,
}

impl ElbowArgs {
    fn print(&self, found: &Found) -> anyhow::Result<()> {
        let Found { data, rows, features, elbow, n_skipped, skipped, passes } = found;
        if self.json.json {
            let names: Vec<&str> = features.iter().map(|(name, _)| *name).collect();
            output::print_json(&json!({
                "data": data,
                "rows": rows,
                "features": names,
                "elbow": elbow,
                "skipped_rows": report::skipped_json(skipped),
            }))?;
            return Ok(());
        }
        report::note_skipped(*n_skipped, skipped);
        let headers: Vec<&str> = features.iter().map(|(_, header)| *header).collect();
        let about = report::about(data, *rows, &headers);
        let mut text = format!("{about}\n\n{}", report::elbow(elbow, *rows));
        if let Some(passes) = passes {
            text.push_str(passes);
        }
        Ok(output::print(&text)?)
    }
}
