//! Requests that a page of another site makes a browser send.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use crate::server::error::ApiError;
use crate::server::peer::Peer;
use crate::server::state::AppState;

const FETCH_SITE: &str = "sec-fetch-site";

/// Refuses what another site may have asked for.
pub(super) fn check(state: &AppState, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let is_open = state.guard().is_none_or(|guard| guard.doors().are_open());
    // Requests that came by no connection have no host either.
    let came_in = request.extensions().get::<Peer>().is_some();
    let settings = state.settings();
    if is_open && came_in && !is_own_host(headers, &settings.allowed_hosts) {
        return Err(ApiError::WrongHost);
    }
    if request.method().is_safe() {
        return Ok(());
    }
    match headers.get(ORIGIN) {
        Some(origin) if settings.cors_origins.contains(origin) => Ok(()),
        Some(origin) if is_own(origin.to_str().unwrap_or_default(), headers) => Ok(()),
        Some(_) => Err(ApiError::CrossSite),
        None if headers.get(FETCH_SITE).is_some_and(|site| site == "cross-site") => {
            Err(ApiError::CrossSite)
        }
        None => Ok(()),
    }
}

/// Whether a page comes from the host that it asks.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let from = origin.split_once("://").map(|(_, from)| from);
    !host.is_empty() && from.is_some_and(|from| from.eq_ignore_ascii_case(host))
}

/// Whether a request is meant for this server. A name that another site has made its own, and then led here, would
/// let its pages ask whatever they like; addresses and `localhost` cannot be led anywhere.
fn is_own_host(headers: &HeaderMap, allowed: &[String]) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // Most are known at a glance.
    if host.parse::<SocketAddr>().is_ok() {
        return true;
    }
    // A host is the part of an address that it is in any other.
    let Some(name) = host.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)) else {
        // HTTP/1.0 knows no hosts, and no browser speaks it.
        return host.is_empty();
    };
    let name = name.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    name.parse::<IpAddr>().is_ok()
        || name == "localhost"
        || name.ends_with(".localhost")
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(HOST, HeaderValue::from_str(host).unwrap())])
    }

    #[test]
    fn names_that_can_be_led_elsewhere_need_a_word() {
        let allowed = ["shop.example".to_owned()];
        for host in [
            "127.0.0.1:8000",
            "[::1]:8000",
            "localhost",
            "LOCALHOST.:1",
            "a.localhost",
            "10.1.2.3",
            "Shop.Example:80",
        ] {
            assert!(is_own_host(&from(host), &allowed), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example:8000",
            "127.0.0.1.evil.example",
            "shop.example.evil",
            "not a host",
        ] {
            assert!(!is_own_host(&from(host), &allowed), "{host}");
        }
        assert!(is_own_host(&HeaderMap::new(), &[]));
    }

    #[test]
    fn a_page_may_ask_the_host_that_it_is_from() {
        assert!(is_own("http://127.0.0.1:8000", &from("127.0.0.1:8000")));
        assert!(!is_own("http://127.0.0.1:8001", &from("127.0.0.1:8000")));
        assert!(!is_own("null", &from("127.0.0.1:8000")));
        assert!(!is_own("https://", &HeaderMap::new()));
    }
}
