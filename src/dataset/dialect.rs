//! How a CSV file is written, found by looking at its start.

use super::number::{self, DecimalMark};

/// How many bytes at the start of a file are looked at to find its dialect.
pub(super) const SAMPLE_BYTES: u64 = 64 * 1024;

/// How a file writes its cells and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells: a comma, a semicolon or a tab.
    pub delimiter: u8,
    /// The mark between a number's whole and its fraction.
    pub decimal: DecimalMark,
}

impl Dialect {
    /// The separator that splits the first lines most often and most evenly, and the decimal mark of
    /// the numbers between.
    pub(super) fn detect(sample: &[u8]) -> Self {
        let lines = whole_lines(sample);
        let first_lines = &lines[..lines.len().min(20)];
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|&candidate| {
                let counts: Vec<usize> =
                    first_lines.iter().map(|line| count_unquoted(line, candidate)).collect();
                let in_header = counts.first().copied().unwrap_or(0);
                let even = in_header > 0 && counts.iter().all(|&count| count == in_header);
                // max_by_key takes the last of equals; a comma is what CSV means by default.
                (even, in_header, candidate == b',')
            })
            .unwrap_or(b',');
        let cells = || lines.iter().skip(1).flat_map(|line| line.split(|&byte| byte == delimiter));
        let shows = |mark| {
            cells().any(|cell| {
                let cell = String::from_utf8_lossy(cell);
                let cell = cell.trim().trim_matches('"');
                // 1.250 may be either; other cells have to tell.
                number::is_decimal(cell, mark) && !number::is_grouped(cell)
            })
        };
        // Semicolons are there because the comma is taken, unless the numbers say otherwise.
        let comma = match delimiter {
            b',' => false,
            b';' => shows(',') || !shows('.'),
            _ => shows(','),
        };
        let decimal = if comma { DecimalMark::Comma } else { DecimalMark::Point };
        Self { delimiter, decimal }
    }
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
            ("alone\n1\n2\n", b',', DecimalMark::Point),
            ("\"a;b;c\",d\n1,2\n", b',', DecimalMark::Point),
        ] {
            assert_eq!(
                Dialect::detect(text.as_bytes()),
                Dialect { delimiter, decimal },
                "{text:?}"
            );
        }
    }
}
