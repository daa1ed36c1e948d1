//! One line in the log and one count in the metrics for each request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::limits::Limit;
use super::peer::Peer;
use super::state::AppState;

pub(super) async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let peer = Peer::of(request.extensions()).address;
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // The route and not the path labels the metrics: there are few routes and endlessly many paths.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    let elapsed = start.elapsed();
    if let Some(&limit) = response.extensions().get::<Limit>() {
        state.metrics().limited(limit);
    }
    let status = response.status().as_u16();
    state.metrics().requested(&method, route, status, elapsed);
    let ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3;
    tracing::info!(target: "segmenta::request", %peer, %method, path, status, ms, "request");
    response
}
