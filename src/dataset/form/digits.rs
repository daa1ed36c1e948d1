//! The digits of a cell, and what stands around and between them.

use std::borrow::Cow;

use crate::dataset::number::{self, DecimalMark};

/// Signs and codes of currencies. A sign that begins like another one stands behind it.
pub(super) const CURRENCIES: [&str; 50] = [
    "US$", "A$", "C$", "R$", "$", "€", "£", "¥", "₹", "₩", "₫", "₱", "฿", "₺", "₽", "₦", "Rp.",
    "Rp", "RM", "Kč", "kr", "zł", "Fr.", "USD", "EUR", "GBP", "IDR", "JPY", "CNY", "INR", "MYR",
    "SGD", "AUD", "CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "BRL", "THB", "VND", "PHP", "KRW",
    "TRY", "ZAR", "MXN", "NZD", "HKD", "CZK",
];
/// The marks that may stand between thousands.
pub(super) fn groups(decimal: DecimalMark) -> [Option<char>; 4] {
    let other = if decimal == DecimalMark::Point { ',' } else { '.' };
    [None, Some(other), Some(' '), Some('\'')]
}

pub(super) const DECIMALS: [DecimalMark; 2] = [DecimalMark::Point, DecimalMark::Comma];

pub(super) fn char_of(decimal: DecimalMark) -> char {
    match decimal {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    }
}

/// A number without what stands around its digits.
pub(super) struct Core<'a> {
    pub(super) is_negative: bool,
    pub(super) currency: Option<&'static str>,
    pub(super) is_percent: bool,
    /// Digits and the marks between them, all kinds of space as ' ' and of apostrophe as '\''.
    pub(super) digits: Cow<'a, str>,
}

impl<'a> Core<'a> {
    pub(super) fn of(cell: &'a str) -> Option<Self> {
        let (mut text, mut is_negative) = (cell, false);
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            (text, is_negative) = (inner.trim(), true);
        }
        let mut currency = None;
        let mut is_percent = false;
        loop {
            let before = text.len();
            if let Some(rest) = text.strip_prefix(['-', '\u{2212}']).filter(|_| !is_negative) {
                (text, is_negative) = (rest.trim_start(), true);
            }
            if currency.is_none()
                && let Some((found, rest)) = take_currency(text)
            {
                (currency, text) = (Some(found), rest);
            }
            if let Some(rest) = text.strip_suffix('%').filter(|_| !is_percent) {
                (text, is_percent) = (rest.trim_end(), true);
            }
            if text.len() == before {
                break;
            }
        }
        text = text.strip_prefix('+').unwrap_or(text);
        let is_mark = |c: char| matches!(c, '.' | ',') || is_space(c) || is_apostrophe(c);
        let starts_well = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        if !starts_well || !text.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
            return None;
        }
        let digits = if text.is_ascii() {
            Cow::Borrowed(text)
        } else {
            let same = |c| match c {
                c if is_space(c) => ' ',
                c if is_apostrophe(c) => '\'',
                c => c,
            };
            text.chars().map(same).collect::<String>().into()
        };
        Some(Self { is_negative, currency, is_percent, digits })
    }

    /// The digits as a number, if these marks explain all that stands between them.
    pub(super) fn number(&self, decimal: DecimalMark, group: Option<char>) -> Option<f64> {
        let (whole, fraction) = self.parts(decimal)?;
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let mut digits = match group {
            Some(group) if whole.contains(group) => {
                if !number::is_grouped(whole, group) {
                    return None;
                }
                whole.replace(group, "")
            }
            _ => whole.to_owned(),
        };
        if !is_digits(&digits) {
            return None;
        }
        if let Some(fraction) = fraction {
            if fraction.is_empty() || !is_digits(fraction) {
                return None;
            }
            digits.push('.');
            digits.push_str(fraction);
        }
        digits.parse().ok()
    }

    pub(super) fn parts(&self, decimal: DecimalMark) -> Option<(&str, Option<&str>)> {
        let mut parts = self.digits.split(char_of(decimal));
        let (whole, fraction) = (parts.next()?, parts.next());
        parts.next().is_none().then_some((whole, fraction))
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// The currency at one end of a text, and the rest. Codes of letters are not cut out of words.
fn take_currency(text: &str) -> Option<(&'static str, &str)> {
    let edge = |c: Option<char>| c.is_some_and(|c| !c.is_ascii_digit() && !is_space(c));
    if !edge(text.chars().next()) && !edge(text.chars().next_back()) {
        return None;
    }
    CURRENCIES.iter().find_map(|currency| {
        let rest = text
            .strip_prefix(currency)
            .or_else(|| text.strip_suffix(currency))
            .filter(|rest| !rest.is_empty())?
            .trim_matches(is_space);
        Some((if *currency == "Rp." { "Rp" } else { currency }, rest))
    })
}
