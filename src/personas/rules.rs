//! The persona file: which position gets which name, in two languages.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::wanted::Wanted;
use crate::digest::sha256;
use crate::error::{Error, Result};

const EMBEDDED: &str = include_str!("personas.toml");
const EMBEDDED_RFM: &str = include_str!("rfm.toml");
const FORMAT: u32 = 1;

/// Where a segment's centre lies in one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Below the lower limit.
    Low,
    /// Between the limits, or on one.
    Medium,
    /// Above the upper limit.
    High,
}

/// What a segment is called in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// A short name, unlike any other segment's.
    pub name: String,
    /// Who these customers are, in a sentence.
    pub description: String,
    /// What to do for them, in a sentence.
    pub action: String,
}

/// The words of a feature in generated names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) en: String,
    pub(super) id: String,
}

/// A persona and the levels that a centre must have for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    #[serde(rename = "id")]
    pub(super) cluster_id: usize,
    pub(super) when: BTreeMap<String, Wanted>,
    texts: RuleTexts,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTexts {
    en: Texts,
    id: Texts,
}

impl Rule {
    pub(super) fn english(&self) -> &Texts {
        &self.texts.en
    }

    pub(super) fn indonesian(&self) -> &Texts {
        &self.texts.id
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    low: f64,
    high: f64,
}

/// A persona file that was read and checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonaRules {
    format: u32,
    levels: Levels,
    #[serde(default)]
    pub(super) features: BTreeMap<String, Words>,
    #[serde(default, rename = "personas")]
    pub(super) rules: Vec<Rule>,
    #[serde(skip)]
    sha256: String,
}

impl PersonaRules {
    /// The personas that come with the program: those of the Mall Customers.
    ///
    /// # Errors
    ///
    /// None in practice: a test reads the file.
    pub fn embedded() -> Result<Self> {
        Self::parse("personas.toml", EMBEDDED)
    }

    /// The personas for recency, frequency and monetary value, which come with the program too.
    ///
    /// # Errors
    ///
    /// None in practice: a test reads the file.
    pub fn embedded_rfm() -> Result<Self> {
        Self::parse("rfm.toml", EMBEDDED_RFM)
    }

    /// How many of these features its personas ask for.
    pub(super) fn n_known(&self, features: &[&str]) -> usize {
        let is_asked_for =
            |feature: &str| self.rules.iter().any(|rule| rule.when.contains_key(feature));
        features.iter().filter(|feature| is_asked_for(feature)).count()
    }

    /// Reads a persona file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], and as [`PersonaRules::parse`].
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&path.to_string_lossy(), &text)
    }

    /// Reads the text of a persona file; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Personas`] with the line when the text is no TOML or not of this form, and when limits,
    /// ids or names contradict each other.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let refuse = |problem: String| Error::Personas { file: name.to_owned(), problem };
        let mut rules: Self = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        rules.check().map_err(refuse)?;
        rules.sha256 = sha256(text.as_bytes());
        Ok(rules)
    }

    /// SHA-256 of the file's text.
    pub(super) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The level of a centre's coordinate, which is in standard deviations from the average.
    pub fn level(&self, coordinate: f64) -> Level {
        if coordinate < self.levels.low {
            Level::Low
        } else if coordinate > self.levels.high {
            Level::High
        } else {
            Level::Medium
        }
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.format != FORMAT {
            return Err(format!(
                "format = {}: this Segmenta reads persona files of format {FORMAT}",
                self.format
            ));
        }
        let Levels { low, high } = self.levels;
        if !(low.is_finite() && high.is_finite() && low <= high) {
            return Err(format!("levels: low = {low} must not be above high = {high}"));
        }
        let mut ids = HashSet::new();
        let mut english = HashSet::new();
        let mut indonesian = HashSet::new();
        for rule in &self.rules {
            let id = rule.cluster_id;
            if !ids.insert(id) || id >= self.rules.len() {
                return Err(format!(
                    "personas: id = {id}: the {} personas need the ids 0 to {}, each once",
                    self.rules.len(),
                    self.rules.len() - 1
                ));
            }
            if rule.when.is_empty() {
                return Err(format!(
                    "personas: id = {id}: `when` must name the level of a feature"
                ));
            }
            for (texts, seen) in
                [(rule.english(), &mut english), (rule.indonesian(), &mut indonesian)]
            {
                let name = texts.name.trim();
                if name.is_empty() {
                    return Err(format!("personas: id = {id}: a name is empty"));
                }
                let all = [&texts.name, &texts.description, &texts.action];
                if all.iter().any(|text| text.chars().any(char::is_control)) {
                    return Err(format!("personas: id = {id}: a text holds a control character"));
                }
                if !seen.insert(name) {
                    return Err(format!("personas: id = {id}: the name {name:?} is given twice"));
                }
            }
        }
        Ok(())
    }
}
