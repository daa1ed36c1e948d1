//! Text: rows come one after another, and batches of them are worked on side by side.

use rayon::prelude::*;

use super::{Batch, Pass, ScannedFile};
use crate::dataset::OnError;
use crate::dataset::column::Values;
use crate::dataset::csv::Record;
use crate::dataset::input::Input;
use crate::dataset::table::TableReader;
use crate::dataset::texts::Texts;
use crate::error::{Error, Result};

/// Rows of a batch.
const ROWS: usize = 1 << 14;

pub(super) fn read<A: Send>(
    pass: &Pass<'_>,
    place: usize,
    file: &ScannedFile,
    new: &(impl Fn() -> A + Sync),
    add: &(impl Fn(&mut A, Batch) -> Result<()> + Sync),
    merge: &mut impl FnMut(A) -> Result<()>,
) -> Result<()> {
    let input = Input::file(&file.path).named(&file.name);
    let mut rows = TableReader::open([input], pass.scan.options)?;
    let places = pass.places(place);
    let mut is_done = false;
    while !is_done {
        let mut batches = Vec::with_capacity(rayon::current_num_threads());
        while batches.len() < rayon::current_num_threads() && !is_done {
            pass.check()?;
            let mut batch = Batch { file: place, ..Batch::default() };
            is_done = fill(&mut batch, &mut rows, &places, pass.scan.on_error)?;
            pass.watch.read(batch.n_rows() as u64);
            batches.push(batch);
        }
        let parts: Vec<Result<A>> = batches
            .into_par_iter()
            .map(|batch| {
                let mut part = new();
                add(&mut part, batch)?;
                Ok(part)
            })
            .collect();
        // Of several errors the first is told, whichever thread was faster.
        parts.into_iter().try_for_each(|part| merge(part?))?;
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
