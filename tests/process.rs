//! The server as a process: start, restart, stop, kill, and what it says when it cannot start.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use server::{PATIENCE, Server, request_with, segmenta};

#[test]
fn the_first_start_learns_and_the_next_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let first = Server::start(&data_dir, &[]);
    assert!(first.start.iter().any(|message| message.starts_with("no model yet")));
    assert!(first.predict().contains("\"persona\":\"Standard\""));
    let model = first.get("/api/model");
    drop(first);
    let second = Server::start(&data_dir, &[]);
    assert!(!second.start.iter().any(|message| message.starts_with("no model yet")));
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&second.get("/api/model")), body(&model));
    assert!(second.get("/stats").contains("\"total\":200"));
}

#[test]
fn a_kill_at_any_moment_of_the_first_start_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for delay in [0, 5, 20, 60, 150, 400] {
        let mut child = segmenta(folder.path(), &[]).spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let server = Server::start(folder.path(), &[]);
    assert!(server.predict().contains("\"persona\":\"Standard\""));
}

#[test]
fn a_request_is_logged_in_one_line_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--log", "info,segmenta::request=debug"]);
    let answer = server.predict();
    let entry = server.log.recv_timeout(PATIENCE).unwrap();
    assert_eq!((&entry["method"], &entry["path"]), (&"POST".into(), &"/predict".into()));
    assert_eq!((&entry["status"], &entry["peer"]), (&200.into(), &"127.0.0.1".into()));
    assert!(entry["ms"].is_f64() && entry["timestamp"].is_string(), "{entry}");
    let id = entry["request_id"].as_str().unwrap();
    assert!(answer.contains(&format!("x-request-id: {id}\r\n")), "{answer}");
}

#[test]
fn what_programs_ask_all_the_time_is_logged_when_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    server.predict();
    server.get("/healthz");
    let mine =
        "GET /nowhere HTTP/1.1\r\nhost: t\r\nx-request-id: mine-1\r\nconnection: close\r\n\r\n";
    let answer = server.exchange(mine);
    assert!(answer.contains("x-request-id: mine-1\r\n"), "{answer}");
    let harmful = server.exchange(&mine.replace("mine-1", "\"},{\"a"));
    assert!(!harmful.contains("},{"), "{harmful}");
    server.exchange(&request_with(1, "{"));
    let next = || server.log.recv_timeout(PATIENCE).unwrap();
    let [first, second, third] = [next(), next(), next()];
    assert_eq!((&first["path"], &first["request_id"]), (&"/nowhere".into(), &"mine-1".into()));
    assert_eq!(second["path"], "/nowhere");
    assert_eq!((&third["path"], &third["status"]), (&"/predict".into(), &400.into()));
}

#[test]
fn sigterm_finishes_what_is_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[]);
    let body = r#"{"annual_income": 50, "spending_score": 50}"#;
    let whole = request_with(body.len(), body);
    let (begun, rest) = whole.split_at(whole.len() - 10);
    let mut stream = server.connect();
    stream.write_all(begun.as_bytes()).unwrap();
    // Until the server has taken the connection up, there is nothing in flight.
    assert!(server.get("/healthz").contains("alive"));
    server.signal("-TERM");
    loop {
        let entry = server.log.recv_timeout(PATIENCE).unwrap();
        if entry["message"].as_str().is_some_and(|message| message.starts_with("stopping")) {
            break;
        }
    }
    assert!(TcpStream::connect(&server.address).is_err(), "new connections are refused");
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"persona\":\"Standard\""), "{answer}");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_stop_does_not_wait_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--shutdown-timeout", "1"]);
    let mut stream = server.connect();
    stream.write_all(request_with(100, "{").as_bytes()).unwrap();
    assert!(server.get("/healthz").contains("alive"));
    server.signal("-INT");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_client_that_does_not_send_its_headers_is_hung_up_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--header-timeout", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: t\r\n").unwrap();
    let mut answer = Vec::new();
    // The end of the stream, or a reset, and not the patience of this test.
    let ended = stream.read_to_end(&mut answer);
    assert!(
        ended.as_ref().err().is_none_or(|error| error.kind() != std::io::ErrorKind::WouldBlock)
    );
    assert!(server.get("/healthz").contains("alive"));
}

#[test]
fn a_body_that_does_not_come_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--request-timeout", "1"]);
    let answer = server.exchange(&request_with(100, "{"));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[test]
fn a_body_cut_off_by_the_client_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    for _ in 0..20 {
        let mut stream = server.connect();
        stream.write_all(request_with(1000, "{\"annual_income\": ").as_bytes()).unwrap();
    }
    assert!(server.predict().contains("\"persona\":\"Standard\""));
}

fn fails(data_dir: &Path, options: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = segmenta(data_dir, options).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn an_address_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    command.args(["serve", "--addr", &server.address, "--data-dir"]).arg(folder.path());
    let Output { status, stderr, .. } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(stderr.contains(&format!("cannot listen at {}", server.address)), "{stderr}");
}

#[test]
fn a_damaged_model_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Server::start(folder.path(), &[]));
    let version = std::fs::read_to_string(folder.path().join("active")).unwrap();
    let path = folder.path().join("models").join(version.trim()).join("model.json");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let (code, stderr) = fails(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("model.json: the file is cut short"), "{stderr}");
    assert_eq!(std::fs::read(&path).unwrap().len(), whole.len() / 2);
}

#[test]
fn customers_that_were_altered_do_not_stop_predictions() {
    let folder = tempfile::tempdir().unwrap();
    drop(Server::start(folder.path(), &[]));
    let version = std::fs::read_to_string(folder.path().join("active")).unwrap();
    let customers = folder.path().join("models").join(version.trim()).join("customers.csv");
    std::fs::write(customers, "something else").unwrap();
    let server = Server::start(folder.path(), &[]);
    assert!(server.predict().contains("\"persona\":\"Standard\""));
    assert!(server.get("/stats").starts_with("HTTP/1.1 503 "));
}

#[test]
fn wrong_options_are_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    for (options, says) in [
        (["--addr", "nowhere"], "--addr"),
        (["--cors-origin", "*"], "https://shop.example"),
        (["--body-limit", "many"], "--body-limit"),
    ] {
        let (code, stderr) = fails(folder.path(), &options);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
    }
}
