//! Parquet: as many groups of rows at a time as there are threads, each decoded batch by batch.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Batch, Pass, Running, check};
use crate::dataset::input::Input;
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

pub(super) fn read<P: Pass>(running: &mut Running<'_, P>, files: Range<usize>) -> Result<()> {
    let mut groups = Vec::new();
    for file in files {
        let mut n_before = 0;
        for (place, &n_rows) in running.scan.files[file].groups.iter().flatten().enumerate() {
            groups.push(Group { file, place, n_before });
            n_before += n_rows;
        }
    }
    // A file that the last groups were of is not opened again for the next ones.
    let mut open: Vec<(usize, ParquetReader)> = Vec::new();
    for groups in groups.chunks(AHEAD * rayon::current_num_threads()) {
        running.check()?;
        open.retain(|(file, _)| groups.iter().any(|group| group.file == *file));
        for Group { file, .. } in groups {
            if !open.iter().any(|(known, _)| known == file) {
                let input = Input::file(&running.scan.files[*file].path);
                open.push((*file, ParquetReader::open(&input)?));
            }
        }
        let (scan, pass, watch) = (running.scan, running.pass, running.watch);
        let part = |group: &Group| -> Result<P::Part> {
            let mut part = pass.nothing();
            let reader = open.iter().find(|(file, _)| *file == group.file);
            let Some((_, reader)) = reader else { return Ok(part) };
            let name = &scan.files[group.file].name;
            let mut row = group.n_before + 1;
            reader.scan(group.place, &running.places(group.file), |cells| {
                check(watch)?;
                let batch = Batch::new(Arc::clone(name), group.file as u64, row, cells);
                let n_rows = batch.n_rows() as u64;
                pass.add(&mut part, batch)?;
                row += n_rows;
                watch.read(n_rows);
                Ok(())
            })?;
            Ok(part)
        };
        let parts = groups.par_iter().with_max_len(1).map(part).collect();
        running.merge(parts)?;
    }
    Ok(())
}
