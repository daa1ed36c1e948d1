//! Numbers as people write them in a CSV cell.

use serde::{Deserialize, Serialize};

use crate::error::CellProblem;

/// The sign between a number's whole and its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `12.5`
    #[default]
    Point,
    /// `12,5`, as in files whose cells are separated by semicolons or tabs. Points may group the
    /// digits before the comma by three: `1.250` is 1250 there.
    Comma,
}

/// The number that a cell holds.
///
/// # Errors
///
/// A [`CellProblem`] when the cell is empty, is no number, or is beyond the range of a double.
///
/// ```
/// use segmenta::dataset::number::{DecimalMark, parse};
///
/// assert_eq!(parse(" 12,5 ", DecimalMark::Comma), Ok(12.5));
/// assert!(parse("12,5", DecimalMark::Point).is_err());
/// assert!(parse("NaN", DecimalMark::Point).is_err());
/// ```
pub fn parse(cell: &str, decimal: DecimalMark) -> Result<f64, CellProblem> {
    let text = cell.trim();
    if text.is_empty() {
        return Err(CellProblem::Empty);
    }
    if is_missing(text) {
        return Err(CellProblem::Missing(text.to_owned()));
    }
    let value = match decimal {
        DecimalMark::Point => text.parse::<f64>(),
        DecimalMark::Comma => with_point(text).parse::<f64>(),
    };
    match value {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(CellProblem::NotFinite(shorten(text))),
        Err(_) => Err(CellProblem::NotANumber(shorten(text))),
    }
}

/// The signs that stand for nothing.
pub(crate) const MISSING_SIGNS: [&str; 5] = ["", "-", "–", "—", "?"];
/// The words that stand for nothing, in small letters.
pub(crate) const MISSING_WORDS: [&str; 5] = ["na", "n/a", "#n/a", "nan", "null"];

/// Whether a cell holds nothing, or a word that stands for nothing: `NA`, `N/A`, `#N/A`, `null`, `NaN`
/// in capitals or not, a dash or a question mark.
///
/// ```
/// use segmenta::dataset::number::is_missing;
///
/// assert!(is_missing(" ") && is_missing("n/a") && is_missing("-"));
/// assert!(!is_missing("0") && !is_missing("none"));
/// ```
pub fn is_missing(cell: &str) -> bool {
    let text = cell.trim();
    MISSING_SIGNS.contains(&text)
        || (text.len() <= 4 && MISSING_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// A number with a decimal comma as one with a point. A point that groups no digits would be taken for
/// the one or the other by half of the readers, so it stays in the way.
fn with_point(text: &str) -> String {
    let (whole, fraction) = text.split_once(',').unwrap_or((text, ""));
    let whole = match whole.contains('.') {
        true if is_grouped(whole, '.') => whole.replace('.', ""),
        true => return text.replace('.', ","),
        false => whole.to_owned(),
    };
    if fraction.is_empty() && !text.contains(',') { whole } else { format!("{whole}.{fraction}") }
}

/// Whether such marks group a number's digits by three, as points do in `-1.250.000`.
pub(super) fn is_grouped(cell: &str, mark: char) -> bool {
    let mut groups = cell.trim().trim_start_matches(['-', '+']).split(mark);
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    (1..=3).contains(&first.len())
        && digits(first)
        && !first.starts_with('0')
        && rest.peek().is_some()
        && rest.all(|group| group.len() == 3 && digits(group))
}

/// Whether a cell is digits around one such mark, as `-12,5` is around a comma.
pub(super) fn is_decimal(cell: &str, mark: char) -> bool {
    let digits = cell.trim().trim_start_matches(['-', '+']);
    digits.split_once(mark).is_some_and(|(whole, fraction)| {
        [whole, fraction]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether a number keeps all its digits when it is read and written again. Leading zeros and
/// more digits than a double holds mark a code (a postcode, an account), not an amount.
pub(super) fn is_faithful(cell: &str) -> bool {
    let digits = cell.trim().trim_start_matches(['-', '+']);
    let leading_zero =
        digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    let significant = digits.bytes().filter(u8::is_ascii_digit).count();
    !leading_zero && (significant <= 15 || digits.contains(['.', ',', 'e', 'E']))
}

/// The start of a cell's text, short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_number() {
        for (cell, expected) in [("15", 15.0), ("-3.25", -3.25), ("1e3", 1000.0), (" 7 ", 7.0)] {
            assert_eq!(parse(cell, DecimalMark::Point), Ok(expected), "{cell:?}");
        }
        for (cell, expected) in [
            ("15", 15.0),
            ("-3,25", -3.25),
            ("1e3", 1000.0),
            (" 7 ", 7.0),
            ("1.250", 1250.0),
            ("-1.250.000,5", -1250000.5),
            ("0,125", 0.125),
        ] {
            assert_eq!(parse(cell, DecimalMark::Comma), Ok(expected), "{cell:?}");
        }
    }

    #[test]
    fn what_is_not() {
        for cell in ["abc", "12a", "1,234.5", "12,5,1", "$5", "--1", "12.5", "0.125", "1.25.000"] {
            assert_eq!(
                parse(cell, DecimalMark::Comma),
                Err(CellProblem::NotANumber(cell.to_owned()))
            );
        }
        for cell in ["inf", "-Infinity", "1e400"] {
            assert_eq!(
                parse(cell, DecimalMark::Point),
                Err(CellProblem::NotFinite(cell.to_owned()))
            );
        }
        assert_eq!(parse("  ", DecimalMark::Point), Err(CellProblem::Empty));
        for word in ["NA", "n/a", "NaN", "null", "-", "?"] {
            assert_eq!(parse(word, DecimalMark::Point), Err(CellProblem::Missing(word.to_owned())));
        }
    }

    #[test]
    fn long_cells_are_cut_in_messages() {
        let Err(CellProblem::NotANumber(shown)) = parse(&"é".repeat(500), DecimalMark::Point)
        else {
            unreachable!("letters are not a number");
        };
        assert_eq!(shown.chars().count(), 41);
    }

    #[test]
    fn codes_are_not_amounts() {
        for code in ["007", "00123", "12345678901234567890"] {
            assert!(!is_faithful(code), "{code}");
        }
        for amount in ["0", "0.5", "0,5", "-0.25", "7", "123456789012345", "3.14159265358979312"] {
            assert!(is_faithful(amount), "{amount}");
        }
    }
}
