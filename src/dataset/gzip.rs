//! A gzip file: one member behind another, and nothing else.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::GzDecoder;

use super::unpack::{Counted, PackedProblem};

/// The text of all members. What stands behind the last one is told, but for zeros, with which tapes and
/// disks fill their blocks.
pub(super) struct Members<R> {
    /// None behind the last member.
    decoder: Option<GzDecoder<Packed<R>>>,
    /// How many bytes were taken from the file, also those that wait in the buffer.
    taken: Rc<Cell<u64>>,
}

type Packed<R> = BufReader<Counted<R>>;

impl<R: Read> Members<R> {
    pub(super) fn new(packed: Packed<R>, taken: Rc<Cell<u64>>) -> Self {
        Self { decoder: Some(GzDecoder::new(packed)), taken }
    }

    /// The decoder of the member that follows, if one does.
    fn next(&self, mut packed: Packed<R>) -> io::Result<Option<GzDecoder<Packed<R>>>> {
        let end = self.taken.get() - packed.buffer().len() as u64;
        match packed.fill_buf()? {
            [] => return Ok(None),
            // Where the buffer ends within the magic number, the decoder looks at the rest of it.
            [0x1f] | [0x1f, 0x8b, ..] => {}
            [0, ..] => {
                return only_zeros(packed)
                    .and_then(|is_padding| if is_padding { Ok(None) } else { Err(behind(end)) });
            }
            _ => return Err(behind(end)),
        }
        let mut next = GzDecoder::new(packed);
        if next.header().is_none() {
            return Err(match next.read(&mut [0]) {
                Err(error) if error.kind() != io::ErrorKind::InvalidInput => error,
                _ => behind(end),
            });
        }
        Ok(Some(next))
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let length = decoder.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            if let Some(ended) = self.decoder.take() {
                self.decoder = self.next(ended.into_inner())?;
            }
        }
        Ok(0)
    }
}

fn only_zeros(mut packed: impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = packed.fill_buf()?;
        if bytes.is_empty() {
            return Ok(true);
        }
        if bytes.iter().any(|&byte| byte != 0) {
            return Ok(false);
        }
        let length = bytes.len();
        packed.consume(length);
    }
}

fn behind(end: u64) -> io::Error {
    io::Error::other(PackedProblem(format!(
        "there is something behind the end of the packed data, at byte {end}; cut the file off there, or \
         copy it again"
    )))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(file: &[u8], capacity: usize) -> Result<Vec<u8>, String> {
        let taken = Rc::new(Cell::new(0));
        let file = BufReader::with_capacity(capacity, Counted::new(file, taken.clone()));
        let mut text = Vec::new();
        let read = Members::new(file, taken).read_to_end(&mut text);
        read.map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn members_follow_one_another_and_zeros_may_follow_them() {
        let (one, two) = (packed(b"a,b\n"), packed(b"1,2\n"));
        let empty = packed(b"");
        for capacity in [1, 7, 8192] {
            for file in [[&one[..], &two].concat(), [&one[..], &empty, &two, &[0; 512]].concat()] {
                assert_eq!(unpacked(&file, capacity).as_deref(), Ok(&b"a,b\n1,2\n"[..]));
            }
        }
    }

    #[test]
    fn what_else_follows_is_told_with_its_place() {
        let good = packed(b"a,b\n1,2\n");
        for capacity in [1, 7, 8192] {
            for junk in [
                &b"x"[..],
                b"more text behind it\n",
                b"\x1fxxxxxxxxx",
                b"\0\0\0x",
                b"\x1f\x8bxxxxxxxx",
            ] {
                let error = unpacked(&[&good[..], junk].concat(), capacity).unwrap_err();
                let expected = format!("packed data, at byte {};", good.len());
                assert!(error.contains(&expected), "{junk:?}: {error}");
            }
            if capacity > good.len() + 2 {
                let error = unpacked(&[&good[..], b"\x1fx"].concat(), capacity).unwrap_err();
                assert!(error.contains("behind the end"), "{error}");
            }
            let cut = [&good[..], &good[..good.len() - 3]].concat();
            let error = unpacked(&cut, capacity).unwrap_err();
            assert!(!error.contains("behind the end"), "{error}");
        }
    }
}
