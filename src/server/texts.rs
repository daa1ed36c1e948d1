//! What is told of segments, written as JSON once rather than for every customer.

use serde_json::value::{RawValue, to_raw_value};

use crate::model::{Model, Segment};
use crate::personas::Language;

/// The texts of a model's segments in every language.
pub(super) struct Texts {
    english: Vec<SegmentTexts>,
    indonesian: Vec<SegmentTexts>,
}

/// The texts of one segment, as JSON.
pub(super) struct SegmentTexts {
    pub(super) persona: Box<RawValue>,
    pub(super) description: Box<RawValue>,
    pub(super) action: Box<RawValue>,
    /// How the object begins that answers a row of a list.
    pub(super) row: Box<[u8]>,
}

impl Texts {
    pub(super) fn new(model: &Model) -> Self {
        let texts = |language| {
            let written = |segment| SegmentTexts::new(segment, language);
            model.segments.iter().map(written).collect()
        };
        Self { english: texts(Language::English), indonesian: texts(Language::Indonesian) }
    }

    /// The texts of the segment at a place.
    pub(super) fn of(&self, segment: usize, language: Language) -> &SegmentTexts {
        match language {
            Language::English => &self.english[segment],
            Language::Indonesian => &self.indonesian[segment],
        }
    }
}

impl SegmentTexts {
    fn new(segment: &Segment, language: Language) -> Self {
        // A text can always be written.
        let written = |text: &str| to_raw_value(text).unwrap_or_else(|_| RawValue::NULL.to_owned());
        let persona = written(segment.persona(language));
        Self {
            description: written(segment.description(language)),
            action: written(segment.action(language)),
            row: format!("{{\"cluster_id\":{},\"persona\":{}", segment.cluster_id, persona.get())
                .into_bytes()
                .into(),
            persona,
        }
    }
}
