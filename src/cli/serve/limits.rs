//! What one client may take of the server.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use segmenta::server::Limits;

use crate::cli::values;

/// Limits for clients.
#[derive(Debug, Args)]
pub struct LimitArgs {
    /// The most connections at a time; more are told to come back later
    #[arg(long, env = "SEGMENTA_MAX_CONNECTIONS", default_value_t = Limits::default().connections, value_parser = values::at_least_1, value_name = "N")]
    max_connections: usize,
    /// The most connections from one address
    #[arg(long, env = "SEGMENTA_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = Limits::default().connections_per_address, value_parser = values::at_least_1, value_name = "N")]
    max_connections_per_address: usize,
    /// The longest headers of a request
    #[arg(long, env = "SEGMENTA_HEADER_LIMIT", default_value = "32KiB", value_parser = values::size, value_name = "SIZE")]
    header_limit: u64,
    /// The longest that a connection may rest between two requests, in seconds
    #[arg(long, env = "SEGMENTA_IDLE_TIMEOUT", default_value_t = 75, value_parser = values::seconds, value_name = "SECONDS")]
    idle_timeout: u64,
    /// The fewest bytes a second that a client has to send of a body or take of an answer, on average and
    /// beyond the time of a request
    #[arg(long, env = "SEGMENTA_MIN_RATE", default_value = "1KiB", value_parser = values::size, value_name = "SIZE")]
    min_rate: u64,
    /// The most memory that the bodies of all requests may take together
    #[arg(long, env = "SEGMENTA_BODY_MEMORY", default_value = "64MiB", value_parser = values::size, value_name = "SIZE")]
    body_memory: u64,
    /// The most files that may be uploaded at a time
    #[arg(long, env = "SEGMENTA_MAX_UPLOADS", default_value_t = Limits::default().uploads, value_parser = values::at_least_1, value_name = "N")]
    max_uploads: usize,
    /// The most lists of customers that are scored or sent at a time
    #[arg(long, env = "SEGMENTA_MAX_STREAMS", default_value_t = Limits::default().streams, value_parser = values::at_least_1, value_name = "N")]
    max_streams: usize,
    /// The most requests a second from one address, and as many at once [default: any number]
    #[arg(long, env = "SEGMENTA_RATE_PER_ADDRESS", value_parser = values::rate, value_name = "N")]
    rate_per_address: Option<NonZeroU32>,
    /// The most requests a second with one token, and as many at once [default: any number]
    #[arg(long, env = "SEGMENTA_RATE_PER_TOKEN", value_parser = values::rate, value_name = "N")]
    rate_per_token: Option<NonZeroU32>,
}

impl LimitArgs {
    /// The limits asked for.
    pub fn limits(&self) -> Limits {
        let bytes = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        Limits {
            connections: self.max_connections,
            connections_per_address: self.max_connections_per_address,
            header_bytes: bytes(self.header_limit),
            idle_timeout: Duration::from_secs(self.idle_timeout),
            least_rate: self.min_rate,
            body_memory: bytes(self.body_memory),
            uploads: self.max_uploads,
            streams: self.max_streams,
            rate_per_address: self.rate_per_address,
            rate_per_token: self.rate_per_token,
        }
    }
}
