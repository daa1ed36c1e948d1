//! Compressed files, found by their first bytes and unpacked up to a limit.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use super::gzip::Members;
use super::input::ReadOptions;
use crate::error::{Error, Result};

/// The most bytes that a compressed file may unpack to when nothing else is said: 64 GiB.
pub const MAX_UNPACKED: u64 = 64 << 30;
/// Customers shrink 2 to 3 times, and logs of machines 10 to 70 times. A file that goes far beyond was made to
/// hurt, or its rows differ in hardly anything: then somebody has to say what it unpacks to.
const MOST_RATIO: u64 = 250;
/// Up to so many bytes any ratio is allowed: a few repeated rows shrink to nearly nothing, and so much
/// memory everybody has.
const ANY_RATIO: u64 = 64 << 20;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// gzip, of one or several members.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl fmt::Display for Compression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

impl Compression {
    /// What the first bytes of a file show.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The bytes behind the compression.
    ///
    /// # Errors
    ///
    /// [`Error::Packed`] where unpacking cannot begin.
    pub(super) fn unpack<'a>(
        self,
        name: &str,
        packed: impl Read + 'a,
        options: &ReadOptions,
    ) -> Result<Box<dyn Read + 'a>> {
        let taken = Rc::new(Cell::new(0));
        let packed = BufReader::new(Counted::new(packed, taken.clone()));
        let inner: Box<dyn Read + 'a> = match self {
            Self::Gzip => Box::new(Members::new(packed, taken.clone())),
            Self::Zstd => {
                Box::new(zstd::stream::read::Decoder::with_buffer(packed).map_err(|error| {
                    Error::Packed { file: name.to_owned(), problem: error.to_string() }
                })?)
            }
        };
        Ok(Box::new(Unpacked { inner, compression: self, taken, given: 0, options: *options }))
    }
}

/// Why a compressed file cannot be read on.
#[derive(Debug)]
pub(super) struct PackedProblem(pub(super) String);

impl fmt::Display for PackedProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PackedProblem {}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, count: Rc<Cell<u64>>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.set(self.count.get() + length as u64);
        Ok(length)
    }
}

/// What comes out of a decoder, up to the limits.
struct Unpacked<'a> {
    inner: Box<dyn Read + 'a>,
    compression: Compression,
    /// Bytes taken from the file.
    taken: Rc<Cell<u64>>,
    /// Bytes given on.
    given: u64,
    options: ReadOptions,
}

impl Unpacked<'_> {
    fn refusal(&self) -> Option<String> {
        let limit = self.options.max_unpacked.unwrap_or(MAX_UNPACKED);
        if self.given > limit {
            return Some(format!(
                "it unpacks to more than {}; if it is meant to be that large, raise --max-unpacked",
                size(limit)
            ));
        }
        if let Some(most) = self.options.most_in_memory.filter(|&most| self.given > most) {
            return Some(format!(
                "it unpacks to more than {}, and this machine has not the memory to learn from that; take a \
                 sample of the rows, or go on anyway with --ignore-memory",
                about(most)
            ));
        }
        let is_bomb = self.options.max_unpacked.is_none()
            && self.given > ANY_RATIO
            && self.given / MOST_RATIO > self.taken.get().max(1);
        is_bomb.then(|| {
            format!(
                "it unpacks to more than {MOST_RATIO} times its size, which tables hardly ever do; if it is \
                 meant, say with --max-unpacked how large it may become"
            )
        })
    }

    fn broken(&self, error: io::Error) -> io::Error {
        // An error of the disk has a number; those of the decoders have none.
        let is_told =
            error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<PackedProblem>);
        if is_told || error.raw_os_error().is_some() {
            return error;
        }
        let compression = self.compression;
        io::Error::other(PackedProblem(if error.kind() == io::ErrorKind::UnexpectedEof {
            format!("the {compression} file is cut short; copy it again")
        } else {
            format!("the {compression} file is damaged; copy it again")
        }))
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer).map_err(|error| self.broken(error))?;
        self.given += length as u64;
        match self.refusal() {
            Some(problem) => Err(io::Error::other(PackedProblem(problem))),
            None => Ok(length),
        }
    }
}

/// A number of bytes in the largest unit that leaves it whole.
fn size(bytes: u64) -> String {
    [("GiB", 30), ("MiB", 20), ("KiB", 10)]
        .into_iter()
        .find(|(_, shift)| bytes > 0 && bytes.trailing_zeros() >= *shift)
        .map_or_else(
            || format!("{bytes} bytes"),
            |(unit, shift)| format!("{} {unit}", bytes >> shift),
        )
}

/// A number of bytes, rounded down to whole mebibytes if there are any.
fn about(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes < MIB { size(bytes) } else { format!("{} MiB", bytes / MIB) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(packed: &[u8], options: ReadOptions) -> Result<Vec<u8>, String> {
        let compression = Compression::of(packed).ok_or("not compressed")?;
        let mut bytes = Vec::new();
        let mut reader =
            compression.unpack("t.gz", packed, &options).map_err(|error| error.to_string())?;
        reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn at_most(bytes: u64) -> ReadOptions {
        ReadOptions { max_unpacked: Some(bytes), ..ReadOptions::default() }
    }

    #[test]
    fn what_was_packed_comes_back() {
        let text = b"a,b\n1,2\n".repeat(1000);
        let zstd = zstd::encode_all(&text[..], 3).unwrap();
        let two_members = [gzip(&text[..100]), gzip(&text[100..])].concat();
        for packed in [gzip(&text), zstd, two_members] {
            assert_eq!(unpacked(&packed, ReadOptions::default()).as_deref(), Ok(&text[..]));
        }
    }

    #[test]
    fn limits_and_damage_are_told() {
        let text: Vec<u8> =
            (0..20_000_u32).flat_map(|i| format!("{}\n", i * 7919).into_bytes()).collect();
        let usual = ReadOptions::default();
        for packed in [gzip(&text), zstd::encode_all(&text[..], 3).unwrap()] {
            let limit = unpacked(&packed, at_most(64 << 10)).unwrap_err();
            assert!(limit.starts_with("it unpacks to more than 64 KiB;"), "{limit}");
            let small = ReadOptions { most_in_memory: Some(64 << 10), ..usual };
            let memory = unpacked(&packed, small).unwrap_err();
            assert!(
                memory.starts_with("it unpacks to more than 64 KiB, and this machine"),
                "{memory}"
            );
            let short = unpacked(&packed[..packed.len() / 2], usual).unwrap_err();
            assert!(short.ends_with("file is cut short; copy it again"), "{short}");
            let mut damaged = packed.clone();
            let middle = damaged.len() / 2;
            damaged[middle..middle + 64].fill(0xff);
            assert!(unpacked(&damaged, usual).is_err());
        }
    }

    #[test]
    fn a_zip_bomb_is_stopped_unless_it_is_meant() {
        let length = 70 << 20;
        let zeros = zstd::encode_all(io::repeat(b'0').take(length), 1).unwrap();
        let error = unpacked(&zeros, ReadOptions::default()).unwrap_err();
        assert!(error.starts_with("it unpacks to more than 250 times its size"), "{error}");
        assert_eq!(unpacked(&zeros, at_most(1 << 30)).unwrap().len() as u64, length);
    }

    #[test]
    fn a_log_that_says_the_same_all_the_time_is_no_bomb() {
        // Of 1.8 million rows only the time and a few digits differ.
        let text: Vec<u8> = (0..1_800_000_u32)
            .flat_map(|i| {
                let (minute, second) = (i / 60 % 60, i % 60);
                let id = i / 97;
                format!("2026-11-25 10:{minute:02}:{second:02};page viewed;{id};0\n").into_bytes()
            })
            .collect();
        assert!(text.len() as u64 > ANY_RATIO);
        for packed in [gzip(&text), zstd::encode_all(&text[..], 3).unwrap()] {
            assert!(unpacked(&packed, ReadOptions::default()).is_ok_and(|found| found == text));
        }
    }
}
