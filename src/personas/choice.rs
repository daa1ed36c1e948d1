//! Which persona file names a model's segments.

use super::PersonaRules;
use crate::error::Result;

/// Persona files to choose from by a model's features.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonaChoice {
    first: PersonaRules,
    others: Vec<PersonaRules>,
    /// Of the file, where somebody gave one.
    sha256: Option<String>,
}

impl PersonaChoice {
    /// The files that come with the program: the personas of the Mall Customers, and those for recency,
    /// frequency and monetary value.
    ///
    /// # Errors
    ///
    /// None in practice: tests read the files.
    pub fn embedded() -> Result<Self> {
        Ok(Self {
            first: PersonaRules::embedded()?,
            others: vec![PersonaRules::embedded_rfm()?],
            sha256: None,
        })
    }

    /// The file whose personas ask for most of these features, given by their short names; of equal
    /// ones the first.
    ///
    /// ```
    /// use segmenta::personas::{PersonaChoice, PersonaRules};
    ///
    /// let choice = PersonaChoice::embedded()?;
    /// let rules = choice.rules(&["recency", "frequency", "monetary"]);
    /// assert_eq!(rules, &PersonaRules::embedded_rfm()?);
    /// assert_eq!(choice.rules(&["age"]), &PersonaRules::embedded()?);
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn rules(&self, features: &[&str]) -> &PersonaRules {
        self.others.iter().fold(&self.first, |best, other| {
            if other.n_known(features) > best.n_known(features) { other } else { best }
        })
    }
}

impl PersonaChoice {
    /// SHA-256 of the file that was given instead of those that come with the program, if one was.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }
}

impl From<PersonaRules> for PersonaChoice {
    fn from(rules: PersonaRules) -> Self {
        Self { sha256: Some(rules.sha256().to_owned()), first: rules, others: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::personas::Language;

    const RFM: [&str; 3] = ["recency", "frequency", "monetary"];

    /// The names of a single segment with these coordinates, in each language.
    fn names(center: [f64; 3]) -> [String; 2] {
        let naming = PersonaRules::embedded_rfm().unwrap().name(&[center.to_vec()], &RFM);
        Language::ALL.map(|language| naming.personas[0].texts(language).name.clone())
    }

    #[test]
    fn customers_of_every_kind_have_a_persona() {
        let levels = [-1.0, 0.0, 1.0];
        let mut seen = HashSet::new();
        for recency in levels {
            for frequency in levels {
                for monetary in levels {
                    let [english, indonesian] = names([recency, frequency, monetary]);
                    assert!(!english.contains(','), "a name made of levels: {english}");
                    assert_ne!(english, indonesian);
                    seen.insert(english);
                }
            }
        }
        assert_eq!(seen.len(), 13, "a persona that no customer can have: {seen:?}");
    }

    #[test]
    fn the_well_known_ones_are_where_they_belong() {
        for (center, english, indonesian) in [
            ([-1.0, 1.0, 1.0], "Champions", "Juara"),
            ([0.0, 1.0, 1.0], "Loyal", "Setia"),
            ([-1.0, 0.0, 1.0], "Big spenders", "Pembelanja Besar"),
            ([-1.0, -1.0, -1.0], "New", "Baru"),
            ([-1.0, -1.0, 0.0], "Promising", "Menjanjikan"),
            ([1.0, 0.0, 0.0], "At risk", "Berisiko Pergi"),
            ([1.0, -1.0, -1.0], "Lost", "Hilang"),
            ([1.0, -1.0, 0.0], "Hibernating", "Tertidur"),
        ] {
            assert_eq!(names(center), [english, indonesian]);
        }
    }

    #[test]
    fn segments_that_share_a_persona_are_told_apart() {
        let centers = [vec![-1.0, 1.0, 1.0], vec![-1.1, 4.0, 9.0]];
        let naming = PersonaRules::embedded_rfm().unwrap().name(&centers, &RFM);
        let names: Vec<&str> = naming.personas.iter().map(|p| p.english.name.as_str()).collect();
        assert_eq!(names, ["Champions (lower spending)", "Champions (higher spending)"]);
    }

    #[test]
    fn a_list_of_levels_must_hold_some() {
        for (list, expected) in [("[]", "invalid length 0"), ("[\"low\", 3]", "wanted string")] {
            let text = include_str!("rfm.toml").replacen("[\"low\", \"medium\"]", list, 1);
            let error = PersonaRules::parse("own.toml", &text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
