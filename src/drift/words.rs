//! What a report says, as a sentence.

use super::reference::Subject;
use super::report::{LEAST, Report, Verdict};
use crate::model::Model;
use crate::personas::Language;

impl Report {
    /// What the report says and what to do about it, in a language. The model is the one that predicted.
    pub fn sentence(&self, model: &Model, language: Language) -> String {
        let moved = self.moved(model, language);
        let n = self.n;
        match (self.verdict, language) {
            (Verdict::TooFew, Language::English) => format!(
                "{n} predictions so far; from {LEAST} on it can be told whether the model is still current."
            ),
            (Verdict::TooFew, Language::Indonesian) => format!(
                "Baru ada {n} prediksi; mulai {LEAST} prediksi dapat dinilai apakah model masih sesuai."
            ),
            (Verdict::Steady, Language::English) => format!(
                "The model is current: the last {n} customers are like those it was learned from."
            ),
            (Verdict::Steady, Language::Indonesian) => format!(
                "Model masih sesuai: {n} pelanggan terakhir serupa dengan pelanggan saat model dilatih."
            ),
            (Verdict::Shifting, Language::English) => format!(
                "Customers are changing: the last {n} differ from those of training in {moved}. Have an eye on it, \
                 and retrain if it goes on."
            ),
            (Verdict::Shifting, Language::Indonesian) => format!(
                "Pelanggan mulai berubah: {n} pelanggan terakhir berbeda dari data latih pada {moved}. Pantau \
                 terus, dan latih ulang bila berlanjut."
            ),
            (Verdict::Drifted, Language::English) => format!(
                "It is time to retrain: the last {n} customers differ clearly from those of training in {moved}."
            ),
            (Verdict::Drifted, Language::Indonesian) => format!(
                "Saatnya melatih ulang: {n} pelanggan terakhir jelas berbeda dari data latih pada {moved}."
            ),
        }
    }

    /// The figures that say what the report says, those that moved farthest first.
    fn moved(&self, model: &Model, language: Language) -> String {
        let said = |compared: &&super::Compared| compared.verdict == self.verdict;
        let mut moved: Vec<_> = self.compared.iter().filter(said).collect();
        let index = |compared: &super::Compared| compared.psi.unwrap_or(0.0);
        moved.sort_by(|one, other| index(other).total_cmp(&index(one)));
        crate::error::list(moved.iter().map(|compared| match (compared.subject, language) {
            (Subject::Feature(place), _) => {
                model.features.get(place).map_or("", |feature| feature.column.as_str())
            }
            (Subject::Segments, Language::English) => "the sizes of segments",
            (Subject::Segments, Language::Indonesian) => "ukuran segmen",
            (Subject::Distance, Language::English) => "the distance to their segment's centre",
            (Subject::Distance, Language::Indonesian) => "jarak ke titik tengah segmennya",
        }))
    }
}
