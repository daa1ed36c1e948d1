//! How fast a log of transactions becomes customers, and in how much memory.
//!
//! `cargo bench --bench rfm -- 10000000` writes a log of so many rows to a temporary file and reads it: once
//! counting purchase days, once counting orders. Rows are lines of orders, in the order of their days, in
//! the shape of the UCI Online Retail log.

// There is nobody to hand an error to, and figures are what this is for.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::date;
use segmenta::dataset::{Input, ReadOptions, TableReader};
use segmenta::rfm::{AmountColumns, LogColumns, Rfm, RfmOptions, TableRows};

const DEFAULT_ROWS: u64 = 10_000_000;
const ROWS_OF_AN_ORDER: u64 = 20;
const CUSTOMERS: u64 = 200_000;
const DAYS: u64 = 730;

fn main() {
    // Cargo adds --bench.
    let rows = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(DEFAULT_ROWS);
    let file = tempfile::NamedTempFile::new().expect("a place for the log");
    write_log(file.path(), rows).expect("room for the log");
    let bytes = file.as_file().metadata().expect("it was written").len();
    println!("{rows} rows, {} MB", bytes / 1_000_000);
    for order in [None, Some("InvoiceNo")] {
        let began = Instant::now();
        let found = read(file.path(), order);
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "by {}: {} customers in {seconds:.2} s, {:.2} million rows a second, peak memory {}",
            order.unwrap_or("day"),
            found.customers.len(),
            rows as f64 / seconds / 1e6,
            peak_memory()
        );
    }
}

fn read(path: &Path, order: Option<&str>) -> Rfm {
    let reader = TableReader::open([Input::file(path)], ReadOptions::default());
    let mut rows = TableRows::new(reader.expect("it has a header"));
    let columns = LogColumns {
        customer: "CustomerID".to_owned(),
        date: "InvoiceDate".to_owned(),
        amount: AmountColumns::Product {
            quantity: "Quantity".to_owned(),
            price: "UnitPrice".to_owned(),
        },
        order: order.map(str::to_owned),
    };
    Rfm::read(&mut rows, &RfmOptions::new(columns)).expect("the log is good")
}

fn write_log(path: &Path, rows: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID")?;
    let first = date(2024, 12, 1);
    let mut state = 0;
    for row in 0..rows {
        let order = row / ROWS_OF_AN_ORDER;
        let day = i32::try_from(row * DAYS / rows).unwrap_or(0);
        let day = first.saturating_add(day.days());
        let number = mixed(&mut state);
        // Some customers order far more often than others.
        let mut of_order = order;
        let share = mixed(&mut of_order) % CUSTOMERS;
        let customer = 10_000 + share * share / CUSTOMERS;
        let returned = if of_order.is_multiple_of(50) { "-" } else { "" };
        writeln!(
            file,
            "{},{},{returned}{},{}/{}/{} {}:{:02},{}.{:02},{customer}",
            536_000 + order,
            20_000 + number % 4000,
            1 + number % 24,
            day.month(),
            day.day(),
            day.year(),
            8 + order % 10,
            order % 60,
            number % 10,
            number / 10 % 100,
        )?;
    }
    file.flush()
}

/// The next number of a fixed sequence (splitmix64).
fn mixed(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The most memory that the process ever had, where the system says so.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or("unknown".to_owned(), |peak| peak.trim().to_owned())
}
