//! What one client may take of the server, so that enough is left for all others.

use std::num::NonZeroU32;
use std::time::Duration;

/// What may be taken.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most connections at a time. A few more are told to come back later, and health checks among these are
    /// answered.
    pub connections: usize,
    /// The most connections from one address.
    pub connections_per_address: usize,
    /// The longest headers of a request, in bytes.
    pub header_bytes: usize,
    /// The longest that a connection may rest between two requests.
    pub idle_timeout: Duration,
    /// The fewest bytes a second that a client has to send of a body, and to take of an answer, on average.
    pub least_rate: u64,
    /// The most memory that bodies of requests may take together, in bytes.
    pub body_memory: usize,
    /// The most files that may arrive at a time.
    pub uploads: usize,
    /// The most lists of customers that are scored or sent at a time.
    pub streams: usize,
    /// The most requests a second from one address; any number without it.
    pub rate_per_address: Option<NonZeroU32>,
    /// The most requests a second with one token; any number without it.
    pub rate_per_token: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: 1024,
            header_bytes: 32 * 1024,
            idle_timeout: Duration::from_secs(75),
            least_rate: 1024,
            body_memory: 64 << 20,
            uploads: 16,
            streams: 64,
            rate_per_address: None,
            rate_per_token: None,
        }
    }
}

/// A limit that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// All connections.
    Connections,
    /// Connections from one address.
    ConnectionsPerAddress,
    /// The time for headers to come.
    HeaderTime,
    /// The length of a body.
    BodyLength,
    /// Memory for all bodies.
    BodyMemory,
    /// Bytes a second that come of a body.
    BodyRate,
    /// Bytes a second that are taken of an answer.
    AnswerRate,
    /// The time for a request.
    RequestTime,
    /// Files that arrive at a time.
    Uploads,
    /// Lists that are on their way at a time.
    Streams,
    /// Work that waits for its turn.
    Work,
    /// Requests a second from one address.
    RatePerAddress,
    /// Requests a second with one token.
    RatePerToken,
    /// Wrong tokens from one address.
    Attempts,
}

impl Limit {
    pub(super) const ALL: [Self; 14] = [
        Self::Connections,
        Self::ConnectionsPerAddress,
        Self::HeaderTime,
        Self::BodyLength,
        Self::BodyMemory,
        Self::BodyRate,
        Self::AnswerRate,
        Self::RequestTime,
        Self::Uploads,
        Self::Streams,
        Self::Work,
        Self::RatePerAddress,
        Self::RatePerToken,
        Self::Attempts,
    ];

    /// What is told to who comes too late.
    pub(super) fn is_met(self) -> &'static str {
        match self {
            Self::Connections => "the server has as many connections as it can take",
            Self::ConnectionsPerAddress => "there are too many connections from this address",
            Self::BodyMemory => "the server has no memory left for another long body",
            Self::Uploads => "as many files as the server can take are being sent",
            Self::Streams => "as many lists as the server can handle are being sent",
            Self::RatePerAddress => "too many requests came from this address",
            Self::RatePerToken => "too many requests came with this token",
            Self::Attempts => "too many wrong tokens came from this address",
            _ => "the server has more to do than it can",
        }
    }

    /// What the metrics call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::ConnectionsPerAddress => "connections_per_address",
            Self::HeaderTime => "header_time",
            Self::BodyLength => "body_length",
            Self::BodyMemory => "body_memory",
            Self::BodyRate => "body_rate",
            Self::AnswerRate => "answer_rate",
            Self::RequestTime => "request_time",
            Self::Uploads => "uploads",
            Self::Streams => "streams",
            Self::Work => "work",
            Self::RatePerAddress => "rate_per_address",
            Self::RatePerToken => "rate_per_token",
            Self::Attempts => "attempts",
        }
    }
}
