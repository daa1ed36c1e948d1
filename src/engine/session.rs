//! A query engine that is ready, on this machine or on a cluster.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use tokio::runtime::{Builder, Runtime};

use super::aggregate::{Counter, fold_rows};
use super::query::Query;
use super::said;
use super::score::segment;
use super::storage::Storage;
use super::tables::{self, CsvTypes, NamedFiles};
use crate::dataset::files;
use crate::error::{Error, Result, list};

/// Plans of queries are trees, and are walked by functions that call themselves.
const STACK: usize = 16 << 20;

/// Those who do the work, where this process does not.
pub(crate) trait Others: Send + Sync {
    /// Waits until somebody is there, for a while.
    fn ready(&self) -> Waiting<'_, Result<()>>;

    /// Ends when nobody has been there for a while.
    fn lost(&self) -> Waiting<'_, Error>;

    /// The rows that they have read so far for what they were asked last, if that can be told.
    fn rows_read(&self) -> Waiting<'_, Option<u64>>;
}

/// What will be there later.
pub(crate) type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A query engine that is ready. What it is asked for blocks the thread until it is there, so it is none for tasks of
/// an asynchronous runtime.
pub struct Session {
    pub(super) runtime: Runtime,
    pub(super) context: SessionContext,
    pub(super) storage: Arc<Storage>,
    pub(super) counter: Counter,
    /// Who does the work, if not this process.
    pub(super) others: Option<Box<dyn Others>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").finish_non_exhaustive()
    }
}

/// Threads for queries.
///
/// # Errors
///
/// [`Error::Engine`].
pub(crate) fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(|error| Error::Engine(format!("the query engine cannot start: {error}")))
}

impl Session {
    /// An engine in this process.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`].
    pub fn embedded() -> Result<Self> {
        let storage = Arc::new(Storage::default());
        let environment = Self::environment(&storage)?;
        let context =
            SessionContext::new_with_config_rt(configured(SessionConfig::new()), environment);
        Ok(Self::over(runtime()?, context, storage, None))
    }

    /// An engine whose queries a context runs.
    pub(crate) fn over(
        runtime: Runtime,
        context: SessionContext,
        storage: Arc<Storage>,
        others: Option<Box<dyn Others>>,
    ) -> Self {
        let counter = Counter::default();
        context.register_udaf(fold_rows(counter.clone()));
        context.register_udf(segment());
        Self { runtime, context, storage, counter, others }
    }

    /// What queries run in, with all storage.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`].
    pub(crate) fn environment(storage: &Arc<Storage>) -> Result<Arc<RuntimeEnv>> {
        let registry = Arc::clone(storage);
        let built = RuntimeEnvBuilder::new().with_object_store_registry(registry).build_arc();
        built.map_err(|error| Error::Engine(said(&error)))
    }

    /// The rows of files that are one table.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], [`Error::Engine`], and [`Error::Format`] where files cannot be found or are no tables of one
    /// kind; [`Error::DuplicateColumn`].
    pub fn table(&self, paths: &[PathBuf]) -> Result<Query<'_>> {
        let found = self.runtime.block_on(self.storage.find(paths))?;
        let table = self.runtime.block_on(tables::table(&self.context, &found, CsvTypes::Text))?;
        let frame = self.context.read_table(Arc::new(table));
        let frame = frame.map_err(|error| Error::Engine(said(&error)))?;
        let names: Vec<PathBuf> = found.files.iter().map(|file| file.name.clone().into()).collect();
        let table = NamedFiles { name: files::title(paths, &names), paths: paths.to_vec() };
        Query::new(self, table.name.clone(), String::new(), frame, vec![(table, found)])
    }

    /// The rows that a query gives over some tables: each path is one, called as its file is, `orders` for
    /// `shop/orders.parquet`, or as said, `o=shop/orders.parquet`.
    ///
    /// # Errors
    ///
    /// As [`Session::table`], and [`Error::Format`] for a query that is wrong or does more than to ask.
    pub fn sql(&self, paths: &[PathBuf], sql: &str) -> Result<Query<'_>> {
        let tables: Vec<NamedFiles> = paths.iter().map(|path| NamedFiles::parse(path)).collect();
        tables::check_names(&tables)?;
        let mut all = Vec::with_capacity(tables.len());
        for named in &tables {
            let found = self.runtime.block_on(self.storage.find(&named.paths))?;
            let made = tables::table(&self.context, &found, CsvTypes::Guessed);
            let table = Arc::new(self.runtime.block_on(made)?);
            let name = format!("\"{}\"", named.name.replace('"', "\"\""));
            // Another query may have had a table of this name.
            let renewed = self.context.deregister_table(name.as_str());
            let registered = renewed.and_then(|_| self.context.register_table(name, table));
            registered.map_err(|error| Error::Engine(said(&error)))?;
            all.push((named.clone(), found));
        }
        let only_ask = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let frame = self.runtime.block_on(self.context.sql_with_options(sql, only_ask));
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        let frame = frame.map_err(|error| {
            let mut problem = said(&error);
            if problem.contains("table") && problem.contains("not found") {
                problem = format!("{problem}; the tables are {}", list(names.iter().copied()));
            }
            Error::Format { file: "--sql".to_owned(), problem }
        })?;
        let name = format!("a query over {}", names.join(", "));
        Query::new(self, name, sql.to_owned(), frame, all)
    }
}

/// What queries need anywhere.
pub(crate) fn configured(config: SessionConfig) -> SessionConfig {
    let mut config = config;
    // Columns have the names that stand in the files.
    config.options_mut().sql_parser.enable_ident_normalization = false;
    config
}
