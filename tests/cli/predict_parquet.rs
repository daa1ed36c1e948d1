//! Parquet that is scored to Parquet, column by column.

#![cfg(feature = "parquet")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use crate::run::{folder_with, run};

/// Customers with columns of many types, numbered from `first`; every hundredth lacks its score.
fn customers(first: i64, n_rows: i64) -> RecordBatch {
    let rows = || first..first + n_rows;
    let score = |i: i64| (i % 100 != 7).then_some((i % 99) as f64);
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(Int64Array::from_iter_values(rows().map(|i| i + (1 << 60))))),
        ("since", Arc::new(rows().map(|i| i32::try_from(i).ok()).collect::<Date32Array>())),
        ("Spending Score (1-100)", Arc::new(rows().map(score).collect::<Float64Array>())),
        ("city", Arc::new(rows().map(|i| (i % 3 > 0).then_some("Rome")).collect::<StringArray>())),
        (
            "Annual Income (k$)",
            Arc::new(Int64Array::from_iter_values(rows().map(|i| 15 + i % 120))),
        ),
        ("loyal", Arc::new(rows().map(|i| Some(i % 2 == 0)).collect::<BooleanArray>())),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn write(path: &Path, rows: &RecordBatch, rows_of_group: usize) {
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(rows_of_group)).build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path) -> (Schema, Vec<RecordBatch>, usize) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let (schema, n_groups) = (reader.schema().as_ref().clone(), reader.metadata().num_row_groups());
    (schema, reader.build().unwrap().map(Result::unwrap).collect(), n_groups)
}

const ARGS: [&str; 7] = ["predict", "--model", "model.json", "shop", "--on-error", "skip", "--out"];

#[test]
fn all_columns_stay_as_they_are_and_segments_are_those_of_any_form() {
    let folder = folder_with("empty.csv", "");
    let shop = folder.path().join("shop");
    std::fs::create_dir(&shop).unwrap();
    write(&shop.join("a.parquet"), &customers(0, 20_000), 50);
    write(&shop.join("b.parquet"), &customers(20_000, 5_000), 100_000);
    write(&shop.join("c.parquet"), &customers(0, 0), 10);
    let ran = run(folder.path(), &[&ARGS[..], &["scored.parquet"]].concat()).ok();
    assert!(ran.stderr.contains("24750 scored, 250 skipped"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("a.parquet, row 8, column \"Spending Score (1-100)\""),
        "{}",
        ran.stderr
    );
    run(folder.path(), &[&ARGS[..], &["scored.ndjson"]].concat()).ok();

    let (schema, batches, n_groups) = read(&folder.path().join("scored.parquet"));
    let types: Vec<(&str, &DataType)> =
        schema.fields().iter().map(|field| (field.name().as_str(), field.data_type())).collect();
    let expected = [
        ("id", &DataType::Int64),
        ("since", &DataType::Date32),
        ("Spending Score (1-100)", &DataType::Float64),
        ("city", &DataType::Utf8),
        ("Annual Income (k$)", &DataType::Int64),
        ("loyal", &DataType::Boolean),
        ("cluster_id", &DataType::Int64),
        ("persona", &DataType::Utf8),
        ("distance", &DataType::Float64),
    ];
    assert_eq!(types, expected);
    assert_eq!(n_groups, 1, "small groups are written as one");

    let text = std::fs::read_to_string(folder.path().join("scored.ndjson")).unwrap();
    let mut lines = text.lines();
    let mut n_rows = 0;
    for batch in &batches {
        let ids = batch.column(0).as_primitive::<Int64Type>();
        let dates = batch.column(1).as_primitive::<Date32Type>();
        let segments = batch.column(6).as_primitive::<Int64Type>();
        let personas = batch.column(7).as_string::<i32>();
        let distances = batch.column(8).as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let known: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
            assert_eq!(i64::from(dates.value(row)), ids.value(row) - (1 << 60));
            assert_eq!(segments.value(row), known["cluster_id"].as_i64().unwrap());
            assert_eq!(personas.value(row), known["persona"]);
            assert_eq!(Some(distances.value(row)), known["distance"].as_f64());
            n_rows += 1;
        }
    }
    assert_eq!((n_rows, lines.next()), (24_750, None));
}

#[test]
fn large_groups_are_cut_and_rows_that_cannot_be_scored_end_it() {
    let folder = folder_with("empty.csv", "");
    let shop = folder.path().join("shop");
    std::fs::create_dir(&shop).unwrap();
    write(&shop.join("a.parquet"), &customers(0, 1_100_000), 2_000_000);
    run(folder.path(), &[&ARGS[..], &["scored.parquet"]].concat()).ok();
    let (_, batches, n_groups) = read(&folder.path().join("scored.parquet"));
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 1_089_000);
    assert_eq!(n_groups, 2);

    let ran =
        run(folder.path(), &["predict", "--model", "model.json", "shop", "--out", "all.parquet"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("a.parquet, row 8, column \"Spending Score (1-100)\""),
        "{}",
        ran.stderr
    );
    assert!(!folder.path().join("all.parquet").exists());
}

#[test]
fn files_that_differ_or_hold_nothing() {
    let folder = folder_with("empty.csv", "");
    let shop = folder.path().join("shop");
    std::fs::create_dir(&shop).unwrap();
    write(&shop.join("a.parquet"), &customers(0, 0), 10);
    let ran = run(folder.path(), &[&ARGS[..], &["scored.parquet"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no customers"), "{}", ran.stderr);
    assert!(!folder.path().join("scored.parquet").exists());

    // Other types in another file: columns become those that hold both.
    let rows = customers(0, 6);
    let only = rows.project(&[2, 4]).unwrap();
    write(&shop.join("a.parquet"), &only, 10);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["15", "n/a", "30"]));
    let scores: ArrayRef = Arc::new(Float64Array::from(vec![39.0, 1.0, 2.0]));
    let columns = [("Annual Income (k$)", texts), ("Spending Score (1-100)", scores)];
    write(&shop.join("b.parquet"), &RecordBatch::try_from_iter(columns).unwrap(), 10);
    let ran = run(folder.path(), &[&ARGS[..], &["scored.parquet"]].concat()).ok();
    assert!(ran.stderr.contains("8 scored, 1 skipped"), "{}", ran.stderr);

    // A file that was cut off.
    let whole = std::fs::read(shop.join("a.parquet")).unwrap();
    std::fs::write(shop.join("a.parquet"), &whole[..whole.len() / 2]).unwrap();
    let ran = run(folder.path(), &[&ARGS[..], &["damaged.parquet"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("a.parquet: the Parquet file is cut short"), "{}", ran.stderr);
    assert!(!folder.path().join("damaged.parquet").exists());
}

/// As a shell makes of `<(zcat new.csv.gz)`.
#[test]
#[cfg(unix)]
fn what_a_pipe_gives_is_read_once() {
    let folder = folder_with("empty.csv", "");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let text = format!("{}\n50,50\n15,39\n", crate::run::HEADER);
    let writer = std::thread::spawn(move || std::fs::write(pipe, text));
    let args = ["predict", "--model", "model.json", "pipe", "--out", "scored.parquet"];
    let ran = run(folder.path(), &args).ok();
    assert!(ran.stderr.contains("2 scored"), "{}", ran.stderr);
    writer.join().unwrap().unwrap();
}
