//! Other models put to use, one after the other, while clients ask as fast as they can: none of them notices.

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

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{NClusters, TrainOptions, train};
use serde_json::Value;
use server::{Server, ask, json_of};

const CHANGES: usize = 300;
const CLIENTS: usize = 8;

/// Asks over one connection until told to stop; how often each version answered.
fn predict_without_end(server: &Server, is_over: Arc<AtomicBool>) -> thread::JoinHandle<Counts> {
    let mut stream = BufReader::new(server.connect());
    thread::spawn(move || {
        let body = r#"{"annual_income": 50, "spending_score": 50}"#;
        let length = body.len();
        let request = format!(
            "POST /predict HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        let mut counts = Counts::new();
        while !is_over.load(Ordering::Relaxed) {
            stream.get_mut().write_all(request.as_bytes()).unwrap();
            *counts.entry(version_of_answer(&mut stream)).or_default() += 1;
        }
        counts
    })
}

type Counts = BTreeMap<String, usize>;

fn version_of_answer(stream: &mut impl BufRead) -> String {
    let mut status = String::new();
    stream.read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 200 "), "{status}");
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    let answer: Value = serde_json::from_slice(&body).unwrap();
    // The persona is the model's that is named.
    assert!(answer["persona"].is_string(), "{answer}");
    answer["model_version"].as_str().unwrap().to_owned()
}

#[test]
fn no_request_fails_while_models_change() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let versions = [4, 5].map(|n_clusters| {
        let source = Source::mall_customers();
        let data = Dataset::read(&source, OnError::Fail).unwrap();
        let n_clusters = NClusters::Fixed(n_clusters);
        let options = TrainOptions { n_clusters, ..TrainOptions::new().unwrap() };
        let model = train(data, &options, |_| ()).unwrap().model;
        store.keep(&model, &source).unwrap();
        model.version
    });
    store.activate(&versions[0]).unwrap();
    let server = Server::start(folder.path(), &["--log", "info,segmenta::request=off"]);
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| predict_without_end(&server, Arc::clone(&is_over))).collect();
    for change in 1..=CHANGES {
        let version = &versions[change % 2];
        let path = format!("/api/models/{version}/activate");
        let answer = ask(&server.address, "POST", &path, "application/json", "{}").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        // Whoever asks behind a change is answered by the new model.
        assert_eq!(json_of(&server.predict())["model_version"], **version);
    }
    is_over.store(true, Ordering::Relaxed);
    let mut counts = Counts::new();
    for client in clients {
        for (version, count) in client.join().expect("every request is answered") {
            *counts.entry(version).or_default() += count;
        }
    }
    let answered: Vec<&String> = counts.keys().collect();
    let mut both: Vec<&String> = versions.iter().collect();
    both.sort();
    assert_eq!(answered, both);
    eprintln!("{} requests during {CHANGES} changes", counts.values().sum::<usize>());
}
