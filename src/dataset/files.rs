//! Which files are meant by a path: itself, all tables of a folder, or what fits a pattern.

use std::path::{Path, PathBuf};

use glob::MatchOptions;

use crate::error::{Error, Result};

/// Ends of the names of files that hold a table.
const TABLES: [&str; 6] = [".csv", ".tsv", ".txt", ".ndjson", ".jsonl", ".parquet"];
/// What such names may have behind them.
const PACKED: [&str; 3] = [".gz", ".zst", ".zstd"];

/// The files that paths mean, in the order of the paths and by name within each.
///
/// A path with `*`, `?` or `[` that is no file is a pattern. Of a folder, the files in it count whose
/// names end as those of tables do, such as `.csv` or `.ndjson.gz`; folders within it do not.
///
/// # Errors
///
/// [`Error::Read`], and [`Error::Format`] where a folder or a pattern gives no file.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if is_remote(path) {
            let problem = "this is in object storage, which train, elbow, inspect and predict read";
            return Err(Error::Format {
                file: path.display().to_string(),
                problem: problem.to_owned(),
            });
        }
        let pattern = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        if path.is_dir() {
            files.extend(of_folder(path)?);
        } else if let Some(pattern) = pattern.filter(|_| !path.exists()) {
            files.extend(of_pattern(pattern)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// What messages and models call files, which were asked for by `paths`.
pub(crate) fn title(paths: &[PathBuf], files: &[PathBuf]) -> String {
    match (paths, files) {
        (_, [file]) => file_name(file),
        ([path], files) => format!("{} ({} files)", path.display(), files.len()),
        (_, []) => String::new(),
        (_, [first, others @ ..]) => format!("{} and {} more", file_name(first), others.len()),
    }
}

/// A file's name without its folders.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let refuse = |source| Error::Read { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(refuse)? {
        let path = entry.map_err(refuse)?.path();
        if is_table(&path) && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    found(
        folder,
        files,
        "no table is in this folder; the names of tables end in .csv, .tsv, .txt, \
                          .ndjson, .jsonl or .parquet, and may have .gz or .zst behind that",
    )
}

/// Whether a path is one of object storage, as `s3://bucket/key` is.
pub fn is_remote(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.contains("://"))
}

/// Whether a file is a table by its name.
pub(crate) fn is_table(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = PACKED.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    !name.starts_with('.') && TABLES.iter().any(|end| name.ends_with(end))
}

fn of_pattern(pattern: &str) -> Result<Vec<PathBuf>> {
    let refuse = |problem| Error::Format { file: pattern.to_owned(), problem };
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let matches = glob::glob_with(pattern, options)
        .map_err(|error| refuse(format!("this is no pattern for files: {}", error.msg)))?;
    let mut files = Vec::new();
    for path in matches {
        let path = path
            .map_err(|error| Error::Read { path: error.path().to_owned(), source: error.into() })?;
        if path.is_file() {
            files.push(path);
        }
    }
    found(Path::new(pattern), files, "no file fits this pattern")
}

fn found(path: &Path, files: Vec<PathBuf>, problem: &str) -> Result<Vec<PathBuf>> {
    if files.is_empty() {
        let file = path.to_string_lossy().into_owned();
        return Err(Error::Format { file, problem: problem.to_owned() });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_patterns() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["b.csv", "a.csv.gz", "model.json", ".c.csv", "d.Parquet"] {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::create_dir(at("empty")).unwrap();
        let names = |path: PathBuf| {
            let files = expand(&[path]).map_err(|error| error.to_string())?;
            let name = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
            Ok::<_, String>(files.iter().map(name).collect::<Vec<_>>())
        };
        assert_eq!(names(folder.path().to_owned()).unwrap(), ["a.csv.gz", "b.csv", "d.Parquet"]);
        assert_eq!(names(at("*.csv*")).unwrap(), ["a.csv.gz", "b.csv"]);
        assert_eq!(names(at("nowhere.csv")).unwrap(), ["nowhere.csv"]);
        assert!(names(at("x*")).unwrap_err().ends_with("no file fits this pattern"));
        assert!(names(at("empty")).unwrap_err().contains("no table is in this folder"));
    }
}
