//! Text: rows come one after another, and batches of them are worked on side by side.

use std::sync::Arc;

use super::{Batch, Pass, Running, ScannedFile, pieces};
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
    let Some(first) = pieces::read(running, place, file, &rows)? else { return Ok(()) };
    let places = running.places(place);
    let mut is_done = false;
    while !is_done {
        let mut batches = Vec::with_capacity(rayon::current_num_threads());
        while batches.len() < rayon::current_num_threads() && !is_done {
            running.check()?;
            let name = Arc::clone(&file.name);
            let mut batch = Batch { name, file: place as u64, ..Batch::default() };
            is_done = fill(&mut batch, &mut rows, first, &places, running.scan.on_error)?;
            batches.push(batch);
        }
        running.add(batches)?;
    }
    Ok(())
}

/// Reads rows into a batch, from line `first` on. True at the end of the file.
fn fill(
    batch: &mut Batch,
    rows: &mut TableReader<'_>,
    first: u64,
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
            Ok(true) if record.row() < first => {}
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
