//! Numbers as people of a language write them.

use crate::personas::Language;

/// From here on numbers are read without decimals.
const MANY: f64 = 10_000.0;

/// A number to read: one decimal, none of large numbers, two digits of what would vanish otherwise.
pub(super) fn number(x: f64, language: Language) -> String {
    let decimals = usize::from(x.abs() < MANY);
    if x != 0.0 && x.abs() < 0.1 {
        // Two significant digits, without the zeros behind them.
        let rounded: f64 = format!("{x:.1e}").parse().unwrap_or(x);
        return grouped(&rounded.to_string(), language);
    }
    if x.abs() >= 1e15 {
        return grouped(&format!("{x:.3e}"), language);
    }
    let text = format!("{x:.decimals$}");
    grouped(text.strip_suffix(".0").unwrap_or(&text), language)
}

/// A count.
pub(super) fn count(n: usize, language: Language) -> String {
    grouped(&n.to_string(), language)
}

/// A number with so many decimals.
pub(super) fn decimals(x: f64, decimals: usize, language: Language) -> String {
    if x.abs() >= 1e9 {
        return grouped(&format!("{x:.3e}"), language);
    }
    grouped(&format!("{x:.decimals$}"), language)
}

/// A difference, with its sign.
pub(super) fn difference(x: f64, language: Language) -> String {
    let text = decimals(x.abs(), 1, language);
    let is_zero = text.chars().all(|c| !c.is_ascii_digit() || c == '0');
    if is_zero { text } else { format!("{}{text}", if x < 0.0 { '\u{2212}' } else { '+' }) }
}

/// A share of one.
pub(super) fn percent(share: f64, language: Language) -> String {
    decimals(share * 100.0, 1, language) + "%"
}

/// A number written in Rust's way with the marks of the language, and digits in groups of three.
fn grouped(text: &str, language: Language) -> String {
    let (thousands, point) = match language {
        Language::English => (',', '.'),
        Language::Indonesian => ('.', ','),
    };
    let (whole, rest) = text.find(['.', 'e']).map_or((text, ""), |at| text.split_at(at));
    let mut written = String::new();
    let n_digits = whole.chars().filter(char::is_ascii_digit).count();
    let mut left = n_digits;
    for c in whole.chars() {
        if c.is_ascii_digit() {
            if left != n_digits && left.is_multiple_of(3) {
                written.push(thousands);
            }
            left -= 1;
            written.push(c);
        } else {
            written.push('\u{2212}');
        }
    }
    written.extend(rest.chars().map(|c| if c == '.' { point } else { c }));
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        for (x, english, indonesian) in [
            (0.0, "0", "0"),
            (86.538, "86.5", "86,5"),
            (-1234.56, "\u{2212}1,234.6", "\u{2212}1.234,6"),
            (1234567.8, "1,234,568", "1.234.568"),
            (0.00123, "0.0012", "0,0012"),
            (3.0, "3", "3"),
            (2.5e20, "2.500e20", "2,500e20"),
        ] {
            assert_eq!(number(x, Language::English), english);
            assert_eq!(number(x, Language::Indonesian), indonesian);
        }
        assert_eq!(percent(0.4056, Language::Indonesian), "40,6%");
        assert_eq!(difference(-0.04, Language::English), "0.0");
        assert_eq!(difference(1.25, Language::English), "+1.2");
    }
}
