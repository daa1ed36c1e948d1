//! `segmenta elbow`: how many segments there should be.

use clap::Args;
use segmenta::elbow::{ElbowPoint, sweep};
use segmenta::model::{Prepared, prepare};
use serde_json::json;

use super::options::{DataArgs, JsonArgs, KMeansArgs, LangArgs};
use super::{output, preparation, progress, report};

const EXAMPLES: &str = "\
Examples:
  segmenta elbow customers.csv
  segmenta elbow customers.csv --features age,annual_income --k-max 15
  segmenta elbow customers.csv --min-segment-size 5%
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
    let mut data = args.data.dataset(&args.data.input.source()?)?;
    if args.data.show_preparation {
        return preparation::show(data, &options, args.lang.language());
    }
    let Prepared { chosen, points, .. } = prepare(&mut data, &options)?;
    let headers: Vec<&str> = chosen.iter().map(|&index| data.columns()[index].header()).collect();
    let bar = progress::sweep(options.k_max);
    let progress = |_: &ElbowPoint| bar.inc(1);
    let found = sweep(&points, &options.kmeans, options.k_max, &options.cancel, progress);
    bar.finish_and_clear();
    let elbow = found?.elbow.requiring(options.min_segment_size)?;

    if args.json.json {
        let names: Vec<&str> = chosen.iter().map(|&index| data.columns()[index].name()).collect();
        output::print_json(&json!({
            "data": data.name(),
            "rows": data.n_rows(),
            "features": names,
            "elbow": elbow,
            "skipped_rows": report::skipped_json(data.skipped()),
        }))?;
    } else {
        report::note_skipped(data.skipped().len(), data.skipped());
        let about = report::about(data.name(), data.n_rows(), &headers);
        output::print(&format!("{about}\n\n{}", report::elbow(&elbow, data.n_rows())))?;
    }
    Ok(())
}
