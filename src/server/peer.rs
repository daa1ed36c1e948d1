//! Who is at the other end of a connection.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap};

/// Where proxies say for whom they speak.
const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

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

    /// The client that a proxy speaks for, if this is one that may: the last address that it was not told by
    /// another such proxy.
    pub(super) fn spoken_for(self, headers: &HeaderMap, proxies: &[IpAddr]) -> Self {
        if !proxies.contains(&self.address) {
            return self;
        }
        let values = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let addresses: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
        let known = addresses.iter().rev().map_while(|address| address.trim().parse().ok());
        let known = known.map(|address: IpAddr| address.to_canonical());
        let mut client = self.address;
        for address in known {
            client = address;
            if !proxies.contains(&address) {
                break;
            }
        }
        let protocol = headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
        Self { address: client, is_encrypted: self.is_encrypted || protocol == Some("https") }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn spoken_for(forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        let peer = Peer { address: [10, 0, 0, 1].into(), is_encrypted: false };
        peer.spoken_for(&headers, &proxies).address.to_string()
    }

    #[test]
    fn only_a_trusted_proxy_may_speak_for_others() {
        let forged = ["6.6.6.6, 203.0.113.7"];
        assert_eq!(spoken_for(&forged, &[]), "10.0.0.1");
        assert_eq!(spoken_for(&forged, &["10.0.0.2"]), "10.0.0.1");
        // What stands before was said by the client.
        assert_eq!(spoken_for(&forged, &["10.0.0.1"]), "203.0.113.7");
        let chain = ["6.6.6.6, 203.0.113.7", "10.0.0.2"];
        assert_eq!(spoken_for(&chain, &["10.0.0.1", "10.0.0.2"]), "203.0.113.7");
        assert_eq!(spoken_for(&["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(spoken_for(&["6.6.6.6, x, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"]), "10.0.0.2");
    }
}
