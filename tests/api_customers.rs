//! The customers that a model was learned from, page by page and in one stream.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use std::fmt::Write as _;

use api::{Answer, get, mall, send, unpacked};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A server of kept customers, which go with it.
struct Shop {
    app: Router,
    state: AppState,
    folder: TempDir,
    model: Model,
}

fn shop(source: &Source, on_error: OnError, n_clusters: NClusters) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let data = Dataset::read(source, on_error).unwrap();
    let options = TrainOptions { n_clusters, on_error, ..TrainOptions::new().unwrap() };
    let trained = train(data, &options, |_| ()).unwrap();
    store.keep(&trained.model, source).unwrap();
    let model = trained.model.clone();
    let settings = Settings { stats_rows: 1_000_000, ..Settings::default() };
    let state = AppState::new(trained.model, Some(&trained.customers), settings);
    let state = state.with_store(store).unwrap();
    Shop { app: app(state.clone()), state, folder, model }
}

fn mall_shop() -> Shop {
    shop(&Source::mall_customers(), OnError::Fail, NClusters::Auto)
}

impl Shop {
    async fn accepting(&self, path: &str, accept: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT, accept);
        send(&self.app, request.body(Body::empty()).unwrap()).await
    }

    /// All pages, one after another.
    async fn pages(&self, query: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&self.app, &format!("/api/customers?{query}{cursor}")).await;
            assert_eq!(page.status, 200, "{}", page.json());
            let page = page.json();
            rows.extend(page["data"].as_array().unwrap().clone());
            match page["next"].as_str() {
                None => {
                    assert_eq!(page["total"], rows.len());
                    return rows;
                }
                Some(next) => cursor = format!("&cursor={next}"),
            }
        }
    }
}

async fn stats(shop: &Shop) -> Vec<Value> {
    get(&shop.app, "/stats").await.json()["data"].as_array().unwrap().clone()
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.body.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn pages_and_streams_are_what_stats_lists() {
    let shop = mall_shop();
    let all = stats(&shop).await;
    assert_eq!(all.len(), 200);
    assert_eq!(shop.pages("limit=7").await, all);
    assert_eq!(shop.pages("").await, all);
    assert_eq!(lines(&shop.accepting("/api/customers", "application/x-ndjson").await), all);
    let own = |all: &[Value]| -> Vec<Value> {
        all.iter().filter(|row| row["Cluster"] == 3).cloned().collect()
    };
    assert_eq!(own(&all).len(), 35);
    assert_eq!(shop.pages("segment=3&limit=10").await, own(&all));
    assert_eq!(shop.pages("segment=3&limit=35").await, own(&all));
    let streamed = shop.accepting("/api/customers?segment=3", "application/x-ndjson").await;
    assert_eq!(lines(&streamed), own(&all));
}

#[tokio::test]
async fn the_list_comes_packed_to_who_takes_it_so() {
    let shop = mall_shop();
    let request = Request::get("/api/customers").header(header::ACCEPT, "text/csv");
    let request = request.header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    let packed = send(&shop.app, request).await;
    let plain = shop.accepting("/api/customers", "text/csv").await;
    assert_eq!(unpacked(&packed).into_bytes(), plain.body);
}

#[tokio::test]
async fn the_list_is_a_file_in_the_language_asked_for() {
    let shop = mall_shop();
    let request = Request::get("/api/customers?segment=4")
        .header(header::ACCEPT, "text/csv")
        .header(header::ACCEPT_LANGUAGE, "id");
    let answer = send(&shop.app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/csv; charset=utf-8; header=present");
    let name = "attachment; filename=\"customers_of_segment_4.csv\"";
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), name);
    assert_eq!(answer.header(header::CONTENT_LANGUAGE), "id");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let text = String::from_utf8(answer.body).unwrap();
    let mut rows = text.lines();
    let header = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100),Cluster,Persona";
    assert_eq!(rows.next(), Some(header));
    assert_eq!(rows.next(), Some("124,Male,39,69,91,4,Sultan"));
    assert_eq!(rows.count(), 38);
}

/// Customers with rows that cannot be used, marks between thousands, and what spreadsheets compute.
fn odd() -> Source {
    let mut text = "Name;Umsatz;Besuche;Code;;\n".to_owned();
    for i in 0..40 {
        let name = ["=1+1", "+62 812", "@x", "Ada; \"\"B\"\"", "-A1", ""][i % 6];
        let sales = ["1.250,5", "12,25", "950", "2.000"][i % 4];
        let visits = if i == 11 { "many".to_owned() } else { (i % 3 * 10).to_string() };
        writeln!(text, "\"{name}\";{sales};{visits};0{i};;").unwrap();
        if i == 20 {
            text += "too;few\n";
        }
    }
    Source::new("odd.csv", text)
}

#[tokio::test]
async fn rows_are_read_again_as_training_read_them() {
    let shop = shop(&odd(), OnError::Skip, NClusters::Fixed(3));
    assert_eq!(shop.model.data.skipped_rows, 2);
    let all = stats(&shop).await;
    assert_eq!(all.len(), 39);
    assert_eq!(all[0]["Umsatz"], json!(1250.5));
    assert_eq!(shop.pages("limit=5").await, all);
    assert_eq!(lines(&shop.accepting("/api/customers", "application/x-ndjson").await), all);
    let csv = shop.accepting("/api/customers", "text/csv").await;
    let text = String::from_utf8(csv.body).unwrap();
    for (cell, expected) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("-A1", "'-A1")] {
        assert!(text.contains(&format!("\n{expected},")), "{cell} {text}");
    }
    assert!(text.contains("\n+62 812,12.25,"), "{text}");
}

#[tokio::test]
async fn several_files_are_one_list() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..60).map(|i| format!("{},{}\n", i % 9, i % 2 * 50)).collect();
    for (name, half) in [("a.csv", &rows[..30]), ("b.csv", &rows[30..])] {
        let text = format!("visits,spent\n{}", half.concat());
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let source = Source::open_all(&[folder.path().to_owned()]).unwrap();
    let shop = shop(&source, OnError::Fail, NClusters::Fixed(2));
    let all = stats(&shop).await;
    assert_eq!(all.len(), 60);
    assert_eq!(shop.pages("limit=25").await, all);
}

#[tokio::test]
async fn what_cannot_be_asked_for() {
    let shop = mall_shop();
    let page = get(&shop.app, "/api/customers?limit=5").await.json();
    let cursor = page["next"].as_str().unwrap();
    let other = format!("{:0>width$}", &cursor[cursor.len() - 16..], width = cursor.len());
    for (query, field) in [
        ("segment=Target".to_owned(), "segment"),
        ("limit=0".to_owned(), "limit"),
        ("limit=1001".to_owned(), "limit"),
        ("limit=x".to_owned(), "limit"),
        ("cursor=nonsense".to_owned(), "cursor"),
        (format!("cursor={}", &cursor[1..]), "cursor"),
        ("limit=1&limit=2".to_owned(), "segment"),
    ] {
        let answer = get(&shop.app, &format!("/api/customers?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.json()["errors"][0]["loc"], json!(["query", field]), "{query}");
    }
    for (query, status) in [
        ("segment=99".to_owned(), 404),
        ("segment=79169991975165633757184".to_owned(), 404),
        (format!("cursor={other}"), 409),
    ] {
        let answer = get(&shop.app, &format!("/api/customers?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    }
    let answer = shop.accepting("/api/customers?limit=5", "text/csv").await;
    assert_eq!(answer.json()["errors"][0]["loc"], json!(["query", "limit"]));
    let beyond = format!("cursor={}ffffffffffffffff", shop.model.version);
    assert_eq!(get(&shop.app, &format!("/api/customers?{beyond}")).await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_cursor_is_of_one_model() {
    let shop = mall_shop();
    let next = get(&shop.app, "/api/customers?limit=5").await.json()["next"].clone();
    let path = format!("/api/customers?cursor={}", next.as_str().unwrap());
    assert_eq!(get(&shop.app, &path).await.json()["data"][0]["CustomerID"], 6);
    let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    let options = TrainOptions { n_clusters: NClusters::Fixed(3), ..TrainOptions::new().unwrap() };
    let other = train(data, &options, |_| ()).unwrap();
    shop.state.put_to_use(other.model, Some(&other.customers));
    let answer = get(&shop.app, &path).await;
    assert_eq!(answer.status, 409);
    assert!(answer.json()["detail"].as_str().unwrap().contains("another model"));
}

#[tokio::test]
async fn without_customers_there_is_no_list() {
    for accept in ["application/json", "text/csv"] {
        let request = Request::get("/api/customers").header(header::ACCEPT, accept);
        let answer = send(&mall(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 503, "there is no data folder");
        let shop = mall_shop();
        std::fs::remove_dir_all(shop.folder.path()).unwrap();
        assert_eq!(shop.accepting("/api/customers", accept).await.status, 503);
        shop.state.put_to_use(shop.model.clone(), None);
        assert_eq!(shop.accepting("/api/customers", accept).await.status, 503);
    }
}
