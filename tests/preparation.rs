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
1098.12,,Medan,yes
1523.28,50,Medan,no
811.15,49,Medan,no
,69,Jakarta,no
665.05,42,,yes
250000.0,29,Jakarta,yes
1171.64,61,Bandung,yes
4789.77,,Jakarta,no
638.15,62,Jakarta,yes
554.17,49,Bandung,no
1879.62,23,Medan,yes
,20,Bandung,yes
1231.46,41,Bandung,no
394.05,19,Bandung,yes
1061.91,25,Medan,yes
2356.27,44,Medan,yes
249.98,68,Medan,yes
662.9,42,Bandung,yes
";

const CHOICES: [&str; 4] = [
    "income=missing:median,clip:0.05-0.95,log1p,robust",
    "age=missing:mode,weight:2",
    "city=missing:mode",
    "vip=missing:refuse",
];

/// The first two coordinates of every customer.
const INCOME: [f64; 18] = [
    0.021370598267955898,
    0.4421220830379436,
    -0.36794508680964794,
    0.0,
    -0.6231145793303139,
    5.292220634218057,
    0.10467851812530159,
    1.9155576029988204,
    -0.6761576028955174,
    -0.8574017653668471,
    0.7124213747788669,
    0.0,
    0.1686953833295578,
    -1.2952010548692885,
    -0.02173155578753394,
    1.0030797915392105,
    -1.4182043769976338,
    -0.6272745960754332,
];
const AGE: [f64; 18] = [
    -0.15384615384615355,
    0.9010989010989015,
    0.7692307692307696,
    3.406593406593407,
    -0.15384615384615355,
    -1.868131868131868,
    2.351648351648352,
    -0.15384615384615355,
    2.483516483516484,
    0.7692307692307696,
    -2.659340659340659,
    -3.0549450549450547,
    -0.2857142857142854,
    -3.1868131868131866,
    -2.3956043956043955,
    0.10989010989011021,
    3.274725274725275,
    -0.15384615384615355,
];

/// New customers: numbers as they are, categories by name.
const NEW: [(f64, f64, Option<&str>, &str); 3] = [
    (1234.5, 33.0, Some("Medan"), "yes"),
    (f64::NAN, 50.0, Some("Paris"), "no"),
    (9e9, f64::NAN, None, "maybe"),
];
const NEW_COORDINATES: [[f64; 7]; 3] = [
    [0.1718651496097643, -1.3406593406593403, 0.0, 0.0, 1.0, 0.0, 1.0],
    [0.0, 0.9010989010989015, 0.0, 0.0, 0.0, 1.0, 0.0],
    [5.292220634218057, -0.15384615384615355, 0.0, 0.0, 1.0, 0.0, 0.0],
];

const COMPONENTS: [[f64; 7]; 2] = [
    [
        -0.3309757833083926,
        0.9373003888924591,
        -0.028818290043059497,
        0.024932392125358638,
        0.0038858979177007757,
        0.0723041963675532,
        -0.07230419636755323,
    ],
    [
        0.9121537679423593,
        0.30206890862579017,
        -0.14560687123421873,
        0.20699738383436114,
        -0.061390512600142444,
        0.06675254739702617,
        -0.06675254739702619,
    ],
];
const EXPLAINED: [f64; 2] = [0.600687173344072, 0.27493281455533547];
const ON_PLANE: [[f64; 2]; 3] = [
    [-0.12387328760810709, -0.2942536126469195],
    [0.8702769631372601, 0.5417076357548464],
    [1.0147895279274572, -0.23703144818396582],
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
    assert_eq!(model.predict(&moved).unwrap().cluster_id, switch.cluster_id);
    assert_ne!(model.predict(&customer).unwrap().cluster_id, switch.cluster_id);
}

#[test]
fn switches_cross_the_border_of_transformed_numbers() {
    let model = learn(&skewed(), &["spent", "visits"], &["visits=weight:3"]).unwrap().model;
    for spent in [3.0, 40.0, 900.0, f64::NAN] {
        let customer = [spent, 14.0];
        let Some(switch) = model.explain(&customer).unwrap().switch else { continue };
        let mut moved = customer;
        moved[switch.feature] = switch.to;
        assert_eq!(model.predict(&moved).unwrap().cluster_id, switch.cluster_id, "{spent}");
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
    assert_eq!(
        model.predict(&[1.0]).unwrap().cluster_id,
        model.predict(&[2.0]).unwrap().cluster_id
    );
}

#[test]
fn columns_are_read_as_they_were_in_training() {
    let data = read(CUSTOMERS);
    let columns: Vec<&Column> = data.columns().iter().collect();
    let preparation = Preparation::fit(&columns[..2], &Choices::default()).unwrap();
    assert!(preparation.features().iter().all(|prepared| prepared.steps.may_be_missing()));
}
