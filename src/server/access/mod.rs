//! Who may do what. A request shows a token or the cookie of a session, and each route asks for a role; without any
//! tokens in the data folder nothing is asked for.

mod audit;
mod caller;
mod guard;
mod need;
mod same_site;
pub(super) mod session;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

pub(super) use audit::{__path_list as __path_audit, list as audit};
pub(super) use caller::Caller;
pub(super) use guard::Guard;

use super::error::ApiError;
use super::health;
use super::peer::Peer;
use super::protect;
use super::state::AppState;
use caller::Shown;
use need::Need;

/// Lets a request pass if its caller may do what it asks for, and keeps a record of changes.
pub(super) async fn pass(state: &AppState, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    let need = Need::of(request.method(), route);
    let caller = match admit(state, &request, need) {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    if need != Need::Admin || request.method().is_safe() {
        request.extensions_mut().insert(caller);
        return protect::run(next, request).await;
    }
    let change = audit::Change::of(&request, route, &caller);
    request.extensions_mut().insert(caller);
    // A change goes on when its client hangs up, and so does what is written down of it.
    let state = state.clone();
    let doing = async move {
        let response = protect::run(next, request).await;
        if let Some(written) = change.done(&state, &response) {
            // It ends early only with the server.
            let _ = written.await;
        }
        response
    };
    tokio::spawn(doing.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a change ended early");
        ApiError::Internal.into_response()
    })
}

fn admit(state: &AppState, request: &Request, need: Need) -> Result<Caller, ApiError> {
    let address = Peer::of(request.extensions()).address;
    if !health::is_asked_for(request) {
        state.rates().address(address)?;
    }
    same_site::check(state, request)?;
    let Some(guard) = state.guard() else { return Ok(Caller::Anyone) };
    let doors = guard.doors();
    let Some(tokens) = doors.tokens() else {
        return if doors.are_open() || need == Need::Nothing {
            Ok(Caller::Anyone)
        } else {
            Err(ApiError::Unavailable("the server's tokens cannot be read; its log says why"))
        };
    };
    let shown = Shown::in_headers(request.headers());
    let found = match &shown {
        Shown::Nothing => None,
        Shown::Token(text) => tokens.find(text),
        Shown::Session(id) => guard.sessions().token(id).and_then(|id| tokens.by_id(&id)),
    };
    match found {
        _ if need == Need::Nothing => Ok(found.map_or(Caller::Anyone, Caller::with)),
        Some(token) if need.is_met_by(token.role) => {
            state.rates().token(&token.id)?;
            Ok(Caller::with(token))
        }
        Some(token) => Err(ApiError::Forbidden(format!(
            "this needs a token with the role {}; the one that was shown has {}",
            need.role(),
            token.role
        ))),
        None => {
            if matches!(shown, Shown::Token(_)) {
                state.rates().attempt(address)?;
            }
            Err(ApiError::Unauthorized(shown.refusal()))
        }
    }
}
