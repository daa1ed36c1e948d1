//! Ledgers as long as nobody can tell whether dates begin with the day or the month.

use jiff::civil::Date;

use super::ledger::Ledger;
use super::log::Entry;
use crate::dataset::date::{self, DateOrder, Reading};
use crate::error::CellProblem;

/// A log is read once, from anywhere. From the first date that may be read in two ways to the first that
/// may not, every row is therefore entered twice: in a ledger for each way.
#[derive(Debug, Clone)]
pub(super) enum Books {
    /// All dates so far are the same in every order.
    Open(Ledger),
    /// The order is known.
    Known(DateOrder, Ledger),
    /// There is a date that may be read in two ways.
    Double {
        day_first: Ledger,
        month_first: Ledger,
        /// That date.
        example: String,
    },
}

impl Books {
    /// Rows later than `as_of` will be left out; an order that is not given will be found.
    pub(super) fn new(order: Option<DateOrder>, as_of: Option<Date>) -> Self {
        let ledger = Ledger::new(as_of);
        match order {
            Some(order) => Self::Known(order, ledger),
            None => Self::Open(ledger),
        }
    }

    /// Enters a row.
    ///
    /// # Errors
    ///
    /// What is wrong with its date.
    pub(super) fn post(&mut self, entry: &Entry<'_>) -> Result<(), CellProblem> {
        if let Self::Known(order, ledger) = self {
            ledger.post(entry, date::parse(entry.date, *order)?.date());
            return Ok(());
        }
        match date::read(entry.date)? {
            Reading::Sure(day) => self.enter(entry, day.date(), day.date()),
            Reading::DayFirst(day) => self.settle(DateOrder::DayFirst, entry, day.date()),
            Reading::MonthFirst(day) => self.settle(DateOrder::MonthFirst, entry, day.date()),
            Reading::Either { day_first, month_first } => {
                self.double(entry.date);
                self.enter(entry, day_first.date(), month_first.date());
            }
        }
        Ok(())
    }

    fn enter(&mut self, entry: &Entry<'_>, day: Date, other: Date) {
        match self {
            Self::Open(ledger) | Self::Known(_, ledger) => ledger.post(entry, day),
            Self::Double { day_first, month_first, .. } => {
                day_first.post(entry, day);
                month_first.post(entry, other);
            }
        }
    }

    fn double(&mut self, date: &str) {
        if let Self::Open(ledger) = self {
            let day_first = std::mem::take(ledger);
            let month_first = day_first.clone();
            *self = Self::Double { day_first, month_first, example: date.trim().to_owned() };
        }
    }

    fn settle(&mut self, order: DateOrder, entry: &Entry<'_>, day: Date) {
        let mut ledger = match self {
            Self::Double { month_first, .. } if order == DateOrder::MonthFirst => {
                std::mem::take(month_first)
            }
            Self::Double { day_first: ledger, .. }
            | Self::Open(ledger)
            | Self::Known(_, ledger) => std::mem::take(ledger),
        };
        ledger.post(entry, day);
        *self = Self::Known(order, ledger);
    }
}
