//! Scored customers as CSV, NDJSON and Parquet, whatever they came as.

use std::path::Path;

use serde_json::{Value, json};

use crate::run::{HEADER, folder_with, run};

const LINES: &str = "\
{\"Annual Income (k$)\":15.5,\"Spending Score (1-100)\":39,\"visits\":5,\"code\":\"007\",\"big\":9007199254740993,\"note\":\"=a\"}\n\
{\"Annual Income (k$)\":50,\"Spending Score (1-100)\":50,\"visits\":null,\"code\":\"1\",\"big\":2}\n";

fn predict(folder: &Path, file: &str, out: &str) -> String {
    run(folder, &["predict", "--model", "model.json", file, "--out", out]).ok();
    std::fs::read_to_string(folder.join(out)).unwrap_or_default()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn numbers_of_ndjson_stay_numbers() {
    let folder = folder_with("new.ndjson", LINES);
    for out in ["scored.ndjson", "scored.JSONL"] {
        let text = predict(folder.path(), "new.ndjson", out);
        let rows = lines(&text);
        assert_eq!(rows[0]["visits"], 5);
        assert_eq!(rows[0]["code"], "007");
        assert_eq!(rows[0]["Annual Income (k$)"], 15.5);
        assert_eq!((&rows[0]["cluster_id"], &rows[1]["persona"]), (&json!(0), &json!("Standard")));
        assert!(text.starts_with("{\"Annual Income (k$)\":15.5,\"Spending Score (1-100)\":39,"));
        assert!(text.contains("\"big\":9007199254740993,"), "{text}");
        assert_eq!(rows[1]["visits"], Value::Null);
    }
    let csv = predict(folder.path(), "new.ndjson", "scored.csv");
    assert!(
        csv.starts_with(&format!("{HEADER},visits,code,big,note,cluster_id,persona,distance\n"))
    );
    assert!(csv.contains("\n15.5,39,5,007,9007199254740993,=a,0,Sensible,0.8"), "{csv}");
}

#[test]
fn a_file_that_ends_otherwise_is_csv() {
    let folder = folder_with("new.csv", &format!("{HEADER}\n50,50\n"));
    for out in ["scored", "scored.txt", "scored.tsv"] {
        let text = predict(folder.path(), "new.csv", out);
        assert!(text.starts_with(&format!("{HEADER},cluster_id")), "{text}");
    }
}

#[cfg(feature = "parquet")]
mod parquet {
    use segmenta::dataset::csv::Record;
    use segmenta::dataset::{CellType, Input, ReadOptions, TableReader};

    use super::*;

    /// The rows of a file without what predict adds, so that they can be scored again.
    fn without_added(text: &str) -> String {
        let rows = lines(text).into_iter().map(|mut row| {
            for added in ["cluster_id", "persona", "distance"] {
                row.as_object_mut().unwrap().remove(added);
            }
            format!("{row}\n")
        });
        rows.collect()
    }

    #[test]
    fn parquet_keeps_types_there_and_back() {
        let folder = folder_with("new.ndjson", LINES);
        predict(folder.path(), "new.ndjson", "scored.parquet");
        let input = Input::file(folder.path().join("scored.parquet"));
        let mut table = TableReader::open([input], ReadOptions::default()).unwrap();
        let headers = table.headers().to_vec();
        assert_eq!(
            headers[2..],
            ["visits", "code", "big", "note", "cluster_id", "persona", "distance"]
        );
        let (text, number, whole) = (CellType::Text, CellType::Number, CellType::Whole);
        let expected = [number, whole, whole, text, whole, text, whole, text, number];
        assert_eq!(table.types().unwrap(), expected);
        let mut record = Record::default();
        assert!(table.read(&mut record).unwrap());
        let cells: Vec<&str> = record.cells().take(8).collect();
        assert_eq!(cells, ["15.5", "39", "5", "007", "9007199254740993", "=a", "0", "Sensible"]);
        assert!(table.read(&mut record).unwrap());
        assert_eq!(record.cell(2), "");
        assert!(!table.read(&mut record).unwrap());

        // What was scored is scored again the same, as any of the forms.
        let scored = predict(folder.path(), "new.ndjson", "scored.ndjson");
        std::fs::write(folder.path().join("again.ndjson"), without_added(&scored)).unwrap();
        assert_eq!(predict(folder.path(), "again.ndjson", "again_scored.ndjson"), scored);
        let ran = run(
            folder.path(),
            &["predict", "--model", "model.json", "scored.parquet", "--out", "twice.parquet"],
        );
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("there already is a column \"cluster_id\""), "{}", ran.stderr);
    }

    #[test]
    fn numbers_of_csv_are_those_that_the_model_knows() {
        let many = "50,50,01,7\n".repeat(10_000) + "\"1.5\",,02,x\n";
        let folder = folder_with("new.csv", &format!("{HEADER},Code,Age\n{many}"));
        let args = ["predict", "--model", "model.json", "new.csv", "--out", "s.parquet"];
        let ran = run(folder.path(), &args);
        assert_eq!(ran.code, 2);
        assert!(
            ran.stderr.contains("row 10002, column \"Age\": \"x\" is not a number"),
            "{}",
            ran.stderr
        );
        assert!(!folder.path().join("s.parquet").exists());
        let ran = run(folder.path(), &[&args[..], &["--on-error", "skip"]].concat()).ok();
        assert!(ran.stderr.contains("10000 scored, 1 skipped"), "{}", ran.stderr);
        let input = Input::file(folder.path().join("s.parquet"));
        let mut table = TableReader::open([input], ReadOptions::default()).unwrap();
        let (text, number) = (CellType::Text, CellType::Number);
        assert_eq!(table.types().unwrap()[..4], [number, number, text, number]);
        let (mut record, mut rows) = (Record::default(), 0);
        while table.read(&mut record).unwrap() {
            assert_eq!((record.cell(2), record.cell(3), record.cell(4)), ("01", "7", "2"));
            rows += 1;
        }
        assert_eq!(rows, 10_000);
    }

    #[test]
    fn parquet_and_json_do_not_go_together() {
        let folder = folder_with("new.csv", &format!("{HEADER}\n50,50\n"));
        let args = ["predict", "--model", "model.json", "new.csv", "--json", "--out", "s.parquet"];
        let ran = run(folder.path(), &args);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("cannot go together"), "{}", ran.stderr);
    }
}
