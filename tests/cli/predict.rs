//! Telling which segments new customers belong to.

use serde_json::Value;

use crate::run::{
    HEADER, finish, folder_with, nine_decimals, run, run_with_input, segmenta, trained,
};

#[test]
fn one_customer() {
    let args = ["predict", "--set", "annual_income=50", "--set", "Spending Score (1-100)=50"];
    let ran = run(trained(), &args).ok();
    insta::assert_snapshot!("predict_one", ran.stdout);
    assert_eq!(ran.stderr, "");
    let json = run(trained(), &[&args[..], &["--json", "--lang", "id"]].concat()).ok().json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "cluster_id",
            "persona",
            "description",
            "model_version",
            "distance",
            "confidence",
            "warnings"
        ]
    );
    assert_eq!(json["warnings"], serde_json::json!([]));
    assert_eq!((&json["cluster_id"], &json["persona"]), (&Value::from(2), &Value::from("Normal")));
}

#[test]
fn a_customer_unlike_any_is_warned_of() {
    let mut command = segmenta(trained());
    command.args(["predict"]).env("SEGMENTA_SET", "annual_income=500,spending_score=50");
    let ran = finish(command).ok();
    assert_eq!(
        ran.stderr,
        "warning: annual_income: 500 lies outside the training data's range, 15 to 137; take the \
         answer with care\n"
    );
    let args = ["predict", "--json", "--set", "annual_income=500,spending_score=50"];
    let ran = run(trained(), &args).ok();
    assert_eq!(ran.stderr, "");
    let warnings = &ran.json()["warnings"];
    assert_eq!(warnings.as_array().unwrap().len(), 1);
    assert_eq!(warnings[0]["loc"], serde_json::json!(["set", "annual_income"]));
    assert_eq!(warnings[0]["type"], "out_of_range");
    assert!(warnings[0]["msg"].as_str().unwrap().starts_with("500 lies outside the training data"));
}

#[test]
fn other_columns_of_the_training_data_may_be_set_too() {
    let features = ["predict", "--set", "annual_income=50", "--set", "spending_score=50"];
    let expected = run(trained(), &features).ok().stdout;
    for other in ["age=25", "Age=25.5", "Genre=Male", "gender=a=b", "CustomerID=x-7"] {
        let ran = run(trained(), &[&features[..], &["--set", other]].concat()).ok();
        assert_eq!((ran.stdout, ran.stderr.as_str()), (expected.clone(), ""), "{other}");
    }
}

#[test]
fn a_file_counts_more_than_a_customer_from_the_environment() {
    let mut command = segmenta(trained());
    command.env("SEGMENTA_SET", "shoes=42").args(["predict", "-"]);
    command.write_stdin(format!("{HEADER}\n50,50\n"));
    assert_eq!(finish(command).ok().stdout.lines().count(), 2);
}

#[test]
fn a_file_keeps_its_columns_and_its_dialect() {
    let text = "\u{feff}Spending Score (1-100);Name;annual_income\r\n39,5;\"Ada; \"\"A\"\"\";15,5\r\n50; b ;50\r\n";
    let folder = folder_with("new.csv", text);
    let args = ["predict", "--model", "model.json", "new.csv"];
    let ran = run(folder.path(), &args).ok();
    assert_eq!(
        nine_decimals(&ran.stdout),
        "Spending Score (1-100);Name;annual_income;cluster_id;persona;distance\n\
         39,5;\"Ada; \"\"A\"\"\";15,5;0;Sensible;0,831107862\n\
         50; b ;50;2;Standard;0,203018913\n"
    );
    assert_eq!(ran.stderr, "2 scored, 0 skipped, 0 outside of the training data's range\n");
    let written = run(folder.path(), &[&args[..], &["--out", "scored.csv"]].concat()).ok();
    assert_eq!(written.stdout, "");
    assert_eq!(std::fs::read_to_string(folder.path().join("scored.csv")).unwrap(), ran.stdout);
}

#[test]
fn a_file_becomes_lines_of_json() {
    let text = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)\n007,Male,,50,50\n";
    let ran = run_with_input(trained(), &["predict", "-", "--json"], text).ok();
    assert_eq!(
        nine_decimals(&ran.stdout),
        "{\"CustomerID\":\"007\",\"Gender\":\"Male\",\"Age\":null,\"Annual Income (k$)\":50,\
         \"Spending Score (1-100)\":50,\"cluster_id\":2,\"persona\":\"Standard\",\
         \"distance\":0.203018913}\n"
    );
}

#[test]
fn rows_that_cannot_be_scored() {
    let bad = "abc,3\n-4,3\n1e300,2\n,2\n3\nNaN,4\n1e400,4\n";
    let folder = folder_with("new.csv", &format!("{HEADER}\n15,39\n{bad}500,50\n"));
    std::fs::write(folder.path().join("scored.csv"), "as it was").unwrap();
    let args = ["predict", "--model", "model.json", "new.csv", "--out", "scored.csv"];
    let ran = run(folder.path(), &args);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(
        ran.stderr,
        "error: new.csv, row 3, column \"Annual Income (k$)\": \"abc\" is not a number\n"
    );
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(std::fs::read_to_string(folder.path().join("scored.csv")).unwrap(), "as it was");
    assert_eq!(files(), 3, "a temporary file is left");

    let ran = run(folder.path(), &[&args[..], &["--on-error", "skip"]].concat()).ok();
    insta::assert_snapshot!("predict_skip", ran.stderr);
    let scored = std::fs::read_to_string(folder.path().join("scored.csv")).unwrap();
    assert_eq!(scored.lines().count(), 3);
    assert_eq!(files(), 3);
}

#[test]
fn the_list_of_skipped_rows_is_short() {
    let text = format!("{HEADER}\n50,50\n{}{}", "x,1\n".repeat(30), "51,50\n".repeat(40));
    for args in [&["predict", "-"][..], &["train", "-", "--out", "m.json"]] {
        let folder = folder_with("new.csv", "");
        let model = if args[0] == "predict" { &["--model", "model.json"][..] } else { &[] };
        let args = [args, model, &["--on-error", "skip"]].concat();
        let ran = run_with_input(folder.path(), &args, &text).ok();
        assert!(ran.stderr.starts_with("30 rows left out:\n  standard input, row 3"));
        assert!(ran.stderr.contains("row 22, column") && !ran.stderr.contains("row 23, column"));
        assert!(ran.stderr.contains("\n  and 10 more\n"), "{}", ran.stderr);
    }
}

#[test]
fn numbers_are_read_as_in_training() {
    let rows = |cells: &[&str]| {
        let rows = cells.iter().map(|cell| format!("\"{cell}\",1\n"));
        "amount,visits\n".to_owned() + &rows.collect::<String>()
    };
    let large = ["1.250.000", "950", "2.500", "7.100", "1.000.000"].repeat(8);
    let folder = folder_with("old.csv", &rows(&large));
    run(folder.path(), &["train", "old.csv", "--n-clusters", "2", "--out", "m.json"]).ok();
    let score = |cells: &[&str], more: &[&str]| {
        std::fs::write(folder.path().join("new.csv"), rows(cells)).unwrap();
        let args = [&["predict", "new.csv", "--model", "m.json", "--json"], more].concat();
        run(folder.path(), &args)
    };
    let ran = score(&["1.250.000", "2.500"], &[]).ok();
    assert!(ran.stdout.starts_with("{\"amount\":1250000"), "{}", ran.stdout);
    // 2.5 or 2500?
    let ran = score(&["1.250", "2.500"], &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("give --decimal point or --decimal comma"), "{}", ran.stderr);
    let ran = score(&["1.250", "2.500"], &["--decimal", "comma"]).ok();
    assert!(ran.stdout.starts_with("{\"amount\":1250"), "{}", ran.stdout);
}

#[test]
fn what_counts_as_empty_does_so_wherever_it_is_given() {
    let regions = ["north", "south", "NA"].map(|region| format!("{region}\n").repeat(9)).concat();
    let folder = folder_with("old.csv", &format!("region\n{regions}"));
    let args = ["train", "old.csv", "--features", "region", "--n-clusters", "2", "--out", "m.json"];
    run(folder.path(), &args).ok();
    std::fs::write(folder.path().join("new.csv"), "region\nNA\n").unwrap();
    let file = run(folder.path(), &["predict", "new.csv", "--model", "m.json", "--json"]).ok();
    let set = ["predict", "--set", "region=NA", "--model", "m.json", "--json"];
    let one = run(folder.path(), &set).ok();
    assert_eq!(file.json()["cluster_id"], one.json()["cluster_id"]);
    assert_eq!(one.json()["warnings"][0]["type"], "imputed");
}
