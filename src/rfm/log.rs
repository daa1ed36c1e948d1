//! A log of transactions, read row after row.

use super::amount::Amount;
use super::{AmountColumns, LogColumns};
use crate::dataset::TableReader;
use crate::dataset::csv::Record;
use crate::dataset::form::{self, FileDecimal};
use crate::dataset::names;
use crate::dataset::number::{self, DecimalMark};
use crate::error::{CellProblem, Error, Result};

/// Rows of transactions from anywhere, one after another.
pub trait RowSource {
    /// What messages call it.
    fn name(&self) -> &str;
    /// The columns' headers.
    fn headers(&self) -> &[String];
    /// The decimal mark of its numbers.
    fn decimal(&self) -> FileDecimal;
    /// Goes on to the next row; false at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Row`] for a row that cannot be read, behind which others may follow; any other error is
    /// the end.
    fn advance(&mut self) -> Result<bool>;
    /// Where the row stands: for a file, the line on which it begins.
    fn row(&self) -> u64;
    /// A cell of the row; `column` counts the headers from 0.
    fn cell(&self, column: usize) -> &str;
}

/// The rows of files.
pub struct TableRows<'a> {
    reader: TableReader<'a>,
    record: Record,
}

impl<'a> TableRows<'a> {
    /// The rows that a reader is about to read.
    pub fn new(reader: TableReader<'a>) -> Self {
        Self { reader, record: Record::default() }
    }
}

impl RowSource for TableRows<'_> {
    fn name(&self) -> &str {
        self.reader.name()
    }

    fn headers(&self) -> &[String] {
        self.reader.headers()
    }

    fn decimal(&self) -> FileDecimal {
        self.reader.decimal()
    }

    fn advance(&mut self) -> Result<bool> {
        self.reader.read(&mut self.record)
    }

    fn row(&self) -> u64 {
        self.record.row()
    }

    fn cell(&self, column: usize) -> &str {
        self.record.cell(column)
    }
}

/// A row's amount, and how it is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Value {
    pub(super) amount: Amount,
    /// For each column that makes it.
    pub(super) units: [CellUnit; 2],
    /// Whether marks stand between thousands.
    pub(super) is_grouped: bool,
    pub(super) has_fraction: bool,
}

/// What a cell's number counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CellUnit {
    pub(super) unit: Option<&'static str>,
    /// Whether it has none; 0 is the same in any.
    pub(super) is_bare: bool,
}

/// One row, understood but for its date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) customer: &'a str,
    pub(super) date: &'a str,
    /// The order's id, if the log has one.
    pub(super) order: Option<&'a str>,
    pub(super) kind: Kind,
    /// Without its sign.
    pub(super) amount: Amount,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Purchase,
    /// Goods that came back, by a negative amount.
    Return,
    /// An order that was cancelled, by its id alone: the amount is positive.
    Cancelled,
    /// An amount of 0.
    Free,
}

/// Where the columns stand in a log.
#[derive(Debug)]
pub(super) struct Places<'o> {
    pub(super) customer: usize,
    pub(super) date: usize,
    order: Option<usize>,
    amount: AmountPlaces,
    cancelled_prefix: &'o str,
}

#[derive(Debug)]
enum AmountPlaces {
    Amount(usize),
    Product { quantity: usize, price: usize },
}

impl<'o> Places<'o> {
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] and [`Error::AmbiguousColumn`].
    pub(super) fn find(
        source: &impl RowSource,
        columns: &LogColumns,
        cancelled_prefix: &'o str,
    ) -> Result<Self> {
        let place = |name: &String| names::require(source.name(), source.headers(), name);
        Ok(Self {
            customer: place(&columns.customer)?,
            date: place(&columns.date)?,
            order: columns.order.as_ref().map(place).transpose()?,
            amount: match &columns.amount {
                AmountColumns::Amount(amount) => AmountPlaces::Amount(place(amount)?),
                AmountColumns::Product { quantity, price } => {
                    AmountPlaces::Product { quantity: place(quantity)?, price: place(price)? }
                }
            },
            cancelled_prefix,
        })
    }

    /// Who bought; none if the row does not say.
    pub(super) fn customer<'a>(&self, source: &'a impl RowSource) -> Option<&'a str> {
        Some(source.cell(self.customer).trim()).filter(|customer| !names_nobody(customer))
    }

    /// What the row says, if this is its amount.
    pub(super) fn entry<'a>(&self, source: &'a impl RowSource, amount: Amount) -> Entry<'a> {
        let order = self.order.map(|place| source.cell(place).trim());
        let order = order.filter(|id| !id.is_empty());
        let kind = if amount.is_zero() {
            Kind::Free
        } else if !amount.is_positive() {
            Kind::Return
        } else if order.is_some_and(|id| self.is_cancelled(id)) {
            Kind::Cancelled
        } else {
            Kind::Purchase
        };
        Entry {
            customer: source.cell(self.customer).trim(),
            date: source.cell(self.date),
            order,
            kind,
            amount: amount.magnitude(),
        }
    }

    /// The columns that make the amount: one, or a quantity and a price.
    pub(super) fn amount_columns(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, second) = match self.amount {
            AmountPlaces::Amount(place) => (place, None),
            AmountPlaces::Product { quantity, price } => (quantity, Some(price)),
        };
        std::iter::once(first).chain(second)
    }

    /// The row's amount, if its numbers have this decimal mark.
    ///
    /// # Errors
    ///
    /// [`Error::Cell`] when it is none.
    pub(super) fn value(&self, source: &impl RowSource, decimal: DecimalMark) -> Result<Value> {
        let mut value = Value::default();
        let (mut product, mut last) = (1.0, 0);
        for (place, column) in self.amount_columns().enumerate() {
            let written = form::read(source.cell(column), decimal)
                .map_err(|problem| explained(source, column, decimal, problem))?;
            product *= written.number;
            last = column;
            value.units[place] = CellUnit {
                unit: written.unit,
                is_bare: written.unit.is_none() && written.number != 0.0,
            };
            value.is_grouped |= written.is_grouped;
            value.has_fraction |= written.has_fraction;
        }
        value.amount = Amount::new(product)
            .ok_or_else(|| refuse(source, last, CellProblem::TooLarge(format!("{product:e}"))))?;
        Ok(value)
    }

    /// Whether an order's id is the prefix and a number, as in `C536379`.
    fn is_cancelled(&self, id: &str) -> bool {
        let prefix = self.cancelled_prefix;
        let number = id.strip_prefix(prefix).filter(|_| !prefix.is_empty());
        number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    }
}

/// The error for a cell of the current row.
pub(super) fn refuse(source: &impl RowSource, column: usize, problem: CellProblem) -> Error {
    Error::Cell {
        file: source.name().to_owned(),
        row: source.row(),
        column: source.headers().get(column).cloned().unwrap_or_default(),
        problem,
    }
}

/// Says where a cell that is no number would be one with the other decimal mark.
fn explained(
    source: &impl RowSource,
    column: usize,
    decimal: DecimalMark,
    problem: CellProblem,
) -> Error {
    let problem = match problem {
        CellProblem::NotANumber(text)
            if form::read(source.cell(column), other(decimal)).is_ok() =>
        {
            CellProblem::OtherDecimal { text, mark: word(decimal) }
        }
        problem => problem,
    };
    refuse(source, column, problem)
}

/// The other decimal mark.
pub(super) fn other(decimal: DecimalMark) -> DecimalMark {
    match decimal {
        DecimalMark::Point => DecimalMark::Comma,
        DecimalMark::Comma => DecimalMark::Point,
    }
}

fn word(decimal: DecimalMark) -> &'static str {
    match decimal {
        DecimalMark::Point => "point",
        DecimalMark::Comma => "comma",
    }
}

/// Whether a cell says that the customer is not known. None may be an answer in other columns.
fn names_nobody(cell: &str) -> bool {
    number::is_missing(cell) || cell.eq_ignore_ascii_case("none")
}
