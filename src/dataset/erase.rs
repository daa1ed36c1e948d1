//! A table without the rows of one customer. What remains stays byte for byte where the form allows: of packed
//! files that is the text inside, and Parquet is written anew.

use std::borrow::Cow;
use std::io::{Read, Write};

use bytes::Bytes;
use encoding_rs::WINDOWS_1252;
use serde_json::Value;

use super::csv::Record;
use super::encoding::Encoding;
use super::input::{Input, ReadOptions};
use super::table::{FileFormat, TableReader};
use super::unpack::Compression;
use super::{ColumnKind, names, parquet};
use crate::error::{Error, Result};

/// What the name of a column that tells customers apart begins with. Other columns of ids name orders or places.
const CUSTOMER: [&str; 9] = [
    "customer",
    "client",
    "member",
    "user",
    "account",
    "pelanggan",
    "anggota",
    "nasabah",
    "konsumen",
];

/// How an id and a cell are compared.
#[derive(Debug, Clone, Copy)]
pub(super) enum Same {
    /// Letter for letter.
    Text,
    /// As whole numbers, as lists show them: 7 is 007.
    Number,
}

/// The column that tells customers apart, among columns given by their headers and kinds: the one that is named so,
/// else the only one of ids. None where that is in doubt, since another customer's rows might have the id there.
pub(super) fn customer_column<'a>(
    columns: impl Iterator<Item = (&'a str, ColumnKind)>,
) -> Option<&'a str> {
    let ids = columns.filter(|(_, kind)| *kind == ColumnKind::Identifier);
    let ids: Vec<&str> = ids.map(|(header, _)| header).collect();
    let name = |header: &&&str| names::short_name(header);
    let is_named = |header: &&&str| {
        let name = name(header);
        CUSTOMER.iter().any(|start| name.split('_').any(|word| word.starts_with(start)))
    };
    let is_plain = |header: &&&str| matches!(name(header).as_str(), "id" | "uuid" | "guid");
    let only = |chosen: Vec<&&'a str>| match chosen.as_slice() {
        [one] => Some(**one),
        _ => None,
    };
    only(ids.iter().filter(is_named).collect())
        .or_else(|| only(ids.iter().filter(is_plain).collect()))
        .or_else(|| only(ids.iter().collect()))
}

/// One file without the rows that have the id in the column of this header, and how many those are.
pub(super) fn without(
    name: &str,
    bytes: &Bytes,
    options: ReadOptions,
    header: &str,
    (id, same): (&str, Same),
) -> Result<(Vec<u8>, usize)> {
    let input = || Input::shared(name, bytes.clone());
    let mut table = TableReader::open([input()], options)?;
    let detected = table.detected();
    let place = names::require(name, table.headers(), header)?;
    let broken = |source| Error::Read { path: name.into(), source };
    let mut text = Vec::new();
    match detected.compression.or(Compression::of(bytes)) {
        None => text.extend_from_slice(bytes),
        Some(packed) => {
            let mut unpacked = packed.unpack(name, &bytes[..], &options)?;
            unpacked.read_to_end(&mut text).map_err(broken)?;
        }
    }
    let is_it = |cell: &str| is_same(cell, id, same);
    let (rest, n) = match detected.format {
        FileFormat::Parquet => {
            let mut is_kept = Vec::new();
            let mut record = Record::default();
            while table.read(&mut record)? {
                is_kept.push(!is_it(record.cell(place)));
            }
            let n = is_kept.iter().filter(|kept| !**kept).count();
            if n == 0 { (text, 0) } else { (parquet::rows_of(name, text, &is_kept)?, n) }
        }
        format => {
            let is_row = |row: &str| match format {
                FileFormat::Csv(dialect) => {
                    cell(row, dialect.delimiter, place).is_some_and(|cell| is_it(&cell))
                }
                _ => value(row, header).is_some_and(|cell| is_it(&cell)),
            };
            let quotes = matches!(format, FileFormat::Csv(_));
            let delimiter = match format {
                FileFormat::Csv(dialect) => dialect.delimiter,
                _ => b'\n',
            };
            match detected.encoding {
                Encoding::Utf16Le => utf16(&text, u16::from_le_bytes, u16::to_le_bytes, |text| {
                    keep(text, quotes, delimiter, is_row)
                }),
                Encoding::Utf16Be => utf16(&text, u16::from_be_bytes, u16::to_be_bytes, |text| {
                    keep(text, quotes, delimiter, is_row)
                }),
                _ => keep(&text, quotes, delimiter, is_row),
            }
        }
    };
    if n == 0 {
        return Ok((bytes.to_vec(), 0));
    }
    let packed = match Compression::of(bytes) {
        None => Ok(rest),
        Some(Compression::Gzip) => {
            let mut gzip =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gzip.write_all(&rest).and_then(|()| gzip.finish())
        }
        Some(Compression::Zstd) => zstd::stream::encode_all(&rest[..], 0),
    };
    Ok((packed.map_err(broken)?, n))
}

fn is_same(cell: &str, id: &str, same: Same) -> bool {
    let (cell, id) = (cell.trim(), id.trim());
    match same {
        Same::Text => cell == id,
        Same::Number => whole(cell).is_some_and(|number| whole(id) == Some(number)),
    }
}

/// A whole number without a sign, also one that a column of numbers shows with a fraction of 0.
fn whole(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(".0");
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// The rows that are not meant. The first one of CSV is the header and stays.
fn keep(
    text: &[u8],
    quotes: bool,
    delimiter: u8,
    is_row: impl Fn(&str) -> bool,
) -> (Vec<u8>, usize) {
    let (mut rest, mut n) = (Vec::with_capacity(text.len()), 0);
    let mut from = 0;
    let mut is_header = quotes;
    while from < text.len() {
        let end = from + row_length(&text[from..], quotes, delimiter);
        let row = &text[from..end];
        let letters = match std::str::from_utf8(row) {
            Ok(letters) => Cow::Borrowed(letters),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(row).0,
        };
        let is_blank = letters.trim().is_empty();
        if !is_blank && !is_header && is_row(&letters) {
            n += 1;
        } else {
            rest.extend_from_slice(row);
        }
        is_header &= is_blank;
        from = end;
    }
    (rest, n)
}

/// The bytes of the first row, its end of line among them. A line that ends within quotation marks ends no row.
fn row_length(text: &[u8], quotes: bool, delimiter: u8) -> usize {
    let (mut is_quoted, mut starts_cell) = (false, true);
    for (place, &byte) in text.iter().enumerate() {
        if is_quoted {
            // Of two marks the first ends the quotation and the second opens it again.
            is_quoted = byte != b'"';
            starts_cell = byte == b'"';
            continue;
        }
        match byte {
            b'"' if quotes && starts_cell => is_quoted = true,
            b'\n' => return place + 1,
            b'\r' if text.get(place + 1) != Some(&b'\n') => return place + 1,
            _ => {}
        }
        starts_cell = byte == delimiter;
    }
    text.len()
}

/// A cell of a row of CSV.
fn cell(row: &str, delimiter: u8, place: usize) -> Option<String> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(row.as_bytes());
    let record = reader.records().next()?.ok()?;
    record.get(place).map(str::to_owned)
}

/// What a line of NDJSON holds under a key.
fn value(line: &str, header: &str) -> Option<String> {
    let object: serde_json::Map<String, Value> =
        serde_json::from_str(line.trim_start_matches('\u{feff}')).ok()?;
    let (_, value) = object.into_iter().find(|(key, _)| key.trim() == header)?;
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Does to UTF-16 what is to be done to UTF-8.
fn utf16(
    bytes: &[u8],
    read: fn([u8; 2]) -> u16,
    write: fn(u16) -> [u8; 2],
    with: impl FnOnce(&[u8]) -> (Vec<u8>, usize),
) -> (Vec<u8>, usize) {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    let (rest, n) = with(String::from_utf16_lossy(&units).as_bytes());
    let text = String::from_utf8_lossy(&rest);
    (text.encode_utf16().flat_map(write).collect(), n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(text: &[u8], id: &str) -> (String, usize) {
        let bytes = Bytes::copy_from_slice(text);
        let options = ReadOptions::default();
        let (rest, n) = without("x", &bytes, options, "id", (id, Same::Text)).unwrap();
        (String::from_utf8_lossy(&rest).into_owned(), n)
    }

    #[test]
    fn other_rows_stay_byte_for_byte() {
        for (text, id, expected) in [
            ("id,a\r\n1,x\r\n\"2\",\"y\r\n2,\"\"z\"\r\n3,2\r\n", "2", "id,a\r\n1,x\r\n3,2\r\n"),
            ("a;id\n2;1\n\n1; 2 \n2;1", "2", "a;id\n2;1\n\n2;1"),
            ("id,a\n1,x\n2,y", "2", "id,a\n1,x\n"),
            ("id,a\r1,x\r2,y\r", "2", "id,a\r1,x\r"),
            ("{\"id\": 1, \"a\": 2}\n{\"a\": 1,\"id\":2}\n", "2", "{\"id\": 1, \"a\": 2}\n"),
            ("{\"id\": \"k\\u0032\"}\r\n{\"id\":\"2\"}\r\n", "k2", "{\"id\":\"2\"}\r\n"),
        ] {
            assert_eq!(erased(text.as_bytes(), id), (expected.to_owned(), 1), "{text:?}");
            assert_eq!(erased(text.as_bytes(), "9"), (text.to_owned(), 0));
        }
    }

    #[test]
    fn sixteen_bits_a_letter_stay_so() {
        let text = |text: &str| -> Vec<u8> {
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
        };
        let bytes = Bytes::from(text("id,a\n1,é\n2,b\n"));
        let options = ReadOptions::default();
        let (rest, n) = without("x", &bytes, options, "id", ("2", Same::Text)).unwrap();
        assert_eq!((rest, n), (text("id,a\n1,é\n"), 1));
    }

    #[test]
    fn the_column_of_customers_is_not_guessed() {
        let column = |headers: &[&str]| {
            let columns = headers.iter().map(|header| (*header, ColumnKind::Identifier));
            customer_column(columns).map(str::to_owned)
        };
        assert_eq!(column(&["order_id", "CustomerID", "zip"]).as_deref(), Some("CustomerID"));
        assert_eq!(column(&["id", "zip"]).as_deref(), Some("id"));
        assert_eq!(column(&["code"]).as_deref(), Some("code"));
        assert_eq!(column(&["order_id", "zip"]), None);
        assert_eq!(column(&[]), None);
    }
}
