//! Who is at the other end of a connection.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::Extensions;

/// The other end of the connection that a request came by. [`super::listen`] adds it to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    /// Whether nobody in between can read along.
    pub(super) is_encrypted: bool,
}

impl Peer {
    /// The other end of a request's connection; for one that came by none, as from a test, this machine.
    pub(super) fn of(extensions: &Extensions) -> Self {
        let here = Self { address: IpAddr::V4(Ipv4Addr::LOCALHOST), is_encrypted: false };
        extensions.get().copied().unwrap_or(here)
    }
}
