//! Names of files that come from elsewhere.

/// The longest name that is kept, in bytes.
const LONGEST: usize = 120;

/// A name that a file of the server may have: the last part of a path, without what systems forbid in names.
///
/// None of it is needed to find the upload again; it is what messages call it, and its ending may say what is
/// in it.
pub(super) fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut safe: String =
        last.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    // The ending is kept.
    while safe.len() > LONGEST {
        safe.remove(0);
    }
    // Names of dots are folders, and systems hide others that begin with one.
    let safe = safe.trim().trim_start_matches('.').trim_end_matches('.').trim();
    if safe.is_empty() { "customers".to_owned() } else { safe.to_owned() }
}

/// Whether a sign is shown as what it is. Marks of direction would show an ending where it is not: `gpj.exe` as
/// `exe.jpg`.
fn is_plain(sign: char) -> bool {
    let turns = matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && !sign.is_control() && !"<>:\"|?*".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_within_its_folder() {
        for (name, expected) in [
            ("customers.csv", "customers.csv"),
            ("Kunden März.csv.gz", "Kunden März.csv.gz"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("/", "customers"),
            ("..", "customers"),
            (".hidden.csv", "hidden.csv"),
            ("a\0b\n.csv", "a_b_.csv"),
            ("C:evil?.csv", "C_evil_.csv"),
            ("a\u{202e}vsc.exe", "a_vsc.exe"),
            ("", "customers"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
        let long = safe(&format!("{}.csv", "ü".repeat(500)));
        assert!(long.len() <= LONGEST && long.ends_with("ü.csv"));
    }
}
