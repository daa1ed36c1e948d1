//! Who asks.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};

use super::session::COOKIES;
use crate::access::Token;

/// Who asks. Handlers find it in a request's extensions.
#[derive(Debug, Clone)]
pub(in crate::server) enum Caller {
    /// Somebody who was asked for nothing.
    Anyone,
    /// Somebody with a token.
    Known(Arc<Token>),
}

impl Caller {
    pub(super) fn with(token: &Token) -> Self {
        Self::Known(Arc::new(token.clone()))
    }

    /// The token, if there is one.
    pub(in crate::server) fn token(&self) -> Option<&Token> {
        match self {
            Self::Anyone => None,
            Self::Known(token) => Some(token),
        }
    }
}

/// What a request shows.
pub(super) enum Shown<'a> {
    Nothing,
    Token(&'a str),
    /// The id of a session.
    Session(&'a str),
}

impl<'a> Shown<'a> {
    /// A token goes before a cookie: who sends one means it.
    pub(super) fn in_headers(headers: &'a HeaderMap) -> Self {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some((scheme, token)) = bearer.and_then(|value| value.split_once(' ')) {
            return if scheme.eq_ignore_ascii_case("bearer") {
                Self::Token(token.trim())
            } else {
                Self::Nothing
            };
        }
        cookie(headers).map_or(Self::Nothing, Self::Session)
    }

    /// Why it is not enough.
    pub(super) fn refusal(&self) -> &'static str {
        match self {
            Self::Nothing => "a token is needed: send it as Authorization: Bearer sgm_...",
            Self::Token(_) => "this token is wrong, has expired or was revoked",
            Self::Session(_) => "the session is over; sign in again",
        }
    }
}

/// The id of the session that a browser sends along.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| COOKIES.contains(name))
        .map(|(_, id)| id)
}
