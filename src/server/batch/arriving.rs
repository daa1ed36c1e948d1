//! A body, as its bytes come.

use axum::body::BodyDataStream;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::OwnedSemaphorePermit;

use super::trouble::Ended;
use crate::server::error::ApiError;
use crate::server::limits::Limit;
use crate::server::patience::Patience;
use crate::server::state::AppState;

/// The most bytes that are taken at once, if so many are there.
const AT_ONCE: usize = 1 << 20;

/// A body of which nothing is read before it is asked for, so that a client which sends faster than its rows are
/// answered has to wait.
pub(super) struct Arriving {
    body: BodyDataStream,
    length: u64,
    limit: u64,
    patience: Patience,
    state: AppState,
    /// One of the bodies that may arrive at a time.
    _place: OwnedSemaphorePermit,
    /// How the body ended: in order, or not.
    end: Option<Result<(), Ended>>,
}

impl Arriving {
    /// # Errors
    ///
    /// 503 when as many bodies arrive as may.
    pub(super) fn new(body: BodyDataStream, state: AppState) -> Result<Self, ApiError> {
        let place = state.gates().streams.enter()?;
        let (limit, patience) = (state.settings().batch_limit, Patience::new(state.settings()));
        Ok(Self { body, length: 0, limit, patience, state, _place: place, end: None })
    }

    /// Waits for bytes and adds those that are there; false at the end.
    ///
    /// # Errors
    ///
    /// Why no more comes, after all that has come.
    pub(super) async fn read(&mut self, taken: &mut Vec<u8>) -> Result<bool, Ended> {
        let before = taken.len();
        while self.end.is_none() && taken.len() - before < AT_ONCE {
            let next = if taken.len() == before {
                self.patience.wait(self.body.next()).await
            } else {
                match self.body.next().now_or_never() {
                    Some(next) => Ok(next),
                    None => break,
                }
            };
            match next {
                Err(slow) => {
                    self.state.metrics().limited(Limit::BodyRate);
                    self.end = Some(Err(Ended::Stalled(slow.seconds)));
                }
                Ok(None) => self.end = Some(Ok(())),
                Ok(Some(Err(_))) => self.end = Some(Err(Ended::CutOff)),
                Ok(Some(Ok(piece))) => {
                    self.patience.received(piece.len());
                    self.length += piece.len() as u64;
                    if self.length > self.limit {
                        self.end = Some(Err(Ended::TooLong(self.limit)));
                    } else {
                        taken.extend_from_slice(&piece);
                    }
                }
            }
        }
        match self.end {
            Some(end) if taken.len() == before => end.map(|()| false),
            _ => Ok(true),
        }
    }
}
