//! How long is waited for a body that is still being sent.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::error::ApiError;
use super::state::Settings;

/// The time that a client has left. Each piece may take as long as a request may, and all together no longer than
/// at the least rate: a client that sends a byte now and then is not waited for without end.
#[derive(Debug)]
pub(super) struct Patience {
    longest: Duration,
    least_rate: u64,
    waited: Duration,
    bytes: u64,
}

/// Nothing came for so long, or too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooSlow {
    /// The time that was waited for the last piece, in whole seconds.
    pub(super) seconds: u64,
}

impl From<TooSlow> for ApiError {
    fn from(slow: TooSlow) -> Self {
        Self::TooSlow(slow.seconds)
    }
}

impl Patience {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            longest: settings.request_timeout,
            least_rate: settings.limits.least_rate.max(1),
            waited: Duration::ZERO,
            bytes: 0,
        }
    }

    /// Waits for the next piece.
    pub(super) async fn wait<T>(&mut self, next: impl Future<Output = T>) -> Result<T, TooSlow> {
        let earned = Duration::from_millis(self.bytes.saturating_mul(1000) / self.least_rate);
        let left = (self.longest + earned).saturating_sub(self.waited).min(self.longest);
        let start = Instant::now();
        let next = timeout(left, next).await;
        let waited = start.elapsed();
        self.waited += waited;
        next.map_err(|_| TooSlow { seconds: self.longest.as_secs() })
    }

    /// Counts what has come.
    pub(super) fn received(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use tokio::time::sleep;

    use super::*;
    use crate::server::limits::Limits;

    fn patience() -> Patience {
        let limits = Limits { least_rate: 100, ..Limits::default() };
        let request_timeout = Duration::from_secs(10);
        Patience::new(&Settings { request_timeout, limits, ..Settings::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn drops_end_and_a_steady_stream_does_not() {
        let mut drops = patience();
        let mut pieces = 0;
        while drops.wait(sleep(Duration::from_secs(1))).await.is_ok() {
            drops.received(1);
            pieces += 1;
        }
        assert!((9..=10).contains(&pieces), "{pieces}");
        let mut stream = patience();
        for _ in 0..1000 {
            stream.wait(sleep(Duration::from_secs(1))).await.unwrap();
            stream.received(101);
        }
        // What was sent fast does not allow for a pause beyond that of one piece.
        assert!(stream.wait(sleep(Duration::from_secs(11))).await.is_err());
        assert!(patience().wait(ready(())).await.is_ok());
    }
}
