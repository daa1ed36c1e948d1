//! The models behind the API: listed, compared, put to use while requests go on, renamed and deleted.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
#[allow(dead_code)]
mod api;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use api::{Answer, get, mall, send};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters, TrainOptions, train};
use segmenta::server::{AppState, Settings, app};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Models of 5 and then of 4 segments.
static MODELS: LazyLock<[Model; 2]> = LazyLock::new(|| {
    let mut follow = None;
    [5, 4].map(|n_clusters| {
        let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
        let n_clusters = NClusters::Fixed(n_clusters);
        let options =
            TrainOptions { n_clusters, follow: follow.clone(), ..TrainOptions::new().unwrap() };
        let model = train(data, &options, |_| ()).unwrap().model;
        follow = Some(model.clone().into());
        model
    })
});

/// A server whose folder holds both models, of which the first answers.
struct Server {
    folder: TempDir,
    state: AppState,
    app: Router,
    first: &'static str,
    second: &'static str,
}

fn server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let [first, second] = &*MODELS;
    for model in [second, first] {
        store.keep(model, &Source::mall_customers()).unwrap();
    }
    store.activate(&first.version).unwrap();
    let customers = store.customers(first).unwrap();
    let state = AppState::new(first.clone(), Some(&customers), Settings::default())
        .with_store(store)
        .unwrap();
    let app = app(state.clone());
    Server { folder, state, app, first: &first.version, second: &second.version }
}

impl Server {
    fn store(&self) -> Store {
        Store::new(self.folder.path())
    }

    async fn get(&self, path: &str) -> Value {
        let answer = get(&self.app, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        answer.json()
    }

    async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        send(&self.app, request.body(body.into()).unwrap()).await
    }

    async fn activate(&self, version: &str) -> Answer {
        self.send("POST", &format!("/api/models/{version}/activate"), "").await
    }

    async fn edit(&self, version: &str, cluster_id: impl std::fmt::Display, body: Value) -> Answer {
        let path = format!("/api/models/{version}/segments/{cluster_id}");
        self.send("PATCH", &path, body.to_string()).await
    }
}

#[track_caller]
fn problem(answer: &Answer, status: u16) -> String {
    let body = answer.json();
    assert_eq!(answer.status.as_u16(), status, "{body}");
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    let detail = body["detail"].as_str().unwrap().to_owned();
    assert!(!detail.contains("/tmp"), "a path of the machine in {detail}");
    detail
}

#[tokio::test]
async fn all_models_are_listed() {
    let server = server();
    let body = server.get("/api/models").await;
    assert_eq!((&body["active"], &body["previous"]), (&json!(server.first), &Value::Null));
    let models = body["models"].as_array().unwrap();
    assert_eq!((models.len(), &body["damaged"]), (2, &json!([])));
    let second = models.iter().find(|model| model["version"] == server.second).unwrap();
    assert_eq!(second["is_active"], false);
    assert_eq!(second["personas"], json!(["Sensible", "Standard", "Saver", "Target"]));
    assert_eq!(second["features"], json!(["annual_income", "spending_score"]));
    assert_eq!(
        (&second["settings"]["n_clusters"], &second["settings"]["k_max"]),
        (&json!(4), &json!(10))
    );
    assert_eq!(second["lineage"]["previous"], server.first);
    assert_eq!(second["data"]["rows"], 200);
    let indonesian = Request::get("/api/models").header(header::ACCEPT_LANGUAGE, "id");
    let indonesian = send(&server.app, indonesian.body(Body::empty()).unwrap()).await;
    assert_eq!(indonesian.header(header::CACHE_CONTROL), "no-store");
    assert!(indonesian.json().to_string().contains("Sultan Irit"));

    let file = server.folder.path().join("models").join(server.second).join("model.json");
    std::fs::write(file, "{").unwrap();
    let body = server.get("/api/models").await;
    assert_eq!(body["models"].as_array().unwrap().len(), 1);
    assert_eq!(body["damaged"][0]["version"], server.second);
    problem(&get(&server.app, &format!("/api/models/{}", server.second)).await, 409);
}

#[tokio::test]
async fn any_kept_model_is_described_as_the_one_that_answers() {
    let server = server();
    let own = server.get(&format!("/api/models/{}", server.first)).await;
    assert_eq!(own, server.get("/api/model").await);
    let other = server.get(&format!("/api/models/{}", server.second)).await;
    assert_eq!((&other["model_version"], &other["n_clusters"]), (&json!(server.second), &json!(4)));
    for version in ["0123456789ab", "latest", "..%2F..%2Fetc"] {
        let answer = get(&server.app, &format!("/api/models/{version}")).await;
        assert!(problem(&answer, 404).contains("there is no model"));
    }
}

#[tokio::test]
async fn another_model_answers_and_the_way_back() {
    let server = server();
    let body = server.activate(server.second).await.json();
    assert_eq!(body, json!({"active": server.second, "previous": server.first}));
    assert_eq!(server.get("/api/model").await["model_version"], server.second);
    assert_eq!(server.get("/stats").await["data"][1]["Persona"], "Standard");
    assert_eq!(server.store().active_version().unwrap().as_deref(), Some(server.second));
    assert_eq!(server.get("/api/models").await["previous"], server.first);
    let metrics = String::from_utf8(get(&server.app, "/metrics").await.body).unwrap();
    assert!(metrics.contains(&format!("segmenta_model_info{{version=\"{}\"}} 1", server.second)));
    assert!(!metrics.contains(server.first), "{metrics}");

    let body = server.send("POST", "/api/models/rollback", "{}").await.json();
    assert_eq!(body, json!({"active": server.first, "previous": server.second}));
    assert_eq!(server.get("/api/model").await["model_version"], server.first);
    problem(&server.send("POST", "/api/models/rollback", "").await, 409);
    problem(&server.activate("0123456789ab").await, 404);
    assert_eq!(server.state.model().version, server.first);
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let server = server();
    server.activate(server.second).await;
    let activate = format!("/api/models/{}/activate", server.first);
    for path in ["/api/models/rollback", &activate] {
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] {
            let request = Request::post(path).header(header::CONTENT_TYPE, kind);
            problem(&send(&server.app, request.body(Body::empty()).unwrap()).await, 415);
        }
        problem(&send(&server.app, Request::post(path).body(Body::empty()).unwrap()).await, 415);
    }
    assert_eq!(server.state.model().version, server.second);
}

#[tokio::test]
async fn a_damaged_model_is_refused_and_the_other_goes_on() {
    let server = server();
    let folder = server.folder.path().join("models").join(server.second);
    // Without its customers it answers, and the list of them does not.
    std::fs::remove_file(folder.join("customers.csv")).unwrap();
    assert_eq!(server.activate(server.second).await.status, StatusCode::OK);
    problem(&get(&server.app, "/stats").await, 503);
    server.send("POST", "/api/models/rollback", "").await;
    std::fs::write(folder.join("model.json"), "{").unwrap();
    problem(&server.activate(server.second).await, 409);
    assert_eq!(server.state.model().version, server.first);
    assert_eq!(server.store().active_version().unwrap().as_deref(), Some(server.first));
}

#[tokio::test]
async fn what_answers_is_not_deleted() {
    let server = server();
    let delete = |version: &str| {
        let path = format!("/api/models/{version}");
        let server = &server;
        async move { server.send("DELETE", &path, "").await }
    };
    assert!(problem(&delete(server.first).await, 409).contains("put another one to use"));
    problem(&delete("0123456789ab").await, 404);
    let answer = delete(server.second).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    problem(&delete(server.second).await, 404);
    assert_eq!(server.get("/api/models").await["models"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_model_beside_the_one_that_answers() {
    let server = server();
    let path = format!("/api/models/{}/comparison", server.second);
    let body = server.get(&path).await;
    assert_eq!((&body["live"], &body["candidate"]), (&json!(server.first), &json!(server.second)));
    let kinds: Vec<&Value> =
        body["segments"].as_array().unwrap().iter().map(|segment| &segment["kind"]).collect();
    assert_eq!(kinds, ["kept", "vanished", "kept", "kept", "kept"]);
    assert_eq!(body["segments"][1]["live"]["persona"], "Careless");
    assert_eq!(body["moves"]["rows"], json!([0, 1, 2, 3, 4]));
    assert_eq!(body["moves"]["columns"], json!([0, 2, 3, 4]));
    assert_eq!(body["moves"]["counts"][1], json!([0, 22, 0, 0]));
    assert_eq!(body["customers"], 200);
    assert_eq!(body["features"]["common"], json!(["Annual Income (k$)", "Spending Score (1-100)"]));
    assert!(
        body["quality"]["live"]["silhouette"].as_f64()
            > body["quality"]["candidate"]["silhouette"].as_f64()
    );

    let moves = format!("/api/models/{}/moves.csv", server.second);
    let answer = get(&server.app, &moves).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    let csv = String::from_utf8(answer.body).unwrap();
    assert_eq!(csv.lines().count() as u64, 1 + body["moved"].as_u64().unwrap());
    assert!(csv.lines().any(|line| line.ends_with(",1,Careless,2,Standard")), "{csv}");

    // Beside itself it is itself, and beside what is not there nothing.
    let own = server.get(&format!("{path}?with={}", server.second)).await;
    assert_eq!(own["moved"], 0);
    problem(&get(&server.app, &format!("{path}?with=latest")).await, 404);
    problem(&get(&server.app, &format!("{path}?with=a&with=b")).await, 422);
    let customers = server.folder.path().join("models").join(server.second).join("customers.csv");
    std::fs::remove_file(customers).unwrap();
    assert_eq!(server.get(&path).await["moves"], Value::Null);
    problem(&get(&server.app, &moves).await, 503);
}

#[tokio::test]
async fn names_are_changed_at_once() {
    let server = server();
    let body = json!({"en": {"persona": "VIP", "action": "Call them."}, "id": {"persona": "Sultan Besar"}});
    let answer = server.edit(server.first, 4, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let body = answer.json();
    assert_eq!((&body["cluster_id"], &body["en"]["persona"]), (&json!(4), &json!("VIP")));
    assert_eq!(body["id"]["persona"], "Sultan Besar");
    let customer = json!({"annual_income": 90, "spending_score": 80}).to_string();
    let found = server.send("POST", "/predict", customer).await.json();
    assert_eq!((&found["persona"], &found["action"]), (&json!("VIP"), &json!("Call them.")));
    assert!(server.get("/stats").await.to_string().contains("\"VIP\""));
    let metrics = String::from_utf8(get(&server.app, "/metrics").await.body).unwrap();
    assert!(metrics.contains("persona=\"VIP\"} 1"), "{metrics}");
    // They are still there when the server starts anew.
    assert_eq!(server.store().active().unwrap().unwrap().segments[4].persona, "VIP");

    server.edit(server.second, 2, json!({"en": {"persona": "Most"}})).await;
    assert_eq!(server.get("/api/model").await["segments"][2]["persona"], "Standard");
    let other = server.get(&format!("/api/models/{}", server.second)).await;
    assert_eq!(other["segments"][1]["persona"], "Most");
}

#[tokio::test]
async fn names_that_cannot_be_are_refused() {
    let server = server();
    for (body, place) in [
        (json!({"en": {"persona": "careless"}}), json!(["body", "en", "persona"])),
        (json!({"en": {"persona": " "}}), json!(["body", "en", "persona"])),
        (json!({"id": {"persona": "x".repeat(81)}}), json!(["body", "id", "persona"])),
        (json!({"id": {"action": "x".repeat(2001)}}), json!(["body", "id", "action"])),
        (json!({"en": {"description": "a\u{7}"}}), json!(["body", "en", "description"])),
        (json!({"en": {"name": "x"}}), json!(["body", "en.name"])),
        (json!({"en": 1}), json!(["body", "en"])),
    ] {
        let answer = server.edit(server.first, 4, body.clone()).await;
        problem(&answer, 422);
        assert_eq!(answer.json()["errors"][0]["loc"], place, "{body}");
    }
    for nothing in [json!({"en": {}}), json!({})] {
        let answer = server.edit(server.first, 4, nothing).await;
        assert_eq!(answer.json()["en"]["persona"], "Target");
    }
    let name = || json!({"en": {"persona": "VIP"}});
    problem(&server.edit(server.first, 9, name()).await, 404);
    problem(&server.edit(server.first, "four", name()).await, 404);
    problem(&server.edit("0123456789ab", 4, name()).await, 404);
    let path = format!("/api/models/{}/segments/4", server.first);
    problem(&server.send("PATCH", &path, "{").await, 400);
    let request = Request::patch(&path).header(header::CONTENT_TYPE, "text/plain");
    problem(&send(&server.app, request.body(Body::from(name().to_string())).unwrap()).await, 415);
    assert_eq!(server.state.model().segments[4].persona, "Target");
}

#[tokio::test]
async fn without_a_folder_there_are_no_models() {
    for path in ["/api/models", "/api/models/0123456789ab", "/api/models/0123456789ab/comparison"] {
        problem(&get(&mall(), path).await, 503);
    }
    for path in ["/api/models/rollback", "/api/models/0123456789ab/activate"] {
        problem(&api::post(&mall(), path, "").await, 503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_request_is_answered_by_one_model_while_models_change() {
    let server = Arc::new(server());
    let stop = Arc::new(AtomicBool::new(false));
    let askers: Vec<_> =
        (0..16).map(|_| tokio::spawn(ask(Arc::clone(&server), Arc::clone(&stop)))).collect();
    for turn in 0..40 {
        let version = if turn % 2 == 0 { server.second } else { server.first };
        assert_eq!(server.activate(version).await.status, StatusCode::OK);
    }
    stop.store(true, Ordering::Relaxed);
    let mut seen = [0, 0];
    for asker in askers {
        let [first, second] = asker.await.unwrap();
        seen = [seen[0] + first, seen[1] + second];
    }
    assert!(seen[0] > 40 && seen[1] > 40, "{seen:?}");
    assert_eq!(server.state.model().version, server.first);
    assert_eq!(server.store().active_version().unwrap().as_deref(), Some(server.first));
}

/// Asks for predictions until it is to stop, and counts which model gave them.
async fn ask(server: Arc<Server>, stop: Arc<AtomicBool>) -> [usize; 2] {
    // Of 5 segments this customer is in another than of 4.
    let customer = json!({"annual_income": 25, "spending_score": 80}).to_string();
    let mut seen = [0; 2];
    while !stop.load(Ordering::Relaxed) {
        let answer = server.send("POST", "/predict?explain=true", customer.clone()).await;
        assert_eq!(answer.status, StatusCode::OK);
        let body = answer.json();
        let is_first = body["model_version"] == server.first;
        let (persona, n_segments) = if is_first { ("Careless", 5) } else { ("Standard", 4) };
        assert_eq!(body["persona"], persona);
        assert_eq!(body["explain"]["distances"].as_array().unwrap().len(), n_segments);
        seen[usize::from(!is_first)] += 1;
        let own = server.get("/api/model").await;
        assert_eq!(
            own["segments"].as_array().unwrap().len() as u64,
            own["n_clusters"].as_u64().unwrap()
        );
        tokio::task::yield_now().await;
    }
    seen
}

#[tokio::test]
async fn a_model_is_written_for_other_programs() {
    let server = server();
    let first = server.first;
    for (format, kind, begins) in [
        ("html&lang=id", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("pmml", "application/xml", "<?xml"),
        ("sklearn", "application/json", "{"),
        ("json", "application/json", "{\n  \"format\": \"segmenta-model\""),
        ("onnx", "application/octet-stream", ""),
    ] {
        let answer = get(&server.app, &format!("/api/models/{first}/export?format={format}")).await;
        assert_eq!((answer.status, answer.header(header::CONTENT_TYPE)), (StatusCode::OK, kind));
        let place = answer.header(header::CONTENT_DISPOSITION);
        assert!(place.starts_with(&format!("attachment; filename=\"segmenta-{first}.")), "{place}");
        assert!(answer.body.len() > 500 && answer.body.starts_with(begins.as_bytes()), "{format}");
    }
    let path = format!("/api/models/{first}/export?format=html&lang=id");
    let report = String::from_utf8(get(&server.app, &path).await.body).unwrap();
    assert!(report.contains("lang=\"id\"") && report.contains("Sultan"));
    for query in ["", "?format=exe", "?format=pmml&lang=fr"] {
        let answer = get(&server.app, &format!("/api/models/{first}/export{query}")).await;
        problem(&answer, 422);
    }
    problem(&get(&server.app, "/api/models/0123456789ab/export?format=pmml").await, 404);
}
