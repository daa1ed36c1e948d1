//! Whether the scheduler answers, and whether it has an executor. A query would wait for one without an end.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::PATIENCE;
use crate::engine::{Readiness, Waiting};
use crate::error::{Error, Result};

/// How often the scheduler is asked.
const EVERY: Duration = Duration::from_millis(500);
/// How long it has for an answer.
const ANSWER: Duration = Duration::from_secs(5);
/// The most bytes of an answer.
const LONGEST: u64 = 4096;

/// A scheduler, which somebody else runs.
#[derive(Debug, Clone)]
pub(super) struct Scheduler {
    host: String,
    port: u16,
}

/// What a scheduler says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    WithoutExecutors,
    Silent,
}

impl Scheduler {
    pub(super) fn new(host: String, port: u16) -> Self {
        Self { host, port }
    }

    pub(super) fn url(&self) -> String {
        format!("df://{}:{}", self.host, self.port)
    }

    /// Whether there is one at all.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`].
    pub(super) async fn require(&self) -> Result<()> {
        match self.state().await {
            State::Silent => Err(self.problem(State::Silent)),
            State::Ready | State::WithoutExecutors => Ok(()),
        }
    }

    async fn state(&self) -> State {
        match timeout(ANSWER, self.ask()).await {
            Ok(Ok(answer)) if answer.split(' ').nth(1) == Some("200") => State::Ready,
            Ok(Ok(_)) => State::WithoutExecutors,
            Ok(Err(_)) | Err(_) => State::Silent,
        }
    }

    async fn ask(&self) -> std::io::Result<String> {
        let host = self.host.trim_matches(['[', ']']);
        let mut stream = TcpStream::connect((host, self.port)).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.host);
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LONGEST).read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn problem(&self, state: State) -> Error {
        let Self { host, port } = self;
        Error::Engine(match state {
            State::Silent => format!(
                "the scheduler at {host}:{port} does not answer; start it with `segmenta cluster scheduler`, \
                 and look whether its port can be reached from here"
            ),
            State::Ready | State::WithoutExecutors => format!(
                "the scheduler at {host}:{port} has had no executor for {PATIENCE} s; start some with \
                 `segmenta cluster executor --scheduler {host}:{port}`"
            ),
        })
    }
}

impl Readiness for Scheduler {
    fn ready(&self) -> Waiting<'_, Result<()>> {
        Box::pin(async {
            let end = Instant::now() + Duration::from_secs(PATIENCE);
            loop {
                match self.state().await {
                    State::Ready => return Ok(()),
                    state if Instant::now() >= end => return Err(self.problem(state)),
                    _ => sleep(EVERY).await,
                }
            }
        })
    }

    fn lost(&self) -> Waiting<'_, Error> {
        Box::pin(async {
            let mut last = Instant::now();
            loop {
                sleep(EVERY).await;
                let state = self.state().await;
                if state == State::Ready {
                    last = Instant::now();
                } else if last.elapsed().as_secs() >= PATIENCE {
                    return self.problem(state);
                }
            }
        })
    }
}
