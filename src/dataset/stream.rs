//! The text of a file, whatever it was packed in and however it writes letters.

use std::io::{self, Cursor, Read};

use super::encoding::{self, Encoding};
use super::input::ReadOptions;
use super::scanner::Refusal;
use super::unpack::{Compression, PackedProblem};
use crate::error::{Error, Result};

/// How many bytes at the start of a file are looked at to find how it is written.
pub(super) const SAMPLE_BYTES: u64 = 64 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Text, unpacked; UTF-8 or of one byte a letter.
pub(super) struct TextStream<'a> {
    /// Its start, at most [`SAMPLE_BYTES`].
    pub(super) sample: Vec<u8>,
    /// What follows the sample.
    rest: Box<dyn Read + 'a>,
    pub(super) compression: Option<Compression>,
    /// What it was turned from.
    pub(super) utf16: Option<Encoding>,
}

impl<'a> TextStream<'a> {
    pub(super) fn new(
        name: &str,
        mut bytes: impl Read + 'a,
        options: &ReadOptions,
    ) -> Result<Self> {
        const MAGIC_BYTES: u64 = 8;
        let start = take(name, &mut bytes, MAGIC_BYTES)?;
        let compression = Compression::of(&start);
        let bytes = Cursor::new(start).chain(bytes);
        let mut bytes: Box<dyn Read + 'a> = match compression {
            Some(compression) => compression.unpack(name, bytes, options)?,
            None => Box::new(bytes),
        };
        let mut sample = take(name, &mut bytes, SAMPLE_BYTES)?;
        let utf16 = match options.encoding {
            Some(given @ (Encoding::Utf16Le | Encoding::Utf16Be)) => Some(given),
            Some(_) => None,
            None => encoding::utf16(&sample),
        };
        if let Some(problem) = utf16.and_then(|utf16| encoding::not_utf16(&sample, utf16)) {
            return Err(Error::Format { file: name.to_owned(), problem });
        }
        if let Some(utf16) = utf16 {
            bytes = encoding::from_utf16(Cursor::new(sample).chain(bytes), utf16);
            sample = take(name, &mut bytes, SAMPLE_BYTES)?;
        }
        if sample.starts_with(BYTE_ORDER_MARK) {
            sample.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Self { sample, rest: bytes, compression, utf16 })
    }

    /// All of the text.
    pub(super) fn into_read(self) -> Box<dyn Read + 'a> {
        Box::new(Cursor::new(self.sample).chain(self.rest))
    }

    /// What letters of one byte are to be taken for, if the user gave it.
    pub(super) fn given_letters(&self, options: &ReadOptions) -> Option<Encoding> {
        if self.utf16.is_some() { Some(Encoding::Utf8) } else { options.encoding }
    }
}

fn take(name: &str, bytes: &mut impl Read, most: u64) -> Result<Vec<u8>> {
    let mut taken = Vec::new();
    bytes.take(most).read_to_end(&mut taken).map_err(|source| broken(name, source))?;
    Ok(taken)
}

/// An error behind which nothing more can be read.
pub(super) fn broken(name: &str, source: io::Error) -> Error {
    let file = name.to_owned();
    let inner = source.get_ref();
    if let Some(refusal) = inner.and_then(|inner| inner.downcast_ref::<Refusal>()) {
        return Error::Quotation { file, row: refusal.row, problem: refusal.problem };
    }
    if let Some(PackedProblem(problem)) = inner.and_then(|inner| inner.downcast_ref()) {
        return Error::Packed { file, problem: problem.clone() };
    }
    Error::Read { path: name.into(), source }
}
