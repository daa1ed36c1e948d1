//! What a column is called: its header, and a short name that is easy to type.

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

/// The positions of the headers that a name means: the one that it equals, else all whose short
/// name it is.
pub fn find<'a>(headers: impl Iterator<Item = &'a str>, name: &str) -> Vec<usize> {
    let name = name.trim();
    let mut by_short_name = Vec::new();
    for (index, header) in headers.enumerate() {
        if header == name {
            return vec![index];
        }
        if short_name(header) == name || short_name(header) == short_name(name) {
            by_short_name.push(index);
        }
    }
    by_short_name
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
    }
}
