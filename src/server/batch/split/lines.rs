//! NDJSON: a row a line. Lines with nothing in them are passed over.

use memchr::memchr;

use super::block::Gather;

#[derive(Debug, Default)]
pub(in crate::server::batch) struct LineSplitter {
    pub(super) rows: Gather,
}

impl LineSplitter {
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while let Some(end) = memchr(b'\n', bytes) {
            self.rows.extend(&bytes[..end]);
            self.rows.end_row();
            bytes = &bytes[end + 1..];
        }
        self.rows.extend(bytes);
    }

    pub(super) fn end(&mut self) {
        self.rows.end_row();
    }
}
