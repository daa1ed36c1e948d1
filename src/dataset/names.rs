//! What a column is called: its header, and a short name that is easy to type.

use std::collections::HashMap;

use crate::error::{Error, Result, list};

/// The short name of a header: lower case, a unit in brackets dropped, other characters to `_`.
///
/// ```
/// use segmenta::dataset::names::short_name;
///
/// assert_eq!(short_name("Annual Income (k$)"), "annual_income");
/// assert_eq!(short_name("Spending Score (1-100)"), "spending_score");
/// assert_eq!(short_name("Genre"), "gender"); // the older header of the Mall Customers
/// ```
pub fn short_name(header: &str) -> String {
    let mut name = String::new();
    let mut depth = 0_usize;
    for character in header.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if character.is_alphanumeric() => name.extend(character.to_lowercase()),
            _ if name.ends_with('_') || name.is_empty() => {}
            _ => name.push('_'),
        }
    }
    let name = name.trim_end_matches('_');
    match name {
        "genre" => "gender".to_owned(),
        "" => header.trim().to_lowercase(),
        _ => name.to_owned(),
    }
}

/// The unit that a header gives in brackets at its end.
///
/// ```
/// use segmenta::dataset::names::unit;
///
/// assert_eq!(unit("Annual Income (k$)"), Some("k$"));
/// assert_eq!(unit("Age"), None);
/// ```
pub fn unit(header: &str) -> Option<&str> {
    let inner = header.trim().strip_suffix([')', ']'])?;
    let start = inner.rfind(['(', '['])?;
    let unit = inner[start + 1..].trim();
    (!unit.is_empty()).then_some(unit)
}

/// The position of the one header that a name means, or of all that it may mean: the one that it
/// equals, else all whose short name it is or has.
pub fn find<'a>(headers: impl Iterator<Item = &'a str>, name: &str) -> Vec<usize> {
    Names::new(headers).find(name).to_vec()
}

/// As [`find`], where the name must mean one column of a file, which messages call `file`.
///
/// # Errors
///
/// [`Error::UnknownColumn`], or [`Error::AmbiguousColumn`] when several headers share the short name.
pub fn require(file: &str, headers: &[String], name: &str) -> Result<usize> {
    match find(headers.iter().map(String::as_str), name).as_slice() {
        [index] => Ok(*index),
        [] => Err(Error::UnknownColumn {
            file: file.to_owned(),
            column: name.to_owned(),
            known: list(headers.iter().map(String::as_str)),
        }),
        several => Err(Error::AmbiguousColumn {
            file: file.to_owned(),
            column: name.to_owned(),
            candidates: list(several.iter().map(|&index| headers[index].as_str())),
        }),
    }
}

/// Headers by what they are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    by_header: HashMap<String, usize>,
    by_short_name: HashMap<String, Vec<usize>>,
}

impl Names {
    /// Takes the headers in their order.
    pub fn new<'a>(headers: impl Iterator<Item = &'a str>) -> Self {
        let mut names = Self::default();
        for (index, header) in headers.enumerate() {
            names.by_header.insert(header.to_owned(), index);
            names.by_short_name.entry(short_name(header)).or_default().push(index);
        }
        names
    }

    /// As [`find`].
    pub fn find(&self, name: &str) -> &[usize] {
        let name = name.trim();
        match self.by_header.get(name) {
            Some(index) => std::slice::from_ref(index),
            None => self.by_short_name.get(&short_name(name)).map_or(&[], Vec::as_slice),
        }
    }

    /// A name that means this header and no other: the short name, or the header itself where another
    /// column goes by the same.
    pub fn unambiguous(&self, header: &str) -> String {
        let name = short_name(header);
        let is_own = self.by_header.get(&name).is_none_or(|_| name == header);
        let is_only = self.by_short_name.get(&name).is_none_or(|found| found.len() == 1);
        if is_own && is_only { name } else { header.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_of_headers_people_write() {
        for (header, expected) in [
            ("CustomerID", "customerid"),
            ("  First  Name ", "first_name"),
            ("e-mail", "e_mail"),
            ("Umsatz [EUR]", "umsatz"),
            ("Größe", "größe"),
            ("(k$)", "(k$)"),
            ("a (b) c", "a_c"),
            ("100% sure", "100_sure"),
        ] {
            assert_eq!(short_name(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_header_wins_over_a_short_name() {
        let headers = ["Income (k$)", "income", "Income (USD)"];
        assert_eq!(find(headers.into_iter(), "income"), [1]);
        assert_eq!(find(headers.into_iter(), "Income (USD)"), [2]);
        assert_eq!(find(["Income (k$)", "Income (USD)"].into_iter(), "income"), [0, 1]);
        assert!(find(headers.into_iter(), "age").is_empty());
        let names = Names::new(headers.into_iter());
        assert_eq!(headers.map(|header| names.unambiguous(header)), headers);
        assert_eq!(Names::new(["Age"].into_iter()).unambiguous("Age"), "age");
    }
}
