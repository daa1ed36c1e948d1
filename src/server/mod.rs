//! The model as an HTTP API and a page: [`app`] makes a router of a state, [`listen`] serves it.
//!
//! One file a resource; what they share is the state, one error type, and documents that are
//! serialised once.

mod access;
mod batch;
mod change;
mod customers;
mod document;
mod drift;
mod error;
mod fields;
mod gates;
mod health;
mod home;
mod jobs;
mod json_body;
mod language;
mod limits;
mod listen;
mod metrics;
mod model;
mod models;
mod openapi;
#[cfg_attr(not(feature = "ui"), path = "page_disabled.rs")]
mod page;
mod patience;
mod peer;
mod predict;
mod projection;
mod protect;
mod rates;
mod request_log;
mod state;
mod stats;
mod texts;
#[cfg_attr(not(feature = "otel"), path = "trace_disabled.rs")]
mod trace;
mod uploads;
mod view;
mod watch;
mod workshop;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use tower::util::MapResponseLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use error::ApiError;
pub use limits::{Limit, Limits};
pub use listen::{Listener, Tls, listen};
pub use state::{AppState, Settings};

/// Answers smaller than this many bytes are sent as they are: they fit a packet anyway.
const COMPRESS_FROM_BYTES: u64 = 1024;

/// All routes, with everything that protects them.
pub fn app(state: AppState) -> Router {
    // Their answers are too short for compression, and only a body could keep them waiting.
    let short = OpenApiRouter::with_openapi(openapi::outline())
        .routes(routes!(predict::predict))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz));
    let (long, document) = OpenApiRouter::new()
        .routes(routes!(home::home))
        .routes(routes!(stats::stats))
        .routes(routes!(customers::customers))
        .routes(routes!(customers::erase::erase))
        .routes(routes!(model::model))
        .routes(routes!(projection::projection))
        .routes(routes!(view::view))
        .routes(routes!(drift::drift))
        .routes(routes!(models::list::list))
        .routes(routes!(models::one::one, models::delete::delete))
        .routes(routes!(models::comparison::comparison))
        .routes(routes!(models::moves::moves))
        .routes(routes!(models::export::export))
        .routes(routes!(models::activate::activate))
        .routes(routes!(models::activate::roll_back))
        .routes(routes!(models::segment::edit))
        .routes(routes!(access::session::show, access::session::begin, access::session::end))
        .routes(routes!(access::audit))
        .routes(routes!(metrics::metrics))
        .routes(routes!(uploads::list))
        .routes(routes!(uploads::show, uploads::remove))
        .routes(routes!(uploads::inspect))
        .routes(routes!(jobs::list, jobs::create))
        .routes(routes!(jobs::show, jobs::end))
        .layer(from_fn_with_state(state.clone(), protect::limit))
        .routes(routes!(batch::batch))
        .routes(routes!(uploads::create))
        .routes(routes!(jobs::events))
        .layer(compression())
        .split_for_parts();
    let (short, mut description) = short.split_for_parts();
    description.merge(document);
    let cors = protect::cors(state.settings());
    let app = short
        .merge(long)
        .merge(openapi::routes(description).layer(compression()))
        .fallback_service(any(page::file).layer(compression()))
        .method_not_allowed_fallback(error::method_not_allowed)
        .with_state(state.clone())
        .layer(from_fn_with_state(state, around));
    match cors {
        None => app,
        // It answers some requests by itself.
        Some(cors) => app.layer((MapResponseLayer::new(protect::security_headers), cors)),
    }
}

/// What happens to every request. It is one function, since each layer that a router gets costs every request some
/// allocations.
async fn around(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let response = request_log::log(&state, request, next).await;
    protect::security_headers(error::uniform(response))
}

/// Packs answers for clients that want them packed.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESS_FROM_BYTES)))
}
