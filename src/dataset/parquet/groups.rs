//! Groups of rows of several files, and readers of those that are being read.

use std::path::Path;

use super::ParquetReader;
use crate::dataset::input::Input;
use crate::error::Result;

/// A group of rows, and the number of rows before it in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dataset) struct Group {
    pub(in crate::dataset) file: usize,
    /// Its place in the file.
    pub(in crate::dataset) place: usize,
    pub(in crate::dataset) n_before: u64,
    pub(in crate::dataset) n_rows: u64,
}

/// The groups of a file, by their numbers of rows.
pub(in crate::dataset) fn of_file(file: usize, n_rows: &[u64]) -> impl Iterator<Item = Group> {
    n_rows.iter().enumerate().scan(0, move |n_before, (place, &n_rows)| {
        let group = Group { file, place, n_before: *n_before, n_rows };
        *n_before += n_rows;
        Some(group)
    })
}

/// The files that are being read. One that the last groups were of is not opened again for the next ones.
#[derive(Default)]
pub(in crate::dataset) struct Readers(Vec<(usize, ParquetReader)>);

impl Readers {
    /// Opens the files of some groups that are not open, and closes all others.
    ///
    /// # Errors
    ///
    /// As [`ParquetReader::open`].
    pub(in crate::dataset) fn open<'a>(
        &mut self,
        files: impl Iterator<Item = usize> + Clone,
        path: impl Fn(usize) -> &'a Path,
    ) -> Result<()> {
        self.0.retain(|(file, _)| files.clone().any(|wanted| wanted == *file));
        for file in files {
            if self.of(file).is_none() {
                self.0.push((file, ParquetReader::open(&Input::file(path(file)))?));
            }
        }
        Ok(())
    }

    /// The reader of a file that is open.
    pub(in crate::dataset) fn of(&self, file: usize) -> Option<&ParquetReader> {
        self.0.iter().find(|(open, _)| *open == file).map(|(_, reader)| reader)
    }
}
