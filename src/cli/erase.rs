//! `segmenta erase`: a customer leaves all data that are kept.

use clap::Args;
use segmenta::erasure::{Outcome, erased_rows, remains};
use segmenta::model::store::Kept;
use serde_json::{Value, json};

use super::failure::Usage;
use super::options::{DataDirArgs, JsonArgs, LangArgs};
use super::output::{note, print, print_json};
use super::record::record_erasure;

const EXAMPLES: &str = "\
Examples:
  segmenta erase 17 --data-dir ./segmenta-data
  segmenta erase C-1001 --json

A server that is running shows this when it starts again; DELETE /api/customers/ID shows it at once.";

/// Whom to erase, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct EraseArgs {
    /// What stands in the column that tells customers apart
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    id: String,
    #[command(flatten)]
    data_dir: DataDirArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Erases the customer and says what remains.
pub fn run(args: &EraseArgs) -> anyhow::Result<()> {
    let store = args.data_dir.store()?;
    let places = store.find_customer(&args.id)?;
    let folder = store.path().display();
    if let Some(problem) = Outcome::of(&places).problem() {
        return Err(Usage(format!("{folder}: {problem}")).into());
    }
    store.erase_customer(&args.id, &places)?;
    record_erasure(&store);
    let remains = remains(&places, args.lang.language());
    if args.json.json {
        let (mut models, mut uploads): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        for (kept, rows) in erased_rows(&places) {
            match kept {
                Kept::Model(version) => models.push(json!({ "version": version, "rows": rows })),
                Kept::Upload(id) => uploads.push(json!({ "id": id, "rows": rows })),
            }
        }
        let value = json!({ "models": models, "uploads": uploads, "remains": remains });
        return Ok(print_json(&value)?);
    }
    for (kept, rows) in erased_rows(&places) {
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        print(&match kept {
            Kept::Model(version) => format!("Model {version}: {rows} erased\n"),
            Kept::Upload(id) => format!("Upload {id}: {rows} erased\n"),
        })?;
    }
    for sentence in remains {
        note(sentence);
    }
    Ok(())
}
