//! Cells of CSV that a spreadsheet would take for formulas.

use std::borrow::Cow;

/// The cell as a spreadsheet shows it rather than computes it: behind an apostrophe if it begins as a formula does.
///
/// Lists of customers hold what customers wrote themselves, and are opened in spreadsheets by others. A cell that
/// begins with `=`, `@`, a tab or a line end is a formula to them, and so is one that begins with `+` or `-`.
/// Numbers and telephone numbers begin like that too; as arithmetic can do no harm, cells of nothing but digits and
/// marks of arithmetic stay as they are.
///
/// ```
/// use segmenta::spreadsheet::harmless;
///
/// assert_eq!(harmless("=HYPERLINK(\"https://elsewhere.example\")"), "'=HYPERLINK(\"https://elsewhere.example\")");
/// assert_eq!(harmless("+62 812-3456"), "+62 812-3456");
/// assert_eq!(harmless("Ada"), "Ada");
/// ```
pub fn harmless(cell: &str) -> Cow<'_, str> {
    let is_arithmetic =
        |sign: char| sign.is_ascii_digit() || " +-*/.,()%\u{a0}\u{202f}".contains(sign);
    let is_formula = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n') => true,
        Some('+' | '-') => !cell.chars().all(is_arithmetic),
        _ => false,
    };
    if is_formula { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_what_only_looks_like_one() {
        for cell in ["=1", "@SUM(A1)", "-1+cmd|'/C calc'!A0", "+A1", "\t=1", "\r=1", "--A", "-x"] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "-", "-12,5 %", "+62 (812) 34-56", "a=1", "1=1", "'=1", "(5)", "−3"] {
            assert_eq!(harmless(cell), cell, "{cell:?}");
        }
    }
}
