//! Where results go: standard output, or a file that appears whole or not at all. Everything else
//! goes to standard error.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use segmenta::dataset::files;
use segmenta::{Error, Result, whole_file};
use tempfile::NamedTempFile;

use super::failure::Usage;
use super::options::is_stdin;
use super::table::printable_lines;

/// Writes a line to standard error. Nobody can be told when that fails.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", printable_lines(&line.to_string()));
}

/// Writes a text to standard output.
///
/// # Errors
///
/// [`Error::Write`].
pub fn print(text: &str) -> Result<()> {
    let mut output = Output::stdout();
    output.text(text)?;
    output.finish()
}

/// Writes a value to standard output as JSON.
///
/// # Errors
///
/// [`Error::Write`].
pub fn print_json(value: &serde_json::Value) -> Result<()> {
    let mut output = Output::stdout();
    output.json(value)?;
    output.finish()
}

/// A place for results.
#[derive(Debug)]
pub struct Output {
    name: PathBuf,
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A file that takes its name when it is finished.
    Replacing {
        file: BufWriter<NamedTempFile>,
        target: PathBuf,
    },
    /// What is no ordinary file, such as a device or a named pipe, and must not be replaced.
    Direct(BufWriter<File>),
}

impl Output {
    /// Standard output.
    pub fn stdout() -> Self {
        Self {
            name: "standard output".into(),
            writer: Writer::Stdout(BufWriter::new(io::stdout().lock())),
        }
    }

    /// The file with this path, or standard output without one or for `-`.
    ///
    /// # Errors
    ///
    /// As [`Taken::check`]; [`Error::Write`].
    pub fn open(path: Option<&Path>, taken: &Taken) -> anyhow::Result<Self> {
        match path {
            None => Ok(Self::stdout()),
            Some(path) if is_stdin(path) => Ok(Self::stdout()),
            Some(path) => Self::file(path, taken),
        }
    }

    fn file(path: &Path, taken: &Taken) -> anyhow::Result<Self> {
        taken.check(path)?;
        let name = path.to_owned();
        let refuse = |source| Error::Write { path: name.clone(), source };
        // A link stays a link: what it leads to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let writer = match target.metadata() {
            Ok(found) if !found.is_file() => {
                Writer::Direct(BufWriter::new(File::create(&target).map_err(refuse)?))
            }
            _ => {
                let file = whole_file::begin(&target).map_err(refuse)?;
                Writer::Replacing { file: BufWriter::new(file), target }
            }
        };
        Ok(Self { name, writer })
    }

    /// Writes lines to be read. Files and models bring names along, which must not steer a terminal.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn text(&mut self, text: &str) -> Result<()> {
        self.write_all(printable_lines(text).as_bytes()).map_err(|source| self.refuse(source))
    }

    /// Writes a value as JSON. What could steer a terminal is escaped, and so stays in the value.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn json(&mut self, value: &serde_json::Value) -> Result<()> {
        let mut text = String::new();
        for c in format!("{value:#}\n").chars() {
            match c {
                '\u{7f}'..='\u{9f}' => text.extend(format!("\\u{:04x}", u32::from(c)).chars()),
                _ => text.push(c),
            }
        }
        self.write_all(text.as_bytes()).map_err(|source| self.refuse(source))
    }

    /// The error for a failure to write here.
    pub fn refuse(&self, source: impl Into<io::Error>) -> Error {
        Error::Write { path: self.name.clone(), source: source.into() }
    }

    /// Writes out what is left, and gives a file its name.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn finish(self) -> Result<()> {
        let refuse = |source| Error::Write { path: self.name.clone(), source };
        match self.writer {
            Writer::Stdout(mut stdout) => stdout.flush().map_err(refuse),
            Writer::Direct(mut file) => file.flush().map_err(refuse),
            Writer::Replacing { file, target } => {
                let file = file.into_inner().map_err(|error| refuse(error.into_error()))?;
                whole_file::finish(file, &target).map_err(refuse)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Writer::Stdout(writer) => writer.write(bytes),
            Writer::Replacing { file, .. } => file.write(bytes),
            Writer::Direct(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.writer {
            Writer::Stdout(writer) => writer.flush(),
            Writer::Replacing { file, .. } => file.flush(),
            Writer::Direct(writer) => writer.flush(),
        }
    }
}

/// Where a command's results must not go.
#[derive(Debug)]
pub struct Taken<'a> {
    /// The option that names the place, for messages.
    pub option: &'static str,
    /// The files that it reads.
    pub inputs: Vec<&'a Path>,
    /// The folder of models. Only what keeps models writes there: any other file would hide or
    /// destroy one of its own.
    pub data_dir: &'a Path,
}

impl Taken<'_> {
    /// Refuses a path that cannot be meant, before any work is done.
    ///
    /// # Errors
    ///
    /// [`Usage`] when the path is a folder, lies in a folder that does not exist or in that of the
    /// models, or is one of the inputs.
    pub fn check(&self, path: &Path) -> Result<(), Usage> {
        let shown = path.display();
        let refuse = |problem: String| Err(Usage(format!("{} {shown}: {problem}", self.option)));
        if path.is_dir() {
            return refuse("this is a folder; give the name of a file".to_owned());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return refuse(format!("there is no folder {}; make it first", folder.display()));
        }
        let target = resolved(path);
        let is_read = |input: &&Path| {
            resolved(input) == target
                || files::expand(&[input.to_path_buf()])
                    .is_ok_and(|files| files.iter().any(|file| resolved(file) == target))
        };
        if path.is_file() && self.inputs.iter().any(is_read) {
            return refuse("this file is read; write to another one".to_owned());
        }
        if target.starts_with(resolved(self.data_dir)) {
            let data_dir = self.data_dir.display();
            return refuse(format!("{data_dir} is the folder of models; write to another one"));
        }
        Ok(())
    }
}

/// Where a path leads, links followed as far as there is anything.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if parent.as_os_str().is_empty() => {
            resolved(Path::new(".")).join(name)
        }
        (Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}
