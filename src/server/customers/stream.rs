//! All customers in one answer, written as they are read.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use csv::Writer;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::{Choice, most_wanted, open, unreadable};
use crate::model::CustomerRows;
use crate::model::store::Store;
use crate::server::error::ApiError;
use crate::server::state::Served;
use crate::spreadsheet::harmless;

/// About how many bytes are sent at a time.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the client.
const WAITING: usize = 4;

/// How all customers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Ndjson,
}

impl Form {
    /// What the client wants, if it is no page.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        const KNOWN: [&str; 4] = ["application/json", "*/*", "text/csv", "application/x-ndjson"];
        match most_wanted(headers, &KNOWN) {
            Some("text/csv") => Some(Self::Csv),
            Some("application/x-ndjson") => Some(Self::Ndjson),
            _ => None,
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        })
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    fn header(self, rows: &CustomerRows<'_>) -> Vec<u8> {
        match self {
            Self::Csv => cells(Vec::new(), rows.headers()),
            Self::Ndjson => Vec::new(),
        }
    }

    fn row(self, row: &Map<String, Value>, mut out: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Csv => {
                let texts: Vec<String> = row.values().map(text).collect();
                cells(out, texts.iter().map(String::as_str))
            }
            Self::Ndjson => {
                // Texts and numbers can always be written to memory.
                let _ = serde_json::to_writer(&mut out, row);
                out.push(b'\n');
                out
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Appends a row of cells, none of which a spreadsheet computes.
fn cells<'a>(out: Vec<u8>, cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = Writer::from_writer(out);
    let is_number = |cell: &str| cell.parse::<f64>().is_ok();
    let safe = cells.map(|cell| if is_number(cell) { cell.into() } else { harmless(cell) });
    // A row can always be written to memory.
    let _ = writer.write_record(safe.map(std::borrow::Cow::into_owned));
    writer.into_inner().unwrap_or_default()
}

/// The answer with all customers of a choice.
///
/// # Errors
///
/// 503 when they cannot be read.
pub(super) async fn all(
    form: Form,
    served: Arc<Served>,
    store: Store,
    choice: Choice,
    patience: Duration,
) -> Result<Response, ApiError> {
    let name = choice.segment.map_or_else(
        || format!("customers.{}", form.ending()),
        |place| {
            let id = served.model.segments[place].cluster_id;
            format!("customers_of_segment_{id}.{}", form.ending())
        },
    );
    let (opened, is_open) = oneshot::channel();
    let (pieces, waiting) = mpsc::channel(WAITING);
    let sending = Sending { pieces, patience, runtime: Handle::current() };
    tokio::task::spawn_blocking(move || {
        let mut rows = match open(&served, &store) {
            Ok(rows) => rows,
            Err(error) => {
                let _ = opened.send(Err(error));
                return;
            }
        };
        let _ = opened.send(Ok(()));
        write_all(form, &mut rows, &choice, &sending);
    });
    is_open.await.map_err(|_| ApiError::Internal)??;
    let stream = unfold(Some(waiting), |waiting| async {
        let mut waiting = waiting?;
        match waiting.recv().await {
            Some(Piece::Rows(rows)) => Some((Ok::<_, io::Error>(rows), Some(waiting))),
            Some(Piece::End) => None,
            // The answer cannot be told from a whole one but by its broken end.
            None => Some((Err(io::ErrorKind::UnexpectedEof.into()), None)),
        }
    });
    // Compression asks once more behind the end.
    let mut response = Body::from_stream(stream.fuse()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, form.content_type());
    // The name is made of letters and digits that need no quotation.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What is sent. An answer without its end is not whole.
enum Piece {
    Rows(Bytes),
    End,
}

/// Writes customers until the last one, or until nobody takes them.
fn write_all(form: Form, rows: &mut CustomerRows<'_>, choice: &Choice, sending: &Sending) {
    let mut out = form.header(rows);
    loop {
        match rows.next() {
            Ok(None) => break,
            Ok(Some(segment)) if choice.segment.is_some_and(|wanted| wanted != segment) => {}
            Ok(Some(_)) => out = form.row(&rows.row(choice.language), out),
            Err(error) => {
                unreadable(error);
                return;
            }
        }
        if out.len() >= PIECE && !sending.send(Piece::Rows(std::mem::take(&mut out).into())) {
            return;
        }
    }
    if sending.send(Piece::Rows(out.into())) {
        sending.send(Piece::End);
    }
}

/// The way to the client, from a thread that may wait.
struct Sending {
    pieces: mpsc::Sender<Piece>,
    patience: Duration,
    runtime: Handle,
}

impl Sending {
    /// Waits until the client has taken what was sent before; false if it does not.
    fn send(&self, piece: Piece) -> bool {
        let sent = self.runtime.block_on(timeout(self.patience, self.pieces.send(piece)));
        if sent.is_err() {
            tracing::debug!("a client takes no more customers");
        }
        matches!(sent, Ok(Ok(())))
    }
}
