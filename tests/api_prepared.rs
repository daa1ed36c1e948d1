//! The API of a model whose features include categories and may be missing.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use std::fmt::Write;

use api::{Answer, get, mall, post};
use axum::Router;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::{NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::{Value, json};

/// 60 customers: an amount that one of them lacks, and a membership.
fn shop() -> Router {
    let mut csv = String::from("Spent (EUR),member\n");
    for i in 0..60 {
        let spent = if i == 7 { String::new() } else { (i % 30 * 10).to_string() };
        writeln!(csv, "{spent},{}", if i % 2 == 0 { "yes" } else { "no" }).unwrap();
    }
    let data = Dataset::read(&Source::new("shop.csv", csv), OnError::Fail).unwrap();
    let options = TrainOptions {
        features: vec!["spent".to_owned(), "member".to_owned()],
        n_clusters: NClusters::Fixed(4),
        ..TrainOptions::new().unwrap()
    };
    let trained = train(data, &options, |_| ()).unwrap();
    app(AppState::new(trained.model, Some(&trained.customers), Settings::default()))
}

fn warnings(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let warnings = answer.json()["warnings"].as_array().unwrap().clone();
    warnings.iter().map(|one| (text(&one["loc"][1]), text(&one["type"]))).collect()
}

fn named(warnings: &[(&str, &str)]) -> Vec<(String, String)> {
    warnings.iter().map(|&(field, kind)| (field.to_owned(), kind.to_owned())).collect()
}

#[tokio::test]
async fn what_stands_for_a_missing_value_is_told() {
    let app = shop();
    for body in [r#"{"member": "yes"}"#, r#"{"spent": null, "member": "yes"}"#] {
        let answer = post(&app, "/predict", body).await;
        assert_eq!(warnings(&answer), named(&[("spent", "imputed")]));
        assert!(answer.json()["warnings"][0]["ctx"]["value"].is_number());
    }
}

#[tokio::test]
async fn an_unknown_category_is_told() {
    let app = shop();
    let answer = post(&app, "/predict", r#"{"spent": 20, "member": "perhaps"}"#).await;
    assert_eq!(warnings(&answer), named(&[("member", "unknown_category")]));
    let answer = post(&app, "/predict", r#"{"spent": 20, "member": " yes "}"#).await;
    assert_eq!(warnings(&answer), []);
}

#[tokio::test]
async fn a_category_that_nothing_stands_for_is_needed() {
    let app = shop();
    for (body, kind) in [
        (r#"{"spent": 20}"#, "missing"),
        (r#"{"spent": 20, "member": null}"#, "string_type"),
        (r#"{"spent": 20, "member": 1}"#, "string_type"),
        (r#"{"spent": 20, "member": " "}"#, "missing"),
    ] {
        let answer = post(&app, "/predict", body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json()["errors"][0]["type"], kind, "{body}");
    }
}

#[tokio::test]
async fn true_and_false_are_answers_where_training_had_them() {
    let rows: String = (0..40)
        .map(|i| format!("{{\"x\":{},\"vip\":{}}}", i % 9, i % 2 == 0))
        .collect::<Vec<String>>()
        .join("\n");
    let data = Dataset::read(&Source::new("t.ndjson", rows), OnError::Fail).unwrap();
    let features = vec!["x".to_owned(), "vip".to_owned()];
    let options = TrainOptions { features, ..TrainOptions::new().unwrap() };
    let trained = train(data, &options, |_| ()).unwrap();
    let app = app(AppState::new(trained.model, Some(&trained.customers), Settings::default()));
    let [one, other] = [r#"{"x": 3, "vip": true}"#, r#"{"x": 3, "vip": "true"}"#];
    let [one, other] = [post(&app, "/predict", one).await, post(&app, "/predict", other).await];
    assert_eq!((warnings(&one), one.body), (vec![], other.body));
}

#[tokio::test]
async fn a_category_has_its_part_in_the_explanation() {
    let app = shop();
    let answer = post(&app, "/predict?explain=true", r#"{"spent": 20, "member": "no"}"#).await;
    let explain = &answer.json()["explain"];
    assert_eq!(explain["contributions"].as_array().unwrap().len(), 2);
    let switch = &explain["switch"];
    match switch["feature"].as_str().unwrap() {
        "member" => assert_eq!((&switch["to"], &switch["change"]), (&json!("yes"), &Value::Null)),
        _ => assert!(switch["to"].is_number() && switch["change"].is_number()),
    }
}

#[tokio::test]
async fn the_model_tells_its_coordinates_and_their_preparation() {
    let app = shop();
    let model = get(&app, "/api/model").await.json();
    assert_eq!(
        model["dimensions"],
        json!([
            { "name": "spent", "feature": 0 },
            { "name": "member=no", "feature": 1, "value": "no" },
            { "name": "member=yes", "feature": 1, "value": "yes" },
        ])
    );
    assert_eq!(model["preparation"][0]["missing"]["strategy"], "median");
    assert!(model["preparation"][1]["text"].as_str().unwrap().starts_with("member: "));
    assert_eq!(model["segments"][0]["center"].as_array().unwrap().len(), 3);
    assert_eq!(model["projection"]["centers"].as_array().unwrap().len(), 4);
    let schema =
        &get(&app, "/openapi.json").await.json()["components"]["schemas"]["PredictRequest"];
    assert_eq!(schema["required"], json!(["member"]));
    assert_eq!(schema["properties"]["spent"]["type"], json!(["number", "null"]));
}

#[tokio::test]
async fn the_customers_on_the_plane_are_those_of_the_list() {
    let app = shop();
    let plane = get(&app, "/api/projection").await;
    assert_eq!(plane.status, 200);
    let points = plane.json()["points"].as_array().unwrap().len();
    assert_eq!(points, get(&app, "/stats").await.json()["data"].as_array().unwrap().len());
    assert_eq!(get(&mall(), "/api/projection").await.status, 404);
}

#[tokio::test]
async fn a_customer_is_told_its_place_among_the_others() {
    let mut csv = String::from("a,b,c\n");
    for i in 0..40 {
        writeln!(csv, "{},{},{}", i % 7, i % 11, i % 3).unwrap();
    }
    let data = Dataset::read(&Source::new("t.csv", csv), OnError::Fail);
    let options = TrainOptions { n_clusters: NClusters::Fixed(3), ..TrainOptions::new().unwrap() };
    let trained = train(data.unwrap(), &options, |_| ()).unwrap();
    let app = app(AppState::new(trained.model, Some(&trained.customers), Settings::default()));
    let place =
        |answer: &Value| answer.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    let points = get(&app, "/api/projection").await.json();
    for row in [0, 13, 39] {
        let customer = json!({ "a": row % 7, "b": row % 11, "c": row % 3 });
        let answer = post(&app, "/predict", customer.to_string()).await.json();
        let (own, known): (Vec<f64>, Vec<f64>) =
            (place(&answer["position"]), place(&points["points"][row]));
        assert_eq!(own.len(), 2);
        assert_eq!(own, known);
    }
    let answer = post(&mall(), "/predict", r#"{"annual_income": 50, "spending_score": 50}"#).await;
    assert!(answer.json().get("position").is_none(), "two features need no plane");
}

#[tokio::test]
async fn numbers_that_say_yes_or_no_are_told_as_such() {
    let mut csv = String::from("spent,member,level\n");
    for i in 0..40 {
        writeln!(csv, "{},{},{}", i % 13, i % 2, i % 3).unwrap();
    }
    let data = Dataset::read(&Source::new("t.csv", csv), OnError::Fail).unwrap();
    let options = TrainOptions { n_clusters: NClusters::Fixed(2), ..TrainOptions::new().unwrap() };
    let trained = train(data, &options, |_| ()).unwrap();
    let app = app(AppState::new(trained.model, Some(&trained.customers), Settings::default()));
    let columns = get(&app, "/api/model").await.json()["columns"].clone();
    let told: Vec<bool> =
        columns.as_array().unwrap().iter().map(|one| one["is_yes_no"] == true).collect();
    assert_eq!(told, [false, true, false], "{columns}");
}
