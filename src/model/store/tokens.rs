//! The tokens of who may use the server, which lie beside the models.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::Store;
use crate::access::{NewToken, Role, Token, Tokens};
use crate::error::{Error, Result};

const TOKENS: &str = "tokens.json";

impl Store {
    /// Where the tokens are.
    pub fn tokens_path(&self) -> PathBuf {
        self.path().join(TOKENS)
    }

    /// The tokens; none when there never was one.
    ///
    /// # Errors
    ///
    /// As [`Tokens::read`].
    pub fn tokens(&self) -> Result<Option<Tokens>> {
        Tokens::read(&self.tokens_path())
    }

    /// Makes a token and keeps what is needed to know it again.
    ///
    /// # Errors
    ///
    /// As [`NewToken::make`], [`Tokens::read`] and [`Tokens::write`].
    pub fn create_token(
        &self,
        name: &str,
        role: Role,
        lifetime: Option<SignedDuration>,
    ) -> Result<NewToken> {
        let _lock = self.lock()?;
        let new = NewToken::make(name, role, lifetime)?;
        let mut tokens = self.tokens()?.unwrap_or_default();
        tokens.add(&new);
        tokens.write(&self.tokens_path())?;
        Ok(new)
    }

    /// Revokes a token.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownToken`], and as [`Tokens::read`] and [`Tokens::write`].
    pub fn revoke_token(&self, id: &str) -> Result<Token> {
        let _lock = self.lock()?;
        let mut tokens = self.tokens()?.unwrap_or_default();
        let revoked = tokens.revoke(id).cloned();
        let revoked = revoked.ok_or_else(|| Error::UnknownToken { id: id.to_owned() })?;
        tokens.write(&self.tokens_path())?;
        Ok(revoked)
    }
}
