//! Dates as people write them in a cell, with or without a time of day.
//!
//! `25/11/2026` begins with the day and `11/25/2026` with the month. Which it is, many cells tell
//! together: see [`DateOrder::detect`]. A time is taken as it stands, as the clock on the wall showed it:
//! a zone or an offset behind it is understood and changes nothing.

use std::fmt;

use jiff::civil::DateTime;

use super::number::shorten;
use super::written::Written;
use crate::error::CellProblem;

/// What comes first in dates that are written in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// Year, month, day: `2026-11-25`.
    YearFirst,
    /// Day, month, year: `25/11/2026`.
    DayFirst,
    /// Month, day, year: `11/25/2026`.
    MonthFirst,
}

impl DateOrder {
    /// The order of a column's dates. The first cell that is a date in one order only decides; where all
    /// begin with a year or name the month, the order is [`DateOrder::YearFirst`]. Cells that are no
    /// dates say nothing. None: there are dates that may be read either way, and none that decides.
    ///
    /// ```
    /// use segmenta::dataset::date::DateOrder;
    ///
    /// assert_eq!(DateOrder::detect(["03/04/2026", "25/11/2026"]), Some(DateOrder::DayFirst));
    /// assert_eq!(DateOrder::detect(["2026-11-25 13:45"]), Some(DateOrder::YearFirst));
    /// assert_eq!(DateOrder::detect(["03/04/2026", "05/06/2026"]), None);
    /// ```
    pub fn detect<'a>(cells: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut is_open = false;
        for cell in cells {
            match read(cell) {
                Ok(Reading::DayFirst(_)) => return Some(Self::DayFirst),
                Ok(Reading::MonthFirst(_)) => return Some(Self::MonthFirst),
                Ok(Reading::Either { .. }) => is_open = true,
                Ok(Reading::Sure(_)) | Err(_) => {}
            }
        }
        (!is_open).then_some(Self::YearFirst)
    }

    fn name(self) -> &'static str {
        match self {
            Self::YearFirst => "year/month/day",
            Self::DayFirst => "day/month/year",
            Self::MonthFirst => "month/day/year",
        }
    }
}

impl fmt::Display for DateOrder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a cell says before the order of its column is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The same in every order.
    Sure(DateTime),
    /// A date only if the day comes first.
    DayFirst(DateTime),
    /// A date only if the month comes first.
    MonthFirst(DateTime),
    /// A date either way.
    Either {
        /// With the day first.
        day_first: DateTime,
        /// With the month first.
        month_first: DateTime,
    },
}

/// The date in a cell, and the time where there is one, else midnight.
///
/// A date that names its month, or whose year stands in front with four digits or as a number above 31,
/// is read so in any order; `20261125` is such a date too. Years of two digits are those from 1969 to 2068.
///
/// # Errors
///
/// A [`CellProblem`] when the cell is empty, is no date, or is no day in this order.
///
/// ```
/// use jiff::civil::date;
/// use segmenta::dataset::date::{DateOrder, parse};
///
/// let day = date(2026, 11, 25);
/// assert_eq!(parse("25/11/2026", DateOrder::DayFirst), Ok(day.at(0, 0, 0, 0)));
/// assert_eq!(parse("11/25/26 1:45 PM", DateOrder::MonthFirst), Ok(day.at(13, 45, 0, 0)));
/// assert_eq!(parse("2026-11-25T13:45:07Z", DateOrder::DayFirst), Ok(day.at(13, 45, 7, 0)));
/// assert_eq!(parse("5 Mei 2026", DateOrder::DayFirst), Ok(date(2026, 5, 5).at(0, 0, 0, 0)));
/// assert!(parse("31/02/2026", DateOrder::DayFirst).is_err());
/// ```
pub fn parse(cell: &str, order: DateOrder) -> Result<DateTime, CellProblem> {
    let written = take_apart(cell)?;
    written.read_as(order).ok_or_else(|| {
        let text = shorten(cell.trim());
        let orders = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst];
        if orders.into_iter().any(|other| written.read_as(other).is_some()) {
            CellProblem::OtherOrder { text, order: order.name() }
        } else {
            CellProblem::NoSuchDay(text)
        }
    })
}

/// What a cell says as long as the order is not known. A year of two digits is not looked for in
/// front then, unless it is above 31: dates such as `25/11/26` begin with the day nearly everywhere.
///
/// # Errors
///
/// A [`CellProblem`] when the cell is empty, is no date, or is no day in any order.
pub fn read(cell: &str) -> Result<Reading, CellProblem> {
    let written = take_apart(cell)?;
    let days = (written.read_as(DateOrder::DayFirst), written.read_as(DateOrder::MonthFirst));
    match days {
        (Some(day), Some(_)) if !written.depends_on_order() => Ok(Reading::Sure(day)),
        (Some(day_first), Some(month_first)) => Ok(Reading::Either { day_first, month_first }),
        (Some(day), None) => Ok(Reading::DayFirst(day)),
        (None, Some(day)) => Ok(Reading::MonthFirst(day)),
        (None, None) => Err(CellProblem::NoSuchDay(shorten(cell.trim()))),
    }
}

fn take_apart(cell: &str) -> Result<Written, CellProblem> {
    let text = cell.trim();
    if text.is_empty() {
        return Err(CellProblem::NoDate);
    }
    Written::of(text).ok_or_else(|| CellProblem::NotADate(shorten(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    use jiff::civil::date;

    #[test]
    fn dates_that_read_the_same_in_every_order() {
        let expected = date(2026, 11, 25).at(0, 0, 0, 0);
        let cells = "2026-11-25; 2026/11/25; 2026.11.25; 20261125; 25 Nov 2026; 25 November 2026; \
                     25-Nov-26; 25NOV2026; Nov 25, 2026; november 25 2026; Nov. 25, 26; 2026 Nov 25";
        for cell in cells.split(';') {
            for order in [YearFirst, DayFirst, MonthFirst] {
                assert_eq!(parse(cell, order), Ok(expected), "{cell:?} {order}");
            }
            assert_eq!(read(cell), Ok(Reading::Sure(expected)), "{cell:?}");
        }
    }

    #[test]
    fn months_have_names_in_two_languages() {
        let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Januari Februari Maret April \
                     Mei Juni Juli Agustus September Oktober November Desember Jan Feb Mar Apr Mei \
                     Jun Jul Agt Sept Okt Nov Des";
        for (name, month) in names.split_whitespace().zip((1..=12).cycle()) {
            let expected = Ok(date(2026, month, 5).at(0, 0, 0, 0));
            assert_eq!(parse(&format!("5 {name} 2026"), DayFirst), expected, "{name}");
        }
    }

    #[test]
    fn the_order_says_which_number_is_which() {
        for (cell, order, (year, month, day)) in [
            ("03/04/2026", DayFirst, (2026, 4, 3)),
            ("03/04/2026", MonthFirst, (2026, 3, 4)),
            ("3.4.26", DayFirst, (2026, 4, 3)),
            ("25. 11. 2026", DayFirst, (2026, 11, 25)),
            ("03-04-05", YearFirst, (2003, 4, 5)),
            ("97-04-05", DayFirst, (1997, 4, 5)),
            ("1/2/68", DayFirst, (2068, 2, 1)),
            ("1/2/69", DayFirst, (1969, 2, 1)),
            ("29/02/2024", DayFirst, (2024, 2, 29)),
        ] {
            assert_eq!(parse(cell, order), Ok(date(year, month, day).at(0, 0, 0, 0)), "{cell:?}");
        }
    }

    #[test]
    fn times_are_taken_as_they_stand() {
        for (time, (hour, minute, second, nanosecond)) in [
            ("T13:45:07", (13, 45, 7, 0)),
            ("T13:45:00Z", (13, 45, 0, 0)),
            ("T13:45:07.25+07:00", (13, 45, 7, 250_000_000)),
            (" 13:45:07 -0300", (13, 45, 7, 0)),
            (" 13:45 UTC", (13, 45, 0, 0)),
            (" 8:26", (8, 26, 0, 0)),
            (", 8:26 am", (8, 26, 0, 0)),
            (" 12:05:09PM", (12, 5, 9, 0)),
            (" 12:05 AM", (0, 5, 0, 0)),
        ] {
            let expected = date(2010, 12, 1).at(hour, minute, second, nanosecond);
            for day in ["2010-12-01", "12/1/2010", "Dec 1, 2010"] {
                let cell = format!("{day}{time}");
                assert_eq!(parse(&cell, MonthFirst), Ok(expected), "{cell:?}");
            }
        }
    }

    #[test]
    fn what_is_no_date() {
        let cells = "x; 25; 2026-11; 12.5; 1 234 567; 25/11-2026; 192.168.10.1; 2026-11-25x; \
                     2026-11-25 25:00; 2026-11-25 13:60; 2026-11-25 13:45 PM; 2026-11-25 13; \
                     5 Mai 2026; 2026-11-25 10:00 MEZ; 25 11 2026; 2026 25 Nov; 123456789; --; \
                     2026-11-2510:00; 2026-11-25 10:00+7; 2026-11-25 10:00:00.";
        for cell in cells.split(';') {
            assert_eq!(read(cell), Err(CellProblem::NotADate(cell.trim().to_owned())));
        }
        let cells =
            "31/02/2026; 2026-02-30; 30 Feb 2026; 0/1/2026; 2026-13-01; 1/1/026; 123-45-6789";
        for cell in cells.split(';') {
            let expected = CellProblem::NoSuchDay(cell.trim().to_owned());
            assert_eq!(read(cell), Err(expected.clone()));
            assert_eq!(parse(cell, DayFirst), Err(expected));
        }
        assert_eq!(read(" "), Err(CellProblem::NoDate));
        for (cell, order) in [("25/11/2026", MonthFirst), ("25/11/2026", YearFirst)] {
            let text = cell.to_owned();
            let expected = CellProblem::OtherOrder { text, order: order.name() };
            assert_eq!(parse(cell, order), Err(expected));
        }
    }

    #[test]
    fn one_cell_decides_for_all() {
        let open = ["3/4/2026", "not a date", "", "5/5/2026", "31/02/2026"];
        assert_eq!(DateOrder::detect(open), None);
        for (deciding, order) in
            [("13/4/2026", DayFirst), ("4/13/2026 8:26", MonthFirst), ("25/11/26", DayFirst)]
        {
            assert_eq!(DateOrder::detect(open.into_iter().chain([deciding])), Some(order));
        }
        for cell in ["2026-03-04", "4 Mar 2026", "97-03-04", "neither"] {
            assert_eq!(DateOrder::detect([cell]), Some(YearFirst), "{cell}");
            assert_eq!(DateOrder::detect(open.into_iter().chain([cell])), None, "{cell}");
        }
    }
}
