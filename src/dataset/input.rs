//! One file to read, and what is known beforehand of how it is written.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::encoding::Encoding;
use super::number::DecimalMark;
use super::unpack::Compression;
use crate::error::{Error, Result};

/// How files are read. What is not given is found by looking at each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The byte between two cells of CSV.
    pub delimiter: Option<u8>,
    /// The mark between a number's whole and its fraction.
    pub decimal: Option<DecimalMark>,
    /// How letters are written.
    pub encoding: Option<Encoding>,
    /// The most bytes that a compressed file may unpack to. None: [`MAX_UNPACKED`], and beyond 64 MiB no
    /// more than 250 times the file's size.
    ///
    /// [`MAX_UNPACKED`]: super::MAX_UNPACKED
    pub max_unpacked: Option<u64>,
    /// The most bytes of a compressed file that there is memory for, where all of it is held. It is no part
    /// of what is kept of a source.
    pub most_in_memory: Option<u64>,
}

/// Hears how many bytes were read.
type Watcher = Arc<dyn Fn(u64) + Send + Sync>;

/// A file, standard input, or bytes that are at hand.
#[derive(Clone)]
pub struct Input<'a> {
    name: String,
    content: Content<'a>,
    watcher: Option<Watcher>,
}

#[derive(Clone)]
enum Content<'a> {
    File(PathBuf),
    Bytes(&'a [u8]),
    Shared(Bytes),
    /// Standard input behind what was taken of it to see what it is.
    Stdin(Vec<u8>),
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Input<'a> {
    /// A file, which messages call by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.to_string_lossy().into_owned();
        Self { name, content: Content::File(path), watcher: None }
    }

    /// Bytes that are at hand.
    pub fn bytes(name: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self { name: name.into(), content: Content::Bytes(bytes), watcher: None }
    }

    /// The same, of bytes that others hold too.
    pub(super) fn shared(name: impl Into<String>, bytes: Bytes) -> Self {
        Self { name: name.into(), content: Content::Shared(bytes), watcher: None }
    }

    /// Standard input. It is read as it comes if it is CSV that is not compressed; what has to be read
    /// twice or from its end is taken into memory first.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn stdin() -> Result<Self> {
        const NAME: &str = "standard input";
        const LOOKED_AT: u64 = 64;
        let refuse = |source| Error::Read { path: NAME.into(), source };
        let mut start = Vec::new();
        let mut stdin = io::stdin().lock();
        stdin.by_ref().take(LOOKED_AT).read_to_end(&mut start).map_err(refuse)?;
        let is_whole = Compression::of(&start).is_some()
            || start.starts_with(b"PAR1")
            || start.contains(&b'{');
        let content = if is_whole {
            stdin.read_to_end(&mut start).map_err(refuse)?;
            Content::Shared(start.into())
        } else {
            Content::Stdin(start)
        };
        Ok(Self { name: NAME.to_owned(), content, watcher: None })
    }

    /// The same, with someone who hears how many bytes were read.
    #[must_use]
    pub fn watched(mut self, watcher: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.watcher = Some(Arc::new(watcher));
        self
    }

    /// The same under another name, which messages give it then.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The name that messages give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its length in bytes, where that is known.
    pub fn length(&self) -> Option<u64> {
        match &self.content {
            Content::File(path) => path.metadata().ok().map(|metadata| metadata.len()),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Shared(bytes) => Some(bytes.len() as u64),
            Content::Stdin(_) => None,
        }
    }

    /// What comes from it, from its beginning.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub(super) fn open(&self) -> Result<Box<dyn Read + 'a>> {
        let bytes: Box<dyn Read + 'a> = match &self.content {
            Content::File(path) => Box::new(open(path)?),
            Content::Bytes(bytes) => Box::new(*bytes),
            Content::Shared(bytes) => Box::new(Cursor::new(bytes.clone())),
            Content::Stdin(start) => Box::new(Cursor::new(start.clone()).chain(io::stdin().lock())),
        };
        Ok(match self.watcher.clone() {
            None => bytes,
            Some(watcher) => Box::new(Watched { bytes, watcher }),
        })
    }

    /// The file itself, for what is read from its end.
    #[cfg(feature = "parquet")]
    pub(super) fn random_access(&self) -> RandomAccess {
        match &self.content {
            Content::File(path) => RandomAccess::File(path.clone()),
            Content::Bytes(bytes) => RandomAccess::Bytes(Bytes::copy_from_slice(bytes)),
            Content::Shared(bytes) => RandomAccess::Bytes(bytes.clone()),
            Content::Stdin(start) => RandomAccess::Bytes(Bytes::copy_from_slice(start)),
        }
    }
}

/// Bytes that can be read from any place.
#[cfg(feature = "parquet")]
pub(super) enum RandomAccess {
    File(PathBuf),
    Bytes(Bytes),
}

pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

struct Watched<'a> {
    bytes: Box<dyn Read + 'a>,
    watcher: Watcher,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.bytes.read(buffer)?;
        (self.watcher)(length as u64);
        Ok(length)
    }
}
