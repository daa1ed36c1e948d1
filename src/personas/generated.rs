//! Names made of levels, for segments that no persona in the file fits.

use super::rules::{Level, PersonaRules, Texts};
use super::{Language, Persona};

/// Up to this many features a name lists them all; beyond, only as many of the most telling.
const NAMED_FEATURES: usize = 3;

impl PersonaRules {
    pub(super) fn generate(&self, center: &[f64], levels: &[Level], features: &[&str]) -> Persona {
        let mut telling: Vec<usize> = (0..features.len()).collect();
        if features.len() > NAMED_FEATURES {
            telling.retain(|&index| levels[index] != Level::Medium);
            telling.sort_by(|&a, &b| center[b].abs().total_cmp(&center[a].abs()));
            telling.truncate(NAMED_FEATURES);
        }
        let texts = |language| {
            let parts: Vec<String> = telling
                .iter()
                .map(|&index| {
                    phrase(levels[index], &self.word(features[index], language), language)
                })
                .collect();
            generated_texts(&parts, language)
        };
        Persona { english: texts(Language::English), indonesian: texts(Language::Indonesian) }
    }

    /// What tells the centres of a group apart: their rank in the feature in which they differ most.
    pub(super) fn qualifiers(
        &self,
        group: &[&[f64]],
        features: &[&str],
        language: Language,
    ) -> Vec<String> {
        let spread = |index: usize| {
            let coordinates = group.iter().map(|center| center[index]);
            let highest = coordinates.clone().fold(f64::NEG_INFINITY, f64::max);
            highest - coordinates.fold(f64::INFINITY, f64::min)
        };
        let widest = (0..features.len())
            .max_by(|&a, &b| spread(a).total_cmp(&spread(b)).then(b.cmp(&a)))
            .unwrap_or(0);
        let word = self.word(features[widest], language);
        let total = group.len();
        (0..total)
            .map(|one| {
                let below =
                    |other: usize| (group[other][widest], other) < (group[one][widest], one);
                let rank = 1 + (0..total).filter(|&other| below(other)).count();
                match (language, total, rank) {
                    (Language::English, 2, 1) => format!("lower {word}"),
                    (Language::English, 2, _) => format!("higher {word}"),
                    (Language::English, ..) => format!("{word} {rank} of {total}"),
                    (Language::Indonesian, 2, 1) => format!("{word} lebih rendah"),
                    (Language::Indonesian, 2, _) => format!("{word} lebih tinggi"),
                    (Language::Indonesian, ..) => format!("{word} {rank} dari {total}"),
                }
            })
            .collect()
    }

    /// The word of a feature: from the persona file, else its short name with spaces.
    fn word(&self, feature: &str, language: Language) -> String {
        match (self.features.get(feature), language) {
            (Some(words), Language::English) => words.en.clone(),
            (Some(words), Language::Indonesian) => words.id.clone(),
            (None, _) => feature.replace('_', " "),
        }
    }
}

fn phrase(level: Level, word: &str, language: Language) -> String {
    match (language, level) {
        (Language::English, Level::Low) => format!("low {word}"),
        (Language::English, Level::Medium) => format!("medium {word}"),
        (Language::English, Level::High) => format!("high {word}"),
        (Language::Indonesian, Level::Low) => format!("{word} rendah"),
        (Language::Indonesian, Level::Medium) => format!("{word} sedang"),
        (Language::Indonesian, Level::High) => format!("{word} tinggi"),
    }
}

fn generated_texts(parts: &[String], language: Language) -> Texts {
    let list = parts.join(", ");
    let (name, description, action) = match (language, parts.is_empty()) {
        (Language::English, true) => (
            "Average".to_owned(),
            "Customers near the average in every feature.".to_owned(),
            "Look at the profile, then give this segment a name and an action in a persona file.",
        ),
        (Language::English, false) => (
            capitalised(&list),
            format!("Customers with {list}."),
            "Look at the profile, then give this segment a name and an action in a persona file.",
        ),
        (Language::Indonesian, true) => (
            "Rata-rata".to_owned(),
            "Pelanggan yang mendekati rata-rata dalam semua hal.".to_owned(),
            "Lihat profilnya, lalu beri segmen ini nama dan tindakan dalam berkas persona.",
        ),
        (Language::Indonesian, false) => (
            capitalised(&list),
            format!("Pelanggan dengan {list}."),
            "Lihat profilnya, lalu beri segmen ini nama dan tindakan dalam berkas persona.",
        ),
    };
    Texts { name, description, action: action.to_owned() }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
