//! Rows that come of a query.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::{filter_record_batch, is_not_null};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::common::Column;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::Expr;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::prelude::DataFrame;
use futures_util::StreamExt;

use super::aggregate::{NAME, literal};
use super::said;
use super::score::{self, Question};
use super::session::Session;
use super::storage::{Found, FoundFile};
use super::tables::NamedFiles;
use crate::dataset::scan::{Drawn, Pass, Watch};
use crate::dataset::{Dataset, OnError, Table, is_readable};
use crate::digest::sha256;
use crate::error::{Error, Result};
use crate::model::{Model, fold};
use crate::personas::Language;

/// How often a pass is begun anew when the machines that made it were lost: it changes nothing, and gives the same.
const ATTEMPTS: usize = 3;
/// Rows that are written together, of which each thread takes one such group when they are read again.
const GROUP: usize = 1 << 17;

/// Rows that come of a query.
pub struct Query<'a> {
    session: &'a Session,
    name: String,
    sql: String,
    frame: DataFrame,
    headers: Vec<String>,
    columns: Vec<Column>,
    files: Vec<(NamedFiles, Found)>,
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Query").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Query<'a> {
    pub(super) fn new(
        session: &'a Session,
        name: String,
        sql: String,
        frame: DataFrame,
        files: Vec<(NamedFiles, Found)>,
    ) -> Result<Self> {
        let mut headers: Vec<String> = Vec::new();
        for field in frame.schema().fields() {
            let header = field.name().trim().to_owned();
            if !is_readable(field.data_type()) {
                let problem = format!(
                    "the column {header:?} is of type {}; leave it out, or make it a number or text",
                    field.data_type()
                );
                return Err(Error::Format { file: name, problem });
            }
            if headers.contains(&header) {
                return Err(Error::DuplicateColumn { file: name, column: header });
            }
            headers.push(header);
        }
        let columns = frame.schema().columns();
        Ok(Self { session, name, sql, frame, headers, columns, files })
    }

    /// The same rows with the segment of each behind their own columns: `cluster_id`, `persona` and `distance`, all
    /// empty where a row cannot be scored, if such are left out.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a feature that is not there, [`Error::ReservedColumn`], and [`Error::Engine`].
    pub fn scored(
        self,
        model: &Model,
        language: Language,
        on_error: OnError,
    ) -> Result<Scored<'a>> {
        if let Some(taken) = self
            .headers
            .iter()
            .find(|header| score::added().iter().any(|field| field.name() == *header))
        {
            return Err(Error::ReservedColumn { file: self.name, column: taken.clone() });
        }
        let question =
            Question { table: self.name.clone(), model: model.to_json(), language, on_error };
        let mut arguments = Vec::with_capacity(model.features.len() + 1);
        for feature in &model.features {
            let place = self.column_index(&feature.column)?;
            arguments.push(Expr::Column(self.columns[place].clone()));
        }
        arguments.push(question.literal()?);
        let own = self.columns.iter().map(|column| Expr::Column(column.clone()));
        let found = score::segment().call(arguments).alias(SEGMENT);
        let frame = self.frame.clone().select(own.chain([found]).collect::<Vec<Expr>>());
        let frame = frame.map_err(|error| self.told(&error))?;
        Ok(Scored(Self { frame, ..self }))
    }

    /// Bytes of all files that are read.
    pub fn n_bytes(&self) -> u64 {
        self.files.iter().flat_map(|(_, found)| &found.files).map(|file| file.meta.size).sum()
    }

    /// Writes all rows to a Parquet file, and gives their number.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`], [`Error::Write`].
    pub fn write_parquet(&self, path: &Path) -> Result<u64> {
        let file = File::create(path);
        let file = file.map_err(|source| Error::Write { path: path.to_owned(), source })?;
        let schema = Arc::clone(self.frame.schema().inner());
        self.session.runtime.block_on(self.write(file, path, schema, Ok))
    }

    /// Writes all rows, each batch as `change` makes it, as what `path` names in messages. Gives their number.
    async fn write(
        &self,
        mut file: impl Write,
        path: &Path,
        schema: SchemaRef,
        change: impl Fn(RecordBatch) -> Result<RecordBatch, ArrowError>,
    ) -> Result<u64> {
        let refuse = |source| Error::Write { path: path.to_owned(), source };
        let pack = |error: ParquetError| refuse(error.into());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        // Encoded to memory, from where it goes on: what is written to may belong to this thread.
        let mut writer =
            ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(pack)?;
        self.session.ready().await?;
        let stream = self.frame.clone().execute_stream().await;
        let mut stream = stream.map_err(|error| self.told(&error))?;
        let lost = self.session.lost();
        tokio::pin!(lost);
        let mut n_rows = 0;
        loop {
            let batch = tokio::select! {
                batch = stream.next() => batch,
                error = &mut lost => return Err(error),
            };
            let Some(batch) = batch else { break };
            let batch = batch.map_err(|error| self.told(&error))?;
            let batch = change(batch).map_err(|error| self.told(&error.into()))?;
            n_rows += batch.num_rows() as u64;
            writer.write(&batch).map_err(pack)?;
            writer.sync().map_err(refuse)?;
            file.write_all(&std::mem::take(writer.inner_mut())).map_err(refuse)?;
        }
        file.write_all(&writer.into_inner().map_err(pack)?).map_err(refuse)?;
        Ok(n_rows)
    }

    /// What came of the rows, in writing.
    async fn fold(&self, frame: DataFrame, watch: &dyn Watch) -> Result<Vec<RecordBatch>> {
        // What others read for a query are the rows of its files, and not those that come of them.
        let mut followed = self.session.follow(watch, self.sql.is_empty());
        let mut attempt = 1;
        loop {
            self.session.ready().await?;
            match followed.work(frame.clone().collect()).await? {
                Ok(batches) => return Ok(batches),
                Err(error) => {
                    let is_lost =
                        self.session.others.is_some() && !error.to_string().contains(TOLD);
                    if !is_lost || attempt == ATTEMPTS {
                        return Err(self.told(&error));
                    }
                }
            }
            attempt += 1;
        }
    }

    /// What the engine says, or what Segmenta said within it.
    fn told(&self, error: &DataFusionError) -> Error {
        let text = said(error);
        let own = text.split_once(TOLD).map(|(_, behind)| behind);
        match own.and_then(|behind| behind.split_once(END)) {
            Some((own, _)) => Error::Told(own.to_owned()),
            None => Error::Engine(format!("{}: {text}", self.name)),
        }
    }

    fn require_unchanged(&self) -> Result<()> {
        for (named, found) in &self.files {
            let now = self.session.runtime.block_on(self.session.storage.find(&named.paths))?;
            let stamps =
                |found: &Found| found.files.iter().map(FoundFile::stamp).collect::<Vec<_>>();
            if stamps(&now) != stamps(found) {
                let problem =
                    "the files changed while they were read; begin anew when nobody writes to them";
                return Err(Error::Format { file: self.name.clone(), problem: problem.to_owned() });
            }
        }
        Ok(())
    }
}

/// Rows with the segment of each.
#[derive(Debug)]
pub struct Scored<'a>(Query<'a>);

/// The column with segments, before it is taken apart.
const SEGMENT: &str = "segmenta_found";

impl Scored<'_> {
    /// Writes all rows that could be scored as Parquet; `path` is what messages call it. Gives their number, and that
    /// of the rows that were left out.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] and [`Error::Told`], [`Error::Write`].
    pub fn write_parquet(&self, file: impl Write, path: &Path) -> Result<(u64, u64)> {
        let Self(query) = self;
        let fields = query.frame.schema().inner().fields();
        let own = fields.iter().take(query.columns.len()).cloned();
        let schema = Schema::new(own.chain(score::added().iter().cloned()).collect::<Vec<_>>());
        let schema = Arc::new(schema);
        let n_skipped = AtomicU64::new(0);
        let taken_apart = |batch: RecordBatch| {
            let Some((found, own)) = batch.columns().split_last() else { return Ok(batch) };
            let whole = RecordBatch::try_new(
                Arc::clone(&schema),
                own.iter().chain(found.as_struct().columns()).cloned().collect(),
            )?;
            if found.null_count() == 0 {
                return Ok(whole);
            }
            n_skipped.fetch_add(found.null_count() as u64, Ordering::Relaxed);
            filter_record_batch(&whole, &is_not_null(found)?)
        };
        let written = query.write(file, path, Arc::clone(&schema), taken_apart);
        let n_rows = query.session.runtime.block_on(written)?;
        Ok((n_rows, n_skipped.into_inner()))
    }
}

/// What stands before and behind an error of Segmenta's that came through the engine.
pub(super) const TOLD: &str = "segmenta: \u{ab}";
pub(super) const END: &str = "\u{bb}";

impl Table for Query<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn n_rows(&self) -> Option<u64> {
        None
    }

    /// A digest of the query, and of the files' places, lengths and times of change.
    fn fingerprint(&self) -> Result<String> {
        let files = self.files.iter().flat_map(|(_, found)| &found.files);
        let stamps: Vec<String> = files.map(FoundFile::stamp).collect();
        Ok(sha256([self.sql.as_str(), &stamps.join("\n")].join("\n").as_bytes()))
    }

    /// Parts are merged in any order. Rows are told apart by what their part of the table begins with, and by their
    /// places in it.
    fn pass<P: Pass>(&self, pass: &P, watch: &dyn Watch) -> Result<P::Part> {
        let engine = |error: DataFusionError| self.told(&error);
        let function = self.session.context.state().aggregate_functions().get(NAME).cloned();
        let function = function.ok_or_else(|| Error::Engine(format!("{NAME} is not known")))?;
        let mut arguments: Vec<Expr> = pass
            .wanted()
            .iter()
            .filter_map(|&column| self.columns.get(column))
            .map(|column| Expr::Column(column.clone()))
            .collect();
        arguments.push(literal(fold::write(&self.name, pass)?));
        let folded = function.call(arguments).alias("part");
        let frame = self.frame.clone().aggregate(Vec::new(), vec![folded]).map_err(engine)?;
        let batches = self.session.runtime.block_on(self.fold(frame, watch))?;
        self.require_unchanged()?;
        let mut all = pass.nothing();
        for batch in &batches {
            let parts = batch.columns().first().and_then(|parts| parts.as_binary_opt::<i32>());
            for part in parts.iter().flat_map(|parts| parts.iter()).flatten() {
                pass.merge(&mut all, fold::read_part::<P>(part)?);
            }
        }
        pass.settle(&mut all);
        Ok(all)
    }

    fn table_of(&self, drawn: Drawn) -> Result<Dataset> {
        Dataset::of_drawn(&self.name, self.fingerprint()?, self.headers.clone(), drawn)
    }
}
