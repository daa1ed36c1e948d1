//! Files that a query engine reads: what SQL makes of several, what is in object storage, and what a cluster learns
//! from.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use clap::Args;
use segmenta::dataset::ReadOptions;
use segmenta::dataset::files::is_remote;
use segmenta::engine::{Query, Session};
use tempfile::TempDir;

use super::failure::Usage;
use super::options::is_stdin;

/// What is asked of the files before anything is learned from them.
#[derive(Debug, Args)]
pub struct QueryArgs {
    /// Ask this of the files, each a table called as its file is, or as NAME=FILE says, and go on with what comes of
    /// it: features, joins, recency and frequency; only in a Segmenta built with the feature engine
    #[arg(long, env = "SEGMENTA_SQL", value_name = "QUERY")]
    sql: Option<String>,
    #[arg(skip)]
    staged: OnceCell<Staged>,
}

/// Rows that were written to a file of this machine.
#[derive(Debug)]
struct Staged {
    files: [PathBuf; 1],
    /// It is removed with everything in it when this ends.
    _folder: TempDir,
}

impl QueryArgs {
    /// Whether files are to be read as they are: no query is asked, and all are on this machine.
    fn are_none(&self, files: &[PathBuf]) -> bool {
        self.sql.is_none() && !files.iter().any(|path| is_remote(path))
    }

    /// The rows, by an engine.
    ///
    /// # Errors
    ///
    /// As [`Session::sql`] and [`Session::table`], and [`Usage`] for standard input and for ways of writing that an
    /// engine does not read.
    pub fn ask<'a>(
        &self,
        session: &'a Session,
        files: &[PathBuf],
        format: ReadOptions,
    ) -> anyhow::Result<Query<'a>> {
        if format != ReadOptions::default() {
            let problem = "--delimiter, --decimal, --encoding and --max-unpacked: a query, object storage and a \
                           cluster read files as they show themselves, in UTF-8; leave these out";
            return Err(Usage(problem.to_owned()).into());
        }
        if files.is_empty() || files.iter().any(|path| is_stdin(path)) {
            let problem =
                "a query and a cluster read files; name at least one, and no standard input";
            return Err(Usage(problem.to_owned()).into());
        }
        Ok(match &self.sql {
            Some(sql) => session.sql(files, sql)?,
            None => session.table(files)?,
        })
    }

    /// Whether files are in object storage, and no query is asked of them.
    pub fn is_remote(&self, files: &[PathBuf]) -> bool {
        self.sql.is_none() && !self.are_none(files)
    }

    /// Files of this machine: those that were named, or one that what was asked is written to, once.
    ///
    /// # Errors
    ///
    /// As [`QueryArgs::ask`] and [`Query::write_parquet`].
    pub fn local<'a>(
        &'a self,
        files: &'a [PathBuf],
        format: ReadOptions,
    ) -> anyhow::Result<&'a [PathBuf]> {
        if self.are_none(files) {
            return Ok(files);
        }
        if let Some(staged) = self.staged.get() {
            return Ok(&staged.files);
        }
        let session = Session::embedded()?;
        let query = self.ask(&session, files, format)?;
        let folder = tempfile::Builder::new().prefix("segmenta-query-").tempdir()?;
        let path = folder.path().join(format!("{}.parquet", self.name(files)));
        query.write_parquet(&path)?;
        Ok(&self.staged.get_or_init(|| Staged { files: [path], _folder: folder }).files)
    }

    /// What the file with the rows is called, and the data in the model.
    fn name(&self, files: &[PathBuf]) -> String {
        let name = match (&self.sql, files) {
            (None, [file]) => file.file_stem().map(|name| name.to_string_lossy().into_owned()),
            _ => None,
        };
        // A pattern is no name.
        let name = name.filter(|name| Path::new(name).components().count() == 1);
        name.filter(|name| !name.contains(['*', '?', '['])).unwrap_or_else(|| "query".to_owned())
    }
}
