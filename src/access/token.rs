//! One token.

use std::fmt;
use std::fmt::Write;

use jiff::{SignedDuration, Timestamp, Unit};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::digest::sha256;
use crate::error::{Error, Result};

/// What every token begins with, so that one which got into the wrong hands is known for what it is.
const PREFIX: &str = "sgm_";
const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;

/// What the holder of a token may do. Each role may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ask which segments customers belong to.
    Predict,
    /// See models and the customers they were learned from.
    Read,
    /// Change what is there.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Predict, Self::Read, Self::Admin];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Predict => "predict",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What it goes by; no secret.
    pub id: String,
    /// What it is for, or who has it.
    pub name: String,
    /// What its holder may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it is not good any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// The SHA-256 of its secret, in hexadecimal digits.
    secret_sha256: String,
}

/// A token that was just made.
#[derive(Debug)]
pub struct NewToken {
    /// What is kept of it.
    pub token: Token,
    /// What its holder shows: `sgm_`, the id, and the secret.
    pub text: String,
}

impl NewToken {
    /// Makes a token from the system's random numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Random`].
    pub fn make(name: &str, role: Role, lifetime: Option<SignedDuration>) -> Result<Self> {
        let id = random::<ID_BYTES>()?;
        let secret = random::<SECRET_BYTES>()?;
        let now = Timestamp::now();
        let now = now.round(Unit::Second).unwrap_or(now);
        let token = Token {
            id: id.clone(),
            name: name.to_owned(),
            role,
            created_at: now,
            // What ends after all times does not end.
            expires_at: lifetime.and_then(|lifetime| now.checked_add(lifetime).ok()),
            revoked_at: None,
            secret_sha256: sha256(secret.as_bytes()),
        };
        Ok(Self { token, text: format!("{PREFIX}{id}_{secret}") })
    }
}

impl Token {
    /// Whether it is good at a moment.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether this is its secret, found out in the same time whether it is or not.
    pub(super) fn has(&self, secret: &str) -> bool {
        sha256(secret.as_bytes()).as_bytes().ct_eq(self.secret_sha256.as_bytes()).into()
    }
}

/// The id and the secret in what the holder of a token shows.
pub(super) fn parts(text: &str) -> Option<(&str, &str)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str, bytes: usize| {
        text.len() == 2 * bytes && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    (is_hex(id, ID_BYTES) && is_hex(secret, SECRET_BYTES)).then_some((id, secret))
}

/// So many random bytes in hexadecimal digits.
///
/// # Errors
///
/// [`Error::Random`].
pub(crate) fn random<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
