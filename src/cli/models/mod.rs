//! `segmenta models`: the models that were learned.

use std::fmt::Write;

use clap::{Args, Subcommand};
use segmenta::dataset::OnError;
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters};
use serde_json::{Value, json};

mod change;
mod compare;

use super::failure::Usage;
use super::options::{DataDirArgs, JsonArgs, LangArgs};
use super::output::{note, print, print_json};
use super::table::{Align, Table, printable};
use super::{lineage, preparation, report};

const EXAMPLES: &str = "\
Examples:
  segmenta models
  segmenta models show
  segmenta models compare 3f2a9c01d4be --moves moves.csv
  segmenta models activate 3f2a9c01d4be --data-dir ./segmenta-data
  segmenta models rollback
  segmenta models edit active 4 --name 'Big spenders'

For show, compare and edit, `active` stands for the version of the model in use.";

/// What to do with the models.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("data_dir", |arg| arg.global(true)), mut_arg("json", |arg| arg.global(true)))]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: Option<ModelsCommand>,
    #[command(flatten)]
    data_dir: DataDirArgs,
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// List all models; the one in use is marked (the default)
    List,
    /// Show one model
    #[command(after_help = "Example:\n  segmenta models show 3f2a9c01d4be --lang id")]
    Show {
        /// The model's version; the model in use without one
        version: Option<String>,
        #[command(flatten)]
        lang: LangArgs,
    },
    /// Put a model to use
    #[command(after_help = "Example:\n  segmenta models activate 3f2a9c01d4be")]
    Activate {
        /// The model's version
        version: String,
    },
    /// Put the model to use again that was in use before
    #[command(after_help = "Example:\n  segmenta models rollback")]
    Rollback,
    /// Compare a model with the one in use: segments, quality, and who moves
    #[command(after_help = compare::EXAMPLES)]
    Compare(compare::CompareArgs),
    /// Change the name or another text of a segment
    #[command(visible_alias = "rename", after_help = change::EXAMPLES)]
    Edit(change::EditArgs),
    /// Delete a model and its customers
    #[command(after_help = "Example:\n  segmenta models delete 3f2a9c01d4be")]
    Delete {
        /// The model's version; not that of the model in use
        version: String,
    },
}

/// Lists, shows or activates.
pub fn run(args: &ModelsArgs) -> anyhow::Result<()> {
    let store = args.data_dir.store()?;
    let json = args.json.json;
    match &args.command {
        None | Some(ModelsCommand::List) => list(&store, json),
        Some(ModelsCommand::Show { version, lang }) => {
            let model = named(&store, version.as_deref().unwrap_or(ACTIVE))?;
            show(&store, &model, lang, json)
        }
        Some(ModelsCommand::Activate { version }) => change::activate(&store, version, json),
        Some(ModelsCommand::Rollback) => change::roll_back(&store, json),
        Some(ModelsCommand::Compare(compare)) => {
            compare::run(compare, &store, args.data_dir.path(), json)
        }
        Some(ModelsCommand::Edit(edit)) => change::edit(edit, &store, json),
        Some(ModelsCommand::Delete { version }) => change::delete(&store, version, json),
    }
}

/// What stands for the version of the model in use.
const ACTIVE: &str = "active";

/// A kept model.
///
/// # Errors
///
/// As [`active`] and [`Store::model`].
fn named(store: &Store, version: &str) -> anyhow::Result<Model> {
    if version == ACTIVE { active(store) } else { Ok(store.model(version)?) }
}

/// The model in use.
///
/// # Errors
///
/// [`Usage`] when there is none; as [`Store::active`].
pub fn active(store: &Store) -> anyhow::Result<Model> {
    let none = || {
        Usage(format!(
            "{}: no model is in use; run `segmenta train` first, or name another folder with --data-dir",
            store.path().display()
        ))
    };
    Ok(store.active()?.ok_or_else(none)?)
}

fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    // Whatever is wrong with the folder, the list is what helps to mend it.
    let active = store.active_version().unwrap_or_else(|error| {
        note(format_args!("warning: {error}"));
        None
    });
    let mut models = Vec::new();
    for version in store.versions()? {
        match store.model(&version) {
            Ok(model) => models.push(model),
            // One file that is damaged must not hide the others.
            Err(error) => note(format_args!("warning: {error}")),
        }
    }
    models.sort_by(|a, b| (&b.created_at, &b.version).cmp(&(&a.created_at, &a.version)));
    let is_active = |model: &Model| active.as_ref() == Some(&model.version);
    if json {
        let list: Value = models.iter().map(|model| summary(model, is_active(model))).collect();
        return Ok(print_json(&list)?);
    }
    if models.is_empty() {
        note(format_args!("{}: no models yet; `segmenta train` makes one", store.path().display()));
        return Ok(());
    }
    let mut table = Table::new([
        ("", Align::Left),
        ("Version", Align::Left),
        ("Created", Align::Left),
        ("Data", Align::Left),
        ("Rows", Align::Right),
        ("Features", Align::Left),
        ("n_clusters", Align::Right),
        ("Inertia", Align::Right),
        ("Silhouette", Align::Right),
        ("Follows", Align::Left),
    ]);
    for model in &models {
        table.row([
            if is_active(model) { "*" } else { "" }.to_owned(),
            model.version.clone(),
            model.created_at.clone(),
            model.data.name.clone(),
            model.data.rows.to_string(),
            report::list(model.feature_names()),
            model.kmeans.n_clusters.to_string(),
            report::wcss(model.kmeans.inertia),
            report::index(model.quality.silhouette, 3),
            model.lineage.as_ref().map_or_else(String::new, |lineage| lineage.previous.clone()),
        ]);
    }
    Ok(print(&format!("{table}* in use\n"))?)
}

fn summary(model: &Model, active: bool) -> Value {
    json!({
        "version": model.version,
        "active": active,
        "created_at": model.created_at,
        "data": model.data.name,
        "rows": model.data.rows,
        "feature_names": model.feature_names(),
        "n_clusters": model.kmeans.n_clusters,
        "inertia": model.kmeans.inertia,
        "silhouette": model.quality.silhouette,
        "random_state": model.kmeans.random_state,
        "settings": model.settings,
        "lineage": model.lineage,
    })
}

fn show(store: &Store, model: &Model, lang: &LangArgs, json: bool) -> anyhow::Result<()> {
    let language = lang.language();
    let is_active = store.active_version()?.as_ref() == Some(&model.version);
    if json {
        let segments: Vec<Value> =
            model.segments.iter().map(|s| report::segment_json(s, language)).collect();
        let mut value = summary(model, is_active);
        value["features"] = json!(model.features);
        value["preparation"] = json!(model.preparation_in_words(language));
        value["elbow"] = json!(model.elbow);
        value["quality"] = json!(model.quality);
        value["segments"] = json!(segments);
        return Ok(print_json(&value)?);
    }
    let headers: Vec<&str> = model.features.iter().map(|f| f.column.as_str()).collect();
    let mut text = format!(
        "Model {}{}, learned {}\n{}\n{}{}\n{}\nPreparation:\n{}\n{}\n",
        model.version,
        if is_active { " (in use)" } else { "" },
        printable(&model.created_at),
        report::about(&model.data.name, model.data.rows, &headers),
        report::quality(model),
        asked_for(model),
        report::grouping(&model.elbow, language),
        preparation::all(model, language),
        report::segments(model, language),
    );
    for segment in &model.segments {
        let lines =
            [segment.persona(language), segment.description(language), segment.action(language)];
        let _ = writeln!(text, "{}", lines.map(printable).join("\n  "));
    }
    if let Some(lineage) = lineage::text(model, language) {
        let _ = write!(text, "\n{lineage}");
    }
    Ok(print(&text)?)
}

/// What training was asked for, if the model tells.
fn asked_for(model: &Model) -> String {
    let Some(settings) = &model.settings else { return String::new() };
    let n_clusters = match settings.n_clusters {
        NClusters::Auto => "auto".to_owned(),
        NClusters::Fixed(n_clusters) => n_clusters.to_string(),
    };
    let mut text = format!("\nAsked for: n_clusters {n_clusters}, k_max {}", settings.k_max);
    if let Some(least) = settings.min_segment_size {
        let _ = write!(text, ", min_segment_size {least}");
    }
    if settings.on_error == OnError::Skip {
        text.push_str(", on_error skip");
    }
    if settings.personas.is_some() {
        text.push_str(", own personas");
    }
    let _ = write!(text, ", random_state {}", model.kmeans.random_state);
    text
}
