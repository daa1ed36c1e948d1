//! How a column writes its numbers: the habits of spreadsheets, decided for a column as a whole.
//!
//! One cell such as `1,234` may be read in two ways. All cells of its column together mostly may not, so
//! what fits them is looked for, and where that leaves a doubt nothing is guessed: the column stays text.
//!
//! `digits` takes a cell apart, `evidence` gathers what the cells of a column show, and `cell` reads a single one.

mod cell;
mod digits;
mod evidence;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::number::{self, DecimalMark};
use crate::error::CellProblem;
use digits::{CURRENCIES, Core, DECIMALS, char_of};
use evidence::Evidence;

pub(crate) use cell::read;

/// How a column writes its numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct NumberForm {
    decimal: DecimalMark,
    group: Option<char>,
    mark: Mark,
}

/// What stands beside each number of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    Nothing,
    /// A currency, which may also be left out.
    Currency(&'static str),
    Percent,
}

/// A form as it stands in a model file.
#[derive(Serialize, Deserialize)]
struct Parts {
    decimal: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<char>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

impl From<NumberForm> for Parts {
    fn from(form: NumberForm) -> Self {
        let mark = form.unit().map(str::to_owned);
        Self { decimal: char_of(form.decimal), group: form.group, mark }
    }
}

impl TryFrom<Parts> for NumberForm {
    type Error = String;

    fn try_from(parts: Parts) -> Result<Self, String> {
        let decimal = DECIMALS.into_iter().find(|&decimal| char_of(decimal) == parts.decimal);
        let decimal = decimal.ok_or_else(|| format!("{:?} is no decimal mark", parts.decimal))?;
        let known = |unit: &str| CURRENCIES.into_iter().find(|&currency| currency == unit);
        let mark = match parts.mark.as_deref() {
            None => Mark::Nothing,
            Some("%") => Mark::Percent,
            Some(unit) => {
                Mark::Currency(known(unit).ok_or_else(|| format!("{unit:?} is no currency"))?)
            }
        };
        Ok(Self { decimal, group: parts.group, mark })
    }
}

/// The decimal mark of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDecimal {
    /// The mark.
    pub mark: DecimalMark,
    /// Whether the user gave it rather than the file.
    pub is_given: bool,
}

impl NumberForm {
    /// Numbers with nothing beside them, and no mark between thousands but the point that goes with a
    /// decimal comma.
    pub fn plain(decimal: DecimalMark) -> Self {
        Self { decimal, group: None, mark: Mark::Nothing }
    }

    /// The form that fits more than half of the cells that are not empty, or else the plain one.
    /// `decimal` is the decimal mark of the file.
    pub fn detect<'a>(cells: impl Iterator<Item = &'a str>, decimal: DecimalMark) -> Self {
        Self::find(cells, decimal, false)
    }

    /// The same; a decimal mark that is given, and not only what the file shows, holds for every column.
    pub fn find<'a>(
        cells: impl Iterator<Item = &'a str>,
        decimal: DecimalMark,
        is_given: bool,
    ) -> Self {
        let decimal = FileDecimal { mark: decimal, is_given };
        let mut evidence = Evidence::default();
        for cell in cells.map(str::trim).filter(|cell| !number::is_missing(cell)) {
            evidence.add(cell);
            if evidence.is_of_words() {
                break;
            }
        }
        evidence.decide(decimal).unwrap_or_else(|| Self::plain(decimal.mark))
    }

    /// The form of a column that held numbers in the form `known` before: that one where it fits more than
    /// half of the cells that are not empty, or where this one lacks its unit, else this one.
    ///
    /// # Errors
    ///
    /// A cell that both forms read, as different numbers, where nothing tells which is meant.
    pub fn as_before<'a>(
        self,
        known: &Self,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<Self, &'a str> {
        let (mut filled, mut fitting, mut doubtful) = (0_usize, 0_usize, None);
        for cell in cells.filter(|cell| !number::is_missing(cell)) {
            filled += 1;
            let Ok(number) = known.parse(cell) else { continue };
            fitting += 1;
            if self.parse(cell).is_ok_and(|other| other != number) {
                doubtful = doubtful.or(Some(cell));
            }
        }
        let is_unit_missing = known.unit().is_some() && self.unit() != known.unit();
        if 2 * fitting <= filled && !is_unit_missing {
            return Ok(self);
        }
        match doubtful {
            Some(cell) if !is_unit_missing && self.decimal != known.decimal => Err(cell),
            _ => Ok(known.clone()),
        }
    }

    /// The number that a cell holds.
    ///
    /// # Errors
    ///
    /// As [`number::parse`].
    ///
    /// ```
    /// use segmenta::dataset::form::NumberForm;
    /// use segmenta::dataset::number::DecimalMark;
    ///
    /// let cells = ["Rp 1.250.000", "Rp 950", "(Rp 12,50)"];
    /// let form = NumberForm::detect(cells.into_iter(), DecimalMark::Point);
    /// assert_eq!(cells.map(|cell| form.parse(cell)), [Ok(1250000.0), Ok(950.0), Ok(-12.5)]);
    /// assert_eq!(form.unit(), Some("Rp"));
    /// ```
    pub fn parse(&self, cell: &str) -> Result<f64, CellProblem> {
        let plain = number::parse(cell, self.decimal);
        match plain {
            Err(CellProblem::NotANumber(_)) => {}
            // A bare number among percentages may be a share: 0.12 where 12 % is meant.
            Ok(number) if self.mark == Mark::Percent && number != 0.0 => {
                return Err(CellProblem::NotANumber(number::shorten(cell.trim())));
            }
            plain => return plain,
        }
        let number = Core::of(cell.trim()).filter(|core| self.allows(core)).and_then(|core| {
            let number = core.number(self.decimal, self.group)?;
            Some(if core.is_negative { -number } else { number })
        });
        match number {
            Some(number) if number.is_finite() => Ok(number),
            Some(_) => Err(CellProblem::NotFinite(number::shorten(cell.trim()))),
            None => Err(CellProblem::NotANumber(number::shorten(cell.trim()))),
        }
    }

    /// Whether a cell is an amount and not a code: see [`number::is_faithful`].
    pub(super) fn is_faithful(&self, cell: &str) -> bool {
        let digits = if self.is_plain() { None } else { Core::of(cell.trim()) };
        number::is_faithful(digits.as_ref().map_or(cell, |core| &core.digits))
    }

    /// Whether this is the form without habits.
    pub fn is_plain(&self) -> bool {
        self.group.is_none() && self.mark == Mark::Nothing
    }

    /// What the numbers count: `%`, or a currency.
    pub fn unit(&self) -> Option<&'static str> {
        match self.mark {
            Mark::Nothing => None,
            Mark::Currency(currency) => Some(currency),
            Mark::Percent => Some("%"),
        }
    }

    /// The sign between whole and fraction.
    pub fn decimal(&self) -> DecimalMark {
        self.decimal
    }

    fn allows(&self, core: &Core<'_>) -> bool {
        match self.mark {
            Mark::Nothing => core.currency.is_none() && !core.is_percent,
            Mark::Currency(currency) => {
                !core.is_percent && core.currency.is_none_or(|found| found == currency)
            }
            Mark::Percent => core.is_percent,
        }
    }
}

/// An example of a number in this form, as `$1,234.5`.
impl fmt::Display for NumberForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = char_of(self.decimal);
        let group = self.group.map(String::from).unwrap_or_default();
        match self.mark {
            Mark::Nothing => write!(formatter, "1{group}234{decimal}5"),
            Mark::Percent => write!(formatter, "12{decimal}5 %"),
            Mark::Currency(currency) => write!(formatter, "{currency} 1{group}234{decimal}5"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cell::Written;
    use super::*;

    const POINT: DecimalMark = DecimalMark::Point;
    const COMMA: DecimalMark = DecimalMark::Comma;

    fn numbers(cells: &[&str], decimal: DecimalMark) -> Option<Vec<f64>> {
        let form = NumberForm::detect(cells.iter().copied(), decimal);
        cells.iter().map(|cell| form.parse(cell).ok()).collect()
    }

    #[test]
    fn habits_of_spreadsheets() {
        for (cells, decimal, expected) in [
            (&["1,234.5", "12", "1,000,000"][..], POINT, &[1234.5, 12.0, 1e6][..]),
            (&["1.234,5", "12"], COMMA, &[1234.5, 12.0]),
            (&["1.234,5", "12"], POINT, &[1234.5, 12.0]),
            (&["1 234,5", "12"], COMMA, &[1234.5, 12.0]),
            (&["1\u{a0}234,5", "1\u{202f}000"], COMMA, &[1234.5, 1000.0]),
            (&["1 250", "10"], POINT, &[1250.0, 10.0]),
            (&["1'234.5", "1’000"], POINT, &[1234.5, 1000.0]),
            (&["$1,200", "$5", "-$3.50", "12"], POINT, &[1200.0, 5.0, -3.5, 12.0]),
            (&["1.200 EUR", "950 EUR"], COMMA, &[1200.0, 950.0]),
            (&["12,50 €", "3,99 €"], POINT, &[12.5, 3.99]),
            (&["Rp 1.250.000", "Rp. 500"], POINT, &[1250000.0, 500.0]),
            (&["(12.50)", "3", "−4"], POINT, &[-12.5, 3.0, -4.0]),
            (&["12 %", "7.5%", "0"], POINT, &[12.0, 7.5, 0.0]),
            (&["1,234", "12"], POINT, &[1234.0, 12.0]),
        ] {
            assert_eq!(numbers(cells, decimal).as_deref(), Some(expected), "{cells:?}");
        }
    }

    #[test]
    fn what_nobody_can_know_is_not_guessed() {
        for (cells, decimal) in [
            (&["1.200 EUR", "950 EUR"][..], POINT),
            (&["950", "12.5"], COMMA),
            (&["12,5", "7,5"], POINT),
            (&["12 %", "0.3"], POINT),
            (&["$5", "5 €"], POINT),
            (&["1,23,456", "2"], POINT),
            (&["25.11.2026", "01.02.2026"], POINT),
            (&["", "NA"], POINT),
        ] {
            assert_eq!(numbers(cells, decimal), None, "{cells:?}");
        }
    }

    #[test]
    fn a_known_form_holds_unless_another_is_shown() {
        let form = |cells: &[&str], mark| NumberForm::detect(cells.iter().copied(), mark);
        let grouped = form(&["1.250.000", "950"], POINT);
        for (cells, expected) in [
            (&["1.250", "2.500"][..], Err("1.250")),
            (&["1.250.000", "7"], Ok(1250000.0)),
            (&["12.5", "3.75"], Ok(12.5)),
            (&["950", "7"], Ok(950.0)),
        ] {
            let found = form(cells, POINT).as_before(&grouped, cells.iter().copied());
            assert_eq!(found.map(|form| form.parse(cells[0]).unwrap()), expected, "{cells:?}");
        }
        let percent = form(&["12 %", "7 %"], POINT);
        let bare = form(&["0.12"], POINT).as_before(&percent, ["0.12"].into_iter()).unwrap();
        assert!(bare.parse("0.12").is_err(), "a share is no percentage");
        let json = serde_json::to_string(&grouped).unwrap();
        assert_eq!(serde_json::from_str::<NumberForm>(&json).unwrap(), grouped);
    }

    #[test]
    fn a_given_decimal_mark_ends_the_doubt() {
        let cells = ["1.200 EUR", "950 EUR"];
        for (mark, expected) in [(POINT, 1.2), (COMMA, 1200.0)] {
            let form = NumberForm::find(cells.into_iter(), mark, true);
            assert_eq!(form.parse(cells[0]), Ok(expected));
        }
    }

    #[test]
    fn a_single_cell_is_read_with_a_known_mark() {
        for (cell, decimal, number, unit, is_grouped, has_fraction) in [
            ("1234.5", POINT, 1234.5, None, false, true),
            ("1,234", POINT, 1234.0, None, true, false),
            ("1,234", COMMA, 1.234, None, false, true),
            ("1.250", COMMA, 1250.0, None, true, false),
            ("$1,234.50", POINT, 1234.5, Some("$"), true, true),
            ("1.234,50 €", COMMA, 1234.5, Some("€"), true, true),
            ("Rp 1.250.000", COMMA, 1_250_000.0, Some("Rp"), true, false),
            ("(12.00)", POINT, -12.0, None, false, true),
            ("-$5", COMMA, -5.0, Some("$"), false, false),
            ("12 %", POINT, 12.0, Some("%"), false, false),
        ] {
            let written = Written { number, unit, is_grouped, has_fraction };
            assert_eq!(read(cell, decimal), Ok(written), "{cell}");
        }
        for (cell, decimal) in [("Rp 1.250.000", POINT), ("12,5", POINT), ("$1,234.50", COMMA)] {
            assert!(read(cell, decimal).is_err(), "{cell}");
        }
    }

    #[test]
    fn forms_are_shown_by_an_example() {
        for (cells, shown) in [
            (["$1,200.00", "$5.00"], "$ 1,234.5"),
            (["12 %", "7 %"], "12.5 %"),
            (["1'000", "7"], "1'234.5"),
        ] {
            assert_eq!(NumberForm::detect(cells.into_iter(), POINT).to_string(), shown);
        }
    }
}
