//! Parquet: as many groups of rows at a time as there are threads, each decoded batch by batch.

use std::ops::Range;

use rayon::prelude::*;

use super::{Batch, Pass};
use crate::dataset::input::Input;
use crate::dataset::lines::Lines;
use crate::dataset::parquet::ParquetReader;
use crate::error::Result;

/// Groups of rows for each thread, before what they gave is put together in their order.
const AHEAD: usize = 2;

/// A group of rows, and the number of rows before it in its file.
struct Group {
    file: usize,
    /// Its place in the file.
    place: usize,
    n_before: u64,
}

pub(super) fn read<A: Send>(
    pass: &Pass<'_>,
    files: Range<usize>,
    new: &(impl Fn() -> A + Sync),
    add: &(impl Fn(&mut A, Batch) -> Result<()> + Sync),
    merge: &mut impl FnMut(A) -> Result<()>,
) -> Result<()> {
    let mut groups = Vec::new();
    for file in files {
        let mut n_before = 0;
        for (place, &n_rows) in pass.scan.files[file].groups.iter().flatten().enumerate() {
            groups.push(Group { file, place, n_before });
            n_before += n_rows;
        }
    }
    // A file that the last groups were of is not opened again for the next ones.
    let mut open: Vec<(usize, ParquetReader)> = Vec::new();
    for groups in groups.chunks(AHEAD * rayon::current_num_threads()) {
        pass.check()?;
        open.retain(|(file, _)| groups.iter().any(|group| group.file == *file));
        for Group { file, .. } in groups {
            if !open.iter().any(|(known, _)| known == file) {
                let input = Input::file(&pass.scan.files[*file].path);
                open.push((*file, ParquetReader::open(&input)?));
            }
        }
        let part = |group: &Group| -> Result<A> {
            let mut part = new();
            let reader = open.iter().find(|(file, _)| *file == group.file);
            let Some((_, reader)) = reader else { return Ok(part) };
            let places = pass.places(group.file);
            let mut row = group.n_before + 1;
            reader.scan(group.place, &places, |cells| {
                pass.check()?;
                let n_rows = cells.first().map_or(0, crate::dataset::Values::len);
                let mut rows = Lines::default();
                rows.push_run(row, n_rows);
                row += n_rows as u64;
                add(&mut part, Batch { file: group.file, rows, cells, skipped: Vec::new() })?;
                pass.watch.read(n_rows as u64);
                Ok(())
            })?;
            Ok(part)
        };
        let parts: Vec<Result<A>> = groups.par_iter().with_max_len(1).map(part).collect();
        // Of several errors the first is told, whichever thread was faster.
        parts.into_iter().try_for_each(|part| merge(part?))?;
    }
    Ok(())
}
