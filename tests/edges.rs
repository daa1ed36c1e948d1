//! Data at the edges: each gets a defined result or an error that says what to do.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use segmenta::Error;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::Method;
use segmenta::model::{NClusters, TrainOptions, Trained, train};
use segmenta::preparation::Choices;

fn learn_with(csv: &str, options: &TrainOptions) -> Result<Trained, Error> {
    let data = Dataset::read(&Source::new("t.csv", csv), options.on_error)?;
    train(data, options, |_| ())
}

fn learn(csv: &str) -> Result<Trained, Error> {
    learn_with(csv, &TrainOptions::new().unwrap())
}

fn learn_k(csv: &str, n_clusters: usize) -> Result<Trained, Error> {
    let n_clusters = NClusters::Fixed(n_clusters);
    learn_with(csv, &TrainOptions { n_clusters, ..TrainOptions::new().unwrap() })
}

fn skipping(csv: &str) -> Result<Trained, Error> {
    learn_with(csv, &TrainOptions { on_error: OnError::Skip, ..TrainOptions::new().unwrap() })
}

#[track_caller]
fn message(result: Result<Trained, Error>) -> String {
    let error = result.expect_err("an error");
    assert!(error.is_input());
    error.to_string()
}

#[test]
fn no_rows() {
    assert_eq!(
        message(learn("")),
        "t.csv: the file is empty; give a header and at least one row below it"
    );
    assert_eq!(
        message(learn("a,b\n")),
        "t.csv: there are no customers in it; give a header and at least one row below it"
    );
}

#[test]
fn one_row_is_one_segment() {
    let Trained { model, customers } = learn("spent,visits\n12,3\n").unwrap();
    assert_eq!((model.kmeans.n_clusters, model.elbow.method), (1, Method::Single));
    assert_eq!(model.segments[0].center, [12.0, 3.0]);
    assert_eq!(customers.labels, [0]);
    let prediction = model.predict(&[12.0, 3.0]).unwrap();
    assert_eq!((prediction.segment, prediction.confidence), (0, 1.0));
    let explanation = model.explain(&[13.0, 3.0]).unwrap();
    assert!(explanation.switch.is_none() && explanation.contributions.is_empty());
}

#[test]
fn more_clusters_than_distinct_rows() {
    assert_eq!(
        message(learn_k("a,b\n1,2\n1,2\n3,4\n1,2\n", 3)),
        "n_clusters = 3: the data have only 2 distinct rows in these features; ask for at most 2 clusters"
    );
    assert_eq!(learn_k("a,b\n1,2\n1,2\n3,4\n1,2\n", 2).unwrap().model.segments.len(), 2);
    assert_eq!(message(learn_k("a\n1.5\n", 0)), "n_clusters = 0: at least 1 cluster is needed");
}

#[test]
fn a_constant_column_changes_nothing() {
    let Trained { model, .. } = learn("a,b\n1,7\n2,7\n10,7\n11,7\n").unwrap();
    assert_eq!(model.scaler.scale[1], 1.0);
    assert!(model.kmeans.cluster_centers.iter().all(|center| center[1] == 0.0));
    let all_alike = learn("a,b\n7,7\n7,7\n7,7\n").unwrap().model;
    assert_eq!((all_alike.segments.len(), all_alike.elbow.method), (1, Method::Single));
}

#[test]
fn cells_that_are_no_numbers() {
    let features = |csv: &str, on_error| {
        let features = vec!["income".to_owned()];
        let preparation = Choices::parse(&["*=missing:refuse"]).unwrap();
        let defaults = TrainOptions::new().unwrap();
        learn_with(csv, &TrainOptions { features, preparation, on_error, ..defaults })
    };
    for (cell, problem) in [
        ("NaN", "the cell is empty or holds NaN, which counts as empty; a number is needed"),
        ("inf", "\"inf\" is not a finite number"),
        ("1e400", "\"1e400\" is not a finite number"),
        ("much", "\"much\" is not a number"),
        ("", "the cell is empty, a number is needed"),
    ] {
        let csv = format!("id,Income (k$)\n1,15\n2,{cell}\n3,17\n4,90\n");
        assert_eq!(
            message(features(&csv, OnError::Fail)),
            format!("t.csv, row 3, column \"Income (k$)\": {problem}")
        );
        let Trained { model, customers } = features(&csv, OnError::Skip).unwrap();
        assert_eq!((model.data.rows, model.data.skipped_rows), (3, 1));
        assert_eq!(customers.data.skipped().len(), 1);
    }
}

#[test]
fn numbers_too_large_to_square() {
    let csv = "a,b\n1,2\n1e300,4\n5,6\n";
    assert_eq!(
        message(learn(csv)),
        "t.csv, row 3, column \"a\": 1e300 is too large to compute with"
    );
    assert_eq!(skipping(csv).unwrap().model.data.rows, 2);
    let model = learn("a,b\n1,2\n1e140,4\n5,6\n").unwrap().model;
    assert!(model.kmeans.inertia.is_finite());
}

#[test]
fn rows_of_unequal_length() {
    let csv = "a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n";
    assert_eq!(message(learn(csv)), "t.csv, row 3: 1 cell found, the header has 2");
    let Trained { model, customers } = skipping(csv).unwrap();
    assert_eq!((model.data.rows, model.data.skipped_rows), (3, 2));
    let skipped: Vec<String> = customers.data.skipped().iter().map(ToString::to_string).collect();
    assert_eq!(
        skipped,
        [
            "t.csv, row 3: 1 cell found, the header has 2",
            "t.csv, row 5: 3 cells found, the header has 2"
        ]
    );
}

#[test]
fn nothing_left_to_learn_from() {
    assert_eq!(
        message(learn("name,city\nAda,Rome\nBudi,Bandung\n")),
        "t.csv: no column of numbers can serve as a feature; name some with --features"
    );
    let features = vec!["name".to_owned()];
    let options =
        TrainOptions { features, on_error: OnError::Skip, ..TrainOptions::new().unwrap() };
    assert_eq!(
        message(learn_with("name,city\nAda,Rome\nBudi,Bandung\n", &options)),
        "column \"name\": it holds personal data, and the model file would have to name them; leave \
         it out of --features"
    );
    let options = TrainOptions {
        preparation: Choices::parse(&["*=missing:refuse"]).unwrap(),
        on_error: OnError::Skip,
        ..TrainOptions::new().unwrap()
    };
    assert_eq!(
        message(learn_with("spent,visits\n1,\n,2\n3,\n", &options)),
        "t.csv: no row can be used in every feature; choose other columns with --features"
    );
}

#[test]
fn columns_that_are_not_there() {
    let features = |names: &[&str]| {
        let features = names.iter().map(|name| (*name).to_owned()).collect();
        let options = TrainOptions { features, ..TrainOptions::new().unwrap() };
        message(learn_with("Income (k$),Income (USD),age\n1,2,3\n", &options))
    };
    assert_eq!(
        features(&["salary"]),
        "t.csv: there is no column \"salary\"; the columns are Income (k$), Income (USD), age"
    );
    assert_eq!(
        features(&["income"]),
        "t.csv: \"income\" fits more than one column (Income (k$), Income (USD)); use the full header"
    );
    assert_eq!(
        features(&["age", "Age"]),
        "the feature \"age\" is given twice; name each feature once"
    );
}

#[test]
fn a_prediction_beyond_all_bounds_is_refused() {
    let model = learn("a,b\n1,2\n3,4\n50,60\n").unwrap().model;
    for value in [1e10, 1e300, f64::INFINITY] {
        let error = model.predict(&[1.0, value]).unwrap_err().to_string();
        assert!(error.ends_with("is too large to compare with the segments"), "{error}");
    }
    let error = model.predict(&[1.0, f64::NAN]).unwrap_err().to_string();
    assert_eq!(error, "b is missing, and nothing stands for it in this model");
    // The farthest number is still one that the API's description allows.
    let farthest = model.scaler.mean[1] + 1e6 * model.scaler.scale[1];
    assert!(model.predict(&[1.0, farthest]).is_ok());
    assert!(model.predict(&[1.0, farthest.next_up()]).is_err());
    assert!(matches!(model.predict(&[1.0]), Err(Error::Shape { expected: 2, found: 1, .. })));
}

/// Learns, and reads the model file back.
fn round_trip(csv: &str, on_error: OnError) -> segmenta::model::Model {
    let options = TrainOptions { on_error, ..TrainOptions::new().unwrap() };
    let model = learn_with(csv, &options).unwrap().model;
    let read = segmenta::model::Model::from_json("model.json", model.to_json().as_bytes());
    assert_eq!(read.unwrap(), model);
    model
}

#[test]
fn columns_whose_figures_are_no_numbers_do_not_spoil_the_model() {
    let csv = "annual_income,spending_score,bonus\n15,39,\nx,81,5\n17,6,\n90,70,\n";
    let model = round_trip(csv, OnError::Skip);
    assert_eq!(model.other_columns[0].numeric(), None);
    let csv = "annual_income,spending_score,big\n15,39,1e300\n17,6,2e300\n90,70,-1e300\n";
    assert_eq!(round_trip(csv, OnError::Fail).other_columns[0].numeric(), None);
}

#[test]
fn a_column_that_is_mostly_numbers_is_a_feature_and_its_mistakes_are_told() {
    for cell in ["x", "1 25"] {
        let csv = format!("spend,visits\n10,1\n20,2\n{cell},9\n40,4\n");
        assert_eq!(
            message(learn(&csv)),
            format!("t.csv, row 4, column \"spend\": {cell:?} is not a number")
        );
        assert_eq!(skipping(&csv).unwrap().model.feature_names(), ["spend", "visits"]);
    }
}

#[test]
fn points_between_thousands() {
    let csv = "name;income;score\na;950;1,5\nb;1.250;2,5\nc;12.000;3,5\nd;800;9,5\n";
    let incomes: Vec<f64> =
        learn(csv).unwrap().customers.data.columns()[1].numbers().unwrap().to_vec();
    assert_eq!(incomes, [950.0, 1250.0, 12000.0, 800.0]);
    let mixed = "name;income;score\na;950;1,5\nb;12.5;2,5\n";
    assert_eq!(
        message(learn_with(
            mixed,
            &TrainOptions { features: vec!["income".to_owned()], ..TrainOptions::new().unwrap() }
        )),
        "t.csv, row 3, column \"income\": \"12.5\" is not a number"
    );
}

#[test]
fn a_quotation_mark_that_swallows_rows() {
    let mut csv = "a,b,note\n".to_owned();
    for row in 0..50 {
        csv.push_str(if row == 20 { "1,2,\"open\n" } else { "3,4,ok\n" });
    }
    let expected = "t.csv, row 22: a quotation mark is opened here and never closed";
    assert_eq!(message(learn(&csv)), expected);
    assert_eq!(message(skipping(&csv)), expected);
    let long = format!("a,b\n1,2\n\"{}\",4\n", "x\n".repeat(1 << 20));
    assert_eq!(
        message(learn(&long)),
        "t.csv, row 3: a quotation mark is opened here and never closed"
    );
}

#[test]
fn separators_behind_the_last_column() {
    let data =
        Dataset::read(&Source::new("t.csv", "a,b,,\n1,2,,\n3,4,,\n"), OnError::Fail).unwrap();
    assert_eq!(data.columns().len(), 2);
}

#[test]
fn columns_that_share_a_short_name() {
    let csv = "Income (k$),Income (USD)\n1,900\n2,2100\n30,31000\n31,30000\n";
    let model = round_trip(csv, OnError::Fail);
    assert_eq!(model.feature_names(), ["Income (k$)", "Income (USD)"]);
}

#[test]
fn columns_that_lists_of_customers_need() {
    assert_eq!(
        message(learn("a,Cluster\n1,2\n3,4\n")),
        "t.csv, row 1: the column \"Cluster\" is added to lists of customers by Segmenta; rename or \
         remove it"
    );
}

#[test]
fn names_of_few_customers_are_not_kept() {
    let json = learn("Name;Spent\nAda;12,5\nBudi;7\nAda;9\nBudi;3\n").unwrap().model.to_json();
    assert!(!json.contains("Ada") && !json.contains("Budi"));
}

#[test]
fn rows_too_near_to_be_told_apart() {
    for csv in ["a\n0\n1e-200\n", "a\n0\n1e-170\n1\n-1\n"] {
        let model = learn(csv).unwrap().model;
        assert!(model.elbow.by_k.len() < 4, "{csv}");
    }
}

#[test]
fn two_distinct_rows_are_no_grouping() {
    let elbow = learn("a,b\n1,2\n3,4\n").unwrap().model.elbow;
    assert_eq!((elbow.n_clusters, elbow.method, elbow.by_k.len()), (1, Method::Single, 2));
}

#[test]
fn a_file_without_a_header() {
    assert_eq!(
        message(learn("1,Male,19,15,39\n2,Male,21,15,81\n3,Female,20,16,6\n")),
        "t.csv, row 1: this looks like a customer and not like a header; put the columns' names above \
         it"
    );
    let years = learn("name,2023,2024\nAda,120,90\nBudi,80,110\nCici,7,9\n").unwrap();
    assert_eq!(years.model.feature_names(), ["2023", "2024"]);
}
