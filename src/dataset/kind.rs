//! What a column can be used for, judged by its name and by what it holds.

use std::collections::HashSet;

use super::column::{self, Column, Values};
use super::form::NumberForm;
use super::texts::Texts;
use super::{date, personal};

/// A column of up to this many different texts is a category; one with more is something else.
const MOST_CATEGORIES: usize = 20;
/// So many customers share a category, on average.
const LEAST_SHARING: usize = 5;
/// A column of fewer codes, all different, may be so by chance.
const FEW_CODES: usize = 20;

/// Cells that are looked at to find dates.
const LOOKED_AT: usize = 1000;

/// The two words of columns that say yes or no, in small letters.
const YES_AND_NO: [[&str; 2]; 9] = [
    ["yes", "no"],
    ["true", "false"],
    ["y", "n"],
    ["t", "f"],
    ["0", "1"],
    ["ya", "tidak"],
    ["benar", "salah"],
    ["ja", "nein"],
    ["on", "off"],
];

/// What a column can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers that can be averaged: most of the cells that are not empty are such.
    Numeric,
    /// A few different texts, such as a gender or a city.
    Categorical,
    /// Yes or no, in one of the usual pairs of words or as 1 and 0.
    YesNo,
    /// Days, with or without a time.
    Date,
    /// Tells customers apart: a number or a code of their own.
    Identifier,
    /// Says who a customer is or how to reach them: a name, an e-mail, a telephone number, an address.
    Personal,
    /// Any other text.
    Text,
}

impl ColumnKind {
    /// The kind in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Categorical => "categorical",
            Self::YesNo => "yes/no",
            Self::Date => "date",
            Self::Identifier => "identifier",
            Self::Personal => "personal",
            Self::Text => "text",
        }
    }
}

/// Judges a column.
pub(super) fn of(column: &Column) -> ColumnKind {
    if is_named_identifier(column.name(), column.header()) || counts_rows(column) {
        return ColumnKind::Identifier;
    }
    // At least two, or a column of ones and nothing else would say yes and no.
    if says_yes_and_no(column) {
        return ColumnKind::YesNo;
    }
    if personal::is_personal(column) {
        return ColumnKind::Personal;
    }
    if are_dates(column) {
        return ColumnKind::Date;
    }
    match column.values() {
        Values::Numbers(_) => ColumnKind::Numeric,
        Values::Text(cells) if is_mostly_numbers(cells, column.form()) => ColumnKind::Numeric,
        Values::Text(cells) => of_text(cells),
    }
}

fn of_text(cells: &Texts) -> ColumnKind {
    let mut distinct = HashSet::new();
    let mut filled = 0;
    let mut are_codes = true;
    for (cell, count) in cells.counted() {
        let Some(text) = column::content(cell) else { continue };
        filled += count;
        distinct.insert(text);
        are_codes &= distinct.len() == filled && is_code(text);
        if distinct.len() > MOST_CATEGORIES && !are_codes {
            return ColumnKind::Text;
        }
    }
    // What few customers share says nothing of a group, and may say who they are.
    let customers_each = filled / distinct.len().max(1);
    if distinct.len() <= MOST_CATEGORIES && customers_each >= LEAST_SHARING {
        ColumnKind::Categorical
    } else if are_codes && filled >= FEW_CODES {
        ColumnKind::Identifier
    } else {
        ColumnKind::Text
    }
}

/// Whether four in five of the cells that are not empty are dates.
fn are_dates(column: &Column) -> bool {
    let (mut filled, mut dates) = (0_usize, 0_usize);
    for text in filled_texts(column) {
        filled += 1;
        dates += usize::from(date::read(text).is_ok());
        if filled == LOOKED_AT {
            break;
        }
    }
    filled > 0 && 5 * dates >= 4 * filled
}

fn filled_texts(column: &Column) -> impl Iterator<Item = &str> {
    (0..column.n_rows()).filter_map(|row| column.text(row))
}

/// Letters and digits without a space, as in `C-1001`.
fn is_code(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace)
}

/// A few cells that are no numbers are mistakes in a column of numbers, to be told and mended.
fn is_mostly_numbers(cells: &Texts, form: &NumberForm) -> bool {
    let (mut filled, mut numbers) = (0_usize, 0_usize);
    for (cell, count) in cells.counted() {
        let Some(text) = column::content(cell) else { continue };
        filled += count;
        numbers += if form.is_faithful(text) && form.parse(text).is_ok() { count } else { 0 };
    }
    2 * numbers > filled
}

fn is_named_identifier(name: &str, header: &str) -> bool {
    // MemberID and OrderId, but not paid.
    let ends_in_id = header.trim().strip_suffix("ID").or(header.trim().strip_suffix("Id"));
    if ends_in_id.is_some_and(|start| start.ends_with(|c: char| c.is_lowercase())) {
        return true;
    }
    matches!(name, "id" | "customerid" | "userid" | "index" | "uuid" | "guid" | "")
        || matches!(name, "customer_no" | "customer_number" | "customer_code" | "account_number")
        || matches!(name, "kode_pelanggan" | "no_pelanggan" | "nomor_pelanggan" | "no_anggota")
        || matches!(name, "zip" | "zipcode" | "zip_code" | "postcode" | "postal_code" | "kode_pos")
        || ["_id", "_no", "_number", "_code"].iter().any(|end| name.ends_with(end))
        || name.starts_with("id_")
}

/// Whether the column is 0, 1, 2, ... or 1, 2, 3, ...: a number given by position.
fn counts_rows(column: &Column) -> bool {
    let Some(numbers) = column.numbers() else { return false };
    numbers.len() > 2
        && (numbers[0] == 0.0 || numbers[0] == 1.0)
        && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
}

fn says_yes_and_no(column: &Column) -> bool {
    let cells = match column.values() {
        Values::Numbers(numbers) => {
            let filled = || numbers.iter().filter(|number| !number.is_nan());
            return filled().all(|&number| number == 0.0 || number == 1.0)
                && filled().any(|&number| number == 0.0)
                && filled().any(|&number| number == 1.0);
        }
        Values::Text(cells) => cells,
    };
    let mut words: Vec<String> = Vec::new();
    for text in cells.distinct().iter().filter_map(column::content) {
        if !words.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            if words.len() == 2 {
                return false;
            }
            words.push(text.to_ascii_lowercase());
        }
    }
    YES_AND_NO.iter().any(|pair| {
        words.len() == 2 && pair.iter().all(|&known| words.iter().any(|word| word == known))
    })
}
