//! What changes the models that are kept: which one is in use, their texts, and whether they are there.

use clap::Args;
use segmenta::model::store::Store;
use segmenta::model::{SegmentEdit, TextsEdit};
use segmenta::personas::Language;
use serde_json::json;

use super::super::export::find;
use super::super::failure::Usage;
use super::super::options::LangArgs;
use super::super::output::{note, print, print_json};
use super::super::record::record;
use super::super::table::printable;

pub const EXAMPLES: &str = "\
Examples:
  segmenta models edit active 4 --name 'Big spenders'
  segmenta models edit 3f2a9c01d4be Sultan --lang id --description 'Pelanggan terbaik.'

Models that are trained later and follow this one keep the texts. A server that is running shows them
when it starts again, or when they are changed over its API.";

/// What to change in a segment.
#[derive(Debug, Args)]
pub struct EditArgs {
    /// The model's version, or active
    version: String,
    /// The segment, by its id or its persona
    #[arg(value_name = "ID|PERSONA")]
    segment: String,
    /// Its name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Who these customers are
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What to do for them
    #[arg(long, value_name = "TEXT")]
    action: Option<String>,
    #[command(flatten)]
    lang: LangArgs,
}

/// Puts a model to use.
pub fn activate(store: &Store, version: &str, json: bool) -> anyhow::Result<()> {
    let previous = store.active_version().ok().flatten();
    store.activate(version)?;
    record(store, "activate", version);
    in_use(version, previous.as_deref(), json)
}

/// Puts the model to use that was in use before.
pub fn roll_back(store: &Store, json: bool) -> anyhow::Result<()> {
    let previous = store.active_version().ok().flatten();
    let version = store.roll_back()?;
    record(store, "roll back", &version);
    in_use(&version, previous.as_deref(), json)
}

fn in_use(version: &str, previous: Option<&str>, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(print_json(&json!({ "active": version, "previous": previous }))?);
    }
    Ok(print(&format!("Model {version} is in use\n"))?)
}

/// Deletes a model.
pub fn delete(store: &Store, version: &str, json: bool) -> anyhow::Result<()> {
    store.delete(version)?;
    record(store, "delete model", version);
    if json {
        return Ok(print_json(&json!({ "deleted": version }))?);
    }
    Ok(print(&format!("Model {version} is deleted\n"))?)
}

/// Changes texts of a segment.
pub fn edit(args: &EditArgs, store: &Store, json: bool) -> anyhow::Result<()> {
    let model = super::named(store, &args.version)?;
    let cluster_id = model.segments[find(&model, &args.segment)?].cluster_id;
    let language = args.lang.language();
    let mut edit = SegmentEdit::default();
    *edit.texts_mut(language) = TextsEdit {
        persona: args.name.clone(),
        description: args.description.clone(),
        action: args.action.clone(),
    };
    if edit.is_empty() {
        let problem = "nothing to change; give --name, --description or --action";
        return Err(Usage(problem.to_owned()).into());
    }
    let model = store.edit(&model.version, cluster_id, &edit)?;
    record(store, "edit segment", &format!("{}/{cluster_id}", model.version));
    let edited = model.segments.iter().filter(|segment| segment.cluster_id == cluster_id);
    for segment in edited {
        if json {
            let texts = |language| json!(segment.texts(language));
            let mut value = json!({ "version": model.version, "cluster_id": cluster_id });
            for language in Language::ALL {
                value[language.tag()] = texts(language);
            }
            return Ok(print_json(&value)?);
        }
        let texts = segment.texts(language);
        let lines = [&texts.persona, &texts.description, &texts.action].map(|line| printable(line));
        print(&format!("{cluster_id} {}\n", lines.join("\n  ")))?;
    }
    if store.active_version()?.as_ref() == Some(&model.version) {
        note("a server that is running shows this when it starts again");
    }
    Ok(())
}
