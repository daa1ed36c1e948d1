//! Books as long as nobody can tell whether amounts have a decimal point or a decimal comma.

use super::LISTED;
use super::amount::Amount;
use super::books::Books;
use super::log::{CellUnit, Places, RowSource, Value, other, refuse};
use crate::dataset::form::{self, FileDecimal};
use crate::dataset::number::DecimalMark;
use crate::error::{CellProblem, Error, Result};

/// When rows may be left out, a mark is settled once so many more rows fit it than the other.
const LEAD: u64 = 1000;
const PERCENT: &str = "%";

/// `1,234` may be read in two ways. From the first amount that differs by the decimal mark to what
/// settles it, every row is therefore entered twice: with the file's own mark, and with the other one.
/// The other one wins where more rows fit it, and if a currency or marks between thousands show that
/// these are amounts as people write them; the same is asked of a column that is learned from.
#[derive(Debug)]
pub(super) struct Marks {
    /// The file's decimal mark.
    own: DecimalMark,
    /// Whether a row that cannot be used is left out.
    can_skip: bool,
    evidence: Evidence,
    state: State,
}

#[derive(Debug)]
enum State {
    /// All amounts so far are the same with either mark.
    Open(Books),
    /// The mark is known.
    Known(DecimalMark, Side),
    /// There is an amount that is not.
    Double(Box<Double>),
}

#[derive(Debug)]
struct Double {
    own: Side,
    other: Side,
    /// The column of the first amount that both marks fit, as different numbers, and that amount.
    example: Option<(usize, String)>,
}

/// What is entered with one of the marks.
#[derive(Debug)]
struct Side {
    books: Books,
    /// Rows that fit this mark and not the other one.
    proofs: u64,
    skipped: Skipped,
    /// Why it cannot be this mark, where no row may be left out.
    refuted: Option<Error>,
}

/// What the amounts so far show.
#[derive(Debug, Default)]
struct Evidence {
    units: [Unit; 2],
    /// With the other mark, there are marks between thousands.
    other_has_groups: bool,
    /// With the file's mark, there are fractions.
    own_has_fractions: bool,
}

/// What the numbers of a column count.
#[derive(Debug, Clone, Copy, Default)]
struct Unit {
    found: Option<&'static str>,
    /// Whether some have none.
    is_bare: bool,
}

/// Rows that were left out: how many, and the first ones with their places in the log.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    pub(super) count: u64,
    listed: Vec<(u64, Error)>,
}

/// What is left when the log is at its end.
pub(super) struct Closed {
    pub(super) books: Books,
    /// The decimal mark of the amounts.
    pub(super) decimal: DecimalMark,
    /// What the amounts count: a currency, or `%`.
    pub(super) unit: Option<&'static str>,
    /// Rows that do not fit this mark, and might have fitted the other one.
    pub(super) skipped: Skipped,
}

impl Marks {
    /// A decimal mark that was given, and not only shown by the file, is settled.
    pub(super) fn new(books: Books, decimal: FileDecimal, can_skip: bool) -> Self {
        let FileDecimal { mark, is_given } = decimal;
        let state =
            if is_given { State::Known(mark, Side::new(books)) } else { State::Open(books) };
        Self { own: mark, can_skip, evidence: Evidence::default(), state }
    }

    /// Enters the current row, which is the `row`th of the log.
    ///
    /// # Errors
    ///
    /// [`Error::Cell`] for a row that cannot be used, whichever mark is the decimal one.
    pub(super) fn post(
        &mut self,
        source: &impl RowSource,
        places: &Places<'_>,
        row: u64,
    ) -> Result<()> {
        if let State::Known(mark, side) = &mut self.state {
            let value = places.value(source, *mark)?;
            self.evidence.check_units(&value, source, places)?;
            return enter(&mut side.books, source, places, value.amount);
        }
        let own = places.value(source, self.own);
        // Most quantities, and many prices, are digits and nothing else.
        let has_marks = |column: usize| source.cell(column).contains(['.', ',']);
        let other = match &own {
            Ok(value) if !places.amount_columns().any(has_marks) => Ok(*value),
            _ => places.value(source, other(self.own)),
        };
        let ((Ok(either), _) | (_, Ok(either))) = (&own, &other) else {
            return own.map(|_| ());
        };
        self.evidence.check_units(either, source, places)?;
        self.evidence.own_has_fractions |= own.as_ref().is_ok_and(|value| value.has_fraction);
        self.evidence.other_has_groups |= other.as_ref().is_ok_and(|value| value.is_grouped);
        if let State::Open(books) = &mut self.state {
            match (&own, &other) {
                (Ok(own), Ok(other)) if own.amount == other.amount => {
                    return enter(books, source, places, own.amount);
                }
                _ => self.double(),
            }
        }
        if let State::Double(double) = &mut self.state {
            double.post([own, other], source, places, (row, self.can_skip), self.own)?;
        }
        self.settle()
    }

    fn double(&mut self) {
        if let State::Open(books) = &self.state {
            let [own, other] = [books.clone(), books.clone()].map(Side::new);
            self.state = State::Double(Box::new(Double { own, other, example: None }));
        }
    }

    /// Drops a mark that cannot be meant.
    fn settle(&mut self) -> Result<()> {
        let State::Double(double) = &mut self.state else { return Ok(()) };
        let Double { own, other: others, .. } = double.as_mut();
        let is_shown = self.evidence.show_other();
        if others.refuted.is_some() && own.refuted.is_some() {
            let last = if is_shown { others.refuted.take() } else { own.refuted.take() };
            return last.map_or(Ok(()), Err);
        }
        let leads = |one: &Side, behind: &Side| {
            behind.refuted.is_some() || one.proofs >= behind.proofs + LEAD
        };
        if leads(own, others) {
            self.state = State::Known(self.own, own.take());
        } else if is_shown && leads(others, own) {
            self.state = State::Known(other(self.own), others.take());
        }
        Ok(())
    }

    /// What was entered with the mark that is meant. `headers` are those of the log.
    ///
    /// # Errors
    ///
    /// [`Error::AmbiguousDecimal`], and [`Error::Cell`] for an amount that needs another mark than the
    /// file's where that is not shown enough.
    pub(super) fn close(self, source: &impl RowSource) -> Result<Closed> {
        let (decimal, side) = match self.state {
            State::Open(books) => (self.own, Side::new(books)),
            State::Known(mark, side) => (mark, side),
            State::Double(double) => {
                let Double { own, other: others, example } = *double;
                let is_even = own.proofs == 0 && others.proofs == 0;
                match example {
                    _ if self.evidence.show_other() && others.proofs > own.proofs => {
                        (other(self.own), others)
                    }
                    Some((column, example))
                        if is_even
                            && self.evidence.has_currency()
                            && self.evidence.own_has_fractions =>
                    {
                        let column = source.headers().get(column).cloned().unwrap_or_default();
                        let file = source.name().to_owned();
                        return Err(Error::AmbiguousDecimal { file, column, example });
                    }
                    _ => match own.refuted {
                        Some(error) => return Err(error),
                        None => (self.own, own),
                    },
                }
            }
        };
        let unit = self.evidence.units.iter().find_map(|unit| unit.found);
        Ok(Closed { books: side.books, decimal, unit, skipped: side.skipped })
    }
}

impl Double {
    fn post(
        &mut self,
        values: [Result<Value>; 2],
        source: &impl RowSource,
        places: &Places<'_>,
        (row, can_skip): (u64, bool),
        own: DecimalMark,
    ) -> Result<()> {
        match &values {
            [Ok(_), Err(_)] => self.own.proofs += 1,
            [Err(_), Ok(_)] => self.other.proofs += 1,
            [Ok(one), Ok(two)] if one.amount != two.amount && self.example.is_none() => {
                let number = |column, mark| {
                    form::read(source.cell(column), mark).map(|written| written.number)
                };
                let mut columns = places.amount_columns();
                let column =
                    columns.find(|&column| number(column, own) != number(column, other(own)));
                let example = |column| (column, source.cell(column).trim().to_owned());
                self.example = column.map(example);
            }
            _ => {}
        }
        for (side, value) in [&mut self.own, &mut self.other].into_iter().zip(values) {
            if side.refuted.is_some() {
                continue;
            }
            match value {
                Err(error) if can_skip => side.skipped.add(row, error),
                Err(error) => side.refute(error),
                Ok(value) => match enter(&mut side.books, source, places, value.amount) {
                    Err(error) if can_skip => side.skipped.add(row, error),
                    entered => entered?,
                },
            }
        }
        Ok(())
    }
}

impl Side {
    fn new(books: Books) -> Self {
        Self { books, proofs: 0, skipped: Skipped::default(), refuted: None }
    }

    /// Its books are of no use any more.
    fn refute(&mut self, error: Error) {
        *self = Self { refuted: Some(error), ..Self::new(Books::new(None, None)) };
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(Books::new(None, None)))
    }
}

impl Evidence {
    /// Whether these are amounts as people write them, so that another mark than the file's may be meant.
    fn show_other(&self) -> bool {
        self.has_currency() || self.other_has_groups
    }

    fn has_currency(&self) -> bool {
        self.units.iter().any(|unit| unit.found.is_some_and(|unit| unit != PERCENT))
    }

    /// Sums are of one currency, and a bare number among percentages may be a share.
    fn check_units(
        &mut self,
        value: &Value,
        source: &impl RowSource,
        places: &Places<'_>,
    ) -> Result<()> {
        for ((known, cell), column) in
            self.units.iter_mut().zip(&value.units).zip(places.amount_columns())
        {
            if let Some(unit) = known.refuse(cell) {
                let text = source.cell(column).trim().to_owned();
                return Err(refuse(source, column, CellProblem::OtherUnit { text, unit }));
            }
            known.found = known.found.or(cell.unit);
            known.is_bare |= cell.is_bare;
        }
        Ok(())
    }
}

impl Unit {
    /// The unit that a cell should be in, if it is in another one.
    fn refuse(&self, cell: &CellUnit) -> Option<&'static str> {
        match (self.found, cell.unit) {
            (Some(known), Some(unit)) => (known != unit).then_some(known),
            (Some(PERCENT), None) if cell.is_bare => Some(PERCENT),
            (None, Some(PERCENT)) if self.is_bare => Some("numbers without a percent sign"),
            _ => None,
        }
    }
}

impl Skipped {
    /// Counts a row, and lists it if it is one of the first.
    pub(super) fn add(&mut self, row: u64, error: Error) {
        self.count += 1;
        if self.listed.len() < LISTED {
            self.listed.push((row, error));
        }
    }

    /// All of both, and the first of them in their order.
    pub(super) fn with(mut self, other: Self) -> (u64, Vec<Error>) {
        self.listed.extend(other.listed);
        self.listed.sort_by_key(|(row, _)| *row);
        self.listed.truncate(LISTED);
        let errors = self.listed.into_iter().map(|(_, error)| error).collect();
        (self.count + other.count, errors)
    }
}

/// Enters the current row with its amount.
fn enter(
    books: &mut Books,
    source: &impl RowSource,
    places: &Places<'_>,
    amount: Amount,
) -> Result<()> {
    let entered = books.post(&places.entry(source, amount));
    entered.map_err(|problem| refuse(source, places.date, problem))
}
