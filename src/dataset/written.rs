//! A date as it stands in a cell, taken apart.

use jiff::civil::{Date, DateTime, Time};

use super::date::DateOrder;

/// Two-digit years below this one are those from 2000 on, the others those before, as in POSIX.
const PIVOT: u32 = 69;

/// Names of months in English and Indonesian, beside their first three letters in either.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januari"],
    &["feb", "february", "februari"],
    &["mar", "march", "maret"],
    &["apr", "april"],
    &["may", "mei"],
    &["jun", "june", "juni"],
    &["jul", "july", "juli"],
    &["aug", "august", "agu", "ags", "agt", "agustus"],
    &["sep", "sept", "september"],
    &["oct", "october", "okt", "oktober"],
    &["nov", "november"],
    &["dec", "december", "des", "desember"],
];

/// Three parts of which one is the year, and the time behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    fields: [Field; 3],
    time: Time,
}

/// One of the three parts of a date.
#[derive(Debug, Clone, Copy)]
enum Field {
    Number(Number),
    /// A month that is named, from 1.
    Month(u32),
}

#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
}

impl Number {
    /// Whether it can be nothing but a year.
    fn is_year(self) -> bool {
        self.digits > 2 || self.value > 31
    }

    /// The year that it stands for, with four digits or two.
    fn year(self) -> Option<i16> {
        let year = match self.digits {
            4 => self.value,
            2 if self.value < PIVOT => 2000 + self.value,
            2 => 1900 + self.value,
            _ => return None,
        };
        i16::try_from(year).ok()
    }
}

impl Written {
    /// None if the text is no date.
    pub(super) fn of(text: &str) -> Option<Self> {
        Rest(text.as_bytes()).written()
    }

    /// Whether it is all numbers, and the first may be other than a year.
    pub(super) fn depends_on_order(&self) -> bool {
        matches!(self.fields, [Field::Number(first), Field::Number(_), _] if !first.is_year())
    }

    /// The date, if it is a day in this order.
    pub(super) fn read_as(&self, order: DateOrder) -> Option<DateTime> {
        let (year, month, day) = match self.fields {
            [Field::Month(month), Field::Number(day), Field::Number(year)] => (year, month, day),
            [Field::Number(one), Field::Month(month), Field::Number(other)] => {
                if one.is_year() {
                    (one, month, other)
                } else {
                    (other, month, one)
                }
            }
            [Field::Number(first), Field::Number(second), Field::Number(third)] => match order {
                _ if first.is_year() => (first, second.value, third),
                DateOrder::YearFirst => (first, second.value, third),
                DateOrder::DayFirst => (third, second.value, first),
                DateOrder::MonthFirst => (third, first.value, second),
            },
            _ => return None,
        };
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day.value).ok()?;
        Some(Date::new(year.year()?, month, day).ok()?.to_datetime(self.time))
    }
}

/// What is left of a cell.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    /// The date and the time that the whole of it is.
    fn written(mut self) -> Option<Written> {
        let fields = self.fields()?;
        Some(Written { fields, time: self.time()? })
    }

    fn fields(&mut self) -> Option<[Field; 3]> {
        let first = self.field()?;
        if let Field::Number(Number { value, digits: 8 }) = first {
            let parts = [(value / 10_000, 4), (value / 100 % 100, 2), (value % 100, 2)];
            return Some(parts.map(|(value, digits)| Field::Number(Number { value, digits })));
        }
        let before = self.separator();
        let second = self.field()?;
        let behind = self.separator();
        let third = self.field()?;
        let is_date = match [first, second, third] {
            // Numbers with nothing but spaces between them are something else.
            [Field::Number(_), Field::Number(_), Field::Number(_)] => {
                before == behind && matches!(before, Some(b'-' | b'/' | b'.'))
            }
            [Field::Month(_), Field::Number(_), Field::Number(_)]
            | [Field::Number(_), Field::Month(_), Field::Number(_)] => true,
            _ => false,
        };
        is_date.then_some([first, second, third])
    }

    fn field(&mut self) -> Option<Field> {
        if let Some(number) = self.number(8) {
            return Some(Field::Number(number));
        }
        let word = self.word();
        let is_word = |name: &&str| word.eq_ignore_ascii_case(name.as_bytes());
        let month = MONTHS.iter().position(|names| names.iter().any(is_word))?;
        Some(Field::Month(u32::try_from(month).ok()? + 1))
    }

    /// The time of day behind a date, midnight if nothing is there.
    fn time(mut self) -> Option<Time> {
        if self.0.is_empty() {
            return Some(Time::midnight());
        }
        if !self.eat(b"Tt") {
            let is_behind_comma = self.eat(b",");
            if !self.spaces() && !is_behind_comma {
                return None;
            }
        }
        let mut hour = self.number(2)?.value;
        let minute = self.eat(b":").then(|| self.number(2))??.value;
        let mut second = 0;
        let mut nanosecond = 0;
        if self.eat(b":") {
            second = self.number(2)?.value;
            if self.eat(b".,") {
                let fraction = self.number(9)?;
                nanosecond = (fraction.digits..9).fold(fraction.value, |value, _| value * 10);
            }
        }
        self.spaces();
        let mut word = self.word();
        let is_afternoon = word.eq_ignore_ascii_case(b"pm");
        if is_afternoon || word.eq_ignore_ascii_case(b"am") {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if is_afternoon { 12 } else { 0 };
            self.spaces();
            word = self.word();
        }
        let is_zone = [&b""[..], b"z", b"utc", b"gmt"];
        if !is_zone.iter().any(|zone| word.eq_ignore_ascii_case(zone)) || !self.ends_behind_offset()
        {
            return None;
        }
        let [hour, minute, second] = [hour, minute, second].map(i8::try_from);
        Time::new(hour.ok()?, minute.ok()?, second.ok()?, i32::try_from(nanosecond).ok()?).ok()
    }

    /// Whether nothing is left, or an offset from UTC: `+07`, `+0700` or `+07:00`.
    fn ends_behind_offset(mut self) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let hours = if self.eat(b"+-") { self.number(4) } else { None };
        hours.is_some_and(|hours| hours.digits % 2 == 0)
            && (!self.eat(b":") || self.number(2).is_some())
            && self.0.is_empty()
    }

    /// A whole number of up to so many digits; none if there are more.
    fn number(&mut self, most: usize) -> Option<Number> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > most {
            return None;
        }
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        let value = number.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        Some(Number { value, digits })
    }

    /// The letters in front; there may be none.
    fn word(&mut self) -> &'a [u8] {
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.0.split_at(letters);
        self.0 = rest;
        word
    }

    /// Takes the mark between two parts of a date, and spaces around it; spaces alone are one too.
    fn separator(&mut self) -> Option<u8> {
        let has_spaces = self.spaces();
        let mark = self.0.first().copied().filter(|byte| b"-/.,".contains(byte));
        if mark.is_some() {
            self.eat(b"-/.,");
            self.spaces();
        }
        mark.or(has_spaces.then_some(b' '))
    }

    /// Takes a byte if it is one of these.
    fn eat(&mut self, wanted: &[u8]) -> bool {
        match self.0.split_first() {
            Some((byte, rest)) if wanted.contains(byte) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes spaces; whether there were any.
    fn spaces(&mut self) -> bool {
        let before = self.0.len();
        self.0 = self.0.trim_ascii_start();
        self.0.len() < before
    }
}
