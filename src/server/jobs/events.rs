//! `GET /api/jobs/{id}/events`: a training, as it goes on.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use super::queue::Job;
use super::status::JobStatus;
use super::unknown;
use crate::server::error::{ApiError, Problem};
use crate::server::state::AppState;

/// How often Lloyd's steps are told, which nobody announces.
const TICK: Duration = Duration::from_millis(400);
/// Changes that come sooner after each other are told as one.
const PAUSE: Duration = Duration::from_millis(50);
const HEARTBEAT: Duration = Duration::from_secs(15);

struct Following {
    job: Arc<Job>,
    changes: watch::Receiver<JobStatus>,
    stopping: watch::Receiver<bool>,
    told: Option<JobStatus>,
}

/// Follows a training: an event `job` for each change, with what `/api/jobs/{id}` answers. The stream ends when
/// the training is over.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}/events",
    tag = "models",
    params(("id" = String, Path, description = "The training's id")),
    responses(
        (status = 200, description = "Server-sent events", body = String, content_type = "text/event-stream"),
        (status = 404, description = "There is no such training", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn events(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let job = state.workshop()?.jobs.find(&id).ok_or_else(|| unknown(&id))?;
    let changes = job.changes();
    let following = Following { job, changes, stopping: state.stopping(), told: None };
    let events = unfold(following, |following| async { following.next().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

impl Following {
    /// The next event; none when the training is over and that was told.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.told.as_ref().is_some_and(|told| told.state.is_final()) {
            return None;
        }
        loop {
            self.changes.borrow_and_update();
            let status = self.job.status();
            if self.told.as_ref() != Some(&status) {
                // What cannot be written as JSON has no numbers that are not finite, nor other keys than text.
                let event = Event::default().event("job").json_data(&status).unwrap_or_default();
                let is_first = self.told.replace(status).is_none();
                if !is_first {
                    tokio::time::sleep(PAUSE).await;
                }
                return Some((Ok(event), self));
            }
            tokio::select! {
                _ = self.changes.changed() => {}
                () = tokio::time::sleep(TICK) => {}
                // A stream without end would hold up the server's own.
                _ = self.stopping.wait_for(|&is_stopping| is_stopping) => return None,
            }
        }
    }
}
