//! Kills at any moment of uploads, trainings, activations and renaming: the server starts again and answers by
//! the last model that was put to use, and what is there is whole.
//!
//! `SEGMENTA_KILLS=100 cargo test --test kills` kills so many times.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{NClusters, TrainOptions, train};
use serde_json::json;
use server::{Server, ask, json_of};

const KILLS: usize = 8;
const CUSTOMERS: &str = include_str!("../data/mall_customers.csv");

/// Which model answers, as far as the clients know.
#[derive(Debug, Clone, Default)]
struct Known {
    /// The last one that was said to be in use.
    confirmed: String,
    /// One that was asked for behind it, and perhaps is.
    asked_for: Option<String>,
}

/// Three models of other numbers of segments, the first one in use.
fn keep_models(folder: &Path) -> Vec<String> {
    let store = Store::new(folder);
    let versions: Vec<String> = [5, 4, 3]
        .into_iter()
        .map(|n_clusters| {
            let source = Source::mall_customers();
            let data = Dataset::read(&source, OnError::Fail).unwrap();
            let n_clusters = NClusters::Fixed(n_clusters);
            let options = TrainOptions { n_clusters, ..TrainOptions::new().unwrap() };
            let model = train(data, &options, |_| ()).unwrap().model;
            store.keep(&model, &source).unwrap();
            model.version
        })
        .collect();
    store.activate(&versions[0]).unwrap();
    versions
}

/// Sends files and asks for trainings until the server is gone.
fn upload_and_train(address: &str, is_over: &AtomicBool) {
    // Each of another k_max, and therefore a model of its own.
    let mut k_max = (5..=10).cycle();
    while !is_over.load(Ordering::Relaxed) {
        let octets = "application/octet-stream";
        let Ok(sent) = ask(address, "POST", "/api/uploads?name=mall.csv", octets, CUSTOMERS) else {
            return;
        };
        let order = json!({ "upload": json_of(&sent)["id"], "k_max": k_max.next() }).to_string();
        if ask(address, "POST", "/api/jobs", "application/json", &order).is_err() {
            return;
        }
    }
}

/// Puts one model after another to use, and renames a segment, until the server is gone.
fn activate(
    address: &str,
    versions: &[String],
    known: &Mutex<Known>,
    turn: &AtomicUsize,
    is_over: &AtomicBool,
) {
    let json = "application/json";
    while !is_over.load(Ordering::Relaxed) {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let version = &versions[turn % versions.len()];
        known.lock().unwrap().asked_for = Some(version.clone());
        let path = format!("/api/models/{version}/activate");
        let Ok(answer) = ask(address, "POST", &path, json, "{}") else { return };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        *known.lock().unwrap() = Known { confirmed: version.clone(), asked_for: None };
        let path = format!("/api/models/{version}/segments/0");
        let names = json!({ "en": { "persona": format!("Group {turn}") } }).to_string();
        let Ok(answer) = ask(address, "PATCH", &path, json, &names) else { return };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// Whatever is there is whole. From now on the model that answers is known for sure.
fn check(folder: &Path, server: &Server, known: &Mutex<Known>) {
    let model_version = json_of(&server.predict())["model_version"].as_str().unwrap().to_owned();
    let mut known = known.lock().unwrap();
    let is_known =
        model_version == known.confirmed || Some(&model_version) == known.asked_for.as_ref();
    assert!(is_known, "{model_version} answers, not one of {known:?}");
    *known = Known { confirmed: model_version, asked_for: None };
    let store = Store::new(folder);
    for version in store.versions().unwrap() {
        let model = store.model(&version).unwrap();
        assert_eq!(store.customers(&model).unwrap().data.n_rows(), 200);
    }
    for place in [folder.to_owned(), folder.join("models")] {
        let is_left = |entry: &std::fs::DirEntry| {
            entry.file_name().to_string_lossy().starts_with(".segmenta-")
        };
        let files = place.read_dir().unwrap().map(Result::unwrap);
        assert_eq!(files.filter(is_left).count(), 0, "{}", place.display());
    }
    for entry in folder.join("uploads").read_dir().into_iter().flatten() {
        let upload = entry.unwrap().path();
        let file = std::fs::read(upload.join("file/mall.csv")).unwrap();
        assert_eq!(file, CUSTOMERS.as_bytes(), "{}", upload.display());
    }
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_there() {
    let kills = std::env::var("SEGMENTA_KILLS").ok().and_then(|kills| kills.parse().ok());
    let folder = tempfile::tempdir().unwrap();
    let versions = Arc::new(keep_models(folder.path()));
    let known = Arc::new(Mutex::new(Known { confirmed: versions[0].clone(), ..Known::default() }));
    let turn = Arc::new(AtomicUsize::new(1));
    let mut random = 1_u64;
    for kill in 0..kills.unwrap_or(KILLS) {
        let mut server = Server::start(folder.path(), &[]);
        check(folder.path(), &server, &known);
        let is_over = Arc::new(AtomicBool::new(false));
        let clients = [
            thread::spawn({
                let (address, is_over) = (server.address.clone(), Arc::clone(&is_over));
                move || upload_and_train(&address, &is_over)
            }),
            thread::spawn({
                let (address, is_over) = (server.address.clone(), Arc::clone(&is_over));
                let (versions, known, turn) =
                    (Arc::clone(&versions), Arc::clone(&known), Arc::clone(&turn));
                move || activate(&address, &versions, &known, &turn, &is_over)
            }),
        ];
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        // Every other time long enough for a training to end and its model to be kept.
        let longest = if kill % 2 == 0 { 0xff } else { 0x3ff };
        thread::sleep(Duration::from_millis(random >> 40 & longest));
        server.child.kill().unwrap();
        is_over.store(true, Ordering::Relaxed);
        for client in clients {
            client
                .join()
                .unwrap_or_else(|_| panic!("a client met a wrong answer before kill {kill}"));
        }
    }
    let server = Server::start(folder.path(), &[]);
    check(folder.path(), &server, &known);
    assert!(turn.load(Ordering::Relaxed) > 1, "nothing was put to use");
    let learned = Store::new(folder.path()).versions().unwrap().len() - versions.len();
    eprintln!("{} models put to use, {learned} learned", turn.load(Ordering::Relaxed) - 1);
}
