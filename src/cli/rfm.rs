//! `segmenta rfm`: from a log of transactions to one row a customer.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use jiff::civil::Date;
use segmenta::Result;
use segmenta::dataset::csv::Dialect;
use segmenta::dataset::date::DateOrder;
use segmenta::dataset::number::DecimalMark;
use segmenta::rfm::{AmountColumns, Counts, Customer, LogColumns, Rfm, RfmOptions, TableRows};
use serde_json::{Value, json};

use super::failure::Usage;
use super::options::{DataDirArgs, FormatArgs, JsonArgs, OnErrorArgs, is_stdin};
use super::output::{self, Output, Taken, note};
use super::rows::{RowWriter, cells};
use super::values::{self, Parameter};
use super::{input, report};

const EXAMPLES: &str = "\
Examples:
  segmenta rfm orders.csv --customer Buyer --date Day --amount Paid --out customers.csv
  segmenta rfm orders.csv --customer CustomerID --date InvoiceDate --order InvoiceNo \\
    --quantity Quantity --price UnitPrice --as-of 2011-12-10 --out customers.csv
  segmenta train customers.csv

The columns are: the customer's id; recency, days since the last purchase; frequency, the number
of purchases; monetary, the sum of purchases less returns; average_basket, what a purchase is
worth before returns; tenure, days since the first purchase; returns_share, returns by purchases.

A purchase is an order where --order names the orders' ids, else all that was bought on one day.
Negative amounts are returns, and so are orders whose id is a C and a number: they lower monetary
and are no purchases. Customers without a purchase are left out and counted, and so are rows
without a customer.";

/// Which log to read, and how.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("value").required(true).args(["amount", "quantity"]))]
pub struct RfmArgs {
    /// Transactions as CSV, NDJSON or Parquet, also packed with gzip or zstd: files, folders or patterns;
    /// `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    /// The column of customers' ids, by header or short name
    #[arg(long, env = "SEGMENTA_CUSTOMER", value_name = "NAME")]
    customer: String,
    /// The column of dates, with or without a time
    #[arg(long, env = "SEGMENTA_DATE", value_name = "NAME")]
    date: String,
    /// The column of amounts, also with a currency, marks between thousands, or in brackets for
    /// negative ones
    #[arg(long, env = "SEGMENTA_AMOUNT", value_name = "NAME")]
    amount: Option<String>,
    /// The column of quantities, to be multiplied by the price, instead of an amount
    #[arg(long, env = "SEGMENTA_QUANTITY", value_name = "NAME", requires = "price")]
    quantity: Option<String>,
    /// The column of prices of a piece, written as amounts may be
    #[arg(
        long,
        env = "SEGMENTA_PRICE",
        value_name = "NAME",
        requires = "quantity",
        conflicts_with = "amount"
    )]
    price: Option<String>,
    /// The column of orders' ids; without it, all that is bought on a day is one purchase
    #[arg(long, env = "SEGMENTA_ORDER", value_name = "NAME")]
    order: Option<String>,
    /// What begins the id of a cancelled order, before a number; empty for nothing
    #[arg(long, env = "SEGMENTA_CANCELLED_PREFIX", value_name = "TEXT", default_value = "C")]
    cancelled_prefix: String,
    /// The day as of which customers are described; later rows are left out [default: that of the
    /// newest row]
    #[arg(long, env = "SEGMENTA_AS_OF", value_name = "DATE", value_parser = Parameter(values::day))]
    as_of: Option<Date>,
    /// What comes first in dates [default: what the dates tell]
    #[arg(long, env = "SEGMENTA_DATE_ORDER", value_enum, value_name = "ORDER")]
    date_order: Option<DateOrderArg>,
    /// Write the customers to this file instead of standard output
    #[arg(long, env = "SEGMENTA_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    on_error: OnErrorArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What comes first in dates.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DateOrderArg {
    /// The year, as in 2026-11-25
    Ymd,
    /// The day, as in 25/11/2026
    Dmy,
    /// The month, as in 11/25/2026
    Mdy,
}

impl From<DateOrderArg> for DateOrder {
    fn from(order: DateOrderArg) -> Self {
        match order {
            DateOrderArg::Ymd => Self::YearFirst,
            DateOrderArg::Dmy => Self::DayFirst,
            DateOrderArg::Mdy => Self::MonthFirst,
        }
    }
}

/// Reads the log, then writes the customers.
pub fn run(args: &RfmArgs) -> anyhow::Result<()> {
    let output = args.output()?;
    let (reader, bar) = input::open(&args.files, &args.format, false)?;
    let dialect = reader.dialect();
    let found = Rfm::read(&mut TableRows::new(reader), &args.options());
    bar.finish_and_clear();
    let found = found?;
    write(&found, dialect, output)?;
    if args.json.json {
        output::print_json(&args.to_json(&found))?;
    } else {
        args.summarise(&found, dialect);
    }
    Ok(())
}

impl RfmArgs {
    /// Where the customers go. A file is begun before the log is read: whether it can be written shows
    /// then, not hours later.
    fn output(&self) -> anyhow::Result<Output> {
        if self.json.json && self.out.as_deref().is_none_or(is_stdin) {
            let problem = "--json prints a summary; name a file for the customers with --out";
            return Err(Usage(problem.to_owned()).into());
        }
        let models = DataDirArgs { data_dir: None };
        let inputs = self.files.iter().map(PathBuf::as_path).collect();
        let taken = Taken { option: "--out", inputs, data_dir: models.path() };
        Output::open(self.out.as_deref(), &taken)
    }

    fn options(&self) -> RfmOptions {
        let name = |option: &Option<String>| option.clone().unwrap_or_default();
        let amount = match &self.amount {
            Some(amount) => AmountColumns::Amount(amount.clone()),
            None => {
                AmountColumns::Product { quantity: name(&self.quantity), price: name(&self.price) }
            }
        };
        RfmOptions {
            cancelled_prefix: self.cancelled_prefix.clone(),
            as_of: self.as_of,
            date_order: self.date_order.map(DateOrder::from),
            on_error: self.on_error.choice(),
            ..RfmOptions::new(LogColumns {
                customer: self.customer.clone(),
                date: self.date.clone(),
                amount,
                order: self.order.clone(),
            })
        }
    }

    fn to_json(&self, found: &Rfm) -> Value {
        let counts = found.counts;
        json!({
            "path": self.out,
            "customers": found.customers.len(),
            "as_of": found.as_of.to_string(),
            "date_order": found.date_order.map(|order| order.to_string()),
            "decimal": found.decimal,
            "unit": found.unit,
            "rows": counts.rows,
            "rows_without_customer": counts.without_customer,
            "rows_after_as_of": counts.after_as_of,
            "rows_returned": counts.returns,
            "rows_cancelled_by_id": counts.cancelled,
            "rows_of_amount_0": counts.free,
            "customers_without_purchase": counts.without_purchase,
            "skipped": counts.skipped,
            "skipped_rows": report::skipped_json(&found.skipped),
        })
    }

    fn summarise(&self, found: &Rfm, dialect: Dialect) {
        let Counts { skipped, .. } = found.counts;
        report::note_skipped(usize::try_from(skipped).unwrap_or(usize::MAX), &found.skipped);
        let order =
            found.date_order.map_or_else(String::new, |order| format!(", dates read as {order}"));
        note(format_args!(
            "{} of {}, as of {}{order}{}",
            of(found.customers.len() as u64, "customer"),
            of(found.counts.rows, "row"),
            found.as_of,
            amounts(found, dialect),
        ));
        for line in remarks(&found.counts) {
            note(format_args!("  {line}"));
        }
        if let Some(out) = self.out.as_deref().filter(|out| !is_stdin(out)) {
            let out = out.display();
            note(format_args!("Written to {out}; learn segments with: segmenta train {out}"));
        }
    }
}

/// How amounts were read, where the file does not say it.
fn amounts(found: &Rfm, dialect: Dialect) -> String {
    let unit = found.unit.map(|unit| format!(" in {unit}")).unwrap_or_default();
    let mark = match found.decimal {
        decimal if decimal == dialect.decimal => "",
        DecimalMark::Point => " with a decimal point",
        DecimalMark::Comma => " with a decimal comma",
    };
    match format!("{unit}{mark}") {
        text if text.is_empty() => text,
        text => format!(", amounts{text}"),
    }
}

/// What became of rows that are no plain purchases.
fn remarks(counts: &Counts) -> impl Iterator<Item = String> {
    let lines = [
        (counts.without_customer, "row", "without a customer: left out"),
        (counts.after_as_of, "row", "later than that day: left out"),
        (counts.returns, "row", "of returns or cancelled orders: taken off, no purchases"),
        (counts.cancelled, "row", "of these with a positive amount, cancelled by the order's id"),
        (counts.free, "row", "of amount 0: no purchases"),
        (counts.without_purchase, "customer", "without a purchase: left out"),
    ];
    let said = lines.into_iter().filter(|(count, ..)| *count > 0);
    said.map(|(count, what, fate)| format!("{} {fate}", of(count, what)))
}

fn of(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Writes the customers as the log writes its cells and numbers.
fn write(found: &Rfm, dialect: Dialect, output: Output) -> Result<()> {
    let mut writer = RowWriter::csv(output, dialect.delimiter);
    writer.header(std::iter::once(found.customer_header.as_str()).chain(Customer::HEADERS))?;
    for customer in &found.customers {
        let row = customer.cells(dialect.decimal);
        if let RowWriter::Csv(writer) = &mut writer {
            cells(writer, std::iter::once(&customer.id).chain(&row).map(String::as_str))?;
        }
    }
    writer.finish()
}
