//! Where customers come from: a file, standard input, or the data that come with the program.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use crate::digest;
use crate::error::{Error, Result};

/// The Mall Customers that come with the program.
const MALL_CUSTOMERS: &[u8] = include_bytes!("../../data/mall_customers.csv");

/// The bytes of a customer file, and the name that messages give it.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    bytes: Cow<'static, [u8]>,
}

impl Source {
    /// Bytes that are at hand already.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: Cow::Owned(bytes.into()) }
    }

    /// The 200 Mall Customers: gender, age, annual income and spending score.
    pub fn mall_customers() -> Self {
        Self { name: "mall_customers.csv".to_owned(), bytes: Cow::Borrowed(MALL_CUSTOMERS) }
    }

    /// Reads a whole file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn open(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let name =
            path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        Ok(Self::new(name, bytes))
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn stdin() -> Result<Self> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|source| Error::Read { path: "standard input".into(), source })?;
        Ok(Self::new("standard input", bytes))
    }

    /// The name that messages give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the content, in hexadecimal: the data's fingerprint.
    pub fn sha256(&self) -> String {
        digest::sha256(self.bytes())
    }
}
