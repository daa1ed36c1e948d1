//! What became of the wish to erase a customer, and what remains, in words.

use crate::model::store::{Kept, Place, Rows};
use crate::personas::Language;

/// What a search for a customer has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There are rows to erase.
    Found,
    /// Nothing that could be read has such a customer.
    Nobody,
    /// Nothing has a column that tells customers apart.
    NoColumn,
}

impl Outcome {
    /// Why nothing can be erased, if so, and what to do.
    pub fn problem(self) -> Option<&'static str> {
        match self {
            Self::Found => None,
            Self::Nobody => Some("no data that are kept here have a customer of this id"),
            Self::NoColumn => Some(
                "no column of the data that are kept here tells customers apart, or several may; name one \
                 customer_id and train anew, or delete the data",
            ),
        }
    }

    /// What these places show together.
    pub fn of(places: &[Place]) -> Self {
        let any = |is: fn(&Rows) -> bool| places.iter().any(|place| is(&place.rows));
        if any(|rows| matches!(rows, Rows::Found(1..))) {
            Self::Found
        } else if any(|rows| matches!(rows, Rows::NoColumn))
            && !any(|rows| matches!(rows, Rows::Found(_)))
        {
            Self::NoColumn
        } else {
            Self::Nobody
        }
    }
}

/// The data sets that had rows of the customer, and how many.
pub fn erased_rows(places: &[Place]) -> impl Iterator<Item = (&Kept, usize)> {
    places.iter().filter_map(|place| match place.rows {
        Rows::Found(rows @ 1..) => Some((&place.kept, rows)),
        _ => None,
    })
}

/// What remains of a customer once these rows are erased, a sentence each. They name no customer.
pub fn remains(places: &[Place], language: Language) -> Vec<String> {
    let english = language == Language::English;
    let of_places = places.iter().filter_map(|Place { kept, rows }| {
        let text = match (kept, rows, english) {
            (_, Rows::Found(_), _) => return None,
            (Kept::Upload(id), Rows::NoColumn, true) => format!(
                "The upload {id} has no column that surely tells customers apart; if the customer may be in it, \
                 delete the upload."
            ),
            (Kept::Upload(id), Rows::NoColumn, false) => format!(
                "Unggahan {id} tidak memiliki kolom yang pasti membedakan pelanggan; jika pelanggan mungkin ada \
                 di dalamnya, hapus unggahan itu."
            ),
            (Kept::Upload(id), Rows::Unreadable, true) => format!(
                "The upload {id} cannot be read as a table; if the customer may be in it, delete the upload."
            ),
            (Kept::Upload(id), Rows::Unreadable, false) => format!(
                "Unggahan {id} tidak dapat dibaca sebagai tabel; jika pelanggan mungkin ada di dalamnya, hapus \
                 unggahan itu."
            ),
            (Kept::Model(version), Rows::NoColumn, true) => format!(
                "The data of model {version} have no column that surely tells customers apart; if the customer may \
                 be in them, delete the model."
            ),
            (Kept::Model(version), Rows::NoColumn, false) => format!(
                "Data model {version} tidak memiliki kolom yang pasti membedakan pelanggan; jika pelanggan mungkin \
                 ada di dalamnya, hapus model itu."
            ),
            (Kept::Model(version), Rows::Unreadable, true) => format!(
                "The data of model {version} are missing or damaged; if there are any, delete the model."
            ),
            (Kept::Model(version), Rows::Unreadable, false) => format!(
                "Data model {version} hilang atau rusak; jika masih ada, hapus model itu."
            ),
        };
        Some(text)
    });
    let always: [&str; 3] = if english {
        [
            "The models' centres, means and quantiles stay as they were learned; they hold no row of anybody.",
            "Recent predictions are kept as counts of bins only, without values or ids.",
            "Exported files, backups, logs of proxies, and the history in other people's browsers are out of reach.",
        ]
    } else {
        [
            "Titik tengah, rata-rata, dan kuantil model tetap seperti saat dilatih; tidak ada baris siapa pun di \
             dalamnya.",
            "Prediksi terakhir hanya disimpan sebagai hitungan kelompok nilai, tanpa nilai atau id.",
            "Berkas yang sudah diekspor, cadangan, log proksi, dan riwayat di peramban orang lain tidak terjangkau.",
        ]
    };
    of_places.chain(always.map(str::to_owned)).collect()
}
