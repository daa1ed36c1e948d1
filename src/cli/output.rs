//! Where results go: standard output, or a file that appears whole or not at all. Everything else
//! goes to standard error.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use segmenta::{Error, Result, whole_file};
use tempfile::NamedTempFile;

use super::failure::Usage;
use super::options::is_stdin;

/// Writes a line to standard error. Nobody can be told when that fails.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a text to standard output.
///
/// # Errors
///
/// [`Error::Write`].
pub fn print(text: &str) -> Result<()> {
    let mut output = Output::stdout();
    output.write_all(text.as_bytes()).map_err(|source| output.refuse(source))?;
    output.finish()
}

/// Writes a value to standard output as JSON.
///
/// # Errors
///
/// [`Error::Write`].
pub fn print_json(value: &serde_json::Value) -> Result<()> {
    print(&format!("{value:#}\n"))
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

    /// The file with this path, or standard output without one or for `-`. `inputs` are the files
    /// that the command reads.
    ///
    /// # Errors
    ///
    /// [`Usage`] when the path is a folder, lies in a folder that does not exist, or is one of the
    /// inputs; [`Error::Write`].
    pub fn open(path: Option<&Path>, inputs: &[Option<&Path>]) -> anyhow::Result<Self> {
        match path {
            None => Ok(Self::stdout()),
            Some(path) if is_stdin(path) => Ok(Self::stdout()),
            Some(path) => Self::file(path, inputs),
        }
    }

    fn file(path: &Path, inputs: &[Option<&Path>]) -> anyhow::Result<Self> {
        check(path, inputs)?;
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

/// Refuses a path that cannot be meant, before any work is done.
///
/// # Errors
///
/// [`Usage`].
pub fn check(path: &Path, inputs: &[Option<&Path>]) -> Result<(), Usage> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Usage(format!("--out {shown}: this is a folder; give the name of a file")));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(Usage(format!("--out {shown}: there is no folder {folder}; make it first")));
    }
    let is_same = |input: &Path| {
        path.is_file()
            && matches!((path.canonicalize(), input.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    if inputs.iter().flatten().any(|input| is_same(input)) {
        return Err(Usage(format!("--out {shown}: this file is read; write to another one")));
    }
    Ok(())
}
