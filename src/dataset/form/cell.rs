//! A single cell, where the decimal mark is known and no column tells more.

use super::digits::{Core, char_of, groups};
use crate::dataset::number::{self, DecimalMark};
use crate::error::CellProblem;

/// What one cell holds, if the decimal mark is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Written {
    pub(crate) number: f64,
    /// As [`NumberForm::unit`].
    pub(crate) unit: Option<&'static str>,
    /// Whether marks stand between its thousands.
    pub(crate) is_grouped: bool,
    pub(crate) has_fraction: bool,
}

/// What one cell holds, with whatever currency and marks between thousands it has.
///
/// # Errors
///
/// As [`number::parse`].
pub(crate) fn read(cell: &str, decimal: DecimalMark) -> Result<Written, CellProblem> {
    let has = |mark: char| cell.contains(mark);
    match number::parse(cell, decimal) {
        Err(CellProblem::NotANumber(_)) => {}
        plain => {
            return plain.map(|number| Written {
                number,
                unit: None,
                is_grouped: decimal == DecimalMark::Comma && has('.'),
                has_fraction: has(char_of(decimal)),
            });
        }
    }
    let cell = cell.trim();
    let read = Core::of(cell).and_then(|core| {
        let of_group = |group| core.number(decimal, group).map(|number| (number, group));
        let (number, group) = groups(decimal).into_iter().find_map(of_group)?;
        Some(Written {
            number: if core.is_negative { -number } else { number },
            unit: core.currency.or(core.is_percent.then_some("%")),
            is_grouped: group.is_some(),
            has_fraction: core.digits.contains(char_of(decimal)),
        })
    });
    match read {
        Some(written) if written.number.is_finite() => Ok(written),
        Some(_) => Err(CellProblem::NotFinite(number::shorten(cell))),
        None => Err(CellProblem::NotANumber(number::shorten(cell))),
    }
}
