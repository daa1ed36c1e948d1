//! The server's door: connections in, and a stop that finishes what was begun.

use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::pin;
use tower::ServiceExt;

use super::peer::Peer;
use super::state::AppState;

/// Serves until `stop` is done; then takes no more connections and waits for the requests in flight,
/// as long as the settings allow. A connection that cannot be accepted is logged, and the next one
/// awaited.
pub async fn listen(
    listener: TcpListener,
    state: AppState,
    app: Router,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(state.settings().header_timeout);
    let in_flight = GracefulShutdown::new();
    pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: it passes when other connections close.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // An answer is sent at once, not held back for more bytes to fill a packet.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let peer = Peer { address: address.ip().to_canonical(), is_encrypted: false };
        let service = app.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let service = TowerToHyperService::new(service);
        let connection = in_flight.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    state.stop_being_ready();
    drop(listener);
    tracing::info!("stopping: finishing the requests in flight");
    if tokio::time::timeout(state.settings().shutdown_timeout, in_flight.shutdown()).await.is_err()
    {
        tracing::warn!("some requests took too long to finish and were dropped");
    }
}
