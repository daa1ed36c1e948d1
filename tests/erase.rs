//! Erasing a customer: from all data sets in all forms, at once, and nowhere on the disk afterwards.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
#[allow(dead_code)]
mod api;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use api::{Answer, get, post, send};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::{Kept, Place, Rows, Store};
use segmenta::model::{Customers, Model, NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use tempfile::TempDir;

/// An id that is nothing else anywhere.
const ID: &str = "K-7700177";

fn id(row: usize) -> String {
    if row == 17 { ID.to_owned() } else { format!("K-{}", 1000 + row) }
}

/// Customers as CSV with quotation marks and CRLF.
fn csv() -> String {
    let mut text = "customer_id,note,income,score\r\n".to_owned();
    for row in 0..60 {
        let group = row % 3;
        write!(
            text,
            "{},\"a, \"\"b\"\"\r\n{row}\",{},{}\r\n",
            id(row),
            10 * group + row / 10,
            50 - 20 * group + row / 7
        )
        .unwrap();
    }
    text
}

fn learn(source: &Source) -> Model {
    let data = Dataset::read(source, OnError::Fail).unwrap();
    let options = TrainOptions {
        features: vec!["income".to_owned(), "score".to_owned()],
        n_clusters: NClusters::Fixed(3),
        ..TrainOptions::new().unwrap()
    };
    train(data, &options, |_| ()).unwrap().model
}

fn kept(source: &Source) -> (TempDir, Store, Model) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let model = learn(source);
    store.keep(&model, source).unwrap();
    store.activate(&model.version).unwrap();
    (folder, store, model)
}

/// All files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Makes sure that the id is in no file, also not in one that is packed.
#[track_caller]
fn assert_gone(folder: &Path) {
    for file in files(folder) {
        let mut bytes = std::fs::read(&file).unwrap();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let packed = std::mem::take(&mut bytes);
            std::io::Read::read_to_end(
                &mut flate2::read::MultiGzDecoder::new(&*packed),
                &mut bytes,
            )
            .unwrap();
        }
        let is_in = bytes.windows(ID.len()).any(|part| part == ID.as_bytes());
        assert!(!is_in, "the id is in {}", file.display());
    }
}

fn erase(store: &Store, id: &str) -> Vec<Rows> {
    let places = store.find_customer(id).unwrap();
    store.erase_customer(id, &places).unwrap();
    places.into_iter().map(|place| place.rows).collect()
}

fn segments(model: &Model, store: &Store) -> Vec<(String, u32)> {
    let Customers { data, labels } = store.customers(model).unwrap();
    let ids = &data.columns()[data.column_index("customer_id").unwrap()];
    labels
        .iter()
        .enumerate()
        .map(|(row, &label)| (ids.text(row).unwrap().to_owned(), label))
        .collect()
}

#[test]
fn other_rows_stay_byte_for_byte_and_keep_their_segments() {
    let (folder, store, model) = kept(&Source::new("a.csv", csv()));
    let before = segments(&model, &store);
    let file = std::fs::read(folder.path().join("models").join(&model.version).join("model.json"));
    assert_eq!(erase(&store, ID), [Rows::Found(1)]);
    assert_gone(folder.path());
    let after = segments(&model, &store);
    let expected: Vec<_> = before.into_iter().filter(|(id, _)| id != ID).collect();
    assert_eq!(after, expected);
    let path = folder.path().join("models").join(&model.version);
    let from = csv().find(ID).unwrap();
    let until = csv().find("K-1018").unwrap();
    let left = format!("{}{}", &csv()[..from], &csv()[until..]);
    assert_eq!(std::fs::read_to_string(path.join("customers.csv")).unwrap(), left);
    assert_eq!(std::fs::read(path.join("model.json")).unwrap(), file.unwrap());
    assert_eq!(erase(&store, ID), [Rows::Found(0)]);
    assert_eq!(erase(&store, "K-1001"), [Rows::Found(1)]);
    assert_eq!(segments(&model, &store).len(), 58);
    let erased = std::fs::read_to_string(path.join("erased.json")).unwrap();
    assert!(erased.contains("\"rows\": 2"), "{erased}");
}

#[test]
fn what_killed_processes_left_goes_too() {
    let (folder, store, model) = kept(&Source::new("a.csv", csv()));
    let models = folder.path().join("models");
    std::fs::create_dir(models.join("0123456789ab")).unwrap();
    std::fs::write(models.join("0123456789ab/customers.csv"), csv()).unwrap();
    std::fs::write(models.join(&model.version).join(".segmenta-abcdef"), csv()).unwrap();
    assert_eq!(erase(&store, ID), [Rows::Found(1)]);
    assert_gone(folder.path());
    assert_eq!(store.customers(&model).unwrap().data.n_rows(), 59);
}

#[test]
fn a_process_killed_between_two_files_leaves_a_folder_that_works() {
    let (folder, store, model) = kept(&Source::new("a.csv", csv()));
    let customers = folder.path().join("models").join(&model.version).join("customers.csv");
    for (id, left) in [(ID, 59), ("K-1001", 58)] {
        let before = std::fs::read(&customers).unwrap();
        erase(&store, id);
        let after = std::fs::read(&customers).unwrap();
        // The new fingerprint was written and the customers were not.
        std::fs::write(&customers, &before).unwrap();
        assert_eq!(store.customers(&model).unwrap().data.n_rows(), left + 1);
        assert_eq!(erase(&store, id), [Rows::Found(1)]);
        assert_eq!(std::fs::read(&customers).unwrap(), after);
        assert_eq!(store.customers(&model).unwrap().data.n_rows(), left);
    }
    let erased = folder.path().join("models").join(&model.version).join("erased.json");
    assert!(std::fs::read_to_string(erased).unwrap().contains("\"rows\": 2"));
    // Any other change is still told.
    std::fs::write(&customers, csv().replace("K-1002", "K-9002")).unwrap();
    assert!(store.customers(&model).is_err());
}

fn ndjson() -> String {
    let line = |row: usize| {
        let (income, score) = (10 * (row % 3) + row / 10, 50 - 20 * (row % 3) + row / 7);
        format!("{{\"customer_id\":\"{}\", \"income\":{income},\"score\": {score}}}\n", id(row))
    };
    (0..60).map(line).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn every_form_can_be_erased_from() {
    let files = tempfile::tempdir().unwrap();
    let several = [("a.csv", csv()), ("b.csv", csv().replace("K-1", "L-1"))].map(|(name, text)| {
        let path = files.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let forms = [
        (Source::new("a.ndjson", ndjson()), 1),
        (Source::new("a.csv.gz", gzip(&csv())), 1),
        (Source::open_all(&several).unwrap(), 2),
        #[cfg(feature = "parquet")]
        (Source::new("a.parquet", parquet()), 1),
    ];
    for (source, rows) in forms {
        let (folder, store, model) = kept(&source);
        let before = segments(&model, &store);
        assert_eq!(erase(&store, ID), [Rows::Found(rows)], "{}", source.name());
        assert_gone(folder.path());
        let expected: Vec<_> = before.into_iter().filter(|(id, _)| id != ID).collect();
        assert_eq!(segments(&model, &store), expected, "{}", source.name());
    }
}

#[cfg(feature = "parquet")]
fn parquet() -> Vec<u8> {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    let number = |of: fn(usize) -> usize| -> ArrayRef {
        Arc::new((0..60).map(|row| i64::try_from(of(row)).ok()).collect::<Int64Array>())
    };
    let ids: ArrayRef = Arc::new((0..60).map(|row| Some(id(row))).collect::<StringArray>());
    let batch = RecordBatch::try_from_iter([
        ("customer_id", ids),
        ("income", number(|row| 10 * (row % 3) + row / 10)),
        ("score", number(|row| 50 - 20 * (row % 3) + row / 7)),
    ])
    .unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A server with a model, an upload of transactions, and one without customers.
async fn server() -> (TempDir, Router, Model, [String; 2]) {
    let source = Source::new("a.csv", csv());
    let (folder, store, model) = kept(&source);
    let customers = store.customers(&model).unwrap();
    let state = AppState::new(model.clone(), Some(&customers), Settings::default());
    let app = app(state.with_store(store).unwrap());
    let log =
        format!("customer_id,day,amount\n{ID},2024-01-01,3\nK-1,2024-01-02,4\n{ID},2024-01-03,5\n");
    let ids =
        [upload(&app, "log.csv", &log).await, upload(&app, "x.csv", "a,b\n1,2.5\n3,4.5\n").await];
    (folder, app, model, ids)
}

async fn upload(app: &Router, name: &str, text: &str) -> String {
    let request = Request::post(format!("/api/uploads?name={name}"))
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Body::from(text.to_owned()))
        .unwrap();
    let answer = send(app, request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn delete(app: &Router, id: &str, language: &str) -> Answer {
    let request = Request::delete(format!("/api/customers/{id}"));
    send(app, request.header(header::ACCEPT_LANGUAGE, language).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_customer_is_gone_at_once() {
    let (folder, app, model, [log, other]) = server().await;
    let answer = delete(&app, ID, "en").await;
    let body = answer.json();
    assert_eq!(answer.status, StatusCode::OK, "{body}");
    assert_eq!(body["models"], serde_json::json!([{ "version": model.version, "rows": 1 }]));
    assert_eq!(body["uploads"], serde_json::json!([{ "id": log, "rows": 2 }]));
    let remains = body["remains"].to_string();
    assert!(remains.contains(&other) && remains.contains("delete the upload"), "{remains}");
    assert!(remains.contains("centres") && remains.contains("backups"), "{remains}");
    assert!(!remains.contains(ID), "{remains}");
    assert_gone(folder.path());
    for path in ["/stats", "/api/customers?limit=1000", "/api/uploads", "/api/model"] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!String::from_utf8_lossy(&answer.body).contains(ID), "{path}");
    }
    assert_eq!(get(&app, "/stats").await.json()["total"], 59);
    assert_eq!(get(&app, "/api/customers").await.json()["total"], 59);
    let view = get(&app, "/api/view?x=income&y=score").await.json();
    assert_eq!(view["total"], 59, "{view}");
    let upload = get(&app, &format!("/api/uploads/{log}")).await.json();
    assert_eq!(upload["bytes"], "customer_id,day,amount\nK-1,2024-01-02,4\n".len());

    let again = delete(&app, ID, "en").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(!String::from_utf8_lossy(&again.body).contains(ID));
    let indonesian = delete(&app, "K-1001", "id").await.json();
    assert!(indonesian["remains"].to_string().contains("Titik tengah"), "{indonesian}");
}

#[tokio::test]
async fn data_of_a_training_that_waits_or_runs_stay() {
    let (_folder, app, model, [log, _]) = server().await;
    // The first of two keeps the other waiting.
    let order = format!(r#"{{"model": "{}", "n_clusters": 3}}"#, model.version);
    let first = post(&app, "/api/jobs", order.clone()).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.json());
    let mut conflicts = 0;
    for _ in 0..20 {
        assert_eq!(post(&app, "/api/jobs", order.clone()).await.status, StatusCode::ACCEPTED);
        let answer = delete(&app, ID, "en").await;
        if answer.status == StatusCode::CONFLICT {
            conflicts += 1;
            break;
        }
    }
    assert_eq!(conflicts, 1);
    assert_eq!(get(&app, &format!("/api/uploads/{log}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_no_column_tells_customers_apart_it_is_said() {
    let text = (0..40).fold(String::new(), |mut text, row| {
        writeln!(text, "{}.5,{}", row % 7, row % 3 * 10).unwrap();
        text
    });
    let source = Source::new("a.csv", format!("income,score\n{text}"));
    let (_folder, store, model) = kept(&source);
    let places = store.find_customer("1").unwrap();
    let kept = Kept::Model(model.version.clone());
    assert_eq!(places, [Place { kept, rows: Rows::NoColumn }]);
    let state = AppState::new(model, None, Settings::default()).with_store(store).unwrap();
    assert_eq!(delete(&app(state), "1", "en").await.status, StatusCode::CONFLICT);
    let no_folder = app(api::mall_state(Settings::default()));
    assert_eq!(delete(&no_folder, "1", "en").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn numbers_are_found_as_lists_show_them() {
    let text = (1..=60).fold(String::new(), |mut text, row| {
        writeln!(text, "{row:04},{}.5,{}", row % 7, row % 3 * 10).unwrap();
        text
    });
    let source = Source::new("a.csv", format!("CustomerID,income,score\n{text}"));
    let (_folder, store, model) = kept(&source);
    assert_eq!(erase(&store, "7"), [Rows::Found(1)]);
    assert_eq!(store.customers(&model).unwrap().data.n_rows(), 59);
}
