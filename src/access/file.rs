//! All tokens, as they are kept.

use std::io::ErrorKind;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::token::{NewToken, Token, parts};
use crate::error::{Error, Result};
use crate::whole_file;

/// The tokens of a server. That there is a file with none that is good differs from there being no file: only in the
/// latter case nobody was ever meant to be kept out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    tokens: Vec<Token>,
}

impl Tokens {
    /// Reads the tokens; none when there is no file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], and [`Error::Tokens`] for a file that is damaged.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
        };
        let refuse = |error: serde_json::Error| Error::Tokens {
            path: path.to_owned(),
            problem: error.to_string(),
        };
        serde_json::from_str(&text).map(Some).map_err(refuse)
    }

    /// Writes the tokens, for nobody else to read.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        whole_file::write_private(path, &text)
    }

    /// Adds a token that was made.
    pub fn add(&mut self, new: &NewToken) {
        self.tokens.push(new.token.clone());
    }

    /// Revokes a token; none when there is no such one. One that was revoked before stays so.
    pub fn revoke(&mut self, id: &str) -> Option<&Token> {
        let token = self.tokens.iter_mut().find(|token| token.id == id)?;
        token.revoked_at.get_or_insert_with(Timestamp::now);
        Some(token)
    }

    /// All tokens, the oldest first.
    pub fn all(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether any token is good.
    pub fn is_any_good(&self) -> bool {
        let now = Timestamp::now();
        self.tokens.iter().any(|token| token.is_good(now))
    }

    /// The good token that somebody shows.
    pub fn find(&self, text: &str) -> Option<&Token> {
        let (id, secret) = parts(text)?;
        let token = self.tokens.iter().find(|token| token.id == id)?;
        // Which ids there are is no secret; the secrets are.
        (token.has(secret) && token.is_good(Timestamp::now())).then_some(token)
    }

    /// The good token with this id.
    pub fn by_id(&self, id: &str) -> Option<&Token> {
        let now = Timestamp::now();
        self.tokens.iter().find(|token| token.id == id && token.is_good(now))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::super::Role;
    use super::*;

    fn made(lifetime: Option<SignedDuration>) -> (Tokens, NewToken) {
        let new = NewToken::make("shop", Role::Predict, lifetime).unwrap();
        let mut tokens = Tokens::default();
        tokens.add(&new);
        (tokens, new)
    }

    #[test]
    fn a_token_is_found_by_the_whole_of_it_and_nothing_else() {
        let (tokens, new) = made(None);
        assert_eq!(tokens.find(&new.text), Some(&new.token));
        let (_, other) = made(None);
        let swapped = new.text.replace(&new.token.id, &other.token.id);
        let short = &new.text[..new.text.len() - 1];
        for wrong in [short, &other.text, &swapped, "", "sgm_", "sgm__", &new.text.to_uppercase()] {
            assert_eq!(tokens.find(wrong), None, "{wrong}");
        }
        for place in 0..new.text.len() {
            let mut wrong = new.text.clone().into_bytes();
            wrong[place] = if wrong[place] == b'0' { b'1' } else { b'0' };
            assert_eq!(tokens.find(std::str::from_utf8(&wrong).unwrap()), None);
        }
    }

    #[test]
    fn the_secret_is_not_kept() {
        let (tokens, new) = made(None);
        let secret = new.text.rsplit('_').next().unwrap();
        assert!(!serde_json::to_string(&tokens).unwrap().contains(secret));
    }

    #[test]
    fn what_has_expired_or_was_revoked_is_not_good() {
        let (tokens, new) = made(Some(SignedDuration::from_secs(-1)));
        assert_eq!((tokens.find(&new.text), tokens.by_id(&new.token.id)), (None, None));
        let (mut tokens, new) = made(Some(SignedDuration::from_hours(1)));
        assert!(tokens.is_any_good());
        let first = tokens.revoke(&new.token.id).unwrap().revoked_at;
        assert_eq!(tokens.revoke(&new.token.id).unwrap().revoked_at, first);
        assert_eq!(tokens.find(&new.text), None);
        assert!(tokens.revoke("other").is_none() && !tokens.is_any_good());
    }

    #[test]
    fn a_damaged_file_is_named_and_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        assert_eq!(Tokens::read(&path).unwrap(), None);
        let (tokens, _) = made(None);
        tokens.write(&path).unwrap();
        assert_eq!(Tokens::read(&path).unwrap(), Some(tokens));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() - 2 {
            std::fs::write(&path, &whole[..length]).unwrap();
            let error = Tokens::read(&path).unwrap_err().to_string();
            assert!(error.contains("tokens.json"), "{error}");
        }
    }
}
