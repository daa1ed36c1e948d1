//! Personal data: what says who a customer is or how to reach them. Found by what columns are called in
//! English and Indonesian, and by the form of their cells.

use super::column::{Column, Values};

/// Cells that are looked at to find the form of a column.
const LOOKED_AT: usize = 1000;

/// Short names of columns that hold names, addresses and official numbers, and ends of such names behind
/// an underscore.
const NAMES: [&str; 44] = [
    "name",
    "first_name",
    "firstname",
    "last_name",
    "lastname",
    "middle_name",
    "full_name",
    "fullname",
    "surname",
    "family_name",
    "given_name",
    "customer_name",
    "client_name",
    "contact_name",
    "user_name",
    "username",
    "nickname",
    "nama",
    "nama_lengkap",
    "nama_depan",
    "nama_belakang",
    "nama_pelanggan",
    "nama_customer",
    "nama_konsumen",
    "nama_pembeli",
    "nama_nasabah",
    "nama_panggilan",
    "address",
    "street",
    "street_address",
    "home_address",
    "mailing_address",
    "postal_address",
    "ip_address",
    "alamat",
    "alamat_rumah",
    "alamat_lengkap",
    "jalan",
    "nik",
    "no_ktp",
    "npwp",
    "ssn",
    "passport",
    "iban",
];
/// Parts of short names that speak of e-mail.
const EMAILS: [&str; 4] = ["email", "e_mail", "surel", "mail_address"];
/// Whole short names, and their last parts, that speak of telephones.
const PHONES: [&str; 17] = [
    "phone",
    "phone_number",
    "phone_no",
    "telephone",
    "tel",
    "mobile",
    "mobile_number",
    "mobile_phone",
    "cell_phone",
    "fax",
    "telepon",
    "telp",
    "no_telp",
    "no_hp",
    "nomor_hp",
    "hp",
    "whatsapp",
];

/// Whether a column holds personal data.
pub(super) fn is_personal(column: &Column) -> bool {
    let name = column.name();
    let is_called = |known: &[&str]| {
        known.iter().any(|known| {
            name == *known || name.strip_suffix(known).is_some_and(|front| front.ends_with('_'))
        })
    };
    // A column of amounts by such a name is none of these: `mobile` may count visits.
    let is_text = matches!(column.values(), Values::Text(_));
    let is_official = is_called(&["nik", "no_ktp", "npwp", "ssn"]);
    (NAMES.contains(&name) && (is_text || is_official))
        || (is_text && EMAILS.iter().any(|part| name.contains(part)))
        || (is_called(&PHONES) && are_mostly(column, is_phone))
        || (is_text && are_mostly(column, |text| is_email(text) || is_international(text)))
}

/// Whether four in five of the cells that are not empty are of a form.
fn are_mostly(column: &Column, is_of_form: impl Fn(&str) -> bool) -> bool {
    let mut filled = 0;
    let mut found = 0;
    for row in 0..column.n_rows() {
        let is_found = match column.values() {
            Values::Numbers(numbers) if numbers[row].is_nan() => continue,
            Values::Numbers(numbers) => is_of_form(&numbers[row].to_string()),
            Values::Text(_) => match column.text(row) {
                None => continue,
                Some(text) => is_of_form(text),
            },
        };
        filled += 1;
        found += usize::from(is_found);
        if filled == LOOKED_AT {
            break;
        }
    }
    filled > 0 && 5 * found >= 4 * filled
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.split_once('.').is_some_and(|(name, end)| !name.is_empty() && end.len() >= 2)
            && !text.contains(char::is_whitespace)
    })
}

/// 7 to 15 digits (the most that ITU-T E.164 allows), and nothing between them but what people write
/// there.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | '.'))
}

/// A telephone number that begins with a country's code.
fn is_international(text: &str) -> bool {
    text.starts_with('+') && is_phone(text) && !text.contains('.')
}
