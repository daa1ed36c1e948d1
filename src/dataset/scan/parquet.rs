//! Parquet: as many groups of rows at a time as there are threads, each decoded batch by batch.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Batch, Pass, Running, check};
use crate::dataset::parquet::{Group, Readers, groups_of_file};
use crate::error::Result;

/// Groups of rows for each thread, before what they gave is put together in their order.
const AHEAD: usize = 2;

pub(super) fn read<P: Pass>(running: &mut Running<'_, P>, files: Range<usize>) -> Result<()> {
    let of_file = |file: usize| {
        let n_rows = running.scan.files[file].groups.as_deref().unwrap_or_default();
        groups_of_file(file, n_rows)
    };
    let groups: Vec<Group> = files.flat_map(of_file).collect();
    let mut readers = Readers::default();
    for groups in groups.chunks(AHEAD * rayon::current_num_threads()) {
        running.check()?;
        let files = groups.iter().map(|group| group.file);
        readers.open(files, |file| &running.scan.files[file].path)?;
        let (scan, pass, watch) = (running.scan, running.pass, running.watch);
        let part = |group: &Group| -> Result<P::Part> {
            let mut part = pass.nothing();
            let Some(reader) = readers.of(group.file) else { return Ok(part) };
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
