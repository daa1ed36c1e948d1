//! Who may use the server: tokens, each with a role.
//!
//! A token is shown once, when it is made. What is kept of it is a digest of its secret, so who reads the file can
//! ask for nothing. The secret is 256 random bits: no list of likely ones can be tried, which is what slow digests
//! for passwords are there against.

mod file;
mod token;

pub use file::Tokens;
pub(crate) use token::random;
pub use token::{NewToken, Role, Token};
