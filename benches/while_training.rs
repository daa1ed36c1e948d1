//! How much slower answers come while a model is trained: rounds with and without a training take turns, and the
//! ratio of answers a second is told, with the 99th percentile of the time that one takes.
//!
//! `cargo bench --bench while_training -- 10` takes ten rounds of each. Clients and server share the machine's
//! processors, so the clients pay their part of them too.

// There is nobody to hand an error to, and figures are what this is for.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{TrainOptions, train};
use segmenta::server::{AppState, Settings, app, listen};
use serde_json::Value;
use tokio::net::TcpListener;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
const CLIENTS: usize = 8;
const CUSTOMERS: usize = 1_000_000;

fn main() {
    // Cargo adds --bench.
    let rounds = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().expect("a place for models");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let state = state(folder.path());
    runtime.spawn(listen(listener, state.clone(), app(state), std::future::pending()));

    let upload =
        ask(address, "POST", "/api/uploads?name=c.csv", "application/octet-stream", &customers());
    let order =
        format!(r#"{{"upload": {}, "k_max": 40, "n_init": 50, "follow": "none"}}"#, upload["id"]);
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        idle.push(answers(address));
        let job = ask(address, "POST", "/api/jobs", "application/json", order.as_bytes());
        let path = format!("/api/jobs/{}", job["id"].as_str().expect("a job"));
        let doing = || ask(address, "GET", &path, "application/json", b"")["stage"].clone();
        while doing() != "clusters" {
            thread::sleep(Duration::from_millis(20));
        }
        busy.push(answers(address));
        assert!(doing().is_string(), "the training was over too soon to be measured");
        ask(address, "DELETE", &path, "application/json", b"");
        thread::sleep(Duration::from_millis(500));
    }
    let (idle, busy) = (Measured::median(idle), Measured::median(busy));
    for (what, found) in [("alone", idle), ("while training", busy)] {
        println!(
            "{what:>15}: {:>8.0} answers a second, 99 of 100 within {:.2} ms",
            found.rate,
            found.p99.as_secs_f64() * 1e3
        );
    }
    println!("{:>15}: {:.3}", "ratio", busy.rate / idle.rate);
}

fn state(folder: &std::path::Path) -> AppState {
    let source = Source::mall_customers();
    let data = Dataset::read(&source, OnError::Fail).expect("the bundled customers");
    let trained = train(data, &TrainOptions::new().expect("defaults"), |_| ()).expect("a model");
    AppState::new(trained.model, Some(&trained.customers), Settings::default())
        .with_store(Store::new(folder))
        .expect("threads")
}

fn customers() -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(42);
    let mut text = String::from("a,b,c,d\n");
    for _ in 0..CUSTOMERS {
        let cells = [0; 4].map(|_| (random.next_u32() >> 8).to_string());
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

#[derive(Clone, Copy)]
struct Measured {
    rate: f64,
    p99: Duration,
}

impl Measured {
    fn median(mut rounds: Vec<Self>) -> Self {
        rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        rounds[rounds.len() / 2]
    }
}

/// Predictions for the length of a round.
fn answers(address: SocketAddr) -> Measured {
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let is_over = Arc::clone(&is_over);
            thread::spawn(move || client(address, &is_over))
        })
        .collect();
    thread::sleep(ROUND);
    is_over.store(true, Ordering::Relaxed);
    let mut times: Vec<Duration> =
        clients.into_iter().flat_map(|client| client.join().expect("answers")).collect();
    times.sort_unstable();
    Measured { rate: times.len() as f64 / ROUND.as_secs_f64(), p99: times[times.len() * 99 / 100] }
}

fn client(address: SocketAddr, is_over: &AtomicBool) -> Vec<Duration> {
    let body = r#"{"annual_income": 50, "spending_score": 50}"#;
    let request = format!(
        "POST /predict HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let mut times = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let start = Instant::now();
        stream.write_all(request.as_bytes()).expect("the server listens");
        let (status, _) = read(&mut answers);
        assert!(status.contains(" 200 "), "{status}");
        times.push(start.elapsed());
    }
    times
}

/// An answer: its first line, and its body.
fn read(answers: &mut impl BufRead) -> (String, Vec<u8>) {
    let (mut status, mut line, mut length) = (String::new(), String::new(), 0);
    answers.read_line(&mut status).expect("an answer");
    loop {
        line.clear();
        answers.read_line(&mut line).expect("a header");
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).expect("the body");
    (status, body)
}

fn ask(address: SocketAddr, method: &str, path: &str, kind: &str, body: &[u8]) -> Value {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the server listens");
    stream.write_all(body).expect("the server listens");
    let (_, body) = read(&mut BufReader::new(stream));
    serde_json::from_slice(&body).unwrap_or_default()
}
