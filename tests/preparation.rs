//! Features are prepared as scikit-learn 1.9.1 prepares them: `SimpleImputer`, `numpy.clip`, `log1p`,
//! `RobustScaler`, `StandardScaler` and `OneHotEncoder(handle_unknown="ignore")`, and `PCA`.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;

use segmenta::Error;
use segmenta::dataset::{Column, Dataset, OnError, Source};
use segmenta::features::Matrix;
use segmenta::model::{self, Model, NClusters, TrainOptions, Trained, prepare, train};
use segmenta::personas::Language;
use segmenta::preparation::{Choices, Preparation, Steps};
use segmenta::projection::Projection;
use segmenta::scaler::Scaler;

const CUSTOMERS: &str = "income,age,city,vip
570.1,,Jakarta,no
2194.83,67,Jakarta,yes
3440.22,25,Medan,yes
,33,Bandung,yes
8100.09,64,,yes
250000.0,47,Medan,no
1995.39,39,Jakarta,no
733.01,,Medan,no
228.76,56,Jakarta,yes
505.6,25,Medan,yes
1273.82,63,Jakarta,yes
,38,Bandung,yes
888.36,30,Bandung,yes
3760.38,58,Medan,yes
2053.9,67,Bandung,no
2058.18,39,Medan,no
1603.0,68,Bandung,no
904.33,53,Medan,yes
";

const CHOICES: [&str; 4] = [
    "income=missing:median,clip:0.05-0.95,log1p,robust",
    "age=missing:mode,weight:2",
    "city=missing:mode",
    "vip=missing:refuse",
];

/// The first two coordinates of every customer.
const INCOME: [f64; 18] = [
    -1.299767715077576,
    0.22491217082311246,
    0.7335338317223863,
    0.0,
    1.702821416261504,
    4.120961225941951,
    0.11711248277581594,
    -1.0156535054489668,
    -1.6017475850635692,
    -1.4354435566765182,
    -0.39068228536097066,
    0.0,
    -0.7983102894985906,
    0.834246799746903,
    0.14981553624000601,
    0.15217108735972742,
    -0.13064006572548906,
    -0.7781615316751624,
];
const AGE: [f64; 18] = [
    -2.5794179184310124,
    2.66262494805782,
    -2.5794179184310124,
    -1.58093356290933,
    2.288193314737189,
    0.16641405925361402,
    -0.8320702962680683,
    -2.5794179184310124,
    1.2897089592155067,
    -2.5794179184310124,
    2.1633827702969786,
    -0.9568808407082786,
    -1.955365196229961,
    1.5393300480959273,
    2.66262494805782,
    -0.8320702962680683,
    2.7874354924980302,
    0.9152773258948758,
];

/// New customers: numbers as they are, categories by name.
const NEW: [(f64, f64, Option<&str>, &str); 3] = [
    (1234.5, 33.0, Some("Medan"), "yes"),
    (f64::NAN, 50.0, Some("Paris"), "no"),
    (9e9, f64::NAN, None, "maybe"),
];
const NEW_COORDINATES: [[f64; 7]; 3] = [
    [-0.4261506597338648, -1.58093356290933, 0.0, 0.0, 1.0, 0.0, 1.0],
    [0.0, 0.5408456925742449, 0.0, 0.0, 0.0, 1.0, 0.0],
    [4.120961225941951, -2.5794179184310124, 0.0, 0.0, 1.0, 0.0, 0.0],
];

const COMPONENTS: [[f64; 7]; 2] = [
    [
        0.24950620830007803,
        0.9671433109565712,
        0.01023520001001052,
        0.026558397968491437,
        -0.03679359797850218,
        -0.01040652241571502,
        0.010406522415715075,
    ],
    [
        0.9286398839201448,
        -0.22492409627650878,
        -0.052276410844290674,
        -0.15302594259119345,
        0.20530235343548434,
        0.09679436539422878,
        -0.09679436539422881,
    ],
];
const EXPLAINED: [f64; 2] = [0.6166248763634977, 0.23661858687162757];
const ON_PLANE: [[f64; 2]; 3] = [
    [-2.80710659960716, -0.7259711373328687],
    [2.663930236499031, -0.6827430702508513],
    [-2.3423241914499817, 1.3269733403003194],
];

fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (x, y) in found.iter().zip(expected) {
        assert!((x - y).abs() <= 1e-9, "{x} is not {y}");
    }
}

fn read(csv: &str) -> Dataset {
    Dataset::read(&Source::new("shop.csv", csv), OnError::Fail).unwrap()
}

fn options(features: &[&str], choices: &[&str]) -> TrainOptions {
    TrainOptions {
        features: features.iter().map(|&name| name.to_owned()).collect(),
        preparation: Choices::parse(choices).unwrap(),
        ..TrainOptions::new().unwrap()
    }
}

fn prepared() -> (Preparation, Scaler, Matrix) {
    let options = options(&["income", "age", "city", "vip"], &CHOICES);
    let model::Prepared { preparation, scaler, points, .. } =
        prepare(&mut read(CUSTOMERS), &options).unwrap();
    (preparation, scaler, points)
}

#[test]
fn training_customers_get_scikit_learns_coordinates() {
    let (preparation, _, points) = prepared();
    let names: Vec<String> = preparation.dimensions().iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        ["income", "age", "city=Bandung", "city=Jakarta", "city=Medan", "vip=no", "vip=yes"]
    );
    assert_near(points.column(0), &INCOME);
    assert_near(points.column(1), &AGE);
    // The fifth customer's city is missing; most live in Medan.
    assert_eq!(points.row(4)[2..], [0.0, 0.0, 1.0, 0.0, 1.0]);
}

#[test]
fn new_customers_get_scikit_learns_coordinates() {
    let (preparation, scaler, _) = prepared();
    for ((income, age, city, vip), expected) in NEW.into_iter().zip(NEW_COORDINATES) {
        let code = |feature: usize, text| match &preparation.features()[feature].steps {
            Steps::Categorical(categorical) => categorical.code(text),
            Steps::Numeric(_) => unreachable!(),
        };
        let customer = [income, age, code(2, city), code(3, Some(vip))];
        let point = scaler.transform_row(&preparation.transform_row(&customer));
        assert_near(&point, &expected);
    }
}

#[test]
fn the_plane_is_scikit_learns() {
    let (_, _, points) = prepared();
    let plane = Projection::fit(&points).unwrap();
    for (found, expected) in plane.components.iter().zip(COMPONENTS) {
        assert_near(found, &expected);
    }
    assert_near(&plane.explained_variance_ratio, &EXPLAINED);
    for (row, expected) in ON_PLANE.iter().enumerate() {
        assert_near(&plane.transform_row(&points.row(row)), expected);
    }
}

fn learn(csv: &str, features: &[&str], choices: &[&str]) -> Result<Trained, Error> {
    let options = TrainOptions { n_clusters: NClusters::Fixed(2), ..options(features, choices) };
    train(read(csv), &options, |_| ())
}

fn refused(csv: &str, features: &[&str], choices: &[&str]) -> String {
    learn(csv, features, choices).unwrap_err().to_string()
}

/// 60 customers with skewed amounts, one of them without, and a far outlier.
fn skewed() -> String {
    let mut csv = String::from("spent,visits,member\n");
    for i in 0..60 {
        let spent = if i == 7 { String::new() } else { format!("{:.1}", 1.2_f64.powi(i)) };
        let visits = if i == 9 { 5000 } else { 10 + i % 13 };
        let member = if i % 3 == 0 { "yes" } else { "no" };
        writeln!(csv, "{spent},{visits},{member}").unwrap();
    }
    csv
}

#[test]
fn what_fits_the_columns_is_proposed_and_said() {
    let trained = learn(&skewed(), &[], &[]).unwrap();
    let model = trained.model;
    assert_eq!(model.feature_names(), ["spent", "visits"]);
    let english = model.preparation_in_words(Language::English).join("\n");
    assert!(english.contains("the median (1 customer in training)"), "{english}");
    assert!(english.contains("the logarithm of 1 + x is taken"), "{english}");
    assert!(english.contains("(the quantiles of 1 % and 99 %)"), "{english}");
    let indonesian = model.preparation_in_words(Language::Indonesian).join("\n");
    assert!(indonesian.contains("diambil logaritma 1 + x"), "{indonesian}");
    // The mean of a group on a logarithmic scale comes back as an amount.
    assert!(model.segments.iter().all(|segment| segment.center[0] > 0.0));
    let again = Model::from_json("model.json", model.to_json().as_bytes()).unwrap();
    assert_eq!(again, model);
}

#[test]
fn a_few_returns_do_not_keep_amounts_from_their_logarithm() {
    let amounts = (0..300).map(|i| 1.03_f64.powi(i) * 10.0);
    let rows = |least: f64| {
        let numbers = amounts.clone().chain([least]);
        numbers.fold("spent\n".to_owned(), |csv, x| csv + &x.to_string() + "\n")
    };
    let steps = |csv: &str| {
        let model = learn(csv, &[], &[]).unwrap().model;
        model.preparation.features()[0].steps.clone()
    };
    let Steps::Numeric(spent) = steps(&rows(-5.0)) else { unreachable!() };
    assert!(spent.log1p && spent.clip.is_some_and(|clip| clip.lower >= 0.0));
    let Steps::Numeric(spent) = steps(&rows(5.0)) else { unreachable!() };
    assert!(spent.log1p && spent.clip.is_none());
    let answers = "member\n".to_owned() + &"0\n".repeat(90) + &"1\n".repeat(10);
    let Steps::Numeric(member) = steps(&answers) else { unreachable!() };
    assert!(member.is_plain(), "two numbers have no tail");
}

#[test]
fn what_is_chosen_counts_more_than_what_is_proposed() {
    let model = learn(&skewed(), &["visits", "member"], &["*=plain,missing:refuse"]).unwrap().model;
    let Steps::Numeric(visits) = &model.preparation.features()[0].steps else { unreachable!() };
    assert!(visits.is_plain());
    let error = refused(&skewed(), &["spent"], &["*=missing:refuse"]);
    assert_eq!(error, "shop.csv, row 9, column \"spent\": the cell is empty, a number is needed");
}

#[test]
fn a_model_of_categories_predicts_explains_and_remarks() {
    let model = learn(&skewed(), &["visits", "member"], &[]).unwrap().model;
    let Steps::Categorical(member) = &model.preparation.features()[1].steps else { unreachable!() };
    let [yes, other] = [Some("yes"), Some("perhaps")].map(|text| member.code(text));
    let sizes: f64 = model.segments.iter().map(|s| s.center[2] * s.size as f64).sum();
    assert!((sizes - 20.0).abs() < 1e-9, "20 of 60 are members");
    let explanation = model.explain(&[15.0, yes]).unwrap();
    assert_eq!(explanation.contributions.len(), 2);
    let names: Vec<&str> = model.remarks(&[15.0, other]).map(|remark| remark.name()).collect();
    assert_eq!(names, ["unknown_category"]);
    assert!(model.predict(&[15.0, other]).is_ok());
    let error = model.predict(&[15.0, f64::NAN]).unwrap_err().to_string();
    assert_eq!(error, "member is missing, and nothing stands for it in this model");
}

#[test]
fn a_switch_can_be_to_another_category() {
    let mut csv = String::from("visits,member\n");
    for i in 0..40 {
        let member = if i % 2 == 0 { "yes" } else { "no" };
        writeln!(csv, "{},{member}", 10 + i % 2).unwrap();
    }
    let model = learn(&csv, &["visits", "member"], &["member=weight:5"]).unwrap().model;
    let Steps::Categorical(member) = &model.preparation.features()[1].steps else { unreachable!() };
    let customer = [10.4, member.code(Some("yes"))];
    let switch = model.explain(&customer).unwrap().switch.unwrap();
    let mut moved = customer;
    moved[switch.feature] = switch.to;
    assert_eq!(model.predict(&moved).unwrap().segment, switch.segment);
    assert_ne!(model.predict(&customer).unwrap().segment, switch.segment);
}

#[test]
fn switches_cross_the_border_of_transformed_numbers() {
    let model = learn(&skewed(), &["spent", "visits"], &["visits=weight:3"]).unwrap().model;
    for spent in [3.0, 40.0, 900.0, f64::NAN] {
        let customer = [spent, 14.0];
        let Some(switch) = model.explain(&customer).unwrap().switch else { continue };
        let mut moved = customer;
        moved[switch.feature] = switch.to;
        assert_eq!(model.predict(&moved).unwrap().segment, switch.segment, "{spent}");
    }
}

#[test]
fn what_cannot_be_prepared_is_refused_with_a_reason() {
    let many: String =
        (0..3000).fold("city,x\n".to_owned(), |csv, i| csv + &format!("c{},{i}\n", i / 2));
    let error = refused(&many, &["city"], &[]);
    assert!(
        error.starts_with("column \"city\": 1500 different texts among 3000 customers"),
        "{error}"
    );
    let empty = "a,b\n1,\n2,\n3,\n5,\n";
    assert!(
        refused(empty, &["a", "b"], &[]).contains("column \"b\": no customer has a value in it")
    );
    let negative = "a\n1\n-2\n3\n";
    assert!(refused(negative, &["a"], &["a=log1p"]).contains("log1p needs numbers from 0 up"));
    let error = refused(negative, &["a"], &["b=log1p"]);
    assert!(error.contains("there is no column \"b\""), "{error}");
    let error = refused("a,b\n1,2\n3,4\n5,9\n", &["a"], &["b=log1p"]);
    assert_eq!(error, "--prepare b: this is no feature; the features are a");
    for bad in ["a", "a=sqrt", "a=clip:0.9-0.1", "a=weight:0", "a=missing:zero", "a=clip:1-99"] {
        assert!(Choices::parse(&[bad]).is_err(), "{bad}");
    }
}

#[test]
fn one_feature_is_enough() {
    let model = learn("a\n1\n2\n10\n11\n", &["a"], &[]).unwrap().model;
    assert_eq!(model.projection, None);
    assert_eq!(model.predict(&[1.0]).unwrap().segment, model.predict(&[2.0]).unwrap().segment);
}

#[test]
fn columns_are_read_as_they_were_in_training() {
    let data = read(CUSTOMERS);
    let columns: Vec<&Column> = data.columns().iter().collect();
    let preparation = Preparation::fit(&columns[..2], &Choices::default()).unwrap();
    assert!(preparation.features().iter().all(|prepared| prepared.steps.may_be_missing()));
}

#[test]
fn a_choice_means_one_column() {
    let csv = "Income (USD),income,Income (EUR)\n1,2,3\n4,5,7\n9,1,2\n";
    let plan = |choice: &str| {
        let options = options(&[], &[choice]);
        prepare(&mut read(csv), &options).map(|prepared| {
            let is_log = |steps: &Steps| matches!(steps, Steps::Numeric(numeric) if numeric.log1p);
            prepared.preparation.features().iter().map(|one| is_log(&one.steps)).collect::<Vec<_>>()
        })
    };
    assert_eq!(plan("Income (USD)=log1p").unwrap(), [true, false, false]);
    assert_eq!(plan("income=log1p").unwrap(), [false, true, false]);
}

#[test]
fn what_few_customers_share_is_in_no_model_file() {
    let mut csv = String::from("spent,note,plan\n");
    for i in 0..60 {
        let note = if i == 7 { "ada@shop.example" } else { "ok" };
        let plan = if i == 8 { "vip-only-one" } else { ["basic", "full"][i % 2] };
        writeln!(csv, "{},{note},{plan}", i * i).unwrap();
    }
    for features in [&["spent"][..], &["spent", "note", "plan"]] {
        let json = learn(&csv, features, &[]).unwrap().model.to_json();
        assert!(!json.contains("ada@") && !json.contains("vip-only-one"), "{features:?}");
        assert!(json.contains("basic"));
    }
}

#[test]
fn yes_is_yes_in_any_letters() {
    let mut csv = String::from("visits,member\n");
    for i in 0..40 {
        writeln!(csv, "{},{}", i % 7, ["Yes", "yes", "NO", "no"][i % 4]).unwrap();
    }
    let model = learn(&csv, &["visits", "member"], &[]).unwrap().model;
    let Steps::Categorical(member) = &model.preparation.features()[1].steps else { unreachable!() };
    assert_eq!(member.categories, ["no", "yes"]);
    assert_eq!(member.code(Some("YES")), member.code(Some("yes")));
    let shares = &model.segments[0].profile.categorical[0].shares;
    assert!((shares.iter().map(|share| share.share).sum::<f64>() - 1.0).abs() < 1e-9);
}
