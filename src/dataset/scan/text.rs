//! Text: rows come one after another, and batches of them are worked on side by side.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Batch, Pass, Running, ScannedFile};
use crate::dataset::OnError;
use crate::dataset::column::Values;
use crate::dataset::csv::Record;
use crate::dataset::input::Input;
use crate::dataset::table::TableReader;
use crate::dataset::texts::Texts;
use crate::error::{Error, Result};

/// Rows of a batch.
const ROWS: usize = 1 << 14;

pub(super) fn read<P: Pass>(
    running: &mut Running<'_, P>,
    place: usize,
    file: &ScannedFile,
) -> Result<()> {
    let input = Input::file(&file.path).named(&*file.name);
    let mut rows = TableReader::open([input], running.scan.options)?;
    let places = running.places(place);
    let mut is_done = false;
    while !is_done {
        let mut batches = Vec::with_capacity(rayon::current_num_threads());
        while batches.len() < rayon::current_num_threads() && !is_done {
            running.check()?;
            let name = Arc::clone(&file.name);
            let mut batch = Batch { name, file: place as u64, ..Batch::default() };
            is_done = fill(&mut batch, &mut rows, &places, running.scan.on_error)?;
            running.watch.read(batch.n_rows() as u64);
            batches.push(batch);
        }
        let pass = running.pass;
        let part = |batch: Batch| {
            let mut part = pass.nothing();
            pass.add(&mut part, batch)?;
            Ok(part)
        };
        running.merge(batches.into_par_iter().map(part).collect())?;
    }
    Ok(())
}

/// Reads rows into a batch. True at the end of the file.
fn fill(
    batch: &mut Batch,
    rows: &mut TableReader<'_>,
    places: &[usize],
    on_error: OnError,
) -> Result<bool> {
    let mut cells = vec![Texts::default(); places.len()];
    let mut record = Record::default();
    let is_done = loop {
        if batch.rows.len() == ROWS {
            break false;
        }
        match rows.read(&mut record) {
            Ok(false) => break true,
            Ok(true) => {
                batch.rows.push(record.row());
                for (cells, &place) in cells.iter_mut().zip(places) {
                    cells.push(record.cell(place));
                }
            }
            Err(error @ Error::Row { .. }) if on_error == OnError::Skip => {
                batch.skipped.push(error);
            }
            Err(error) => return Err(error),
        }
    };
    batch.cells = cells.into_iter().map(Values::Text).collect();
    Ok(is_done)
}
