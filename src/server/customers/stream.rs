//! All customers in one answer, written as they are read.

use std::borrow::Cow;
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
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
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
}

/// Customers, written and not sent yet.
enum Lines {
    Csv(Box<Writer<Vec<u8>>>),
    Ndjson(Vec<u8>),
}

// Texts and numbers can always be written to memory.
impl Lines {
    fn new(form: Form) -> Self {
        match form {
            Form::Csv => Self::Csv(Box::new(Writer::from_writer(Vec::new()))),
            Form::Ndjson => Self::Ndjson(Vec::new()),
        }
    }

    fn header<'a>(&mut self, headers: impl Iterator<Item = &'a str>) {
        if let Self::Csv(writer) = self {
            let _ = writer.write_record(headers.map(|header| shown(header).into_owned()));
        }
    }

    fn row(&mut self, row: &Map<String, Value>) {
        match self {
            Self::Csv(writer) => {
                let cells = row.values().map(text);
                let _ = writer.write_record(cells.map(|cell| shown(&cell).into_owned()));
            }
            Self::Ndjson(out) => {
                let _ = serde_json::to_writer(&mut *out, row);
                out.push(b'\n');
            }
        }
    }

    /// About how many bytes there are: the last ones may still be in the writer's buffer.
    fn len(&self) -> usize {
        match self {
            Self::Csv(writer) => writer.get_ref().len(),
            Self::Ndjson(out) => out.len(),
        }
    }

    fn take(&mut self) -> Bytes {
        match self {
            Self::Csv(writer) => {
                let full = std::mem::replace(&mut **writer, Writer::from_writer(Vec::new()));
                full.into_inner().unwrap_or_default().into()
            }
            Self::Ndjson(out) => std::mem::take(out).into(),
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

/// A cell that no spreadsheet computes.
fn shown(cell: &str) -> Cow<'_, str> {
    if cell.parse::<f64>().is_ok() { cell.into() } else { harmless(cell) }
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
    place: OwnedSemaphorePermit,
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
        // One of the streams that may be sent at a time, to its end.
        let _place = place;
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
    let mut lines = Lines::new(form);
    lines.header(rows.headers());
    loop {
        match rows.next() {
            Ok(None) => break,
            Ok(Some(segment)) if choice.segment.is_some_and(|wanted| wanted != segment) => {}
            Ok(Some(_)) => lines.row(&rows.row(choice.language)),
            Err(error) => {
                unreadable(error);
                return;
            }
        }
        if lines.len() >= PIECE && !sending.send(Piece::Rows(lines.take())) {
            return;
        }
    }
    if sending.send(Piece::Rows(lines.take())) {
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
