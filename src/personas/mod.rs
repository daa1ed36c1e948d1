//! What segments are called: by where a centre lies, never by the number it came out with.

mod choice;
mod generated;
mod rules;
mod wanted;

use std::collections::{BTreeMap, HashSet};

pub use choice::PersonaChoice;
pub use rules::{Level, PersonaRules, Texts};
use serde::{Deserialize, Serialize};

use crate::preparation::Dimension;

/// A language of names and descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Indonesian.
    Indonesian,
}

impl Language {
    /// Every language, in the order in which lists give them.
    pub const ALL: [Self; 2] = [Self::English, Self::Indonesian];

    /// The language's tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Indonesian => "id",
        }
    }
}

/// What a segment is called, in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// In English.
    pub english: Texts,
    /// In Indonesian.
    pub indonesian: Texts,
}

impl Persona {
    /// What it is called in one language.
    pub fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::English => &self.english,
            Language::Indonesian => &self.indonesian,
        }
    }

    fn texts_mut(&mut self, language: Language) -> &mut Texts {
        match language {
            Language::English => &mut self.english,
            Language::Indonesian => &mut self.indonesian,
        }
    }
}

/// Names for the clusters, and the order in which clusters become segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The cluster that becomes segment 0, 1, ...
    pub order: Vec<usize>,
    /// The personas of segment 0, 1, ...: in each language no name stands twice.
    pub personas: Vec<Persona>,
    /// The levels of segment 0, 1, ..., one a feature.
    pub levels: Vec<Vec<Level>>,
}

impl PersonaRules {
    /// Names clusters by their centres, which are in standard deviations from the average customer.
    /// `dimensions` are their coordinates: short names of features of numbers, or categories.
    ///
    /// ```
    /// use segmenta::personas::PersonaRules;
    ///
    /// let rules = PersonaRules::embedded()?;
    /// let naming = rules.name(&[vec![1.0, 1.2], vec![0.0, 0.9]], &["annual_income", "spending_score"]);
    /// let names: Vec<&str> = naming.personas.iter().map(|p| p.english.name.as_str()).collect();
    /// assert_eq!(names, ["Target", "Medium income, high spending"]);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn name<'a, D: Into<Dimension<'a>> + Copy>(
        &self,
        centers: &[Vec<f64>],
        dimensions: &[D],
    ) -> Naming {
        let dimensions: Vec<Dimension> = dimensions.iter().map(|&one| one.into()).collect();
        let dimensions = dimensions.as_slice();
        let levels: Vec<Vec<Level>> =
            centers.iter().map(|center| center.iter().map(|&x| self.level(x)).collect()).collect();
        let fitting: Vec<Option<usize>> =
            levels.iter().map(|levels| self.first_fitting(levels, dimensions)).collect();
        let order = self.order(&fitting);
        let personas: Vec<Persona> = order
            .iter()
            .map(|&cluster| match fitting[cluster] {
                Some(rule) => Persona {
                    english: self.rules[rule].english().clone(),
                    indonesian: self.rules[rule].indonesian().clone(),
                },
                None => self.generate(&centers[cluster], &levels[cluster], dimensions),
            })
            .collect();
        let centers: Vec<&[f64]> = order.iter().map(|&cluster| &centers[cluster][..]).collect();
        Naming {
            personas: self.tell_apart(personas, &centers, dimensions),
            levels: order.iter().map(|&cluster| levels[cluster].clone()).collect(),
            order,
        }
    }

    /// The first rule whose every level the centre has.
    fn first_fitting(&self, levels: &[Level], dimensions: &[Dimension]) -> Option<usize> {
        self.rules.iter().position(|rule| {
            rule.when.iter().all(|(name, wanted)| {
                dimensions
                    .iter()
                    .position(|dimension| dimension.value.is_none() && dimension.name == name)
                    .is_some_and(|index| wanted.holds(levels[index]))
            })
        })
    }

    /// The rules' own ids where clusters and rules fit one to one, else the order they come in.
    fn order(&self, fitting: &[Option<usize>]) -> Vec<usize> {
        let mut by_id = BTreeMap::new();
        for (cluster, rule) in fitting.iter().enumerate() {
            if let Some(rule) = rule {
                by_id.insert(self.rules[*rule].cluster_id, cluster);
            }
        }
        if by_id.len() == fitting.len() && by_id.len() == self.rules.len() {
            by_id.into_values().collect()
        } else {
            (0..fitting.len()).collect()
        }
    }

    /// Adds to names that several segments share what sets those segments apart.
    fn tell_apart(
        &self,
        mut personas: Vec<Persona>,
        centers: &[&[f64]],
        dimensions: &[Dimension],
    ) -> Vec<Persona> {
        for language in Language::ALL {
            let mut sharing: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (segment, persona) in personas.iter().enumerate() {
                sharing.entry(persona.texts(language).name.clone()).or_default().push(segment);
            }
            for (name, segments) in sharing {
                if segments.len() == 1 {
                    continue;
                }
                let group: Vec<&[f64]> = segments.iter().map(|&segment| centers[segment]).collect();
                let qualifiers = self.qualifiers(&group, dimensions, language);
                for (&segment, qualifier) in segments.iter().zip(qualifiers) {
                    personas[segment].texts_mut(language).name = format!("{name} ({qualifier})");
                }
            }
            number_the_rest(&mut personas, language);
        }
        personas
    }
}

/// A persona file may hold a name that a generated one comes out as too; a number tells them apart.
fn number_the_rest(personas: &mut [Persona], language: Language) {
    let mut taken: HashSet<String> = HashSet::new();
    for persona in personas {
        let texts = persona.texts_mut(language);
        let base = texts.name.clone();
        let mut number = 2;
        while !taken.insert(texts.name.clone()) {
            texts.name = format!("{base} {number}");
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: [&str; 2] = ["annual_income", "spending_score"];

    fn names(centers: &[[f64; 2]], language: Language) -> Vec<String> {
        let centers: Vec<Vec<f64>> = centers.iter().map(|center| center.to_vec()).collect();
        let naming = PersonaRules::embedded().unwrap().name(&centers, &FEATURES);
        naming.personas.iter().map(|persona| persona.texts(language).name.clone()).collect()
    }

    #[test]
    fn the_five_personas_have_their_ids_in_whatever_order_clusters_come() {
        let mut centers = [[1.0, 1.2], [-1.3, -1.1], [0.2, 0.0], [1.1, -1.3], [-1.3, 1.1]];
        for _ in 0..centers.len() {
            centers.rotate_left(1);
            assert_eq!(
                names(&centers, Language::English),
                ["Sensible", "Careless", "Standard", "Saver", "Target"]
            );
            assert_eq!(
                names(&centers, Language::Indonesian),
                ["Hemat", "Boros", "Normal", "Sultan Irit", "Sultan"]
            );
        }
    }

    #[test]
    fn fewer_or_other_clusters_keep_the_order_they_come_in() {
        assert_eq!(
            names(&[[-1.3, 1.1], [-1.3, -1.1], [1.0, 0.0]], Language::English),
            ["Careless", "Sensible", "High income, medium spending"]
        );
        assert_eq!(
            names(&[[-1.3, 0.0], [0.0, -0.9]], Language::Indonesian),
            ["Pendapatan rendah, belanja sedang", "Pendapatan sedang, belanja rendah"]
        );
    }

    #[test]
    fn segments_that_share_a_persona_are_told_apart() {
        assert_eq!(
            names(&[[0.1, -0.4], [0.2, 0.4], [1.0, 1.0]], Language::English),
            ["Standard (lower spending)", "Standard (higher spending)", "Target"]
        );
        assert_eq!(
            names(&[[0.3, 0.0], [-0.4, 0.0], [0.0, 0.1]], Language::Indonesian),
            [
                "Normal (pendapatan 3 dari 3)",
                "Normal (pendapatan 1 dari 3)",
                "Normal (pendapatan 2 dari 3)"
            ]
        );
    }

    #[test]
    fn a_level_on_the_limit_is_medium() {
        let rules = PersonaRules::embedded().unwrap();
        assert_eq!(
            [-0.51, -0.5, 0.5, 0.51].map(|x| rules.level(x)),
            [Level::Low, Level::Medium, Level::Medium, Level::High]
        );
    }

    #[test]
    fn many_features_are_named_by_the_most_telling() {
        let features = ["age", "annual_income", "visits_per_month", "children"];
        let naming = PersonaRules::embedded()
            .unwrap()
            .name(&[vec![0.6, 0.1, 2.0, -1.5], vec![0.0; 4]], &features);
        assert_eq!(
            naming.personas[0].english.name,
            "High visits per month, low children, high age"
        );
        assert_eq!(naming.personas[1].english.name, "Average");
        assert_eq!(naming.personas[1].indonesian.name, "Rata-rata");
    }

    #[test]
    fn a_generated_name_never_equals_a_given_one() {
        let file = r#"
            format = 1
            levels = { low = -0.5, high = 0.5 }
            [[personas]]
            id = 0
            when = { x = "high" }
            texts.en = { name = "Low x", description = "", action = "" }
            texts.id = { name = "X rendah", description = "", action = "" }
        "#;
        let rules = PersonaRules::parse("own.toml", file).unwrap();
        let naming = rules.name(&[vec![-1.0], vec![1.0]], &["x"]);
        let distinct: HashSet<_> = naming.personas.iter().map(|p| &p.english.name).collect();
        assert_eq!(distinct.len(), 2);
    }

    #[test]
    fn a_wrong_persona_file_says_where() {
        for (from, to, expected) in [
            (
                "format = 1",
                "format = 9",
                "format = 9: this Segmenta reads persona files of format 1",
            ),
            ("id = 4", "id = 3", "id = 3: the 5 personas need the ids 0 to 4, each once"),
            ("low = -0.5", "low = 2.0", "levels: low = 2 must not be above high = 0.5"),
            ("name = \"Saver\"", "name = \"Target\"", "the name \"Target\" is given twice"),
            ("= \"medium\"", "= \"middling\"", "unknown variant `middling`"),
            ("description = ", "describes = ", "unknown field `describes`"),
            ("format = 1", "format = ", "TOML parse error at line"),
        ] {
            let text = include_str!("personas.toml").replacen(from, to, 1);
            let error = PersonaRules::parse("own.toml", &text).unwrap_err().to_string();
            assert!(error.starts_with("own.toml: ") && error.contains(expected), "{error}");
        }
    }
}
