//! How a CSV file is written, found by looking at its start.

use super::input::ReadOptions;
use super::number::{self, DecimalMark};
use super::stream::SAMPLE_BYTES;

/// How a file writes its cells and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells: a comma, a semicolon, a tab or a bar.
    pub delimiter: u8,
    /// The mark between a number's whole and its fraction.
    pub decimal: DecimalMark,
}

impl Dialect {
    /// What was given, and else the separator that splits the first lines most often and most evenly,
    /// and the decimal mark of the numbers between.
    pub(super) fn find(sample: &[u8], options: &ReadOptions) -> Self {
        let lines = whole_lines(sample);
        let delimiter = options.delimiter.unwrap_or_else(|| delimiter(&lines));
        let decimal = options.decimal.unwrap_or_else(|| decimal(&lines, delimiter));
        Self { delimiter, decimal }
    }
}

/// The separator of a file that begins so.
#[cfg(feature = "engine")]
pub(crate) fn delimiter_of(sample: &[u8]) -> u8 {
    Dialect::find(sample, &ReadOptions::default()).delimiter
}

fn delimiter(lines: &[&[u8]]) -> u8 {
    let first_lines = &lines[..lines.len().min(20)];
    [b'|', b',', b';', b'\t']
        .into_iter()
        .max_by_key(|&candidate| {
            let counts: Vec<usize> =
                first_lines.iter().map(|line| count_unquoted(line, candidate)).collect();
            let in_header = counts.first().copied().unwrap_or(0);
            let even = in_header > 0 && counts.iter().all(|&count| count == in_header);
            // max_by_key takes the last of equals; a comma is what CSV means by default.
            (even, in_header, candidate == b',')
        })
        .unwrap_or(b',')
}

fn decimal(lines: &[&[u8]], delimiter: u8) -> DecimalMark {
    let cells = || lines.iter().skip(1).flat_map(|line| line.split(|&byte| byte == delimiter));
    let shows = |mark| {
        cells().any(|cell| {
            let cell = String::from_utf8_lossy(cell);
            let cell = cell.trim().trim_matches('"');
            // 1.250 may be either; other cells have to tell.
            number::is_decimal(cell, mark) && !number::is_grouped(cell, '.')
        })
    };
    // Semicolons are there because the comma is taken, unless the numbers say otherwise.
    let comma = match delimiter {
        b',' => false,
        b';' => shows(',') || !shows('.'),
        _ => shows(','),
    };
    if comma { DecimalMark::Comma } else { DecimalMark::Point }
}

/// The lines of the sample; line ends inside quotes do not end one. A last line that the
/// sample cuts off is left out unless it is the only one.
fn whole_lines(sample: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (position, &byte) in sample.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if position > start {
                    lines.push(&sample[start..position]);
                }
                start = position + 1;
            }
            _ => {}
        }
    }
    let whole = (sample.len() as u64) < SAMPLE_BYTES;
    if start < sample.len() && (whole || lines.is_empty()) {
        lines.push(&sample[start..]);
    }
    lines
}

fn count_unquoted(line: &[u8], wanted: u8) -> usize {
    let mut quoted = false;
    line.iter()
        .filter(|&&byte| {
            quoted ^= byte == b'"';
            byte == wanted && !quoted
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects() {
        for (text, delimiter, decimal) in [
            ("a,b\n1,2\n", b',', DecimalMark::Point),
            ("a;b\n1,5;2\n", b';', DecimalMark::Comma),
            ("a;b\n1.5;2\n", b';', DecimalMark::Point),
            ("a;b\n1.250;2\n", b';', DecimalMark::Comma),
            ("a;b\n0.250;2\n", b';', DecimalMark::Point),
            ("name, first;b\nx;2\n", b';', DecimalMark::Comma),
            ("a\tb\n\"1,5\"\t2\n", b'\t', DecimalMark::Comma),
            ("a|b, c\n1|2\n", b'|', DecimalMark::Point),
            ("alone\n1\n2\n", b',', DecimalMark::Point),
            ("\"a;b;c\",d\n1,2\n", b',', DecimalMark::Point),
        ] {
            let found = Dialect::find(text.as_bytes(), &ReadOptions::default());
            assert_eq!(found, Dialect { delimiter, decimal }, "{text:?}");
        }
        let given = ReadOptions { delimiter: Some(b';'), ..ReadOptions::default() };
        let found = Dialect::find(b"a,b;c\n1,5;2\n", &given);
        assert_eq!(found, Dialect { delimiter: b';', decimal: DecimalMark::Comma });
    }
}
