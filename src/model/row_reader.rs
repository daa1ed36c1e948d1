//! Customers from the cells of a table's rows, one row after another.

use super::{ColumnValues, Model};
use crate::dataset::form::NumberForm;
use crate::dataset::number::{self, DecimalMark};
use crate::dataset::{Values, names};
use crate::error::{CellProblem, Result};
use crate::preparation::Steps;

/// Knows where the features of a model stand in a table, and how its columns write numbers.
#[derive(Debug, Clone)]
pub struct RowReader {
    /// Where each feature stands.
    columns: Vec<usize>,
    /// Which columns hold numbers.
    are_numbers: Vec<bool>,
    forms: Vec<NumberForm>,
}

/// A cell that is one number as training wrote them and another as its table does, where nothing tells which
/// is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// The place of its column.
    pub column: usize,
    /// The cell.
    pub cell: String,
    /// How the column wrote numbers in training.
    pub known: NumberForm,
}

impl RowReader {
    /// Finds the features among the headers of a table, which messages call `file`. Numbers are plain ones until
    /// [`RowReader::find_forms`] has looked at some.
    ///
    /// # Errors
    ///
    /// As [`names::require`].
    pub fn new(
        model: &Model,
        file: &str,
        headers: &[String],
        decimal: DecimalMark,
    ) -> Result<Self> {
        let find = |column: &String| names::require(file, headers, column);
        let columns: Vec<usize> =
            model.features.iter().map(|feature| find(&feature.column)).collect::<Result<_>>()?;
        let is_number = |header: &String| {
            let mut known = model.columns();
            known.any(|c| c.column == *header && matches!(c.values, ColumnValues::Numeric(_)))
        };
        let mut are_numbers: Vec<bool> = headers.iter().map(is_number).collect();
        for (feature, &column) in model.features.iter().zip(&columns) {
            are_numbers[column] = feature.numeric().is_some();
        }
        let forms = vec![NumberForm::plain(decimal); headers.len()];
        Ok(Self { columns, are_numbers, forms })
    }

    /// The same, where it is known how each column was written: none where it holds text.
    ///
    /// # Errors
    ///
    /// As [`names::require`].
    pub fn with_forms(
        model: &Model,
        file: &str,
        headers: &[String],
        forms: impl Iterator<Item = Option<NumberForm>>,
    ) -> Result<Self> {
        let mut this = Self::new(model, file, headers, DecimalMark::Point)?;
        for (column, form) in forms.enumerate().take(headers.len()) {
            this.are_numbers[column] = form.is_some();
            this.forms[column] = form.unwrap_or_default();
        }
        Ok(this)
    }

    /// Looks at rows for how columns of numbers write them: as in training where that fits. `is_given` tells
    /// that somebody named the decimal mark.
    ///
    /// # Errors
    ///
    /// A [`Doubt`], unless the decimal mark is given.
    pub fn find_forms<'a, C: Iterator<Item = &'a str> + Clone>(
        &mut self,
        model: &Model,
        headers: &[String],
        is_given: bool,
        cells: impl Fn(usize) -> C,
    ) -> Result<(), Doubt> {
        for (column, form) in self.forms.iter_mut().enumerate() {
            if !self.are_numbers[column] {
                continue;
            }
            *form = NumberForm::find(cells(column), form.decimal(), is_given);
            let known = model.columns().find(|known| known.column == headers[column]);
            let Some(known) = known.and_then(|known| known.form.as_ref()) else { continue };
            if !is_given {
                *form = form.clone().as_before(known, cells(column)).map_err(|cell| Doubt {
                    column,
                    cell: cell.to_owned(),
                    known: known.clone(),
                })?;
            }
        }
        Ok(())
    }

    /// Takes it that a column holds numbers, whatever the model knows of it.
    pub fn expect_numbers(&mut self, column: usize) {
        self.are_numbers[column] = true;
    }

    /// Where each feature stands, in the features' order.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// How a column writes its numbers; none where it holds text.
    pub fn form(&self, column: usize) -> Option<&NumberForm> {
        self.forms.get(column).filter(|_| self.are_numbers[column])
    }

    /// What a cell says of a feature, given by its place, as [`Model::predict`] takes it.
    ///
    /// # Errors
    ///
    /// What is wrong with the cell.
    pub fn value(&self, model: &Model, feature: usize, cell: &str) -> Result<f64, CellProblem> {
        let steps = &model.preparation.features()[feature].steps;
        let is_missing = number::is_missing(cell);
        if is_missing && steps.may_be_missing() {
            return Ok(f64::NAN);
        }
        if let Steps::Categorical(categorical) = steps {
            if is_missing {
                return Err(CellProblem::NoText);
            }
            return Ok(categorical.code(Some(cell.trim())));
        }
        let value = self.forms[self.columns[feature]].parse(cell)?;
        let summary = model.features[feature].numeric();
        if summary.is_some_and(|summary| summary.is_below_minimum(value)) {
            return Err(CellProblem::Negative(cell.trim().to_owned()));
        }
        Ok(value)
    }

    /// The same of a cell that is a number, or NaN where it is empty.
    fn number(&self, model: &Model, feature: usize, number: f64) -> Result<f64, CellProblem> {
        let steps = &model.preparation.features()[feature].steps;
        let summary = model.features[feature].numeric();
        match steps {
            // What is no plain number is seen as the text that it would be.
            Steps::Numeric(_) if number.is_finite() => match summary {
                Some(summary) if summary.is_below_minimum(number) => {
                    Err(CellProblem::Negative(number.to_string()))
                }
                _ => Ok(number),
            },
            _ if number.is_nan() => self.value(model, feature, ""),
            _ => self.value(model, feature, &number.to_string()),
        }
    }

    /// Reads the features of a row of columns, which are in the features' order, as [`Model::predict`] takes them.
    ///
    /// # Errors
    ///
    /// The place of a feature, and what is wrong with its cell.
    pub fn customer(
        &self,
        model: &Model,
        features: &[Values],
        row: usize,
        customer: &mut Vec<f64>,
    ) -> Result<(), (usize, CellProblem)> {
        customer.clear();
        for (feature, cells) in features.iter().enumerate() {
            let value = match cells {
                Values::Numbers(numbers) => self.number(model, feature, numbers[row]),
                Values::Text(texts) => self.value(model, feature, &texts[row]),
            };
            customer.push(value.map_err(|problem| (feature, problem))?);
        }
        Ok(())
    }
}
