//! Texts of segments that somebody has changed.

use serde::{Deserialize, Serialize};

use super::{Model, SegmentTexts};
use crate::error::{Error, Result, list};
use crate::personas::Language;

/// The most characters of a name.
pub const LONGEST_PERSONA: usize = 80;
/// The most characters of a description or an action.
pub const LONGEST_TEXT: usize = 2_000;

/// What is to change in the texts of a segment; what is not given stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentEdit {
    /// In English.
    #[serde(default, skip_serializing_if = "TextsEdit::is_empty")]
    pub en: TextsEdit,
    /// In Indonesian.
    #[serde(default, skip_serializing_if = "TextsEdit::is_empty")]
    pub id: TextsEdit,
}

/// What is to change in the texts of one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextsEdit {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona: Option<String>,
    /// Who these customers are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What to do for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// One of a segment's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextField {
    /// Its name.
    Persona,
    /// Who these customers are.
    Description,
    /// What to do for them.
    Action,
}

impl TextField {
    /// Its name in files and requests.
    fn name(self) -> &'static str {
        match self {
            Self::Persona => "persona",
            Self::Description => "description",
            Self::Action => "action",
        }
    }
}

impl SegmentEdit {
    /// What is to change in a language.
    pub fn texts(&self, language: Language) -> &TextsEdit {
        match language {
            Language::English => &self.en,
            Language::Indonesian => &self.id,
        }
    }

    /// What is to change in a language.
    pub fn texts_mut(&mut self, language: Language) -> &mut TextsEdit {
        match language {
            Language::English => &mut self.en,
            Language::Indonesian => &mut self.id,
        }
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.id.is_empty()
    }

    /// Adds a later change.
    pub(super) fn extend(&mut self, later: &Self) {
        for language in Language::ALL {
            let (texts, later) = (self.texts_mut(language), later.texts(language));
            for (field, text) in later.fields() {
                *texts.field_mut(field) = Some(text.to_owned());
            }
        }
    }
}

impl TextsEdit {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn fields(&self) -> impl Iterator<Item = (TextField, &str)> {
        let fields = [
            (TextField::Persona, &self.persona),
            (TextField::Description, &self.description),
            (TextField::Action, &self.action),
        ];
        fields.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?.trim())))
    }

    fn field_mut(&mut self, field: TextField) -> &mut Option<String> {
        match field {
            TextField::Persona => &mut self.persona,
            TextField::Description => &mut self.description,
            TextField::Action => &mut self.action,
        }
    }
}

impl Model {
    /// Changes texts of a segment.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSegment`]; [`Error::SegmentText`] when a text is empty or too long, holds a control
    /// character, or is the name of another segment. Nothing has changed then.
    pub fn edit(&mut self, cluster_id: usize, edit: &SegmentEdit) -> Result<()> {
        let place = self.place(cluster_id).ok_or_else(|| {
            let ids: Vec<String> =
                self.segments.iter().map(|segment| segment.cluster_id.to_string()).collect();
            let known = list(ids.iter().map(String::as_str));
            Error::UnknownSegment { segment: cluster_id.to_string(), known }
        })?;
        for language in Language::ALL {
            for (field, text) in edit.texts(language).fields() {
                self.check_text(place, language, field, text).map_err(|problem| {
                    Error::SegmentText { language: language.tag(), field: field.name(), problem }
                })?;
            }
        }
        self.edit_unchecked(cluster_id, edit);
        Ok(())
    }

    /// Changes texts of a segment, if the model has it, as was found right before.
    pub(super) fn edit_unchecked(&mut self, cluster_id: usize, edit: &SegmentEdit) {
        let Some(place) = self.place(cluster_id) else { return };
        let segment = &mut self.segments[place];
        for language in Language::ALL {
            let mut texts = segment.texts(language);
            for (field, text) in edit.texts(language).fields() {
                text.clone_into(texts.field_mut(field));
            }
            segment.set_texts(language, texts);
        }
    }

    fn check_text(
        &self,
        place: usize,
        language: Language,
        field: TextField,
        text: &str,
    ) -> std::result::Result<(), String> {
        let most = if field == TextField::Persona { LONGEST_PERSONA } else { LONGEST_TEXT };
        if text.is_empty() {
            return Err("a text is needed".to_owned());
        }
        if text.chars().count() > most {
            return Err(format!("it may have {most} characters at most"));
        }
        if text.chars().any(char::is_control) {
            return Err("it may hold no line break and no other control character".to_owned());
        }
        let name = text.to_lowercase();
        let mut others = self.segments.iter().enumerate().filter(|&(other, _)| other != place);
        let is_taken = |segment: &super::Segment| segment.persona(language).to_lowercase() == name;
        match others.find(|(_, segment)| field == TextField::Persona && is_taken(segment)) {
            Some((_, other)) => Err(format!("segment {} is called that already", other.cluster_id)),
            None => Ok(()),
        }
    }
}

impl SegmentTexts {
    fn field_mut(&mut self, field: TextField) -> &mut String {
        match field {
            TextField::Persona => &mut self.persona,
            TextField::Description => &mut self.description,
            TextField::Action => &mut self.action,
        }
    }
}
