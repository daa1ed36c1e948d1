//! The customers of a model with the segment of each.

use segmenta::Error;
use segmenta::model::Model;
use segmenta::model::store::Store;
use segmenta::personas::Language;
use segmenta::spreadsheet::harmless;
use serde_json::Value;

use super::super::report;
use super::super::rows::RowWriter;
use super::{ExportArgs, Format};

/// Writes the customers.
pub(super) fn write(args: &ExportArgs, store: &Store, model: &Model) -> anyhow::Result<()> {
    let wanted = args.segment.as_deref().map(|name| find(model, name)).transpose()?;
    let customers = store.customers(model)?;
    let language = args.lang.language();
    let output = args.output()?;
    let mut writer = match args.format {
        Format::Json => RowWriter::Json(output, false),
        Format::Ndjson => RowWriter::Ndjson(output),
        _ => RowWriter::csv(output, b','),
    };
    let mut is_first = true;
    for (row, &label) in customers.labels.iter().enumerate() {
        if wanted.is_some_and(|wanted| wanted != label as usize) {
            continue;
        }
        let row = customers.row(row, model, language);
        let object = match args.format {
            Format::Csv => row.into_iter().map(safe).collect(),
            _ => row,
        };
        if is_first {
            writer.header(object.keys().map(String::as_str))?;
            is_first = false;
        }
        writer.row(&object)?;
    }
    Ok(writer.finish()?)
}

/// A header and a cell that a spreadsheet shows, and does not compute.
fn safe((header, cell): (String, Value)) -> (String, Value) {
    let cell = match cell {
        Value::String(text) => Value::from(harmless(&text)),
        other => other,
    };
    (harmless(&header).into_owned(), cell)
}

/// The place of the segment with this id, or with this persona in any language.
pub fn find(model: &Model, name: &str) -> Result<usize, Error> {
    let name = name.trim();
    let is_called = |persona: &str| persona.to_lowercase() == name.to_lowercase();
    let found = model.segments.iter().position(|segment| {
        segment.cluster_id.to_string() == name
            || Language::ALL.into_iter().any(|language| is_called(segment.persona(language)))
    });
    found.ok_or_else(|| {
        let known: Vec<String> =
            model.segments.iter().map(|s| format!("{} {}", s.cluster_id, s.persona)).collect();
        Error::UnknownSegment {
            segment: name.to_owned(),
            known: report::list(known.iter().map(String::as_str)),
        }
    })
}
