//! `POST /api/uploads`: a file, as its bytes come.

use axum::Json;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::IntoParams;

use super::folder::{Upload, Uploads};
use crate::server::error::{ApiError, FieldError, Problem};
use crate::server::patience::Patience;
use crate::server::protect::refuse_longer;
use crate::server::state::AppState;

/// Pieces that may wait for the disk.
const WAITING: usize = 16;
/// What forms of other sites may send without being asked. Nothing else may be sent from there.
const FORMS: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct UploadQuery {
    /// The file's name.
    name: String,
}

/// Takes a file of customers or transactions: CSV, NDJSON or Parquet, also packed with gzip or Zstandard.
#[utoipa::path(
    post,
    path = "/api/uploads",
    tag = "models",
    params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the file"),
    responses(
        (status = 201, description = "The file has arrived", body = Upload),
        (status = 400, description = "The file was cut off", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "No more of it came", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another server is at work in the data folder", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "It is sent as a form", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It has no name, or nothing is in it", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no data folder, or it cannot be written", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn create(
    State(state): State<AppState>,
    query: Result<Query<UploadQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Upload>), ApiError> {
    let uploads = state.workshop_to_change().await?.uploads.clone();
    let Query(UploadQuery { name }) = query.map_err(|_| {
        ApiError::invalid(FieldError::query("name", "missing", "the file's name is needed"))
    })?;
    if is_form(&headers) {
        return Err(ApiError::UnsupportedMediaType("application/octet-stream"));
    }
    let limit = state.settings().upload_limit;
    refuse_longer(&headers, limit)?;
    let (pieces, arriving) = mpsc::channel(WAITING);
    let _place = state.gates().uploads.enter()?;
    let writing = tokio::task::spawn_blocking(move || write(&uploads, &name, arriving));
    let patience = Patience::new(state.settings());
    let sent = pass_on(body.into_data_stream(), &pieces, limit, patience).await;
    // The writer ends when it knows that no piece follows; after a mistake it leaves nothing.
    if sent.is_ok() {
        let _ = pieces.send(Piece::End).await;
    }
    drop(pieces);
    let written = writing.await.map_err(|_| ApiError::Internal)?;
    sent?;
    let upload = written?.ok_or(ApiError::Internal)?;
    tracing::info!(id = upload.id, bytes = upload.bytes, "a file arrived");
    let place = format!("/api/uploads/{}", upload.id);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(upload)))
}

enum Piece {
    Bytes(Bytes),
    End,
}

/// Hands on what comes, as fast as the disk takes it.
async fn pass_on(
    mut body: BodyDataStream,
    pieces: &mpsc::Sender<Piece>,
    limit: u64,
    mut patience: Patience,
) -> Result<(), ApiError> {
    let mut length = 0;
    loop {
        let piece = match patience.wait(body.next()).await? {
            None => break,
            Some(Ok(piece)) => piece,
            Some(Err(_)) => return Err(ApiError::cut_off()),
        };
        patience.received(piece.len());
        length += piece.len() as u64;
        if length > limit {
            return Err(ApiError::TooLarge(limit));
        }
        if pieces.send(Piece::Bytes(piece)).await.is_err() {
            // The writer met a mistake, which it tells.
            return Ok(());
        }
    }
    if length == 0 {
        let problem = "the file is empty; send its bytes as the body";
        return Err(ApiError::invalid(FieldError::of_body("empty", problem)));
    }
    Ok(())
}

/// Writes what comes until the end; none when it stopped coming before.
fn write(
    uploads: &Uploads,
    name: &str,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<Option<Upload>, ApiError> {
    let refuse = |error| ApiError::storage(&error);
    let mut arriving = uploads.begin(name).map_err(refuse)?;
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => arriving.write(&bytes).map_err(refuse)?,
            Piece::End => return arriving.finish().map(Some).map_err(refuse),
        }
    }
    Ok(None)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty() || FORMS.contains(&essence.as_str())
}
