//! The server's door: connections in, and a stop that finishes what was begun.

mod door;
mod tls;
mod watched;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::Request;
use axum::http::header::CONNECTION;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::pin;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower::ServiceExt;

use super::error::ApiError;
use super::health;
use super::limits::{Limit, Limits};
use super::peer::Peer;
use super::state::AppState;
use super::watch::keep_looking;
use door::{Admission, Door};
pub use tls::Tls;
use watched::{Activity, Watched};

/// The longest that a client may take for its headers which is only told to come back later.
const AT_THE_DOOR_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves until `stop` is done. For as long as that says, `/readyz` then says no while requests are still
/// answered, so that others hear of it; then no more connections are taken, and the requests in flight are waited
/// for, as long as the settings allow. A connection that cannot be accepted is logged, and the next one awaited.
pub async fn listen(
    listener: impl Into<Listener>,
    state: AppState,
    app: Router,
    stop: impl Future<Output = Duration>,
) {
    let Listener { socket, tls } = listener.into();
    let guard = state.guard().cloned();
    let _looking = AbortOnDrop(tokio::spawn(keep_looking({
        let tls = tls.clone();
        move || {
            if let Some(tls) = &tls {
                tls.look();
            }
            if let Some(guard) = &guard {
                guard.look();
            }
        }
    })));
    let house = House {
        tls,
        door: Door::new(state.limits(), state.metrics().connections()),
        http: http(state.limits()),
        app,
        state,
    };
    let in_flight = GracefulShutdown::new();
    pin!(stop);
    let notice = tokio::select! {
        never = house.receive(&socket, &in_flight) => match never {},
        notice = &mut stop => notice,
    };
    house.state.stop_being_ready();
    if !notice.is_zero() {
        tracing::info!(seconds = notice.as_secs_f64(), "not ready any more, and stopping soon");
        // It takes connections for ever, so only the time ends it.
        let _ = timeout(notice, house.receive(&socket, &in_flight)).await;
    }
    drop(socket);
    tracing::info!("stopping: finishing the requests in flight");
    let patience = house.state.settings().shutdown_timeout;
    if timeout(patience, in_flight.shutdown()).await.is_err() {
        tracing::warn!("some requests took too long to finish and were dropped");
    }
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // Headers have a time of their own, which begins with their first byte: see `watched`.
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.idle_timeout)
        .max_header_size(limits.header_bytes);
    http
}

/// What connections come to.
struct House {
    door: Arc<Door>,
    http: http1::Builder,
    app: Router,
    state: AppState,
    tls: Option<Arc<Tls>>,
}

impl House {
    /// Takes connections for ever.
    async fn receive(&self, listener: &TcpListener, in_flight: &GracefulShutdown) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => {
                    let address = address.ip().to_canonical();
                    let peer = Peer { address, is_encrypted: self.tls.is_some() };
                    self.admit(stream, peer, in_flight);
                }
                Err(error) => {
                    // Out of file descriptors, most likely: it passes when other connections close.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: Peer, in_flight: &GracefulShutdown) {
        let metrics = self.state.metrics();
        let (place, met) = match self.door.admit(peer.address) {
            Admission::In(place) => (place, None),
            Admission::AtTheDoor(place, limit) => {
                metrics.limited(limit);
                (place, Some(limit))
            }
            Admission::Away(limit) => {
                metrics.limited(limit);
                return;
            }
        };
        // An answer is sent at once, not held back for more bytes to fill a packet.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let activity = Activity::default();
        let mut header_timeout = self.state.settings().header_timeout;
        if met.is_some() {
            header_timeout = header_timeout.min(AT_THE_DOOR_TIMEOUT);
        }
        let stream = Watched::new(stream, activity.clone(), self.state.clone(), header_timeout);
        let (app, state) = (self.app.clone(), self.state.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            activity.asked();
            let peer = peer.spoken_for(request.headers(), &state.settings().trusted_proxies);
            request.extensions_mut().insert(peer);
            let (app, activity) = (app.clone(), activity.clone());
            async move {
                let response = match met {
                    Some(limit) if !health::is_asked_for(&request) => come_back_later(limit),
                    _ => app.oneshot(request.map(Body::new)).await?,
                };
                if response.headers().get(CONNECTION).is_some_and(|value| value == "close") {
                    activity.hanging_up();
                } else if response.body().size_hint().exact().is_some() {
                    activity.answered();
                }
                Ok::<_, Infallible>(response)
            }
        });
        let state = self.state.clone();
        let (http, watcher) = (self.http.clone(), in_flight.watcher());
        let tls = self.tls.as_ref().map(|tls| tls.acceptor());
        tokio::spawn(async move {
            let _place = place;
            let ended = match tls {
                None => {
                    let connection = http.serve_connection(TokioIo::new(stream), service);
                    watcher.watch(connection).await
                }
                Some(tls) => match timeout(header_timeout, tls.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        let connection = http.serve_connection(TokioIo::new(stream), service);
                        watcher.watch(connection).await
                    }
                    Ok(Err(error)) => {
                        tracing::debug!(%error, "a connection could not be encrypted");
                        return;
                    }
                    Err(_) => {
                        state.metrics().limited(Limit::HeaderTime);
                        return;
                    }
                },
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

/// Where connections come in.
pub struct Listener {
    socket: TcpListener,
    tls: Option<Arc<Tls>>,
}

impl From<TcpListener> for Listener {
    fn from(socket: TcpListener) -> Self {
        Self { socket, tls: None }
    }
}

impl Listener {
    /// Encrypts all connections.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(Arc::new(tls)), ..self }
    }
}

/// A task that ends with this.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The answer when there are too many connections.
fn come_back_later(limit: Limit) -> Response {
    ApiError::Overloaded(limit).into_response()
}
