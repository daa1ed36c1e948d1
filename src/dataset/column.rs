//! One column of a table, and what kind of thing it holds.

use std::collections::{BTreeSet, HashSet};

use super::Need;
use super::number::{self, DecimalMark};
use crate::error::CellProblem;

/// A column of up to this many different texts is a category; one with more is something else.
const MOST_CATEGORIES: usize = 20;
/// The largest magnitude whose square can be added up over any number of rows.
const LARGEST: f64 = 1e145;
/// So many customers share a category, on average.
const LEAST_SHARING: usize = 5;

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    header: String,
    name: String,
    values: Values,
    decimal: DecimalMark,
}

/// A column's cells.
#[derive(Debug, Clone)]
pub enum Values {
    /// Numbers; NaN where the cell is empty.
    Numbers(Vec<f64>),
    /// Text as it stands in the file.
    Text(Vec<String>),
}

/// What a column can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers that can be averaged: most of the cells that are not empty are such.
    Numeric,
    /// A few different texts, such as a gender or a city.
    Categorical,
    /// Tells customers apart: a number or a code of their own.
    Identifier,
    /// Any other text.
    Text,
}

impl Column {
    /// `name` means this column and no other of its table.
    pub(super) fn new(
        header: String,
        name: String,
        cells: Vec<String>,
        decimal: DecimalMark,
    ) -> Self {
        let values = numbers(&cells, decimal).map_or(Values::Text(cells), Values::Numbers);
        Self { header, name, values, decimal }
    }

    /// The header, as it stands in the file.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The short name, or the header where another column has the same short name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cells.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The numbers of a numeric column, NaN where the cell is empty.
    pub fn numbers(&self) -> Option<&[f64]> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            Values::Text(_) => None,
        }
    }

    /// The number in a row, if there is one.
    pub fn number(&self, row: usize) -> Option<f64> {
        self.require_number(row).ok()
    }

    /// The text in a row, spaces around it dropped; none where the cell is empty, and none in a column
    /// of numbers.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.values {
            Values::Numbers(_) => None,
            Values::Text(cells) => Some(cells[row].trim()).filter(|text| !text.is_empty()),
        }
    }

    /// Whether the cell in a row holds nothing.
    pub fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Numbers(numbers) => numbers[row].is_nan(),
            Values::Text(_) => self.text(row).is_none(),
        }
    }

    /// The different texts of the column, sorted; none in a column of numbers.
    pub fn categories(&self) -> Vec<String> {
        let distinct: BTreeSet<&str> =
            (0..self.n_rows()).filter_map(|row| self.text(row)).collect();
        distinct.into_iter().map(str::to_owned).collect()
    }

    /// The number of cells.
    pub fn n_rows(&self) -> usize {
        match &self.values {
            Values::Numbers(numbers) => numbers.len(),
            Values::Text(cells) => cells.len(),
        }
    }

    /// What the column can be used for, judged by its name and by what it holds.
    pub fn kind(&self) -> ColumnKind {
        if self.is_identifier() {
            return ColumnKind::Identifier;
        }
        match &self.values {
            Values::Numbers(_) => ColumnKind::Numeric,
            Values::Text(cells) if self.is_mostly_numbers(cells) => ColumnKind::Numeric,
            Values::Text(cells) => {
                let distinct: HashSet<&str> = cells.iter().map(String::as_str).collect();
                // What few customers share says nothing of a group, and may say who they are.
                let customers_each = cells.len() / distinct.len().max(1);
                if distinct.len() <= MOST_CATEGORIES && customers_each >= LEAST_SHARING {
                    ColumnKind::Categorical
                } else {
                    ColumnKind::Text
                }
            }
        }
    }

    /// A few cells that are no numbers are mistakes in a column of numbers, to be told and mended.
    fn is_mostly_numbers(&self, cells: &[String]) -> bool {
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let is_number =
            |cell: &&String| number::is_faithful(cell) && number::parse(cell, self.decimal).is_ok();
        2 * cells.iter().filter(is_number).count() > filled
    }

    fn is_identifier(&self) -> bool {
        let name = self.name.as_str();
        let named_so = matches!(name, "id" | "customerid" | "userid" | "index" | "uuid" | "")
            || name.ends_with("_id")
            || name.starts_with("id_");
        named_so || self.counts_rows()
    }

    /// Whether the column is 0, 1, 2, ... or 1, 2, 3, ...: a number given by position.
    fn counts_rows(&self) -> bool {
        let Some(numbers) = self.numbers() else { return false };
        numbers.len() > 2
            && (numbers[0] == 0.0 || numbers[0] == 1.0)
            && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
    }

    /// Whether the cell in a row holds what is needed.
    pub(super) fn require(&self, row: usize, need: Need) -> Result<(), CellProblem> {
        match need {
            Need { all: false, .. } if self.is_missing(row) => Ok(()),
            Need { numbers: true, .. } => self.require_number(row).map(|_| ()),
            Need { numbers: false, .. } if self.is_missing(row) => Err(CellProblem::Missing),
            Need { numbers: false, .. } => Ok(()),
        }
    }

    fn require_number(&self, row: usize) -> Result<f64, CellProblem> {
        let number = match &self.values {
            Values::Numbers(numbers) if numbers[row].is_nan() => Err(CellProblem::Empty),
            Values::Numbers(numbers) => Ok(numbers[row]),
            Values::Text(cells) => number::parse(&cells[row], self.decimal),
        };
        match number {
            Ok(number) if number.abs() > LARGEST => {
                Err(CellProblem::TooLarge(format!("{number:e}")))
            }
            number => number,
        }
    }

    /// Makes a column whose every cell is a number one of numbers.
    pub(super) fn make_numeric(&mut self) {
        if let Values::Text(cells) = &self.values {
            let numbers = cells
                .iter()
                .map(|cell| number::parse(cell, self.decimal).unwrap_or(f64::NAN))
                .collect();
            self.values = Values::Numbers(numbers);
        }
    }

    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut flags = keep.iter();
        let mut kept = || flags.next().copied().unwrap_or(true);
        match &mut self.values {
            Values::Numbers(numbers) => numbers.retain(|_| kept()),
            Values::Text(cells) => cells.retain(|_| kept()),
        }
    }
}

/// The cells as numbers, if every cell that is not empty is one and at least one is not empty.
fn numbers(cells: &[String], decimal: DecimalMark) -> Option<Vec<f64>> {
    let numbers: Vec<f64> = cells
        .iter()
        .map(|cell| match number::parse(cell, decimal) {
            Ok(value) if number::is_faithful(cell) => Some(value),
            Err(CellProblem::Empty) => Some(f64::NAN),
            _ => None,
        })
        .collect::<Option<_>>()?;
    numbers.iter().any(|value| !value.is_nan()).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(header: &str, cells: &[&str]) -> Column {
        let cells = cells.iter().map(|&cell| cell.to_owned()).collect();
        let name = crate::dataset::names::short_name(header);
        Column::new(header.to_owned(), name, cells, DecimalMark::Point)
    }

    #[test]
    fn kinds() {
        let names: Vec<String> = (0..30).map(|i| format!("name {i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (column, expected) in [
            (column("Age", &["19", "21", ""]), ColumnKind::Numeric),
            (column("CustomerID", &["7", "9", "8"]), ColumnKind::Identifier),
            (column("No", &["1", "2", "3"]), ColumnKind::Identifier),
            (column("", &["5", "6", "9"]), ColumnKind::Identifier),
            (column("Gender", &["Male", "Female"].repeat(5)), ColumnKind::Categorical),
            (column("First name", &["Ada", "Budi", "Ada"]), ColumnKind::Text),
            (column("Spent", &["12", "7", "x", "", "9"]), ColumnKind::Numeric),
            (column("Note", &["12", "7", "x", "y"]), ColumnKind::Text),
            (column("Name", &names), ColumnKind::Text),
            (column("Postcode", &["01067", "01099", "01069"]), ColumnKind::Text),
        ] {
            assert_eq!(column.kind(), expected, "{}", column.header());
        }
    }

    #[test]
    fn texts_are_trimmed_and_empty_ones_are_missing() {
        let city = column("City", &["Rome ", "", "Bandung", " ", "Rome"]);
        assert_eq!((city.text(0), city.text(1)), (Some("Rome"), None));
        assert!(city.is_missing(3) && !city.is_missing(4));
        assert_eq!(city.categories(), ["Bandung", "Rome"]);
        let age = column("Age", &["19", ""]);
        assert!(!age.is_missing(0) && age.is_missing(1));
        assert_eq!((age.text(0), age.categories().len()), (None, 0));
    }

    #[test]
    fn a_column_of_empty_cells_holds_no_numbers() {
        assert!(column("Age", &["", " ", ""]).numbers().is_none());
    }
}
