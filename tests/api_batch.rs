//! Scoring many customers at once, and the lists of those that a model was learned from.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use std::convert::Infallible;
use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use api::{Answer, get, mall, mall_state, post, send, unpacked};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::stream::{self, Stream, StreamExt};
use proptest::prelude::*;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::{NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::{Value, json};
use tower::ServiceExt;

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";
const JSON: &str = "application/json";

fn request(kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/predict/batch").header(header::CONTENT_TYPE, kind);
    request.body(body.into()).unwrap()
}

async fn batch(app: &Router, kind: &str, body: impl Into<Body>) -> Answer {
    send(app, request(kind, body)).await
}

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The rows of an answer of JSON lines.
fn lines(answer: &Answer) -> Vec<Value> {
    text(answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each row's id, or its first kind of error.
fn told(rows: &[Value]) -> Vec<String> {
    let told = |row: &Value| match row.get("error") {
        None => row["cluster_id"].to_string(),
        Some(error) => error["errors"][0]["type"].as_str().unwrap().to_owned(),
    };
    rows.iter().map(told).collect()
}

/// Good and bad rows, each with what is told of it.
const MIXED: [(&str, &str); 8] = [
    (r#"{"annual_income": 50, "spending_score": 50}"#, "2"),
    (r#"{"annual_income": "x", "spending_score": 50}"#, "number_type"),
    (r#"{"Annual Income (k$)": 15, "Spending Score (1-100)": 80, "Age": 20}"#, "1"),
    (r#"{"annual_income": 50}"#, "missing"),
    (r#"{"annual_income": 50, "spending_score": 50, "shoes": 3}"#, "unknown_field"),
    ("{nonsense}", "json_invalid"),
    ("[1]", "object_type"),
    (r#"{"annual_income": 90, "spending_score": 85}"#, "4"),
];

#[tokio::test]
async fn a_row_for_a_row_in_an_array() {
    let rows: Vec<&str> = MIXED.iter().map(|(row, _)| *row).collect();
    let answer = batch(&mall(), JSON, format!("[{}]", rows.join(" , "))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header(header::CONTENT_TYPE), JSON);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let rows = answer.json().as_array().unwrap().clone();
    assert_eq!(told(&rows), MIXED.map(|(_, expected)| expected));
    let version = mall_state(Settings::default()).model().version.clone();
    assert_eq!(answer.header("segmenta-model-version"), version);
    let error = &rows[1]["error"];
    assert_eq!(error["errors"][0]["loc"], json!(["body", "annual_income"]));
    assert!(error["detail"].as_str().unwrap().starts_with("annual_income: a number is needed"));
    assert!(rows[5]["error"]["detail"].as_str().unwrap().starts_with("the row is not JSON"));
    for (body, expected) in [("[]", json!([])), (" [ \n] ", json!([]))] {
        assert_eq!(batch(&mall(), JSON, body).await.json(), expected);
    }
}

#[tokio::test]
async fn a_row_for_a_row_in_lines() {
    let body = MIXED.iter().fold(String::new(), |body, (row, _)| body + row + "\r\n\n");
    let answer = batch(&mall(), NDJSON, body.trim_end().to_owned()).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), NDJSON);
    assert_eq!(told(&lines(&answer)), MIXED.map(|(_, expected)| expected));
    assert_eq!(text(&batch(&mall(), NDJSON, "").await), "");
}

#[tokio::test]
async fn a_table_keeps_its_columns() {
    let body = "\u{feff}Name;Annual Income (k$);spending_score\r\n\
                \"Ada; \"\"A\"\"\";15,5;39,5\r\n=1+1;x;-4\r\n;;\r\nno;cells\r\n\r\nBudi;50;50";
    let answer = batch(&mall(), "text/csv; charset=utf-8", body).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/csv; charset=utf-8; header=present");
    let text = text(&answer);
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 5, "{text}");
    assert_eq!(
        rows[0],
        "Name;Annual Income (k$);spending_score;cluster_id;persona;distance;confidence;error"
    );
    assert!(rows[1].starts_with("\"Ada; \"\"A\"\"\";15,5;39,5;0;Sensible;0,83"), "{text}");
    assert!(rows[1].ends_with(';'), "{text}");
    assert_eq!(rows[2], "=1+1;x;-4;;;;;\"annual_income: \"\"x\"\" is not a number (and 1 more)\"");
    assert_eq!(rows[3], "no;cells;;;;;;2 cells found, the header has 3");
    assert!(rows[4].starts_with("Budi;50;50;2;Standard;"), "{text}");
}

#[tokio::test]
async fn letters_of_other_encodings() {
    let expected =
        text(&batch(&mall(), CSV, "Größe,annual_income,spending_score\nä,50,50\n").await);
    let latin = b"Gr\xf6\xdfe,annual_income,spending_score\n\xe4,50,50\n";
    let unit = "Größe,annual_income,spending_score\nä,50,50\n".encode_utf16();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(unit).flat_map(u16::to_le_bytes).collect();
    for (kind, body) in [
        (CSV, latin.to_vec()),
        ("text/csv; charset=iso-8859-1", latin.to_vec()),
        (CSV, utf16.clone()),
        ("text/csv;charset=utf-16le", utf16),
    ] {
        assert_eq!(text(&batch(&mall(), kind, body).await), expected, "{kind}");
    }
    let mixed =
        [&b"annual_income,spending_score\n50,50\n"[..], &b"60,60\n".repeat(20_000), b"\xe4,1\n"];
    let answer = text(&batch(&mall(), CSV, mixed.concat()).await);
    let last = answer.lines().last().unwrap();
    assert!(last.starts_with("\u{fffd},1,,,,,"), "{last}");
    assert!(last.contains("the row is not UTF-8 text; name its encoding"), "{last}");
}

#[tokio::test]
async fn answers_come_packed_to_who_takes_them_so() {
    const ROW: &str = "annual_income,spending_score\n50,50\n";
    for (kind, body) in [(JSON, "[]"), (JSON, "[1]"), (NDJSON, ""), (NDJSON, "1\n"), (CSV, ROW)] {
        let plain = batch(&mall(), kind, body).await;
        let mut asked = request(kind, body);
        asked.headers_mut().insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
        let packed = send(&mall(), asked).await;
        assert_eq!(packed.header(header::CONTENT_ENCODING), "gzip", "{kind} {body}");
        assert_eq!(unpacked(&packed), text(&plain));
    }
}

#[tokio::test]
async fn what_is_refused_as_a_whole() {
    for (kind, body, status, part) in [
        ("text/plain", "[]", 415, "application/x-ndjson"),
        ("application/x-www-form-urlencoded", "a=b", 415, "text/csv"),
        ("text/csv; charset=klingon", "a\n", 415, "text/csv"),
        (JSON, "", 400, "empty"),
        (JSON, "  ", 400, "empty"),
        (JSON, "{}", 422, "an object was given"),
        (JSON, "7", 422, "a JSON array"),
        (CSV, "", 422, "the file is empty"),
        (CSV, "a,a\n1,2\n", 422, "named twice"),
        (CSV, "annual_income,income\n1,2\n", 422, "spending_score: the table has no such column"),
        (CSV, "annual_income,spending_score,persona\n1,2,3\n", 422, "which the answer adds"),
    ] {
        let answer = batch(&mall(), kind, body).await;
        assert_eq!(answer.status, status, "{kind} {body}");
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(part), "{detail}");
    }
    let settings = Settings { batch_limit: 50, ..Settings::default() };
    let announced = Request::post("/predict/batch")
        .header(header::CONTENT_TYPE, JSON)
        .header(header::CONTENT_LENGTH, 51)
        .body(Body::from(" ".repeat(51)));
    let answer = send(&app(mall_state(settings)), announced.unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header(header::CONNECTION), "close");
}

#[tokio::test]
async fn what_cannot_be_read_on_is_told_last() {
    const GOOD: &str = r#"{"annual_income":50,"spending_score":50}"#;
    for body in
        [format!("[{GOOD} {GOOD}]"), format!("[{GOOD},{GOOD}"), format!("[{GOOD}}},{GOOD}]")]
    {
        let rows = batch(&mall(), JSON, body).await.json();
        let told = told(rows.as_array().unwrap());
        assert_eq!(told.last().unwrap(), "json_invalid");
        assert_eq!(told[0], "2");
    }
    let table = "annual_income,spending_score\n50,50\n\"50,50\n60,60\n";
    let answer = text(&batch(&mall(), CSV, table).await);
    assert_eq!(answer.lines().count(), 3, "{answer}");
    assert!(answer.lines().last().unwrap().contains("never closed"), "{answer}");
}

#[tokio::test]
async fn a_row_that_is_too_long_fails_no_other() {
    const GOOD: &str = r#"{"annual_income":50,"spending_score":50}"#;
    let long = format!(r#"{{"annual_income":50,"gender":"{}"}}"#, "x".repeat(1 << 20));
    let expected = ["2", "too_long", "2"];
    let answer = batch(&mall(), NDJSON, format!("{GOOD}\n{long}\n{GOOD}\n")).await;
    assert_eq!(told(&lines(&answer)), expected);
    let answer = batch(&mall(), JSON, format!("[{GOOD},{long},{GOOD}]")).await;
    assert_eq!(told(answer.json().as_array().unwrap()), expected);
    let long = "x".repeat(1 << 20);
    let table = format!("annual_income,spending_score,note\n50,50,\n50,50,\"{long}\"\n50,50,\n");
    let answer = text(&batch(&mall(), CSV, table).await);
    let rows: Vec<&str> = answer.lines().collect();
    assert_eq!(rows.len(), 4, "{answer}");
    assert!(rows[1].contains("Standard") && rows[3].contains("Standard"), "{answer}");
    assert_eq!(rows[2], ",,,,,,,the row is longer than 1 MiB");
}

/// A body in pieces, and how many of them were taken.
fn pieces(
    piece: String,
    n_pieces: usize,
) -> (Arc<AtomicUsize>, impl Stream<Item = Result<Bytes, Infallible>>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let piece = Bytes::from(piece);
    let stream = stream::iter(0..n_pieces).then(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        let piece = piece.clone();
        async move {
            tokio::task::yield_now().await;
            Ok(piece)
        }
    });
    (taken, stream)
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_on() {
    let rows = "{\"annual_income\":50,\"spending_score\":50}\n".repeat(10_000);
    let n_pieces = 200;
    let (taken, stream) = pieces(rows, n_pieces);
    let response = mall().oneshot(request(NDJSON, Body::from_stream(stream))).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    let count = |piece: &[u8]| piece.split(|&byte| byte == b'\n').count() - 1;
    let mut answered = count(&body.next().await.unwrap().unwrap());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(taken.load(Ordering::SeqCst) < 10, "all of the body was taken");
    while let Some(piece) = body.next().await {
        answered += count(&piece.unwrap());
    }
    assert_eq!(answered, 10_000 * n_pieces);
}

#[tokio::test]
async fn the_answer_begins_before_the_body_ends() {
    const GOOD: &str = r#"{"annual_income":50,"spending_score":50}"#;
    let table = "annual_income,spending_score\n".to_owned() + &"50,50\n".repeat(20_000);
    for (kind, begin, end) in [
        (NDJSON, format!("{GOOD}\n"), format!("{GOOD}\n")),
        (JSON, format!("[{GOOD},"), format!("{GOOD}]")),
        (CSV, table, "60,60\n".to_owned()),
    ] {
        let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(1);
        let stream = stream::unfold(receiver, |mut receiver| async {
            Some((receiver.recv().await?, receiver))
        });
        let asking = mall().oneshot(request(kind, Body::from_stream(stream)));
        sender.send(Ok(begin.into())).await.unwrap();
        let mut body = asking.await.unwrap().into_body().into_data_stream();
        let mut answer = String::new();
        while !answer.contains("Standard") {
            let piece = tokio::time::timeout(Duration::from_secs(20), body.next()).await;
            answer += &String::from_utf8_lossy(&piece.expect(kind).unwrap().unwrap());
        }
        sender.send(Ok(end.into())).await.unwrap();
        drop(sender);
        while let Some(piece) = body.next().await {
            answer += &String::from_utf8_lossy(&piece.unwrap());
        }
        let expected = if kind == CSV { 20_001 } else { 2 };
        assert_eq!(answer.matches("Standard").count(), expected, "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_ends_early_is_told() {
    const GOOD: &str = r#"{"annual_income":50,"spending_score":50}"#;
    let rows = format!("{GOOD}\n{GOOD}\n{{\"annual");
    let cut: [io::Result<Bytes>; 2] =
        [Ok(rows.clone().into()), Err(io::ErrorKind::ConnectionReset.into())];
    let answer = batch(&mall(), NDJSON, Body::from_stream(stream::iter(cut))).await;
    assert_eq!(told(&lines(&answer)), ["2", "2", "cut_off"]);

    let patient = Settings { request_timeout: Duration::from_millis(50), ..Settings::default() };
    let stalled = stream::iter([Ok::<_, Infallible>(Bytes::from(format!("[{GOOD},")))]);
    let stalled = Body::from_stream(stalled.chain(stream::pending()));
    let answer = batch(&app(mall_state(patient)), JSON, stalled).await;
    assert_eq!(told(answer.json().as_array().unwrap()), ["2", "stalled"]);

    let strict = Settings { batch_limit: 3 * rows.len() as u64, ..Settings::default() };
    let (_, endless) = pieces(format!("{GOOD}\n"), 1000);
    let answer = batch(&app(mall_state(strict)), NDJSON, Body::from_stream(endless)).await;
    let told = told(&lines(&answer));
    assert!(told.len() < 10 && told.last().unwrap() == "too_long", "{told:?}");
}

#[tokio::test]
async fn a_body_longer_than_others_may_be_and_slower_is_read() {
    let settings = Settings {
        body_limit: 100,
        request_timeout: Duration::from_millis(200),
        ..Settings::default()
    };
    let row = Bytes::from("{\"annual_income\":50,\"spending_score\":50}\n");
    let slow = stream::iter(0..10).then(move |_| {
        let row = row.clone();
        async {
            tokio::time::sleep(Duration::from_millis(40)).await;
            Ok::<_, Infallible>(row)
        }
    });
    let answer = batch(&app(mall_state(settings)), NDJSON, Body::from_stream(slow)).await;
    assert_eq!(told(&lines(&answer)), ["2"; 10]);
}

#[tokio::test]
async fn rows_are_counted_and_told_in_the_language_asked_for() {
    let app = mall();
    let rows = "{\"annual_income\":50,\"spending_score\":50}\n{}\n".repeat(700);
    let mut request = request(NDJSON, rows);
    request.headers_mut().insert(header::ACCEPT_LANGUAGE, "id".parse().unwrap());
    let answer = send(&app, request).await;
    assert_eq!(answer.header(header::CONTENT_LANGUAGE), "id");
    assert_eq!(lines(&answer)[0]["persona"], "Normal");
    let metrics = String::from_utf8(get(&app, "/metrics").await.body).unwrap();
    let count = "segmenta_predictions_total{cluster_id=\"2\",persona=\"Standard\"} 700";
    assert!(metrics.contains(count), "{metrics}");
}

/// A shop whose customers have categories, missing values, and two groups of features.
fn shop() -> Router {
    let mut csv = String::from("Spent (EUR),member,visits\n");
    for i in 0..90 {
        let spent = if i == 7 { String::new() } else { (i % 30 * 10).to_string() };
        writeln!(csv, "{spent},{},{}", if i % 2 == 0 { "yes" } else { "no" }, i % 7).unwrap();
    }
    let data = Dataset::read(&Source::new("shop.csv", csv), OnError::Fail).unwrap();
    let options = TrainOptions {
        features: ["spent", "member", "visits"].map(str::to_owned).to_vec(),
        n_clusters: NClusters::Fixed(4),
        ..TrainOptions::new().unwrap()
    };
    let mut trained = train(data, &options, |_| ()).unwrap();
    // Ids that later models leave have gaps.
    for (segment, id) in trained.model.segments.iter_mut().zip([1, 4, 5, 9]) {
        segment.cluster_id = id;
    }
    app(AppState::new(trained.model, Some(&trained.customers), Settings::default()))
}

fn a_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..400_i32).prop_map(|x| json!(x)),
        2 => (-500.0..5000.0).prop_map(|x: f64| json!(x)),
        2 => prop_oneof![Just("yes"), Just("no"), Just("perhaps"), Just("-"), Just("a,\"b\n")].prop_map(|x| json!(x)),
        1 => prop_oneof![Just(json!(null)), Just(json!(1e300)), Just(json!([1])), Just(json!(true))],
    ]
}

fn a_customer() -> impl Strategy<Value = Value> {
    let fields = prop_oneof![
        5 => Just("spent"), 5 => Just("member"), 5 => Just("visits"), 2 => Just("Spent (EUR)"), 1 => Just("shoes"),
    ];
    prop_oneof![
        5 => (a_value(), prop_oneof![Just("yes"), Just("no"), Just("maybe")], 0..9)
            .prop_map(|(spent, member, visits)| json!({ "spent": spent, "member": member, "visits": visits })),
        2 => prop::collection::btree_map(fields, a_value(), 0..4).prop_map(|fields| json!(fields)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_are_answered_as_single_customers_are(
        customers in prop::collection::vec(a_customer(), 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            static SHOP: std::sync::OnceLock<Router> = std::sync::OnceLock::new();
            let app = SHOP.get_or_init(shop);
            let body = customers.iter().fold(String::new(), |body, one| body + &one.to_string() + "\n");
            let rows = lines(&batch(app, NDJSON, body).await);
            let array = batch(app, JSON, json!(customers).to_string()).await.json();
            assert_eq!(array, json!(rows));
            assert_eq!(rows.len(), customers.len());
            for (row, customer) in rows.iter().zip(&customers) {
                let single = post(app, "/predict", customer.to_string()).await;
                let mut expected = single.json();
                if single.status != 200 {
                    assert_eq!(row["error"]["errors"], expected["errors"], "{customer}");
                    assert_eq!(row["error"]["detail"], expected["detail"], "{customer}");
                    continue;
                }
                for warning in expected["warnings"].as_array_mut().unwrap() {
                    warning.as_object_mut().unwrap().remove("ctx");
                }
                let keys = row.as_object().unwrap().keys();
                assert!(keys.clone().count() >= 5, "{row}");
                for key in keys {
                    assert_eq!(row[key], expected[key], "{key} of {customer}");
                }
            }
        });
    }

    #[test]
    fn cells_are_answered_as_fields_are(
        rows in prop::collection::vec((0.0..500.0_f64, any::<bool>(), 0..9), 1..400),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            static SHOP: std::sync::OnceLock<Router> = std::sync::OnceLock::new();
            let app = SHOP.get_or_init(shop);
            let (mut table, mut objects) = ("visits,spent,member\n".to_owned(), String::new());
            for (spent, is_member, visits) in &rows {
                let member = if *is_member { "yes" } else { "no" };
                writeln!(table, "{visits},{spent},{member}").unwrap();
                let object = json!({ "spent": spent, "member": member, "visits": visits });
                writeln!(objects, "{object}").unwrap();
            }
            let expected = lines(&batch(app, NDJSON, objects).await);
            let answer = text(&batch(app, CSV, table).await);
            let told: Vec<Vec<&str>> = answer.lines().skip(1).map(|row| row.split(',').skip(3).collect()).collect();
            assert_eq!(told.len(), expected.len());
            for (cells, expected) in told.iter().zip(&expected) {
                assert_eq!(cells[0], expected["cluster_id"].to_string());
                let number = |cell: &str| cell.parse::<f64>().unwrap();
                assert_eq!(json!(number(cells[cells.len() - 3])), expected["distance"]);
                assert_eq!(json!(number(cells[cells.len() - 2])), expected["confidence"]);
            }
        });
    }
}
