//! Customers as people keep them: each file gets a table, or an error that says what to do.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "parquet")]
mod parquet;

use std::fmt::Write;

use segmenta::Error;
use segmenta::dataset::{ColumnKind, Dataset, Need, OnError, Source};
use segmenta::features;
use segmenta::features::inspect::inspect;

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Dataset, Error> {
    Dataset::read(&Source::new(name, bytes), OnError::Fail)
}

#[track_caller]
fn message(result: Result<Dataset, Error>) -> String {
    let error = result.expect_err("an error");
    assert!(error.is_input());
    error.to_string()
}

#[test]
fn a_column_named_twice() {
    assert_eq!(
        message(read("t.csv", "a,b,a\n1,2,3\n")),
        "t.csv, row 1: the column \"a\" is named twice; rename one of the two"
    );
}

#[test]
fn two_thousand_columns() {
    let line = |cell: fn(usize) -> String| (0..2000).map(cell).collect::<Vec<_>>().join(",");
    let header = line(|i| format!("c{i}"));
    let rows: Vec<String> = (0..20)
        .map(|row| (0..2000).map(|i| ((i * row) % 97).to_string()).collect::<Vec<_>>().join(","))
        .collect();
    let data = read("t.csv", format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    assert_eq!((data.columns().len(), inspect(&data).len()), (2000, 2000));
    let short = format!("{header}\n{}\n1,2\n", rows.join("\n"));
    assert_eq!(message(read("t.csv", short)), "t.csv, row 22: 2 cells found, the header has 2000");
}

#[test]
fn a_column_of_a_million_different_texts_is_no_category() {
    let mut csv = "note,spent\n".to_owned();
    for i in 0..1_000_000 {
        let _ = writeln!(csv, "note {i},{}", i % 97);
    }
    let data = read("t.csv", csv).unwrap();
    assert_eq!(data.columns()[0].kind(), ColumnKind::Text);
    assert_eq!(features::choose(&data, &[]).unwrap(), [1]);
    assert_eq!(inspect(&data)[0].distinct, features::inspect::MOST_DISTINCT);
}

#[test]
fn a_header_only() {
    for (name, text) in [("t.csv", "a,b\n"), ("t.csv", "a;b\r\n\r\n")] {
        assert_eq!(
            message(read(name, text)),
            format!(
                "{name}: there are no customers in it; give a header and at least one row below it"
            )
        );
    }
}

#[test]
fn utf16_from_a_spreadsheet() {
    let text = "Größe\tUmsatz\r\nklein\t1.250,50\r\ngroß\t7,5\r\n";
    let bytes: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let data = read("t.txt", bytes).unwrap();
    assert_eq!(data.columns()[0].header(), "Größe");
    assert_eq!(data.columns()[1].numbers(), Some(&[1250.5, 7.5][..]));
    assert_eq!(data.detected()[0].to_string(), "CSV with tabs, decimal comma, UTF-16 LE");
}

#[test]
fn cells_that_count_as_empty() {
    let data = read("t.csv", "age,city\n19,Rome\nNA,-\nn/a,?\n-,NULL\n?,Rome\n#N/A,\n").unwrap();
    let [age, city] = [0, 1].map(|index| &data.columns()[index]);
    assert_eq!((0..6).filter(|&row| age.is_missing(row)).count(), 5);
    assert_eq!((city.categories(), city.missing_words().len()), (vec!["Rome".to_owned()], 3));
    assert_eq!(inspect(&data)[1].missing_words, ["-", "?", "NULL"]);
}

#[test]
fn rows_are_named_by_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    std::fs::write(&paths[0], "spent,age\n1,20\n2,30\n").unwrap();
    std::fs::write(&paths[1], "age,spent\n40,3\n50,x\n60,5\n").unwrap();
    let read = || Dataset::read(&Source::open_all(&paths).unwrap(), OnError::Fail).unwrap();
    let mut data = read();
    assert_eq!(data.name(), "a.csv and 1 more");
    assert_eq!(data.columns()[1].numbers(), Some(&[20.0, 30.0, 40.0, 50.0, 60.0][..]));
    let error = data.require(&[(0, Need::NUMBERS)], OnError::Fail).unwrap_err().to_string();
    assert_eq!(error, "b.csv, row 3, column \"spent\": \"x\" is not a number");
    data.require(&[(0, Need::NUMBERS)], OnError::Skip).unwrap();
    assert_eq!((data.n_rows(), data.skipped().len()), (4, 1));
    assert_eq!(data.columns()[0].numbers(), Some(&[1.0, 2.0, 3.0, 5.0][..]));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_that_was_left_out() {
    let error = message(read("t.parquet", "PAR1...."));
    assert!(error.contains("built without it; build it with `cargo build --release --features"));
}

#[test]
fn a_key_given_twice_is_told() {
    let source = Source::new("t.ndjson", "{\"a\":1,\"b\":2}\n{\"a\":1,\"a\":2}\n");
    let error = Dataset::read(&source, OnError::Fail).unwrap_err().to_string();
    assert_eq!(error, "t.ndjson, row 2: the key \"a\" is given twice; rename or remove one");
}
