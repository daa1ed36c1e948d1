//! What a client may take of a real server: who takes more is refused or hung up on, and all others are served.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use server::{Server, request_with};

const BODY: &str = r#"{"annual_income": 50, "spending_score": 50}"#;

fn start(options: &[&str]) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), options);
    (folder, server)
}

/// What comes until the server hangs up, however it does.
fn until_the_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    // The patience of this test would be WouldBlock.
    assert!(ended.err().is_none_or(|error| error.kind() != ErrorKind::WouldBlock));
    String::from_utf8(answer).unwrap()
}

/// How often a limit was met.
fn met(server: &Server, limit: &str) -> u64 {
    let metrics = server.get("/metrics");
    let name = format!("segmenta_limited_total{{limit=\"{limit}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name)).unwrap();
    line.parse().unwrap()
}

#[test]
fn more_connections_than_may_be_are_told_to_come_back() {
    let (_folder, server) = start(&["--max-connections", "4", "--idle-timeout", "3600"]);
    let held: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: t\r\n\r\n").unwrap();
            stream.read_exact(&mut [0]).unwrap();
            stream
        })
        .collect();
    let answer = server.predict();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    // Who looks after the server can tell that it lives.
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
    drop(held);
    while !server.predict().contains("\"persona\":\"Standard\"") {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(met(&server, "connections") >= 3);
}

#[test]
fn one_address_cannot_have_all_connections() {
    let (_folder, server) = start(&["--max-connections-per-address", "2"]);
    let _held: Vec<TcpStream> = (0..2).map(|_| server.connect()).collect();
    let answer = server.predict();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("from this address"), "{answer}");
}

#[test]
fn headers_that_come_a_byte_at_a_time_are_hung_up_on() {
    let (_folder, server) = start(&["--header-timeout", "1"]);
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = server.connect();
            thread::spawn(move || {
                for byte in b"GET / HTTP/1.1\r\nhost: t\r\nx: ".iter().chain([&b'x'; 600]) {
                    if stream.write_all(&[*byte]).is_err() {
                        return;
                    }
                    thread::sleep(Duration::from_millis(100));
                }
                panic!("nobody minds");
            })
        })
        .collect();
    assert!(server.predict().contains("\"persona\":\"Standard\""));
    for client in slow {
        client.join().unwrap();
    }
    assert_eq!(met(&server, "header_time"), 50);
}

#[test]
fn a_connection_may_rest_longer_than_headers_may_take() {
    let (_folder, server) = start(&["--header-timeout", "1", "--idle-timeout", "60"]);
    let mut stream = server.connect();
    for _ in 0..2 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: t\r\n\r\n").unwrap();
        let mut answer = [0; 4096];
        let read = stream.read(&mut answer).unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 200 "));
        thread::sleep(Duration::from_millis(1500));
    }
    let (_folder, server) = start(&["--idle-timeout", "1"]);
    assert_eq!(until_the_end(&mut server.connect()), "");
}

#[test]
fn a_body_that_trickles_is_not_waited_for() {
    let (_folder, server) = start(&["--request-timeout", "2"]);
    let begun = "POST /api/uploads?name=a.csv HTTP/1.1\r\nhost: t\r\n\
                 content-type: application/octet-stream\r\ncontent-length: 100000\r\n\r\na,b\n";
    let mut stream = server.connect();
    stream.write_all(begun.as_bytes()).unwrap();
    let mut trickle = stream.try_clone().unwrap();
    let trickle = thread::spawn(move || {
        for _ in 0..600 {
            if trickle.write_all(b"1").is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("nobody minds");
    });
    let answer = until_the_end(&mut stream);
    drop(stream);
    trickle.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("too slowly"), "{answer}");
    assert_eq!(met(&server, "body_rate"), 1);
    assert!(server.get("/api/uploads").ends_with("{\"uploads\":[]}"));
}

#[test]
fn an_answer_that_nobody_takes_is_not_held_for_ever() {
    let (_folder, server) = start(&["--request-timeout", "1"]);
    let mut stream = server.connect();
    // Far more than fits the buffers of both ends.
    let asked = "GET /stats HTTP/1.1\r\nhost: t\r\n\r\n".repeat(2000);
    let asking = thread::spawn(move || {
        let _ = stream.write_all(asked.as_bytes());
        // Not reading, and not closing either.
        thread::sleep(Duration::from_mins(10));
    });
    while met(&server, "answer_rate") == 0 {
        thread::sleep(Duration::from_millis(50));
    }
    drop(asking);
    assert!(server.predict().contains("\"persona\":\"Standard\""));
}

#[test]
fn headers_have_a_longest_size() {
    let (_folder, server) = start(&["--header-limit", "1KiB"]);
    let long = format!("GET /healthz HTTP/1.1\r\nhost: t\r\nx: {}\r\n\r\n", "x".repeat(2000));
    assert!(server.exchange(&long).starts_with("HTTP/1.1 431 "));
}

#[test]
fn a_body_that_is_too_long_is_answered_while_it_is_sent() {
    let (_folder, server) = start(&[]);
    let mut stream = server.connect();
    let length = 50 << 20;
    stream.write_all(request_with(length, "").as_bytes()).unwrap();
    // A client that writes all before it reads anything.
    stream.write_all(&vec![b' '; length]).unwrap();
    let answer = until_the_end(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(met(&server, "body_length"), 1);
}

#[test]
fn bodies_share_the_memory_that_there_is_for_them() {
    let (_folder, server) = start(&["--body-memory", "300KiB"]);
    let mut waiting = server.connect();
    let head = request_with(200 * 1024, "").replace("host: t", "host: t\r\nexpect: 100-continue");
    waiting.write_all(head.as_bytes()).unwrap();
    // Who is told to go on has its memory.
    let mut go_on = [0; 25];
    waiting.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let refused = server.exchange(&request_with(200 * 1024, ""));
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(server.predict().contains("\"persona\":\"Standard\""), "short bodies always have room");
    waiting.write_all(&vec![b' '; 200 * 1024 - BODY.len()]).unwrap();
    waiting.write_all(BODY.as_bytes()).unwrap();
    assert!(until_the_end(&mut waiting).starts_with("HTTP/1.1 200 "));
    assert!(met(&server, "body_memory") >= 1);
}

#[test]
fn requests_of_an_address_have_a_rate() {
    let (_folder, server) = start(&["--rate-per-address", "5"]);
    let answers: Vec<String> = (0..20).map(|_| server.predict()).collect();
    let refused = answers.iter().find(|answer| answer.starts_with("HTTP/1.1 429 ")).unwrap();
    assert!(refused.contains("retry-after: 1\r\n"), "{refused}");
    let good = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 200 ")).count();
    assert!(good >= 5, "{good}");
    assert!((0..20).all(|_| server.get("/healthz").starts_with("HTTP/1.1 200 ")));
}
