//! `segmenta inspect`: what is in the columns, and which may serve as features.

use clap::Args;
use segmenta::dataset::Dataset;
use segmenta::features::inspect::{ColumnReport, MOST_DISTINCT, inspect};
use serde_json::{Value, json};

use super::options::{InputArgs, JsonArgs};
use super::table::{Align, Table, numbers};
use super::{output, report};

const EXAMPLES: &str = "\
Examples:
  segmenta inspect customers.csv
  segmenta inspect 'shops/*.csv.gz' --decimal comma
  segmenta inspect customers.parquet --json | jq '.columns[] | select(.is_proposed).name'";

/// What to look at.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InspectArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Prints a line for each column.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let data = args.input.dataset(&args.input.source()?)?;
    let columns = inspect(&data);
    if args.json.json {
        let detected = data.detected().iter().map(ToString::to_string);
        output::print_json(&json!({
            "data": data.name(),
            "rows": data.n_rows(),
            "read_as": detected.collect::<Value>(),
            "columns": columns,
            "skipped_rows": report::skipped_json(data.skipped()),
        }))?;
    } else {
        report::note_skipped(data.skipped().len(), data.skipped());
        output::print(&to_text(&data, &columns))?;
    }
    Ok(())
}

fn to_text(data: &Dataset, columns: &[ColumnReport]) -> String {
    let mut table = Table::new([
        ("Column", Align::Left),
        ("Kind", Align::Left),
        ("Missing", Align::Right),
        ("Distinct", Align::Right),
        ("Least", Align::Right),
        ("Most", Align::Right),
        ("Skew", Align::Right),
        ("Feature", Align::Left),
        ("Why", Align::Left),
    ]);
    for column in columns {
        let range = column.numbers.map(|found| numbers(&[found.min, found.max]));
        let [least, most] = range.and_then(|range| range.try_into().ok()).unwrap_or_default();
        let skew = column.numbers.and_then(|found| found.skew);
        let more = if column.distinct == MOST_DISTINCT { "+" } else { "" };
        table.row([
            column.column.clone(),
            column.kind.to_owned(),
            percent(column.missing),
            format!("{}{more}", column.distinct),
            least,
            most,
            skew.map_or_else(String::new, |skew| format!("{skew:.2}")),
            if column.is_proposed { "yes" } else { "no" }.to_owned(),
            column.reason.clone(),
        ]);
    }
    let rows = report::rows(data.n_rows());
    format!("{}: {rows}, {} columns\n\n{table}", data.name(), columns.len())
}

/// A share. A few missing cells of many are not none.
fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.001 { "<0.1%".to_owned() } else { format!("{:.1}%", share * 100.0) }
}
