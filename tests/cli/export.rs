//! `segmenta export`: customers, and a model in other forms.

use serde_json::Value;

use crate::run::{HEADER, folder_with, redacted, run, trained};

#[test]
fn customers() {
    let all = run(trained(), &["export"]).ok().stdout;
    let mut lines = all.lines();
    assert_eq!(lines.next().unwrap(), format!("CustomerID,Gender,Age,{HEADER},Cluster,Persona"));
    assert_eq!(lines.next().unwrap(), "1,Male,19,15,39,0,Sensible");
    assert_eq!(lines.count(), 199);
    for segment in ["4", "target", "Sultan"] {
        let args = ["export", "--format", "json", "--lang", "id", "--segment", segment];
        let json = run(trained(), &args).ok().json();
        let rows = json.as_array().unwrap();
        assert_eq!(rows.len(), 39);
        assert!(rows.iter().all(|row| row["Cluster"] == 4 && row["Persona"] == "Sultan"));
    }
    let lines = run(trained(), &["export", "--format", "ndjson"]).ok().stdout;
    assert_eq!(lines.lines().count(), 200);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[test]
fn a_model_in_each_form() {
    let folder = folder_with("unused", "");
    let export = |format, out| {
        let args = ["export", "--model", "model.json", "--format", format, "--out", out];
        let ran = run(folder.path(), &args).ok();
        assert_eq!(ran.stdout, "");
        (std::fs::read(folder.path().join(out)).unwrap(), ran.stderr)
    };
    let (onnx, said) = export("onnx", "model.onnx");
    assert!(onnx.windows(8).any(|bytes| bytes == b"segmenta"));
    assert_eq!(said, "");
    let (pmml, said) = export("pmml", "model.pmml");
    assert!(pmml.ends_with(b"</PMML>\n"));
    assert_eq!(said, "");
    let (arrays, said) = export("sklearn", "arrays.json");
    assert_eq!(serde_json::from_slice::<Value>(&arrays).unwrap()["personas"][4], "Target");
    insta::assert_snapshot!("export_sklearn", said);
    let (report, said) = export("html", "report.html");
    assert!(report.ends_with(b"</html>"));
    // The folder holds the model's file and no customers.
    let path = "./segmenta-data/models/[ version  ]/customers.csv";
    assert_eq!(
        redacted(&said),
        format!(
            "note: the report is without a map of customers: {path}: the customers that the model was \
             learned from are missing; train anew to bring them back\n"
        )
    );
}

#[test]
fn a_report_of_the_model_in_use_has_a_map_in_the_language_asked_for() {
    let ran = run(trained(), &["export", "--format", "html", "--lang", "id"]).ok();
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("<html lang=\"id\">"));
    assert!(ran.stdout.contains("Diagram pencar 200 pelanggan"));
    assert!(ran.stdout.contains("Sultan Irit"));
}

#[test]
fn a_segment_is_chosen_only_of_customers() {
    for format in ["html", "onnx", "pmml", "sklearn"] {
        let ran = run(trained(), &["export", "--format", format, "--segment", "Target"]);
        assert_eq!(ran.code, 2);
        assert_eq!(
            ran.stderr,
            "error: --segment chooses customers; leave it out, or give --format csv, json or ndjson\n"
        );
    }
}
