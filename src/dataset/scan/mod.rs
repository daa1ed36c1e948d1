//! Files that are read again and again, some columns of them and a batch of rows at a time, so that memory does not
//! grow with the files: `parquet` reads groups of rows side by side, `text` one batch after another, and `sample`
//! keeps a few rows of all.

mod parquet;
mod sample;
mod stamp;
mod text;

use std::path::PathBuf;

use super::column::Values;
use super::form::FileDecimal;
use super::input::ReadOptions;
use super::lines::Lines;
use super::names::Names;
use super::table;
use super::{Column, Dataset, Detected, OnError, files};
use crate::error::{Error, Result};
use stamp::Stamp;

pub(crate) use sample::RowHash;

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
    name: String,
    detected: Detected,
    /// Where the table's columns stand in it.
    places: Vec<usize>,
    /// The rows of each of its groups, if it is one of groups of rows.
    groups: Option<Vec<u64>>,
    stamp: Stamp,
}

/// Some rows, some columns of them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The file, by its place among all.
    file: usize,
    rows: Lines,
    cells: Vec<Values>,
    /// Rows that could not be split into cells.
    skipped: Vec<Error>,
}

/// Who follows a pass. Both are asked from several threads.
pub(crate) trait Watch: Sync {
    /// So many more rows were read.
    fn read(&self, rows: u64);
    /// Whether to end.
    fn is_cancelled(&self) -> bool;
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
                name: path.to_string_lossy().into_owned(),
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

    /// What messages and the model call the files.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What was found out about each file.
    pub(crate) fn detected(&self) -> Vec<Detected> {
        self.files.iter().map(|file| file.detected).collect()
    }

    /// The number of rows, where the files tell it before they are read.
    pub(crate) fn n_rows(&self) -> Option<u64> {
        let rows = self.files.iter().map(|file| Some(file.groups.as_ref()?.iter().sum::<u64>()));
        rows.sum()
    }

    /// A digest of what tells these files from others: their lengths, beginnings and ends.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub(crate) fn fingerprint(&self) -> Result<String> {
        stamp::fingerprint(self.files.iter().map(|file| file.path.as_path()))
    }

    /// The place of the column with this header or short name.
    ///
    /// # Errors
    ///
    /// As [`super::names::require`].
    pub(crate) fn column_index(&self, name: &str) -> Result<usize> {
        super::names::require(&self.name, &self.headers, name)
    }

    /// Reads all rows once, of each only the `wanted` columns, given by their places. Batches are handed to `add`,
    /// several of them side by side and each to a value of its own that `new` gives; `merge` gets these in the order
    /// of the files and of their rows, whatever the number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Row`] for a row that cannot be split into cells, unless such rows are left out;
    /// [`Error::Format`] when a file is damaged, or has changed since it was opened; [`Error::Read`],
    /// [`Error::Cancelled`], and what `add` and `merge` give.
    pub(crate) fn pass<A: Send>(
        &self,
        wanted: &[usize],
        watch: &dyn Watch,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, Batch) -> Result<()> + Sync,
        mut merge: impl FnMut(A) -> Result<()>,
    ) -> Result<()> {
        let pass = Pass { scan: self, wanted, watch };
        let mut rest = self.files.as_slice();
        let mut first = 0;
        while let Some(file) = rest.first() {
            // Files of groups are read together: a table may be in many small ones.
            let is_of_groups = |file: &ScannedFile| file.groups.is_some();
            let n_files = rest.iter().take_while(|file| is_of_groups(file)).count();
            if n_files > 0 {
                parquet::read(&pass, first..first + n_files, &new, &add, &mut merge)?;
            } else {
                text::read(&pass, first, file, &new, &add, &mut merge)?;
            }
            first += n_files.max(1);
            rest = &self.files[first..];
        }
        self.require_unchanged()
    }

    fn require_unchanged(&self) -> Result<()> {
        for file in &self.files {
            if Stamp::of(&file.path)? != file.stamp {
                return Err(Error::Format {
                    file: file.name.clone(),
                    problem:
                        "the file changed while it was read; begin anew when nobody writes to it"
                            .to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Rows as a table of their own, columns typed as `known` ones are. Words for empty cells and the like were found
    /// out by then.
    pub(crate) fn typed(&self, batch: Batch, known: &[Column]) -> (Dataset, Vec<Error>) {
        let columns = known.iter().zip(batch.cells);
        let columns: Vec<Column> =
            columns.map(|(known, values)| known.with_values(values)).collect();
        let name = self.files.get(batch.file).map_or(&self.name, |file| &file.name).clone();
        let names = Names::new(columns.iter().map(Column::header));
        let data = Dataset {
            files: vec![(name.clone(), batch.rows.len())],
            name,
            sha256: String::new(),
            columns,
            names,
            rows: batch.rows,
            detected: Vec::new(),
            skipped: Vec::new(),
        };
        (data, batch.skipped)
    }
}

/// One pass over the files.
struct Pass<'a> {
    scan: &'a Scan,
    wanted: &'a [usize],
    watch: &'a dyn Watch,
}

impl Pass<'_> {
    fn check(&self) -> Result<()> {
        if self.watch.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Where the wanted columns stand in a file.
    fn places(&self, file: usize) -> Vec<usize> {
        let places = &self.scan.files[file].places;
        self.wanted.iter().map(|&column| places[column]).collect()
    }
}

impl Batch {
    /// The number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The place of the file that they are of.
    pub(crate) fn file(&self) -> usize {
        self.file
    }
}
