//! Which model a new one follows, and what became of its segments.

use std::convert::Infallible;
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use segmenta::identity::Kind;
use segmenta::model::Model;
use segmenta::model::store::Store;
use segmenta::personas::Language;

use super::models::active;
use super::output::note;
use super::table::{Align, Table, printable};

/// The model whose segments keep their ids and names.
#[derive(Debug, Args)]
pub struct FollowArgs {
    /// Keep the ids and names of the segments of a model of the data folder, where they are found again:
    /// active, none, or a version [default: active, if the model is kept in the data folder]
    #[arg(long, env = "SEGMENTA_FOLLOW", value_name = "MODEL")]
    follow: Option<Follow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Follow {
    Active,
    Nothing,
    Version(String),
}

impl FromStr for Follow {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "active" => Self::Active,
            "none" => Self::Nothing,
            version => Self::Version(version.to_owned()),
        })
    }
}

impl FollowArgs {
    /// The model to follow. `is_kept` says whether the new one will be kept beside it.
    ///
    /// # Errors
    ///
    /// [`super::failure::Usage`] when there is no such model; as [`Store::model`].
    pub fn model(&self, store: &Store, is_kept: bool) -> anyhow::Result<Option<Arc<Model>>> {
        let model = match &self.follow {
            Some(Follow::Active) => Some(active(store)?),
            Some(Follow::Version(version)) => Some(store.model(version)?),
            None if is_kept => store.active().unwrap_or_else(|error| {
                // Training anew is what mends a damaged folder.
                note(format_args!("warning: {error}; no model is followed"));
                None
            }),
            Some(Follow::Nothing) | None => None,
        };
        Ok(model.map(Arc::new))
    }
}

/// Says that a model which was to be followed could not be.
pub fn note_not_followed(earlier: &Model, model: &Model) {
    if model.version == earlier.version {
        note(format_args!("the same as model {}", earlier.version));
    } else if model.lineage.is_none() {
        note(format_args!(
            "the data lack half or more of what model {} decides by, so its segments cannot be found again; \
             ids begin anew",
            earlier.version
        ));
    }
}

/// What became of the segments of the model that was followed, if one was.
pub fn text(model: &Model, language: Language) -> Option<String> {
    let lineage = model.lineage.as_ref()?;
    let kept = lineage.segments.iter().filter(|segment| segment.kind == Kind::Kept).count();
    let new = lineage.segments.len() - kept;
    let mut text = format!(
        "Follows model {}: {kept} kept, {new} new, {} vanished.\n\n",
        lineage.previous,
        lineage.vanished.len()
    );
    let mut table = Table::new([
        ("id", Align::Right),
        ("Persona", Align::Left),
        ("", Align::Left),
        ("Sureness", Align::Right),
        ("Size", Align::Right),
        ("Before", Align::Right),
    ]);
    let number = |size: usize| size.to_string();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    for (segment, from) in model.segments.iter().zip(&lineage.segments) {
        table.row([
            segment.cluster_id.to_string(),
            segment.persona(language).to_owned(),
            if from.kind == Kind::Kept { "kept" } else { "new" }.to_owned(),
            or_dash(from.sureness.map(|sureness| format!("{sureness:.2}"))),
            segment.size.to_string(),
            or_dash(from.previous_size.map(number)),
        ]);
    }
    for gone in &lineage.vanished {
        table.row([
            gone.cluster_id.to_string(),
            gone.persona.clone(),
            "vanished".to_owned(),
            "-".to_owned(),
            "-".to_owned(),
            gone.size.to_string(),
        ]);
    }
    let _ = write!(text, "{table}");
    for (segment, from) in model.segments.iter().zip(&lineage.segments) {
        let Some(suggestion) = &from.suggestion else { continue };
        let fitting = match language {
            Language::English => &suggestion.en,
            Language::Indonesian => &suggestion.id,
        };
        let _ = writeln!(
            text,
            "{} has moved, and its name may not fit any more; by its levels it would be: {}",
            printable(segment.persona(language)),
            printable(fitting)
        );
    }
    Some(text)
}
