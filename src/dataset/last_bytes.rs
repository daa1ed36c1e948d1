//! A reader that remembers what it gave last.

use std::io::{Read, Result};

/// Passes bytes on, and can be asked for those of the last piece.
#[derive(Debug)]
pub(super) struct LastBytes<R> {
    inner: R,
    /// The offset of `piece` from the start.
    start: u64,
    piece: Vec<u8>,
    /// The byte in front of `piece`.
    before: u8,
}

impl<R: Read> LastBytes<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, start: 0, piece: Vec::new(), before: 0 }
    }

    /// The byte in front of this offset, which lies in the last piece or at one of its ends.
    pub(super) fn before(&self, offset: u64) -> Option<u8> {
        let end = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        if end == 0 { Some(self.before) } else { self.piece.get(end - 1).copied() }
    }
}

impl<R: Read> Read for LastBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = self.inner.read(buffer)?;
        if length > 0 {
            self.before = self.piece.last().copied().unwrap_or(self.before);
            self.start += self.piece.len() as u64;
            self.piece.clear();
            self.piece.extend_from_slice(&buffer[..length]);
        }
        Ok(length)
    }
}
