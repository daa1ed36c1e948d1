//! `/api/session`: who uses the page. A browser gets the id of a session in a cookie that no script can read and no
//! other site can send, never the token itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{Extensions, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, cookie};
use crate::access::{Role, random};
use crate::digest::sha256;
use crate::server::error::{ApiError, Problem};
use crate::server::json_body::JsonBody;
use crate::server::peer::Peer;
use crate::server::state::AppState;

/// What the cookie is called: where a connection is encrypted, by a name that browsers only take from there.
pub(super) const COOKIES: [&str; 2] = ["__Host-segmenta_session", "segmenta_session"];
const LIFETIME: Duration = Duration::from_hours(12);
const MOST: usize = 1000;

/// Sessions that have begun, by digests of their ids.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    token: String,
    until: Instant,
}

impl Sessions {
    /// Begins a session, and gives its id.
    fn begin(&self, token: &str) -> crate::Result<String> {
        let id = random::<32>()?;
        let mut sessions = self.sessions();
        let now = Instant::now();
        sessions.retain(|_, session| session.until > now);
        while sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.until);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            sessions.remove(&oldest);
        }
        let session = Session { token: token.to_owned(), until: now + LIFETIME };
        sessions.insert(sha256(id.as_bytes()), session);
        Ok(id)
    }

    /// The id of the token with which a session was begun that is not over.
    pub(super) fn token(&self, id: &str) -> Option<String> {
        let sessions = self.sessions();
        let session = sessions.get(&sha256(id.as_bytes()))?;
        (session.until > Instant::now()).then(|| session.token.clone())
    }

    fn end(&self, id: &str) {
        self.sessions().remove(&sha256(id.as_bytes()));
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct SignIn {
    /// As it was shown when it was made.
    token: String,
}

/// Who uses the page.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct SessionResponse {
    /// Whether this server asks for tokens.
    is_needed: bool,
    /// What may be done; null before signing in.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// The name of the token; null before signing in, and where none is needed.
    name: Option<String>,
}

/// Tells who is signed in, and what may be done.
#[utoipa::path(
    get,
    path = "/api/session",
    tag = "operation",
    responses((status = 200, description = "Who it is", body = SessionResponse))
)]
pub(in crate::server) async fn show(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let is_needed = state.guard().is_some_and(|guard| !guard.doors().are_open());
    ([(CACHE_CONTROL, "no-store")], Json(response(is_needed, &caller))).into_response()
}

/// Signs in: the cookie of the answer stands for the token from then on, for half a day.
#[utoipa::path(
    post,
    path = "/api/session",
    tag = "operation",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionResponse),
        (status = 400, description = "The body is not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is wrong, has expired or was revoked", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The request took too long", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "This server asks for no tokens", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no token in the body", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong tokens came from this address", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn begin(
    State(state): State<AppState>,
    extensions: Extensions,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let SignIn { token } = body.read()?;
    let guard = state.guard().filter(|guard| !guard.doors().are_open());
    let guard = guard.ok_or_else(|| {
        ApiError::Conflict(
            "this server asks for no tokens; there is nothing to sign in to".to_owned(),
        )
    })?;
    let peer = Peer::of(&extensions);
    let doors = guard.doors();
    let found = doors.tokens().and_then(|tokens| tokens.find(token.trim()));
    let Some(token) = found else {
        state.rates().attempt(peer.address)?;
        tracing::warn!(peer = %peer.address, "somebody tried to sign in with a wrong token");
        return Err(ApiError::Unauthorized("this token is wrong, has expired or was revoked"));
    };
    let id = guard.sessions().begin(&token.id).map_err(|error| {
        tracing::error!(%error, "a session cannot begin");
        ApiError::Internal
    })?;
    tracing::info!(token = token.id, name = token.name, peer = %peer.address, "signed in");
    let answer = Json(response(true, &Caller::with(token)));
    let cookie = set_cookie(&id, LIFETIME, peer)?;
    Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, HeaderValue::from_static("no-store"))], answer)
        .into_response())
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/api/session",
    tag = "operation",
    responses((status = 204, description = "Signed out"))
)]
pub(in crate::server) async fn end(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiError> {
    if let (Some(guard), Some(id)) = (state.guard(), cookie(request.headers())) {
        guard.sessions().end(id);
    }
    let cookie = set_cookie("", Duration::ZERO, Peer::of(request.extensions()))?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

fn response(is_needed: bool, caller: &Caller) -> SessionResponse {
    let token = caller.token();
    let role = if is_needed { token.map(|token| token.role) } else { Some(Role::Admin) };
    SessionResponse { is_needed, role, name: token.map(|token| token.name.clone()) }
}

fn set_cookie(id: &str, lifetime: Duration, peer: Peer) -> Result<HeaderValue, ApiError> {
    let [encrypted, plain] = COOKIES;
    let (name, secure) = if peer.is_encrypted { (encrypted, "; Secure") } else { (plain, "") };
    let seconds = lifetime.as_secs();
    let cookie =
        format!("{name}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&cookie).map_err(|_| ApiError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_so_many_and_the_oldest_ends_first() {
        let sessions = Sessions::default();
        let ids: Vec<String> = (0..=MOST).map(|_| sessions.begin("t").unwrap()).collect();
        assert_eq!(sessions.sessions().len(), MOST);
        assert_eq!(sessions.token(&ids[0]), None);
        assert_eq!(sessions.token(&ids[MOST]).as_deref(), Some("t"));
        sessions.end(&ids[MOST]);
        assert_eq!(sessions.token(&ids[MOST]), None);
        assert!(!sessions.sessions().contains_key(&ids[1]), "ids themselves are not kept");
    }
}
