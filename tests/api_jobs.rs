//! Uploads and trainings over the API, in a data folder of their own.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use std::fmt::Write;
use std::time::{Duration, Instant};

use api::{Answer, get, mall_state, post, send};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use segmenta::model::store::Store;
use segmenta::server::{Settings, app};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A server with a data folder, which goes with it.
struct Shop {
    app: Router,
    folder: TempDir,
}

fn shop(settings: Settings) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let state = mall_state(settings).with_store(Store::new(folder.path())).unwrap();
    Shop { app: app(state), folder }
}

impl Shop {
    async fn upload(&self, name: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/api/uploads?name={name}"))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        send(&self.app, request.body(body.into()).unwrap()).await
    }

    async fn delete(&self, path: &str) -> u16 {
        send(&self.app, Request::delete(path).body(Body::empty()).unwrap()).await.status.as_u16()
    }

    /// Uploads a file and gives its id.
    async fn uploaded(&self, name: &str, body: impl Into<Body>) -> String {
        let answer = self.upload(name, body).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// Asks for a training and gives its id.
    async fn asked(&self, order: Value) -> String {
        let answer = post(&self.app, "/api/jobs", order.to_string()).await;
        assert_eq!(answer.status, 202, "{}", answer.json());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(answer.header(header::LOCATION), format!("/api/jobs/{id}"));
        id
    }

    async fn job(&self, id: &str) -> Value {
        get(&self.app, &format!("/api/jobs/{id}")).await.json()
    }

    async fn over(&self, id: &str) -> Value {
        self.until(id, |job| !["queued", "running"].contains(&job["state"].as_str().unwrap())).await
    }

    async fn until(&self, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let job = self.job(id).await;
            if is_so(&job) {
                return job;
            }
            assert!(start.elapsed() < Duration::from_mins(2), "{job}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn left_in(&self, folder: &str) -> usize {
        std::fs::read_dir(self.folder.path().join(folder)).map_or(0, Iterator::count)
    }
}

fn customers() -> String {
    (0..60).fold("id,visits,spent\n".to_owned(), |mut text, i| {
        writeln!(text, "C{i},{},{}", i % 3 * 10 + i % 4, i % 2 * 100 + i % 5).unwrap();
        text
    })
}

/// So many customers that learning takes a while.
fn many_customers() -> String {
    let mut text = "a,b,c,d\n".to_owned();
    let mut x = 1_u64;
    for _ in 0..40_000 {
        let cells = [0; 4].map(|_| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (x >> 40).to_string()
        });
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text
}

#[tokio::test]
async fn from_a_file_to_a_kept_model() {
    let shop = shop(Settings::default());
    let id = shop.uploaded("shop.csv", customers()).await;
    let listed = get(&shop.app, "/api/uploads").await.json();
    assert_eq!(listed["uploads"][0]["name"], "shop.csv");
    let inspection = get(&shop.app, &format!("/api/uploads/{id}/inspection")).await.json();
    assert_eq!((&inspection["rows"], &inspection["name"]), (&json!(60), &json!("shop.csv")));
    assert_eq!(inspection["columns"][0]["kind"], "identifier");
    assert_eq!(inspection["columns"][2]["is_proposed"], true);

    let job = shop.asked(json!({ "upload": id, "n_clusters": 3, "k_max": 6 })).await;
    let done = shop.over(&job).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(done["by_k"].as_array().unwrap().len(), 6);
    assert!(done["iteration"].as_u64().unwrap() > 0);
    let version = done["version"].as_str().unwrap();
    let model = Store::new(shop.folder.path()).model(version).unwrap();
    assert_eq!(model.segments.len(), 3);
    assert_eq!(model.data.name, "shop.csv");
    let metrics = String::from_utf8(get(&shop.app, "/metrics").await.body).unwrap();
    assert!(metrics.contains("segmenta_trainings{state=\"done\"} 1"), "{metrics}");
    assert!(metrics.contains("segmenta_trainings{state=\"failed\"} 0"), "{metrics}");
    // It is kept, not in use.
    assert_eq!(get(&shop.app, "/api/model").await.json()["data"]["name"], "mall_customers.csv");

    let again = shop.asked(json!({ "model": version, "n_clusters": 3, "k_max": 6 })).await;
    assert_eq!(shop.over(&again).await["version"], version);
    assert_eq!(shop.delete(&format!("/api/uploads/{id}")).await, 204);
    assert_eq!(shop.delete(&format!("/api/uploads/{id}")).await, 404);
    assert_eq!(shop.delete(&format!("/api/jobs/{job}")).await, 204);
    assert_eq!(get(&shop.app, &format!("/api/jobs/{job}")).await.status, 404);
    assert_eq!(shop.left_in("uploads"), 0);
}

#[tokio::test]
async fn a_log_becomes_customers_first() {
    let shop = shop(Settings::default());
    let log = (0..300).fold("buyer;day;paid\n".to_owned(), |mut text, i| {
        let amount = f64::from(i % 7 * 10) + 0.5;
        let paid = amount.to_string().replace('.', ",");
        writeln!(text, "{};2026-{:02}-{:02};{paid}", i % 40, i % 12 + 1, i % 28 + 1).unwrap();
        text
    });
    let id = shop.uploaded("orders.csv", log).await;
    let rfm = json!({ "customer": "buyer", "date": "day", "amount": "paid" });
    let order = json!({ "upload": id, "rfm": rfm, "n_clusters": 2, "k_max": 3 });
    let done = shop.over(&shop.asked(order).await).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!((&done["rfm"]["customers"], &done["rfm"]["rows"]), (&json!(40), &json!(300)));
    let store = Store::new(shop.folder.path());
    let model = store.model(done["version"].as_str().unwrap()).unwrap();
    assert_eq!(model.data.name, "orders-rfm.csv");
    assert!(model.feature_names().contains(&"recency"));
    assert_eq!(store.customers(&model).unwrap().data.n_rows(), 40);
}

#[tokio::test]
async fn a_training_that_fails_says_why_and_leaves_nothing() {
    let shop = shop(Settings::default());
    let id = shop.uploaded("bad.csv", "a,b\n1,2\n3,x\n5,6\n7,8\n").await;
    let order = json!({ "upload": id, "features": ["a", "b"] });
    let failed = shop.over(&shop.asked(order).await).await;
    assert_eq!(failed["state"], "failed");
    let detail = failed["problem"]["detail"].as_str().unwrap();
    assert!(detail.contains("bad.csv") && detail.contains("row 3"), "{detail}");
    assert!(!detail.contains(&*shop.folder.path().to_string_lossy()), "{detail}");
    assert_eq!(shop.left_in("models"), 0);
    for (name, body) in [("empty.csv", "a,b\n"), ("binary.bin", "\u{0}\u{1}\u{2}")] {
        let id = shop.uploaded(name, body).await;
        let inspection = get(&shop.app, &format!("/api/uploads/{id}/inspection")).await;
        assert_eq!(inspection.status, 409, "{name}: {}", inspection.json());
        let failed = shop.over(&shop.asked(json!({ "upload": id })).await).await;
        assert_eq!(failed["state"], "failed", "{name}");
    }
    // The next one goes on as if nothing had been.
    let id = shop.uploaded("good.csv", customers()).await;
    let done = shop.over(&shop.asked(json!({ "upload": id, "k_max": 3 })).await).await;
    assert_eq!(done["state"], "done", "{done}");
}

#[tokio::test]
async fn one_runs_at_a_time_and_others_wait_until_they_are_cancelled() {
    let shop = shop(Settings::default());
    let id = shop.uploaded("many.csv", many_customers()).await;
    let order = json!({ "upload": id, "k_max": 30 });
    let first = shop.asked(order.clone()).await;
    shop.until(&first, |job| job["state"] == "running").await;
    let second = shop.asked(order.clone()).await;
    let third = shop.asked(order).await;
    assert_eq!(shop.job(&second).await["position"], 1);
    assert_eq!(shop.job(&third).await["position"], 2);
    assert_eq!(shop.delete(&format!("/api/uploads/{id}")).await, 409);

    assert_eq!(shop.delete(&format!("/api/jobs/{second}")).await, 204);
    assert_eq!(shop.job(&second).await["state"], "cancelled");
    assert_eq!(shop.job(&third).await["position"], 1);
    assert_eq!(shop.delete(&format!("/api/jobs/{first}")).await, 202);
    let ended = shop.over(&first).await;
    assert_eq!((&ended["state"], &ended["version"]), (&json!("cancelled"), &Value::Null));
    shop.until(&third, |job| job["state"] == "running").await;
    shop.delete(&format!("/api/jobs/{third}")).await;
    assert_eq!(shop.over(&third).await["state"], "cancelled");
    assert_eq!(shop.left_in("models"), 0);
    let listed = get(&shop.app, "/api/jobs").await.json();
    let ids: Vec<&str> =
        listed["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [third.as_str(), second.as_str(), first.as_str()]);
    assert_eq!(shop.delete(&format!("/api/uploads/{id}")).await, 204);
}

#[tokio::test]
async fn events_tell_of_a_training_to_its_end() {
    let shop = shop(Settings::default());
    let id = shop.uploaded("shop.csv", customers()).await;
    let job = shop.asked(json!({ "upload": id, "k_max": 4 })).await;
    let answer = get(&shop.app, &format!("/api/jobs/{job}/events")).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/event-stream");
    let text = String::from_utf8(answer.body).unwrap();
    let events: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    let last = events.last().unwrap();
    assert_eq!(last["state"], "done", "{text}");
    assert_eq!(last["by_k"].as_array().unwrap().len(), 4);
    // Who comes late hears the end only.
    let answer = get(&shop.app, &format!("/api/jobs/{job}/events")).await;
    assert_eq!(String::from_utf8(answer.body).unwrap().matches("event: job").count(), 1);
    assert_eq!(get(&shop.app, "/api/jobs/nothing/events").await.status, 404);
}

#[tokio::test]
async fn files_that_are_too_long_cut_off_or_forms_are_refused_and_leave_nothing() {
    let shop = shop(Settings { upload_limit: 1000, ..Settings::default() });
    let long = "x".repeat(1001);
    let answer = shop.upload("long.csv", long.clone()).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    let pieces = |texts: Vec<Result<Bytes, std::io::Error>>| {
        Body::from_stream(futures_util::stream::iter(texts))
    };
    let in_pieces = pieces(vec![Ok("x".repeat(600).into()), Ok("x".repeat(600).into())]);
    assert_eq!(shop.upload("long.csv", in_pieces).await.status, 413);
    let cut = pieces(vec![Ok("a,b\n".into()), Err(std::io::Error::other("reset"))]);
    assert_eq!(shop.upload("cut.csv", cut).await.status, 400);
    assert_eq!(shop.upload("empty.csv", "").await.status, 422);
    for kind in
        ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
    {
        let request = Request::post("/api/uploads?name=a.csv").header(header::CONTENT_TYPE, kind);
        let answer = send(&shop.app, request.body("a\n1\n".into()).unwrap()).await;
        assert_eq!(answer.status, 415, "{kind}");
    }
    let request = Request::post("/api/uploads").header(header::CONTENT_TYPE, "text/csv");
    assert_eq!(send(&shop.app, request.body("a\n1\n".into()).unwrap()).await.status, 422);
    assert_eq!(shop.left_in("uploads"), 0);
    assert_eq!(shop.upload("fits.csv", "x".repeat(1000)).await.status, 201);
}

#[tokio::test]
async fn a_sender_that_stops_is_not_waited_for() {
    let request_timeout = Duration::from_millis(50);
    let shop = shop(Settings { request_timeout, ..Settings::default() });
    let stream = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
    assert_eq!(shop.upload("slow.csv", Body::from_stream(stream)).await.status, 408);
    assert_eq!(shop.left_in("uploads"), 0);
}

#[tokio::test]
async fn names_lead_nowhere_and_may_be_given_twice() {
    let shop = shop(Settings::default());
    let first = shop.uploaded("..%2F..%2Fevil.csv", "a\n1\n").await;
    let second = shop.uploaded("evil.csv", "a\n2\n").await;
    assert_ne!(first, second);
    let upload = get(&shop.app, &format!("/api/uploads/{first}")).await.json();
    assert_eq!(upload["name"], "evil.csv");
    assert_eq!(shop.left_in("uploads"), 2);
    let mut there: Vec<_> = std::fs::read_dir(shop.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, ["audit.log", "lock", "serving", "uploads"]);
    for path in ["/api/uploads/..", "/api/uploads/%2e%2e%2f", "/api/uploads/x/inspection"] {
        assert_eq!(get(&shop.app, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn orders_that_cannot_be_meant_are_refused_by_field() {
    let shop = shop(Settings::default());
    let id = shop.uploaded("shop.csv", customers()).await;
    for (order, field) in [
        (json!({}), "upload"),
        (json!({ "upload": id, "model": "f15036153f1d" }), "upload"),
        (json!({ "upload": "nothing" }), "upload"),
        (json!({ "model": "../../etc" }), "model"),
        (json!({ "upload": id, "n_clusters": 0 }), "n_clusters"),
        (json!({ "upload": id, "n_clusters": 2.5 }), "n_clusters"),
        (json!({ "upload": id, "n_clusters": "many" }), "n_clusters"),
        (json!({ "upload": id, "k_max": 0 }), "k_max"),
        (json!({ "upload": id, "n_init": 0 }), "n_init"),
        (json!({ "upload": id, "random_state": -1 }), "random_state"),
        (json!({ "upload": id, "min_segment_size": "half" }), "min_segment_size"),
        (json!({ "upload": id, "min_segment_size": 0 }), "min_segment_size"),
        (json!({ "upload": id, "preparation": ["visits=sqrt"] }), "preparation"),
        (json!({ "upload": id, "on_error": "panic" }), "on_error"),
        (json!({ "upload": id, "colour": "red" }), "colour"),
        (json!({ "upload": id, "follow": "f15036153f1e" }), "follow"),
        (json!({ "upload": id, "rfm": { "customer": "id", "date": "visits" } }), "rfm"),
    ] {
        let answer = post(&shop.app, "/api/jobs", order.to_string()).await;
        assert_eq!(answer.status, 422, "{order}: {}", answer.json());
        assert_eq!(answer.json()["errors"][0]["loc"][1], field, "{order}: {}", answer.json());
    }
    for body in ["", "{", "[]x"] {
        assert_eq!(post(&shop.app, "/api/jobs", body).await.status, 400, "{body:?}");
    }
    assert_eq!(post(&shop.app, "/api/jobs", "[]").await.status, 422);
    let request = Request::post("/api/jobs").header(header::CONTENT_TYPE, "text/plain");
    assert_eq!(send(&shop.app, request.body("{}".into()).unwrap()).await.status, 415);
}

#[tokio::test]
async fn a_server_without_a_data_folder_says_so() {
    let app = app(mall_state(Settings::default()));
    for path in ["/api/uploads", "/api/jobs"] {
        assert_eq!(get(&app, path).await.status, 503, "{path}");
    }
}

#[tokio::test]
async fn segments_that_are_found_again_keep_their_ids_and_names() {
    let shop = shop(Settings::default());
    let mall = include_str!("../data/mall_customers.csv");
    // Without the last 20 customers.
    let rows: Vec<&str> = mall.lines().take(181).collect();
    let id = shop.uploaded("later.csv", rows.join("\n")).await;
    let names = |version: &Value| -> Vec<(usize, String)> {
        let model = Store::new(shop.folder.path()).model(version.as_str().unwrap()).unwrap();
        let named = |segment: segmenta::model::Segment| (segment.cluster_id, segment.persona);
        model.segments.into_iter().map(named).collect()
    };
    let order = json!({ "upload": id, "n_clusters": 4 });
    let followed = shop.over(&shop.asked(order).await).await;
    let known = ["Sensible", "Careless", "Standard", "Saver", "Target"];
    let kept = names(&followed["version"]);
    assert!(kept.iter().filter(|(id, name)| known.get(*id) == Some(&name.as_str())).count() >= 3);
    let order = json!({ "upload": id, "n_clusters": 4, "follow": "none" });
    let alone = shop.over(&shop.asked(order).await).await;
    assert_eq!(names(&alone["version"]).iter().map(|(id, _)| *id).max(), Some(3));
    assert_ne!(followed["version"], alone["version"]);
}
