//! Files under a name, as a table of SQL.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::csv::CsvFormat;
use datafusion::datasource::file_format::json::JsonFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig};
use datafusion::prelude::SessionContext;
use object_store::ObjectStoreExt;

use super::said;
use super::storage::{Found, FoundFile, refused};
use crate::dataset::delimiter_of;
use crate::error::{Error, Result};

/// Bytes at the beginning of a CSV file that show its separator.
const LOOKED_AT: u64 = 1 << 16;

/// Files that are one table, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedFiles {
    /// The name in SQL.
    pub(super) name: String,
    /// The files, folders and patterns.
    pub(super) paths: Vec<PathBuf>,
}

impl NamedFiles {
    /// Reads `name=path`, or a path whose file gives the name: `orders` for `shop/orders.parquet`, and `orders` for
    /// `orders/*.parquet`.
    pub(super) fn parse(path: &Path) -> Self {
        let text = path.to_string_lossy();
        if let Some((name, behind)) = text.split_once('=')
            && !path.exists()
            && !name.contains(['/', '\\'])
        {
            return Self { name: name.to_owned(), paths: vec![PathBuf::from(behind)] };
        }
        let is_pattern = |part: &str| part.contains(['*', '?', '[']);
        let parts = text.trim_end_matches('/').rsplit('/');
        let named = parts.clone().find(|part| !is_pattern(part)).unwrap_or(&text);
        let name = named.split('.').find(|part| !part.is_empty()).unwrap_or(named);
        Self { name: name.to_owned(), paths: vec![path.to_owned()] }
    }
}

/// How the columns of CSV are read, which says nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CsvTypes {
    /// As the first rows look, so that SQL can compute with them.
    Guessed,
    /// All as text, so that Segmenta reads numbers in any form.
    Text,
}

/// The table of some files.
///
/// # Errors
///
/// [`Error::Format`] when a file cannot be read, is packed, or is of another format or type than others.
pub(super) async fn table(
    context: &SessionContext,
    found: &Found,
    types: CsvTypes,
) -> Result<ListingTable> {
    let Some(first) = found.files.first() else {
        return Err(refused(Path::new("no file"), "name at least one file"));
    };
    let kind = Kind::of(first)?;
    if let Some(other) = found.files.iter().find(|file| Kind::of(file).ok() != Some(kind)) {
        let problem =
            format!("{} is of another format; files of one table have the same", other.name);
        return Err(refused(Path::new(&first.name), problem));
    }
    if let Some(empty) = found.files.iter().find(|file| file.meta.size == 0) {
        return Err(refused(Path::new(&empty.name), "there is nothing in this file; leave it out"));
    }
    let format = kind.format(found, first).await?;
    let state = context.state();
    let metas: Vec<_> = found.files.iter().map(|file| file.meta.clone()).collect();
    let schema = format.infer_schema(&state, &found.store, &metas).await;
    let schema = schema.map_err(|error| refused(Path::new(&first.name), said(&error)))?;
    let schema = match (kind, types) {
        (Kind::Csv, CsvTypes::Text) => texts(&schema),
        _ => schema,
    };
    let options = ListingOptions::new(format).with_file_extension("");
    let urls = found.files.iter().map(|file| file.url.clone()).collect();
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(schema);
    ListingTable::try_new(config).map_err(|error| refused(Path::new(&first.name), error))
}

fn texts(schema: &SchemaRef) -> SchemaRef {
    let text = |field: &Arc<Field>| Field::new(field.name(), DataType::Utf8, true);
    Arc::new(Schema::new(schema.fields().iter().map(text).collect::<Vec<_>>()))
}

/// How a file holds a table, as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Ndjson,
    Parquet,
}

impl Kind {
    fn of(file: &FoundFile) -> Result<Self> {
        let name = file.name.to_lowercase();
        let has_end = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if has_end(&[".parquet"]) {
            Ok(Self::Parquet)
        } else if has_end(&[".csv", ".tsv", ".txt"]) {
            Ok(Self::Csv)
        } else if has_end(&[".ndjson", ".jsonl"]) {
            Ok(Self::Ndjson)
        } else {
            let problem = "names of tables for SQL, object storage and clusters end in .parquet, .csv, .tsv, \
                           .ndjson or .jsonl; unpack packed ones first";
            Err(refused(Path::new(&file.name), problem))
        }
    }

    async fn format(self, found: &Found, first: &FoundFile) -> Result<Arc<dyn FileFormat>> {
        Ok(match self {
            Self::Parquet => Arc::new(ParquetFormat::default().with_skip_metadata(true)),
            Self::Ndjson => Arc::new(JsonFormat::default()),
            Self::Csv => {
                let end = first.meta.size.min(LOOKED_AT);
                let start = found.store.get_range(&first.meta.location, 0..end).await;
                let start = start.map_err(|error| refused(Path::new(&first.name), error))?;
                let delimiter = delimiter_of(&start);
                let format = CsvFormat::default().with_has_header(true).with_delimiter(delimiter);
                // A file that is cut into parts at any line end would be cut within cells.
                Arc::new(format.with_newlines_in_values(true))
            }
        })
    }
}

/// The first name that two tables have.
pub(super) fn check_names(tables: &[NamedFiles]) -> Result<()> {
    for (place, table) in tables.iter().enumerate() {
        if tables[..place].iter().any(|other| other.name == table.name) {
            let problem = format!(
                "two tables are called {:?}; give names, such as {}2={}",
                table.name,
                table.name,
                table.paths.first().map_or(String::new(), |path| path.display().to_string())
            );
            return Err(Error::Format { file: "--sql".to_owned(), problem });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables() {
        for (path, name, file) in [
            ("shop/orders.parquet", "orders", "shop/orders.parquet"),
            ("orders/*.parquet", "orders", "orders/*.parquet"),
            ("s3://bucket/2026/sales/", "sales", "s3://bucket/2026/sales/"),
            ("s3://bucket/*.parquet", "bucket", "s3://bucket/*.parquet"),
            ("c=shop/customers.csv", "c", "shop/customers.csv"),
        ] {
            let expected = NamedFiles { name: name.to_owned(), paths: vec![file.into()] };
            assert_eq!(NamedFiles::parse(Path::new(path)), expected);
        }
    }
}
