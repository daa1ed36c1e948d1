//! How a file writes letters, found by looking at it, and its text as UTF-8.
//!
//! UTF-16 is turned into UTF-8 before anything looks for separators. Files of one byte a letter keep
//! their separators, so their cells are turned one by one: that way a row can be told that does not go
//! with the rows above it.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use encoding_rs::WINDOWS_1252;
use encoding_rs_io::DecodeReaderBytesBuilder;
use serde::{Deserialize, Serialize};

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, of which plain ASCII is a part.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, which is Latin-1 (ISO 8859-1) with more letters and quotation marks.
    Windows1252,
}

impl Encoding {
    /// Whether it can write all letters.
    pub(super) fn is_unicode(self) -> bool {
        self != Self::Windows1252
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

/// UTF-16, if a file that starts so is that: by its byte-order mark, else by the zeros that stand
/// beside plain letters.
pub(super) fn utf16(sample: &[u8]) -> Option<Encoding> {
    const LOOKED_AT: usize = 1024;
    match sample {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let pairs = &sample[..sample.len().min(LOOKED_AT)];
    let (pairs, _) = pairs.as_chunks::<2>();
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    if 2 * low > pairs.len() && high == 0 {
        Some(Encoding::Utf16Le)
    } else if 2 * high > pairs.len() && low == 0 {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Why a file that starts so is not UTF-16 of this kind, if that is plain.
pub(super) fn not_utf16(sample: &[u8], given: Encoding) -> Option<String> {
    let found = match utf16(sample) {
        Some(found) if found != given => found.to_string(),
        // Separators and line ends have a zero in UTF-16, whatever the letters are.
        None if !sample.is_empty() && !sample.contains(&0) => {
            let is_cut_letter = |error: std::str::Utf8Error| error.error_len().is_none();
            if std::str::from_utf8(sample).map_or_else(is_cut_letter, |_| true) {
                Encoding::Utf8.to_string()
            } else {
                format!("one byte a letter, such as {}", Encoding::Windows1252)
            }
        }
        _ => return None,
    };
    Some(format!(
        "this is not {given}, as --encoding says, but {found}; leave --encoding out, or name that one"
    ))
}

/// UTF-16 as UTF-8; its byte-order mark is dropped.
pub(super) fn from_utf16<'a>(bytes: impl Read + 'a, encoding: Encoding) -> Box<dyn Read + 'a> {
    let label = match encoding {
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_16LE,
    };
    let mut builder = DecodeReaderBytesBuilder::new();
    Box::new(builder.encoding(Some(label)).strip_bom(true).build(bytes))
}

/// Turns cells of one byte a letter, or of UTF-8, into text. What the first cell beyond ASCII shows
/// holds for the file.
#[derive(Debug)]
pub(super) struct Letters {
    /// What was asked for.
    given: Option<Encoding>,
    /// What was found, and in which row.
    found: Option<(Encoding, u64)>,
}

impl Letters {
    pub(super) fn new(given: Option<Encoding>) -> Self {
        Self { given, found: None }
    }

    /// How the file is written, as far as it was read.
    pub(super) fn encoding(&self) -> Encoding {
        self.given.or(self.found.map(|(encoding, _)| encoding)).unwrap_or(Encoding::Utf8)
    }

    /// Whether text that is good UTF-8 can be taken as it is.
    ///
    /// # Errors
    ///
    /// What is wrong with the row: rows above it are in another encoding.
    pub(super) fn accept_utf8(&mut self, row: u64, is_ascii: bool) -> Result<bool, String> {
        if is_ascii {
            return Ok(true);
        }
        match (self.given, self.found) {
            (Some(Encoding::Windows1252), _) => Ok(false),
            (None, Some((Encoding::Windows1252, first))) => Err(mixed(Encoding::Utf8, first)),
            (None, None) => {
                self.found = Some((Encoding::Utf8, row));
                Ok(true)
            }
            _ => Ok(true),
        }
    }

    /// A row's cells, which as a whole are not UTF-8.
    ///
    /// # Errors
    ///
    /// What is wrong with the row.
    pub(super) fn decode<'a>(
        &mut self,
        row: u64,
        cells: impl Iterator<Item = &'a [u8]> + Clone,
    ) -> Result<impl Iterator<Item = Cow<'a, str>>, String> {
        if self.given.is_some_and(|given| given != Encoding::Windows1252) {
            return Err("not UTF-8 text; save the file as CSV UTF-8, or name its encoding with \
                        --encoding"
                .to_owned());
        }
        let is_binary = |byte: &u8| matches!(byte, 0..=8 | 14..=31);
        if cells.clone().any(|cell| cell.iter().any(is_binary)) {
            return Err("this is no text".to_owned());
        }
        if self.given.is_none() {
            if let Some((Encoding::Utf8, first)) = self.found {
                return Err(mixed(Encoding::Windows1252, first));
            }
            let is_utf8 = |cell: &[u8]| !cell.is_ascii() && std::str::from_utf8(cell).is_ok();
            if cells.clone().any(is_utf8) {
                return Err(
                    "some cells of it are UTF-8 and others Windows-1252; save the file in \
                            one encoding"
                        .to_owned(),
                );
            }
            self.found.get_or_insert((Encoding::Windows1252, row));
        }
        Ok(cells.map(|cell| WINDOWS_1252.decode_without_bom_handling(cell).0))
    }
}

fn mixed(here: Encoding, first: u64) -> String {
    let there = if here == Encoding::Utf8 { Encoding::Windows1252 } else { Encoding::Utf8 };
    format!(
        "this row is {here} and row {first} is {there}; save the file in one encoding, or name one \
         with --encoding"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_seen_with_and_without_a_mark() {
        let bytes = |big: bool| {
            let units = "Name;Größe\nAda;7\n".encode_utf16();
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect::<Vec<u8>>()
        };
        for (big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            let text = bytes(big);
            assert_eq!(utf16(&text), Some(encoding));
            let mark: &[u8] = if big { b"\xfe\xff" } else { b"\xff\xfe" };
            let marked = [mark, &text].concat();
            assert_eq!(utf16(&marked), Some(encoding));
            for bytes in [text, marked] {
                let mut decoded = String::new();
                from_utf16(&bytes[..], encoding).read_to_string(&mut decoded).unwrap();
                assert_eq!(decoded, "Name;Größe\nAda;7\n");
            }
        }
        for other in ["", "a", "a,b\n1,2\n", "Größe;ß\n"] {
            assert_eq!(utf16(other.as_bytes()), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_plainly_no_utf16_is_told() {
        let (little, big) = (Encoding::Utf16Le, Encoding::Utf16Be);
        let bytes =
            |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (sample, given, found) in [
            (b"a,b\n1,2\n".to_vec(), little, Some("but UTF-8;")),
            ("Größe;ß".as_bytes()[..4].to_vec(), big, Some("but UTF-8;")),
            (
                b"Gr\xf6\xdfe;7\n".to_vec(),
                little,
                Some("but one byte a letter, such as Windows-1252;"),
            ),
            (bytes("Name;7\n"), big, Some("but UTF-16 LE;")),
            (bytes("Name;7\n"), little, None),
            (bytes("名前,年齢\n春,7\n"), little, None),
            (Vec::new(), little, None),
        ] {
            let problem = not_utf16(&sample, given);
            assert_eq!(problem.is_some(), found.is_some(), "{problem:?}");
            assert!(problem.unwrap_or_default().contains(found.unwrap_or_default()));
        }
    }
}
