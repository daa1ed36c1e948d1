//! Bodies of requests: an answer in finite numbers or one of 4xx, and alone the same as among others.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::{NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use super::LONGEST;

/// Customers with a number that may be missing and a category.
const SHOP: &str = "spent,city\n1,Jakarta\n2,Medan\n,Jakarta\n40,Medan\n41,Jakarta\n42,Medan\n3,Jakarta\n\
                    2,Medan\n39,Jakarta\n1,Medan\n44,Jakarta\n2,Jakarta\n";

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));
static APPS: LazyLock<[Router; 2]> = LazyLock::new(|| {
    [Source::mall_customers(), Source::new("shop.csv", SHOP)].map(|source| {
        let data = Dataset::read(&source, OnError::Fail).expect("a table");
        let features = if source.name() == "shop.csv" { &["spent", "city"][..] } else { &[] };
        let options = TrainOptions {
            features: features.iter().map(ToString::to_string).collect(),
            n_clusters: NClusters::Fixed(3),
            k_max: 3,
            ..TrainOptions::new().expect("options")
        };
        let trained = train(data, &options, |_| ()).expect("a model");
        app(AppState::new(trained.model, None, Settings::default()))
    })
});

/// What is sent to `/predict` and `/predict/batch`.
pub fn predict_body(bytes: &[u8]) {
    if bytes.len() > LONGEST {
        return;
    }
    for app in &*APPS {
        let (status, alone) = send(app, "/predict?explain=true", "application/json", bytes);
        assert!(status == StatusCode::OK || status.is_client_error(), "{status}: {alone:?}");
        let answer: Value = serde_json::from_slice(&alone).expect("an answer in JSON");
        if status == StatusCode::OK {
            for field in ["cluster_id", "distance", "confidence"] {
                assert!(answer[field].is_number(), "{field} of {answer}");
            }
        }
        for kind in ["application/json", "application/x-ndjson", "text/csv"] {
            let (status, _) = send(app, "/predict/batch", kind, bytes);
            assert!(status == StatusCode::OK || status.is_client_error(), "{kind}: {status}");
        }
        among_others(app, bytes, status, &answer);
    }
}

/// A row of a batch is answered as it is alone.
fn among_others(app: &Router, bytes: &[u8], status: StatusCode, alone: &Value) {
    let is_object = serde_json::from_slice::<Value>(bytes).is_ok_and(|value| value.is_object());
    if !is_object {
        return;
    }
    let row: Vec<u8> =
        bytes.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }).collect();
    let (of_batch, answer) = send(app, "/predict/batch", "application/x-ndjson", &row);
    assert_eq!(of_batch, StatusCode::OK, "{:?}", String::from_utf8_lossy(&answer));
    let row: Value = serde_json::from_slice(&answer).expect("one row");
    assert_eq!(row.get("error").is_none(), status == StatusCode::OK, "{row} and {alone}");
    if status == StatusCode::OK {
        for field in ["cluster_id", "persona", "distance", "confidence"] {
            assert_eq!(row[field], alone[field], "{field} of {row} and {alone}");
        }
    }
}

fn send(app: &Router, path: &str, kind: &str, body: &[u8]) -> (StatusCode, Vec<u8>) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    RUNTIME.block_on(async {
        let response = app.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = response.into_body().collect().await.expect("the whole answer");
        (status, body.to_bytes().to_vec())
    })
}
