//! The API without a socket: one request to a router, and what it answers.

use std::io::Read;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::{TrainOptions, Trained, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::Value;
use tower::ServiceExt;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text header"))
    }
}

/// The text of an answer that came packed by gzip.
#[allow(dead_code)] // not of those that ask for whole answers
pub fn unpacked(answer: &Answer) -> String {
    assert_eq!(answer.header(header::CONTENT_ENCODING), "gzip");
    let mut text = String::new();
    GzDecoder::new(&*answer.body).read_to_string(&mut text).expect("the whole of a packed text");
    text
}

/// A state that serves the Mall Customers, which are learned once for all tests.
pub fn mall_state(settings: Settings) -> AppState {
    static TRAINED: OnceLock<Trained> = OnceLock::new();
    let Trained { model, customers } = TRAINED.get_or_init(|| {
        let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
        train(data, &TrainOptions::new().unwrap(), |_| ()).unwrap()
    });
    AppState::new(model.clone(), Some(customers), settings)
}

/// The API with the Mall Customers and the default settings.
pub fn mall() -> Router {
    app(mall_state(Settings::default()))
}

pub async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub async fn get(app: &Router, path: &str) -> Answer {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Posts bytes as JSON.
pub async fn post(app: &Router, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    send(app, request.body(body.into()).unwrap()).await
}
