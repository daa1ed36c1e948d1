//! Names made of levels, for segments that no persona in the file fits.

use super::rules::{Level, PersonaRules, Texts};
use super::{Language, Persona};
use crate::preparation::Dimension;

/// Up to this many features a name lists them all; beyond, only as many of the most telling.
const NAMED_FEATURES: usize = 3;

impl PersonaRules {
    pub(super) fn generate(
        &self,
        center: &[f64],
        levels: &[Level],
        dimensions: &[Dimension],
    ) -> Persona {
        let mut telling: Vec<usize> = (0..dimensions.len()).collect();
        // That a category is as frequent as everywhere tells nothing.
        telling.retain(|&at| dimensions[at].value.is_none() || levels[at] != Level::Medium);
        if dimensions.len() > NAMED_FEATURES {
            telling.retain(|&index| levels[index] != Level::Medium);
            telling.sort_by(|&a, &b| center[b].abs().total_cmp(&center[a].abs()));
            telling.truncate(NAMED_FEATURES);
        }
        let texts = |language| {
            let parts: Vec<String> = telling
                .iter()
                .map(|&index| self.phrase(levels[index], dimensions[index], language))
                .collect();
            generated_texts(&parts, language)
        };
        Persona { english: texts(Language::English), indonesian: texts(Language::Indonesian) }
    }

    /// What tells the centres of a group apart: their rank in the feature in which they differ most.
    pub(super) fn qualifiers(
        &self,
        group: &[&[f64]],
        dimensions: &[Dimension],
        language: Language,
    ) -> Vec<String> {
        let spread = |index: usize| {
            let coordinates = group.iter().map(|center| center[index]);
            let highest = coordinates.clone().fold(f64::NEG_INFINITY, f64::max);
            highest - coordinates.fold(f64::INFINITY, f64::min)
        };
        let widest = (0..dimensions.len())
            .max_by(|&a, &b| spread(a).total_cmp(&spread(b)).then(b.cmp(&a)))
            .unwrap_or(0);
        let word = self.word(dimensions[widest], language);
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

    /// The word of a feature: from the persona file, else its short name with spaces, and with a category
    /// of it.
    fn word(&self, dimension: Dimension, language: Language) -> String {
        let word = match (self.features.get(dimension.name), language) {
            (Some(words), Language::English) => words.en.clone(),
            (Some(words), Language::Indonesian) => words.id.clone(),
            (None, _) => dimension.name.replace('_', " "),
        };
        match dimension.value {
            None => word,
            Some(value) => format!("{word} {value}"),
        }
    }

    fn phrase(&self, level: Level, dimension: Dimension, language: Language) -> String {
        let word = self.word(dimension, language);
        let is_category = dimension.value.is_some();
        match (language, level, is_category) {
            (Language::English, Level::Low, false) => format!("low {word}"),
            (Language::English, Level::Medium, _) => format!("medium {word}"),
            (Language::English, Level::High, false) => format!("high {word}"),
            (Language::English, Level::Low, true) => format!("seldom {word}"),
            (Language::English, Level::High, true) => format!("often {word}"),
            (Language::Indonesian, Level::Low, false) => format!("{word} rendah"),
            (Language::Indonesian, Level::Medium, _) => format!("{word} sedang"),
            (Language::Indonesian, Level::High, false) => format!("{word} tinggi"),
            (Language::Indonesian, Level::Low, true) => format!("jarang {word}"),
            (Language::Indonesian, Level::High, true) => format!("sering {word}"),
        }
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
