//! Reads a table of customers and says how long it took: the side of Segmenta in `benches/reading/`.
//!
//!     read_table FILE COLUMN

#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Instant;

use segmenta::dataset::{Dataset, OnError, Source};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(column)) = (args.next(), args.next()) else {
        return Err("give a file and a column".into());
    };
    let start = Instant::now();
    let source = Source::open(&PathBuf::from(file))?;
    let data = Dataset::read(&source, OnError::Fail)?;
    let seconds = start.elapsed().as_secs_f64();
    let column = &data.columns()[data.column_index(&column)?];
    let sum: f64 = column.numbers().unwrap_or_default().iter().filter(|x| !x.is_nan()).sum();
    let rows = data.n_rows();
    println!("{}", serde_json::json!({ "seconds": seconds, "rows": rows, "sum": sum }));
    Ok(())
}
