//! `segmenta inspect`: what is in the columns, and which may serve as features.

use clap::Args;
use segmenta::dataset::{Dataset, Skipped};
use segmenta::features::inspect::{ColumnReport, MOST_DISTINCT, inspect};
use segmenta::model::TrainOptions;
use serde_json::{Value, json};

use super::data::InputArgs;
use super::options::JsonArgs;
use super::out_of_core::{Drawing, LimitArgs};
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
    limit: LimitArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Prints a line for each column.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let drawing = Drawing(&TrainOptions::new()?);
    let drawn = args.input.pass_over(None, &args.limit, drawing)?;
    let (data, n_rows, skipped) = if let Some(drawn) = drawn {
        // Of few rows all are drawn.
        let is_part = drawn.n_rows > drawn.data.n_rows() as u64;
        (drawn.data, is_part.then_some(drawn.n_rows), drawn.skipped)
    } else {
        let data = args.input.dataset(&args.input.source()?)?;
        let listed = data.skipped().iter().map(ToString::to_string).collect();
        let skipped = Skipped { count: data.skipped().len(), listed };
        (data, None, skipped)
    };
    let columns = inspect(&data);
    if args.json.json {
        let detected = data.detected().iter().map(ToString::to_string);
        let mut found = json!({
            "data": data.name(),
            "rows": n_rows.unwrap_or(data.n_rows() as u64),
            "read_as": detected.collect::<Value>(),
            "columns": columns,
            "skipped_rows": report::skipped_json(&skipped.listed),
        });
        if n_rows.is_some() {
            found["drawn_rows"] = data.n_rows().into();
        }
        output::print_json(&found)?;
    } else {
        report::note_skipped(skipped.count, &skipped.listed);
        output::print(&to_text(&data, n_rows, &columns))?;
    }
    Ok(())
}

fn to_text(data: &Dataset, n_rows: Option<u64>, columns: &[ColumnReport]) -> String {
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
    let drawn = report::rows(data.n_rows());
    let (rows, note) = match n_rows {
        None => (drawn, String::new()),
        Some(all) => {
            let all = report::rows(usize::try_from(all).unwrap_or(usize::MAX));
            (all, format!(" (what follows is seen in {drawn} drawn at random)"))
        }
    };
    format!("{}: {rows}, {} columns{note}\n\n{table}", data.name(), columns.len())
}

/// A share. A few missing cells of many are not none.
fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.001 { "<0.1%".to_owned() } else { format!("{:.1}%", share * 100.0) }
}
