//! Files that are read again and again, some columns of them and a batch of rows at a time, so that memory does not
//! grow with the files: `parquet` reads groups of rows side by side, `text` one row after another, but for CSV that is
//! in order, of which `pieces` are read side by side; and `sample` keeps a few rows of all. `pass` is what can be done
//! with the rows of any such table, wherever it is.

mod parquet;
mod pass;
mod pieces;
mod sample;
mod skipped;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::builder::TableBuilder;
use super::column::{KnownColumn, Values};
use super::form::FileDecimal;
use super::input::ReadOptions;
use super::lines::Lines;
use super::names::Names;
use super::stamp::{self, Stamp};
use super::table;
use super::{Column, Dataset, Detected, OnError, files};
use crate::error::{Error, Result};

pub use pass::{Pass, Table, Watch};
pub use sample::Drawn;
#[cfg(feature = "engine")]
pub(crate) use sample::digest_of;
pub(crate) use sample::{RowHash, Survey};
pub use skipped::Skipped;

/// Files that are one table.
#[derive(Debug)]
pub struct Scan {
    name: String,
    options: ReadOptions,
    on_error: OnError,
    headers: Vec<String>,
    decimal: FileDecimal,
    files: Vec<ScannedFile>,
}

/// One of the files.
#[derive(Debug)]
struct ScannedFile {
    path: PathBuf,
    /// What messages call it.
    name: Arc<str>,
    detected: Detected,
    /// Where the table's columns stand in it.
    places: Vec<usize>,
    /// The rows of each of its groups, if it is one of groups of rows.
    groups: Option<Vec<u64>>,
    stamp: Stamp,
}

/// Some rows, some columns of them.
#[derive(Debug, Default)]
pub struct Batch {
    /// What messages call the file.
    name: Arc<str>,
    /// The file, by its place among all.
    file: u64,
    rows: Lines,
    cells: Vec<Values>,
    /// Rows that could not be split into cells.
    skipped: Vec<Error>,
}

impl Scan {
    /// Looks at the start of each file, or at the end of Parquet. They are those that [`files::expand`] gives.
    ///
    /// # Errors
    ///
    /// As [`files::expand`] and [`super::TableReader::open`], [`Error::DifferentColumns`] when files differ, and
    /// [`Error::DuplicateColumn`].
    pub fn open(paths: &[PathBuf], options: ReadOptions, on_error: OnError) -> Result<Self> {
        let found = files::expand(paths)?;
        let opened = table::open_each(&found, &options)?;
        let name = files::title(paths, &found);
        let mut files = Vec::with_capacity(found.len());
        for (path, file) in found.into_iter().zip(opened.files) {
            files.push(ScannedFile {
                stamp: Stamp::of(&path)?,
                name: path.to_string_lossy().into(),
                path,
                detected: file.detected,
                places: file.places,
                groups: file.groups,
            });
        }
        Ok(Self {
            name,
            options,
            on_error,
            headers: opened.headers,
            decimal: opened.decimal,
            files,
        })
    }

    /// What was found out about each file.
    pub(crate) fn detected(&self) -> Vec<Detected> {
        self.files.iter().map(|file| file.detected).collect()
    }

    fn require_unchanged(&self) -> Result<()> {
        for file in &self.files {
            file.stamp.require(&file.path)?;
        }
        Ok(())
    }
}

impl Table for Scan {
    fn name(&self) -> &str {
        &self.name
    }

    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn n_rows(&self) -> Option<u64> {
        let rows = self.files.iter().map(|file| Some(file.groups.as_ref()?.iter().sum::<u64>()));
        rows.sum()
    }

    /// A digest of the files' lengths, beginnings and ends.
    fn fingerprint(&self) -> Result<String> {
        stamp::fingerprint(self.files.iter().map(|file| file.path.as_path()))
    }

    /// Parts are merged in the order of the files and of their rows, whatever the number of threads.
    fn pass<P: Pass>(&self, pass: &P, watch: &dyn Watch) -> Result<P::Part> {
        let mut running = Running { scan: self, pass, watch, all: pass.nothing() };
        let mut rest = self.files.as_slice();
        let mut first = 0;
        while let Some(file) = rest.first() {
            // Files of groups are read together: a table may be in many small ones.
            let is_of_groups = |file: &ScannedFile| file.groups.is_some();
            let n_files = rest.iter().take_while(|file| is_of_groups(file)).count();
            if n_files > 0 {
                parquet::read(&mut running, first..first + n_files)?;
            } else {
                text::read(&mut running, first, file)?;
            }
            first += n_files.max(1);
            rest = &self.files[first..];
        }
        self.require_unchanged()?;
        pass.settle(&mut running.all);
        Ok(running.all)
    }

    fn table_of(&self, drawn: Drawn) -> Result<Dataset> {
        let mut lines = drawn.places.iter().peekable();
        let mut rows = Lines::default();
        let mut files = Vec::with_capacity(self.files.len());
        for (file, scanned) in (0..).zip(&self.files) {
            while let Some(&(_, line)) = lines.next_if(|(place, _)| *place == file) {
                rows.push(line);
            }
            files.push((scanned.name.to_string(), rows.len()));
        }
        let mut table = TableBuilder::of_cells(self.headers.clone(), drawn.cells, self.decimal);
        (table.rows, table.files, table.detected) = (rows, files, self.detected());
        Dataset::of_table(&self.name, self.fingerprint()?, table)
    }
}

/// A pass over the files that is under way.
struct Running<'a, P: Pass> {
    scan: &'a Scan,
    pass: &'a P,
    watch: &'a dyn Watch,
    all: P::Part,
}

impl<P: Pass> Running<'_, P> {
    fn check(&self) -> Result<()> {
        check(self.watch)
    }

    /// Where the wanted columns stand in a file.
    fn places(&self, file: usize) -> Vec<usize> {
        let places = &self.scan.files[file].places;
        self.pass.wanted().iter().map(|&column| places[column]).collect()
    }

    /// Adds batches, which are worked on side by side.
    fn add(&mut self, batches: Vec<Batch>) -> Result<()> {
        let (pass, watch) = (self.pass, self.watch);
        let part = |batch: Batch| {
            let n_rows = batch.n_rows() as u64;
            let mut part = pass.nothing();
            pass.add(&mut part, batch)?;
            watch.read(n_rows);
            Ok(part)
        };
        self.merge(batches.into_par_iter().map(part).collect())
    }

    /// Of several errors the first is told, whichever thread was faster.
    fn merge(&mut self, parts: Vec<Result<P::Part>>) -> Result<()> {
        for part in parts {
            self.pass.merge(&mut self.all, part?);
        }
        Ok(())
    }
}

fn check(watch: &dyn Watch) -> Result<()> {
    if watch.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

impl Batch {
    /// Rows of a file, the first of them on this line of it.
    pub(crate) fn new(name: Arc<str>, file: u64, line: u64, cells: Vec<Values>) -> Self {
        let mut rows = Lines::default();
        rows.push_run(line, cells.first().map_or(0, Values::len));
        Self { name, file, rows, cells, skipped: Vec::new() }
    }

    /// The number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The place of the file that they are of.
    pub(crate) fn file(&self) -> u64 {
        self.file
    }

    /// The rows as a table of their own, columns typed as known ones are, and those that could not be split. Words
    /// for empty cells and the like were found out by then.
    pub(crate) fn typed(self, known: &[KnownColumn]) -> (Dataset, Vec<Error>) {
        let columns = known.iter().zip(self.cells);
        let columns: Vec<Column> =
            columns.map(|(known, values)| known.with_values(values)).collect();
        let name = self.name.to_string();
        let names = Names::new(columns.iter().map(Column::header));
        let data = Dataset {
            files: vec![(name.clone(), self.rows.len())],
            name,
            sha256: String::new(),
            columns,
            names,
            rows: self.rows,
            detected: Vec::new(),
            skipped: Vec::new(),
        };
        (data, self.skipped)
    }
}
