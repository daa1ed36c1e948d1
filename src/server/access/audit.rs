//! Who changed what: each change is recorded when it is done, and `GET /api/audit` lists them.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::Method;
use axum::http::header::LOCATION;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::JoinHandle;
use utoipa::{IntoParams, ToSchema};

use super::Caller;
use crate::audit::Entry;
use crate::server::error::{ApiError, FieldError, Problem};
use crate::server::peer::Peer;
use crate::server::state::AppState;

const USUAL: usize = 100;
const MOST: usize = 1000;

/// A change that was asked for.
pub(super) struct Change(Entry);

impl Change {
    pub(super) fn of(request: &Request, route: Option<&str>, caller: &Caller) -> Self {
        let route = route.unwrap_or_default();
        let token = caller.token();
        let who = token.map_or("anyone", |token| &token.name);
        let what = what(request.method(), route);
        // A customer is erased from logs too.
        let names_a_customer = route.starts_with("/api/customers/");
        let to = if names_a_customer { None } else { to(request.uri().path(), route) };
        Self(Entry {
            token: token.map(|token| token.id.clone()),
            from: Some(Peer::of(request.extensions()).address.to_string()),
            ..Entry::now(who, &what, to.as_deref())
        })
    }

    /// Writes the change down, if it was done. What was done stays done where that fails.
    pub(super) fn done(mut self, state: &AppState, response: &Response) -> Option<JoinHandle<()>> {
        if !response.status().is_success() {
            return None;
        }
        let made = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
        if let Some(made) = made.and_then(|place| place.rsplit('/').next()) {
            self.0.to = Some(made.to_owned());
        }
        let audit = state.audit().ok()?;
        Some(tokio::task::spawn_blocking(move || {
            if let Err(error) = audit.add(&self.0) {
                tracing::error!(%error, entry = ?self.0, "a change could not be recorded");
            }
        }))
    }
}

/// What a request to a route does, in a word or two.
fn what(method: &Method, route: &str) -> String {
    let known = match (method.as_str(), route) {
        ("POST", "/api/models/{version}/activate") => "activate",
        ("POST", "/api/models/rollback") => "roll back",
        ("DELETE", "/api/models/{version}") => "delete model",
        ("PATCH", "/api/models/{version}/segments/{cluster_id}") => "edit segment",
        ("POST", "/api/uploads") => "upload",
        ("DELETE", "/api/uploads/{id}") => "delete upload",
        ("POST", "/api/jobs") => "train",
        ("DELETE", "/api/jobs/{id}") => "end training",
        ("DELETE", "/api/customers/{id}") => "erase customer",
        _ => return format!("{method} {route}"),
    };
    known.to_owned()
}

/// The parts of a path that its route leaves open.
fn to(path: &str, route: &str) -> Option<String> {
    let parts: Vec<&str> = path
        .split('/')
        .zip(route.split('/'))
        .filter(|(_, of_route)| of_route.starts_with('{'))
        .map(|(part, _)| part)
        .collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct AuditQuery {
    /// The most entries; 100 where nothing is said.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
}

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct AuditResponse {
    /// The newest first, each with `at`, `who` (the name of a token, `anyone` or `command line`), the id of the
    /// `token`, the address that it came `from`, `what` was done, and `to` what.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Value>,
}

/// Lists who changed what, the newest first.
#[utoipa::path(
    get,
    path = "/api/audit",
    tag = "operation",
    params(AuditQuery),
    responses(
        (status = 200, description = "The changes", body = AuditResponse),
        (status = 422, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no data folder", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn list(
    State(state): State<AppState>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<AuditResponse>, ApiError> {
    let refuse = || {
        let problem = format!("a whole number from 1 to {MOST} is needed, once");
        ApiError::invalid(FieldError::query("limit", "value_error", problem))
    };
    let Query(query) = query.map_err(|_| refuse())?;
    let limit = query.limit.map_or(Some(USUAL), |limit| limit.parse().ok());
    let limit = limit.filter(|limit| (1..=MOST).contains(limit)).ok_or_else(refuse)?;
    let audit = state.audit()?;
    let read = move || {
        let entries = audit.last(limit).map_err(|error| {
            tracing::error!(%error, "the record of changes cannot be read");
            ApiError::Internal
        })?;
        let value = |entry| serde_json::to_value(entry).unwrap_or_default();
        Ok(AuditResponse { entries: entries.iter().map(value).collect() })
    };
    state.work().run(read).await.map(Json)
}
