//! Where a page begins. What a cursor holds is nobody's business but this file's.

use super::refuse;
use crate::server::error::ApiError;

/// The digits of a row.
const DIGITS: usize = 16;

/// The cursor of a row of the file that a model was learned from.
pub(super) fn write(row: u64, version: &str) -> String {
    format!("{version}{row:0DIGITS$x}")
}

/// The row that a cursor leads to.
///
/// # Errors
///
/// 422 when it is none, 409 when it is one of another model.
pub(super) fn read(cursor: &str, version: &str) -> Result<u64, ApiError> {
    let broken = || refuse("cursor", "this is no cursor; give `next` of the page before as it is");
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex(cursor) || cursor.len() <= DIGITS {
        return Err(broken());
    }
    let (own, row) = cursor.split_at(cursor.len() - DIGITS);
    if own.len() != version.len() {
        return Err(broken());
    }
    if own != version {
        let problem =
            "this cursor is of another model than the one in use now; begin again without it";
        return Err(ApiError::Conflict(problem.to_owned()));
    }
    u64::from_str_radix(row, 16).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_and_nothing_else() {
        let version = "0123456789ab";
        for row in [0, 17, u64::MAX] {
            assert_eq!(read(&write(row, version), version).ok(), Some(row));
        }
        let other = read(&write(17, "ba9876543210"), version).unwrap_err();
        assert!(other.to_string().contains("another model"), "{other}");
        let cut = &write(17, version)[1..];
        for broken in ["", "17", cut, "größe", "0123456789ab+000000000000011"] {
            let error = read(broken, version).unwrap_err();
            assert!(error.to_string().contains("no cursor"), "{broken}: {error}");
        }
    }
}
