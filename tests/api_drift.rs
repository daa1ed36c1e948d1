//! `GET /api/drift` and its metrics: what predictions show, alone and in batches.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use api::{get, mall, mall_state, post, send};
use axum::body::Body;
use axum::http::{Request, header};
use segmenta::server::{Settings, app};

/// A row of CSV for `/predict/batch`, of a customer who earns much and spends much.
const RICH: &str = "130,95\n";

async fn batch(app: &axum::Router, rows: &str) {
    let body = format!("Annual Income (k$),Spending Score (1-100)\n{rows}");
    let request = Request::post("/predict/batch").header(header::CONTENT_TYPE, "text/csv");
    let answer = send(app, request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn predictions_of_all_kinds_are_counted() {
    let app = mall();
    assert_eq!(get(&app, "/api/drift").await.json()["predictions"], 0);
    let one = r#"{"annual_income": 130, "spending_score": 95}"#;
    assert_eq!(post(&app, "/predict", one).await.status, 200);
    assert_eq!(post(&app, "/predict/batch", format!("[{one},{one},{{}}]")).await.status, 200);
    batch(&app, &RICH.repeat(496)).await;
    let few = get(&app, "/api/drift").await.json();
    assert_eq!((&few["predictions"], &few["verdict"]), (&499.into(), &"too_few".into()), "{few}");
    assert!(few["sentence"].as_str().unwrap().contains("499 predictions so far"), "{few}");
    batch(&app, RICH).await;

    let drift = get(&app, "/api/drift").await.json();
    assert_eq!((&drift["predictions"], &drift["verdict"]), (&500.into(), &"drifted".into()));
    let sentence = drift["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("time to retrain") && sentence.contains("Annual Income"),
        "{sentence}"
    );
    for feature in drift["features"].as_array().unwrap() {
        let bins = feature["bins"].as_array().unwrap();
        for side in ["expected", "observed"] {
            let sum: f64 = bins.iter().map(|bin| bin[side].as_f64().unwrap()).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{feature}");
        }
        assert!(feature["psi"].as_f64().unwrap() > 0.25, "{feature}");
    }
    let shares = drift["segments"]["shares"].as_array().unwrap();
    assert_eq!(shares.len(), 5);
    assert_eq!(shares[2]["expected"], 0.405);
    assert!(shares.iter().any(|share| share["observed"] == 1.0), "{drift}");
    assert!(drift["distance"]["expected_median"].as_f64().unwrap() > 0.0);
    let request = Request::get("/api/drift").header(header::ACCEPT_LANGUAGE, "id");
    let indonesian = send(&app, request.body(Body::empty()).unwrap()).await.json();
    assert!(indonesian["sentence"].as_str().unwrap().contains("melatih ulang"), "{indonesian}");

    let metrics = String::from_utf8(get(&app, "/metrics").await.body).unwrap();
    for line in [
        "segmenta_drift_psi{feature=\"annual_income\"} ",
        "segmenta_drift_segment_share{cluster_id=\"2\",persona=\"Standard\"} 0.0",
        "segmenta_drift_predictions 500",
        "segmenta_drift_verdict 3",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test]
async fn the_window_holds_the_latest_and_other_texts_keep_it() {
    let settings = Settings { drift_window: 600, ..Settings::default() };
    let state = mall_state(settings);
    let router = app(state.clone());
    batch(&router, &RICH.repeat(700)).await;
    assert_eq!(get(&router, "/api/drift").await.json()["predictions"], 600);
    state.put_to_use((*state.model()).clone(), None);
    assert_eq!(get(&router, "/api/drift").await.json()["predictions"], 600);
    // Another model begins anew, and without customers only segments are compared.
    let mut other = (*state.model()).clone();
    other.version = "0123456789ab".to_owned();
    state.put_to_use(other, None);
    let drift = get(&router, "/api/drift").await.json();
    assert_eq!(drift["predictions"], 0);
    assert!(drift["remark"].as_str().unwrap().contains("not at hand"), "{drift}");
    assert_eq!(drift["features"][0]["psi"], serde_json::Value::Null);
}
