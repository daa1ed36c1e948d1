//! Where files are: on this machine, or in object storage, which is opened when it is first asked for.
//!
//! How storage is reached, and as who, the environment says: `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AWS_REGION`
//! and the like for S3 and what is compatible with it, `GOOGLE_SERVICE_ACCOUNT` and the like, and
//! `AZURE_STORAGE_ACCOUNT_NAME` and the like.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::datasource::listing::ListingTableUrl;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use futures_util::TryStreamExt;
use glob::{MatchOptions, Pattern};
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use url::Url;

use crate::dataset::files::{self, is_remote};
use crate::error::{Error, Result};

/// Beginnings of the names of variables that object storage is set up by.
const VARIABLES: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];

/// All storage.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    known: DefaultObjectStoreRegistry,
}

impl ObjectStoreRegistry for Storage {
    fn register_store(
        &self,
        url: &Url,
        store: Arc<dyn ObjectStore>,
    ) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>, DataFusionError> {
        if let Ok(store) = self.known.get_store(url) {
            return Ok(store);
        }
        let options = env::vars().filter(|(name, _)| VARIABLES.iter().any(|v| name.starts_with(v)));
        let options = options.map(|(name, value)| (name.to_lowercase(), value));
        let (store, _) = object_store::parse_url_opts(url, options)?;
        let store: Arc<dyn ObjectStore> = Arc::from(store);
        self.known.register_store(url, Arc::clone(&store));
        Ok(store)
    }
}

/// Files of one table, all in one place.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) files: Vec<FoundFile>,
}

/// One of them.
#[derive(Clone)]
pub(super) struct FoundFile {
    /// What messages call it.
    pub(super) name: String,
    pub(super) url: ListingTableUrl,
    pub(super) meta: ObjectMeta,
}

impl FoundFile {
    /// What changes with the file.
    pub(super) fn stamp(&self) -> String {
        let ObjectMeta { size, last_modified, e_tag, .. } = &self.meta;
        format!("{} {size} {last_modified} {}", self.url, e_tag.as_deref().unwrap_or_default())
    }
}

impl Storage {
    /// The files that paths mean, as [`files::expand`] does, also in object storage: `s3://bucket/key`,
    /// `s3://bucket/folder/` and `s3://bucket/folder/*.parquet`.
    ///
    /// # Errors
    ///
    /// As [`files::expand`]; [`Error::Format`] where storage cannot be asked, or files are in several.
    pub(super) async fn find(&self, paths: &[PathBuf]) -> Result<Found> {
        let mut found: Option<Found> = None;
        for path in paths {
            let of_path = match path.to_str().filter(|_| is_remote(path)) {
                Some(address) => self.find_remote(address).await?,
                None => self.find_local(path).await?,
            };
            match &mut found {
                None => found = Some(of_path),
                Some(found) if Arc::ptr_eq(&found.store, &of_path.store) => {
                    found.files.extend(of_path.files);
                }
                Some(_) => {
                    let problem = "files of one table are in one place; give those of another as a table of \
                                   their own, and put them together with --sql";
                    return Err(refused(path, problem));
                }
            }
        }
        found.ok_or_else(|| refused(Path::new("no file"), "name at least one file"))
    }

    async fn find_local(&self, path: &Path) -> Result<Found> {
        let address = Url::parse("file:///").map_err(|error| refused(path, error))?;
        let store = self.get_store(&address).map_err(|error| refused(path, error))?;
        let mut found = Vec::new();
        for path in files::expand(&[path.to_owned()])? {
            let read = |source| Error::Read { path: path.clone(), source };
            let whole = path.canonicalize().map_err(read)?;
            let url =
                Url::from_file_path(&whole).map_err(|()| refused(&path, "no path of a file"))?;
            let url = ListingTableUrl::try_new(url, None).map_err(|error| refused(&path, error))?;
            let meta = store.head(url.prefix()).await.map_err(|error| refused(&path, error))?;
            found.push(FoundFile { name: path.to_string_lossy().into_owned(), url, meta });
        }
        Ok(Found { store, files: found })
    }

    async fn find_remote(&self, address: &str) -> Result<Found> {
        let name = Path::new(address);
        let lacks_key = address.starts_with("s3") && env::var_os("AWS_ACCESS_KEY_ID").is_none();
        let hint = if lacks_key { "; AWS_ACCESS_KEY_ID is not set" } else { "" };
        let refuse =
            |problem: &dyn std::fmt::Display| refused(name, format_args!("{problem}{hint}"));
        let place = Url::parse(address).map_err(|error| refuse(&error))?;
        if !place.username().is_empty() {
            return Err(refuse(&"write the container as az://container/folder/file"));
        }
        let root = Url::parse(&format!("{}://{}/", place.scheme(), place.host_str().unwrap_or("")))
            .map_err(|error| refuse(&error))?;
        let store = self.get_store(&root).map_err(|error| refuse(&error))?;
        let behind = address.splitn(4, '/').nth(3).unwrap_or_default();
        let listed = if behind.contains(['*', '?', '[']) {
            matching(&store, behind).await.map_err(|problem| refuse(&problem))?
        } else {
            file_or_folder(&store, behind).await.map_err(|error| refuse(&error))?
        };
        if listed.is_empty() {
            return Err(refuse(
                &"there is no table; the names of tables end in .csv, .ndjson or .parquet",
            ));
        }
        let file = |meta: ObjectMeta| {
            let name = format!("{}{}", root, meta.location);
            let mut url = root.clone();
            url.set_path(meta.location.as_ref());
            let url = ListingTableUrl::try_new(url, None).map_err(|error| refuse(&error))?;
            Ok(FoundFile { name, url, meta })
        };
        Ok(Found { files: listed.into_iter().map(file).collect::<Result<_>>()?, store })
    }
}

/// The files whose keys fit a pattern, by name.
async fn matching(store: &Arc<dyn ObjectStore>, pattern: &str) -> Result<Vec<ObjectMeta>, String> {
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let fits = Pattern::new(pattern).map_err(|error| error.to_string())?;
    let literal = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    let folder = literal.rsplit_once('/').map(|(folder, _)| Key::from(folder));
    let listed = store.list(folder.as_ref()).try_collect::<Vec<ObjectMeta>>().await;
    let mut listed = listed.map_err(|error| error.to_string())?;
    listed.retain(|meta| fits.matches_with(meta.location.as_ref(), options));
    listed.sort_unstable_by(|one, other| one.location.cmp(&other.location));
    Ok(listed)
}

/// The file with this key, or all tables of the folder; of one whose name ends with a slash nobody asks whether it is a
/// file, which servers that keep files in folders take amiss.
async fn file_or_folder(
    store: &Arc<dyn ObjectStore>,
    key: &str,
) -> object_store::Result<Vec<ObjectMeta>> {
    let may_be_file = !key.is_empty() && !key.ends_with('/');
    let key = Key::from(key);
    if may_be_file {
        match store.head(&key).await {
            Ok(meta) => return Ok(vec![meta]),
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let mut listed = store.list_with_delimiter(Some(&key)).await?.objects;
    listed.retain(|meta| files::is_table(Path::new(meta.location.as_ref())));
    listed.sort_unstable_by(|one, other| one.location.cmp(&other.location));
    Ok(listed)
}

pub(super) fn refused(path: &Path, problem: impl std::fmt::Display) -> Error {
    Error::Format { file: path.display().to_string(), problem: problem.to_string() }
}
