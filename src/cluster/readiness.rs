//! Whether the scheduler answers, and whether it has an executor. A query would wait for one without an end.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::PATIENCE;
use crate::error::{Error, Result};

/// How often the scheduler is asked.
const EVERY: Duration = Duration::from_millis(500);
/// How long it has for an answer.
const ANSWER: Duration = Duration::from_secs(5);
/// The most bytes of an answer: plans of queries are in some, and what passes need is in those.
const LONGEST: u64 = 1 << 24;

/// A scheduler, which somebody else runs.
#[derive(Debug, Clone)]
pub(super) struct Scheduler {
    host: String,
    port: u16,
    /// What it calls the work of this process.
    job_name: String,
}

/// What a scheduler says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    WithoutExecutors,
    Silent,
}

/// An answer of a scheduler.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether it has what was asked for.
    pub(super) is_good: bool,
    pub(super) body: String,
}

impl Scheduler {
    pub(super) fn new(host: String, port: u16, job_name: String) -> Self {
        Self { host, port, job_name }
    }

    pub(super) fn job_name(&self) -> &str {
        &self.job_name
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

    /// Waits until there is an executor, for a while.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`].
    pub(super) async fn ready(&self) -> Result<()> {
        let end = Instant::now() + Duration::from_secs(PATIENCE);
        loop {
            match self.state().await {
                State::Ready => return Ok(()),
                state if Instant::now() >= end => return Err(self.problem(state)),
                _ => sleep(EVERY).await,
            }
        }
    }

    /// Ends when there has been no executor for a while.
    pub(super) async fn lost(&self) -> Error {
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
    }

    async fn state(&self) -> State {
        match self.ask("/readyz").await {
            Ok(Answer { is_good: true, .. }) => State::Ready,
            Ok(_) => State::WithoutExecutors,
            Err(_) => State::Silent,
        }
    }

    /// What the scheduler has at a path of its address.
    pub(super) async fn ask(&self, path: &str) -> io::Result<Answer> {
        let asked = async {
            let host = self.host.trim_matches(['[', ']']);
            let mut stream = TcpStream::connect((host, self.port)).await?;
            // In version 1.0 an answer is in one piece, and ends with the connection.
            let request = format!("GET {path} HTTP/1.0\r\nhost: {}\r\n\r\n", self.host);
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.take(LONGEST).read_to_end(&mut answer).await?;
            Ok(Answer::of(&String::from_utf8_lossy(&answer)))
        };
        timeout(ANSWER, asked).await?
    }

    fn problem(&self, state: State) -> Error {
        let Self { host, port, .. } = self;
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

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        Self { is_good: head.split(' ').nth(1) == Some("200"), body: body.to_owned() }
    }
}
