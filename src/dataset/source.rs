//! Where customers come from: files, standard input, or the data that come with the program.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::encoding::{self, Encoding};
use super::erase::{self, Same};
use super::files;
use super::input::{Input, ReadOptions};
use super::number::DecimalMark;
use super::table::TableReader;
use super::unpack::{Compression, MAX_UNPACKED};
use super::{Dataset, OnError};
use crate::digest;
use crate::error::{Error, Result};
use crate::pages;

/// The Mall Customers that come with the program.
const MALL_CUSTOMERS: &[u8] = include_bytes!("../../data/mall_customers.csv");
/// How several files, or one whose form was given, begin when they are kept as one.
const KEPT: &[u8] = b"SEGMENTA-SOURCE 1\n";

/// The bytes of customer files, how they are to be read, and the name that messages give them.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    parts: Vec<Part>,
    options: ReadOptions,
}

/// One file.
#[derive(Debug, Clone)]
struct Part {
    name: String,
    bytes: Bytes,
}

/// What is known of kept files beside their bytes.
#[derive(Debug, Serialize, Deserialize)]
struct KeptHeader {
    files: Vec<KeptFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal: Option<DecimalMark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<Encoding>,
    max_unpacked: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFile {
    name: String,
    length: usize,
}

impl Source {
    /// Bytes that are at hand already.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let name = name.into();
        let part = Part { name: name.clone(), bytes: Bytes::from(bytes.into()) };
        Self { name, parts: vec![part], options: ReadOptions::default() }
    }

    /// The 200 Mall Customers: gender, age, annual income and spending score.
    pub fn mall_customers() -> Self {
        let name = "mall_customers.csv".to_owned();
        let part = Part { name: name.clone(), bytes: Bytes::from_static(MALL_CUSTOMERS) };
        Self { name, parts: vec![part], options: ReadOptions::default() }
    }

    /// Reads a whole file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn open(path: &Path) -> Result<Self> {
        let bytes =
            pages::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Ok(Self::new(files::file_name(path), bytes))
    }

    /// Reads whole files, which are one table: those that [`files::expand`] gives.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], and as [`files::expand`].
    pub fn open_all(paths: &[PathBuf]) -> Result<Self> {
        let files = files::expand(paths)?;
        let sources = files.iter().map(|file| Self::open(file)).collect::<Result<Vec<Self>>>()?;
        let name = files::title(paths, &files);
        let parts = sources.into_iter().flat_map(|source| source.parts).collect();
        Ok(Self { name, parts, options: ReadOptions::default() })
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

    /// The same files, read in another way.
    #[must_use]
    pub fn with_options(self, options: ReadOptions) -> Self {
        Self { options, ..self }
    }

    /// The name that messages give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many files there are.
    pub fn n_files(&self) -> usize {
        self.parts.len()
    }

    /// Its rows, one after another.
    ///
    /// # Errors
    ///
    /// As [`TableReader::open`].
    pub fn rows(&self) -> Result<TableReader<'_>> {
        let inputs = self.parts.iter().map(|part| Input::shared(&*part.name, part.bytes.clone()));
        TableReader::open(inputs, self.options)
    }

    /// Its text, if it is one file of UTF-8 as it stands.
    pub(super) fn plain_text(&self) -> Option<&str> {
        let [part] = self.parts.as_slice() else { return None };
        let is_plain = Compression::of(&part.bytes).is_none()
            && encoding::utf16(&part.bytes).is_none()
            && matches!(self.options.encoding, None | Some(Encoding::Utf8));
        let text = std::str::from_utf8(&part.bytes).ok().filter(|_| is_plain)?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// All of it in one piece, from which [`Source::from_kept`] makes it again. A file of which nothing
    /// else is known is kept as it is, byte for byte.
    pub fn to_kept(&self) -> Cow<'_, [u8]> {
        match self.parts.as_slice() {
            [part] if self.is_plain() => Cow::Borrowed(&part.bytes),
            parts => {
                let mut kept = self.kept_start();
                for part in parts {
                    kept.extend_from_slice(&part.bytes);
                }
                Cow::Owned(kept)
            }
        }
    }

    /// What [`Source::to_kept`] kept. `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] where it is not what was kept.
    pub fn from_kept(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        // What was learned from was unpacked then, whatever it took.
        let Some(rest) = bytes.strip_prefix(KEPT) else {
            let options = ReadOptions { max_unpacked: Some(u64::MAX), ..ReadOptions::default() };
            return Ok(Self::new(name, bytes).with_options(options));
        };
        let kept = take_apart(rest);
        let (header, parts) = kept.ok_or_else(|| Error::Format {
            file: name.clone(),
            problem: "the kept customers are damaged; train anew".to_owned(),
        })?;
        let KeptHeader { delimiter, decimal, encoding, max_unpacked, .. } = header;
        let max_unpacked = Some(max_unpacked);
        let options =
            ReadOptions { delimiter, decimal, encoding, max_unpacked, most_in_memory: None };
        Ok(Self { name, parts, options })
    }

    /// The rows of a file that [`Source::to_kept`] gave, read as they are asked for. Only several files, which
    /// are kept as one, are taken into memory.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], and as [`Source::from_kept`] and [`TableReader::open`].
    pub(crate) fn kept_rows(name: &str, path: &Path) -> Result<TableReader<'static>> {
        let refuse = |source| Error::Read { path: path.to_owned(), source };
        let mut start = Vec::new();
        let file = std::fs::File::open(path).map_err(refuse)?;
        file.take(KEPT.len() as u64).read_to_end(&mut start).map_err(refuse)?;
        if start != KEPT {
            return TableReader::open([Input::file(path).named(name)], ReadOptions::default());
        }
        let kept = Self::from_kept(name, std::fs::read(path).map_err(refuse)?)?;
        let parts = kept.parts.into_iter();
        TableReader::open(parts.map(|part| Input::shared(part.name, part.bytes)), kept.options)
    }

    /// The header of the column that tells customers apart; none where there is none, or several may be it.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`].
    pub fn customer_column(&self) -> Result<Option<String>> {
        let data = Dataset::read(self, OnError::Skip)?;
        let columns = data.columns().iter().map(|column| (column.header(), column.kind()));
        Ok(erase::customer_column(columns).map(str::to_owned))
    }

    /// The same files without the rows of a customer, whose id stands in the column of this header, and the number
    /// of these rows. Where none has just this id, those count that have it as a number, as lists show it.
    ///
    /// # Errors
    ///
    /// As [`Source::rows`], and [`Error::Read`].
    pub fn without(&self, header: &str, id: &str) -> Result<(Self, usize)> {
        for same in [Same::Text, Same::Number] {
            let (mut parts, mut n) = (Vec::new(), 0);
            for part in &self.parts {
                let (bytes, rows) =
                    erase::without(&part.name, &part.bytes, self.options, header, (id, same))?;
                parts.push(Part { name: part.name.clone(), bytes: bytes.into() });
                n += rows;
            }
            if n > 0 {
                return Ok((Self { name: self.name.clone(), parts, options: self.options }, n));
            }
        }
        Ok((self.clone(), 0))
    }

    /// SHA-256 of what [`Source::to_kept`] gives, in hexadecimal: the data's fingerprint.
    pub fn sha256(&self) -> String {
        let mut digest = Sha256::new();
        if !self.is_plain() {
            digest.update(self.kept_start());
        }
        for part in &self.parts {
            digest.update(&part.bytes);
        }
        digest::hex(&digest.finalize())
    }

    fn is_plain(&self) -> bool {
        let ReadOptions { max_unpacked, most_in_memory, .. } = self.options;
        let plain = ReadOptions { max_unpacked, most_in_memory, ..ReadOptions::default() };
        // A file that begins so would be taken for several.
        self.parts.len() == 1 && self.options == plain && !self.parts[0].bytes.starts_with(KEPT)
    }

    fn kept_start(&self) -> Vec<u8> {
        let ReadOptions { delimiter, decimal, encoding, max_unpacked, .. } = self.options;
        let max_unpacked = max_unpacked.unwrap_or(MAX_UNPACKED);
        let kept = |part: &Part| KeptFile { name: part.name.clone(), length: part.bytes.len() };
        let files = self.parts.iter().map(kept).collect();
        let header = KeptHeader { files, delimiter, decimal, encoding, max_unpacked };
        let mut start = KEPT.to_vec();
        // Strings and numbers can always be written.
        start.extend(serde_json::to_vec(&header).unwrap_or_default());
        start.push(b'\n');
        start
    }
}

fn take_apart(bytes: &[u8]) -> Option<(KeptHeader, Vec<Part>)> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let header: KeptHeader = serde_json::from_slice(&bytes[..end]).ok()?;
    let mut rest = &bytes[end + 1..];
    let mut parts = Vec::new();
    for file in &header.files {
        let (bytes, behind) = rest.split_at_checked(file.length)?;
        parts.push(Part { name: file.name.clone(), bytes: Bytes::copy_from_slice(bytes) });
        rest = behind;
    }
    rest.is_empty().then_some((header, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let part = |name: &str, text: &'static str| Part {
            name: name.to_owned(),
            bytes: Bytes::from_static(text.as_bytes()),
        };
        let two = vec![part("a.csv", "a;b\n1,5;2\n"), part("b.csv", "a;b\n3;4\n")];
        let name = || "both".to_owned();
        let given = ReadOptions { decimal: Some(DecimalMark::Comma), ..ReadOptions::default() };
        for source in [
            Source::new("both", "a,b\n1,2\n"),
            Source::new("both", "a,b\n1,2\n").with_options(given),
            Source { name: name(), parts: two, options: given },
        ] {
            let kept = source.to_kept();
            assert_eq!(source.sha256(), digest::sha256(&kept));
            let again = Source::from_kept("both", kept.to_vec()).unwrap();
            let given = |source: &Source| {
                let ReadOptions { delimiter, decimal, encoding, .. } = source.options;
                (delimiter, decimal, encoding)
            };
            assert_eq!(given(&again), given(&source));
            assert_eq!(again.to_kept(), kept);
            let names = |source: &Source| -> Vec<String> {
                source.parts.iter().map(|part| part.name.clone()).collect()
            };
            assert_eq!(names(&again), names(&source));
        }
        let damaged =
            [KEPT, b"{\"files\":[{\"name\":\"a\",\"length\":9}],\"max_unpacked\":1}\nabc"];
        assert!(Source::from_kept("both", damaged.concat()).is_err());
    }
}
