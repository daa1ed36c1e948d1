//! Traces as a collector of OpenTelemetry gets them, from a real server over a real connection.
//!
//! The feature is off by default; CONTRIBUTING.md says how to run this.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(unix, feature = "otel"))]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use prost::Message;
use server::{PATIENCE, Server, segmenta};

/// What a client has given the whole of its trace, and the part of it that asks here.
const TRACE: u128 = 0x0af7651916cd43dd8448eb211c80319c;
const PARENT: u64 = 0xb7ad6b7169203331;
const SERVER: i32 = 2;
const ERROR: i32 = 2;

/// The messages of OTLP, as far as they are looked at.
mod otlp {
    use prost::{Message, Oneof};

    #[derive(Message)]
    pub struct Request {
        #[prost(message, repeated, tag = "1")]
        pub resources: Vec<ResourceSpans>,
    }

    #[derive(Message)]
    pub struct ResourceSpans {
        #[prost(message, optional, tag = "1")]
        pub resource: Option<Resource>,
        #[prost(message, repeated, tag = "2")]
        pub scopes: Vec<ScopeSpans>,
    }

    #[derive(Message)]
    pub struct Resource {
        #[prost(message, repeated, tag = "1")]
        pub attributes: Vec<Attribute>,
    }

    #[derive(Message)]
    pub struct ScopeSpans {
        #[prost(message, repeated, tag = "2")]
        pub spans: Vec<Span>,
    }

    #[derive(Clone, Message, PartialEq)]
    pub struct Span {
        #[prost(bytes, tag = "1")]
        pub trace_id: Vec<u8>,
        #[prost(bytes, tag = "4")]
        pub parent_span_id: Vec<u8>,
        #[prost(string, tag = "5")]
        pub name: String,
        #[prost(int32, tag = "6")]
        pub kind: i32,
        #[prost(message, repeated, tag = "9")]
        pub attributes: Vec<Attribute>,
        #[prost(message, optional, tag = "15")]
        pub status: Option<Status>,
    }

    #[derive(Clone, Message, PartialEq)]
    pub struct Status {
        #[prost(int32, tag = "3")]
        pub code: i32,
    }

    #[derive(Clone, Message, PartialEq)]
    pub struct Attribute {
        #[prost(string, tag = "1")]
        pub key: String,
        #[prost(message, optional, tag = "2")]
        pub value: Option<Value>,
    }

    #[derive(Clone, Message, PartialEq)]
    pub struct Value {
        #[prost(oneof = "Kind", tags = "1, 3")]
        pub kind: Option<Kind>,
    }

    #[derive(Clone, Oneof, PartialEq)]
    pub enum Kind {
        #[prost(string, tag = "1")]
        Text(String),
        #[prost(int64, tag = "3")]
        Number(i64),
    }
}

use otlp::{Attribute, Kind, Request, Span};

fn value<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a Kind> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    attribute.value.as_ref()?.kind.as_ref()
}

fn text<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a str> {
    match value(attributes, key)? {
        Kind::Text(text) => Some(text),
        Kind::Number(_) => None,
    }
}

/// Takes traces as a collector does.
struct Collector {
    address: String,
    is_well: Arc<AtomicBool>,
    spans: mpsc::Receiver<Span>,
    /// What was asked while it was not well.
    refused: mpsc::Receiver<()>,
}

impl Collector {
    fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let is_well = Arc::new(AtomicBool::new(true));
        let (sender, spans) = mpsc::channel();
        let (refuse, refused) = mpsc::channel();
        let well = Arc::clone(&is_well);
        thread::spawn(move || {
            for stream in socket.incoming() {
                let (sender, refuse, well) = (sender.clone(), refuse.clone(), Arc::clone(&well));
                thread::spawn(move || {
                    let stream = stream.unwrap();
                    let mut reader = BufReader::new(&stream);
                    while let Some(spans) = received(&mut reader) {
                        let status = if well.load(Ordering::Relaxed) {
                            for span in spans {
                                let _ = sender.send(span);
                            }
                            "200 OK"
                        } else {
                            let _ = refuse.send(());
                            // What is busy (503) is asked again with the same spans, after a while.
                            "404 Not Found"
                        };
                        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                        (&stream).write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        Self { address, is_well, spans, refused }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next spans, of those that this many requests leave.
    fn next(&self, count: usize) -> Vec<Span> {
        let deadline = Instant::now() + PATIENCE;
        let left = || deadline.saturating_duration_since(Instant::now());
        (0..count).map(|_| self.spans.recv_timeout(left()).expect("a span in time")).collect()
    }
}

/// The spans in the next request of a connection, if there is one.
fn received(reader: &mut BufReader<&TcpStream>) -> Option<Vec<Span>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    assert_eq!(lines[0], "post /v1/traces http/1.1");
    let header = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name));
    assert_eq!(header("content-type: "), Some("application/x-protobuf"));
    let mut body = vec![0; header("content-length: ").unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let mut spans = Vec::new();
    for of in Request::decode(&*body).unwrap().resources {
        let resource = of.resource.unwrap();
        assert_eq!(text(&resource.attributes, "service.name"), Some("segmenta"));
        spans.extend(of.scopes.into_iter().flat_map(|scope| scope.spans));
    }
    Some(spans)
}

/// Spans that wait for others for this long are sent with them.
const SOON: Duration = Duration::from_millis(200);
/// Longer than any test.
const AT_THE_END: Duration = Duration::from_hours(1);

fn start(endpoint: &str, send: Duration) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = segmenta(folder.path(), &["--otlp-endpoint", endpoint, "--drain-time", "0"]);
    command.env("OTEL_BSP_SCHEDULE_DELAY", send.as_millis().to_string());
    (folder, Server::from(command))
}

/// Asks as a client does that traces what it does.
fn traced(server: &Server, path: &str, flags: &str) -> String {
    server.exchange(&format!(
        "GET {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\nx-request-id: mine-1\r\n\
         traceparent: 00-{TRACE:032x}-{PARENT:016x}-{flags}\r\n\r\n"
    ))
}

#[test]
fn a_request_is_a_part_of_the_clients_trace() {
    let collector = Collector::start();
    let (_folder, server) = start(&collector.endpoint(), SOON);
    assert!(traced(&server, "/api/model", "01").starts_with("HTTP/1.1 200 "));
    let [span] = <[Span; 1]>::try_from(collector.next(1)).unwrap();
    assert_eq!((span.name.as_str(), span.kind), ("GET /api/model", SERVER));
    assert_eq!(span.trace_id, TRACE.to_be_bytes());
    assert_eq!(span.parent_span_id, PARENT.to_be_bytes());
    assert_eq!(text(&span.attributes, "http.request.method"), Some("GET"));
    assert_eq!(text(&span.attributes, "http.route"), Some("/api/model"));
    assert_eq!(value(&span.attributes, "http.response.status_code"), Some(&Kind::Number(200)));
    assert_eq!(text(&span.attributes, "request_id"), Some("mine-1"));
}

#[test]
fn a_server_that_stops_sends_what_it_has() {
    let collector = Collector::start();
    let (_folder, mut server) = start(&collector.endpoint(), AT_THE_END);
    server.predict();
    server.get("/customer-7-of-somebody");
    traced(&server, "/healthz", "00");
    traced(&server, "/readyz", "01");
    assert!(collector.spans.try_recv().is_err());
    server.signal("-TERM");
    assert_eq!(server.wait(), Some(0));
    let spans = collector.next(3);
    let names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    // Not the one that its client does not trace; and a path that no route has is not told.
    assert_eq!(names, ["POST /predict", "GET", "GET /readyz"]);
    assert_eq!(text(&spans[1].attributes, "http.route"), None);
    for span in &spans[..2] {
        assert_ne!(span.trace_id, TRACE.to_be_bytes());
        assert!(span.parent_span_id.is_empty(), "nobody else traces it");
    }
    let failed = spans.iter().filter_map(|span| span.status.as_ref()).any(|is| is.code == ERROR);
    assert!(!failed, "a 404 is the client's mistake");
    assert!(collector.spans.try_recv().is_err(), "each request has one span");
}

#[test]
fn a_collector_that_refuses_is_told_once_and_again_when_it_takes_them() {
    let collector = Collector::start();
    collector.is_well.store(false, Ordering::Relaxed);
    let (_folder, server) = start(&collector.endpoint(), SOON);
    let told = |words: &str| {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let entry = server.log.recv_timeout(left).expect("a line of the log");
            let message = entry["message"].as_str().unwrap_or_default().to_owned();
            if message.starts_with(words) {
                return before;
            }
            before.push(message);
        }
    };
    assert!(server.predict().contains("\"persona\":\"Standard\""));
    told("traces do not arrive");
    collector.refused.recv_timeout(PATIENCE).unwrap();
    assert!(server.predict().contains("\"persona\":\"Standard\""));
    collector.refused.recv_timeout(PATIENCE).unwrap();
    collector.is_well.store(true, Ordering::Relaxed);
    server.get("/healthz");
    assert_eq!(told("traces arrive again"), Vec::<String>::new(), "nothing is told in between");
    assert_eq!(collector.next(1)[0].name, "GET /healthz");
}

#[test]
fn an_address_that_traces_cannot_go_to_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for endpoint in ["https://collector.example:4318", "127.0.0.1:4318", "http://"] {
        let output = segmenta(folder.path(), &["--otlp-endpoint", endpoint]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{endpoint}");
        assert!(told.starts_with("error: --otlp-endpoint"), "{told}");
    }
}

#[test]
fn a_collector_that_does_not_answer_holds_no_stop_up() {
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let (_folder, mut server) =
        start(&format!("http://{}", deaf.local_addr().unwrap()), AT_THE_END);
    assert!(server.predict().contains("\"persona\":\"Standard\""));
    let start = Instant::now();
    server.signal("-TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
