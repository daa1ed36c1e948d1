//! CSV that is in order: pieces of it, worked on side by side.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Batch, Pass, Running, ScannedFile};
use crate::dataset::blocks::{Kept, Layout, Piece, Pieces};
use crate::dataset::column::Values;
use crate::dataset::encoding::Encoding;
use crate::dataset::form::NumberForm;
use crate::dataset::input::Input;
use crate::dataset::lines::Lines;
use crate::dataset::stream::{TextStream, broken};
use crate::dataset::table::{FileFormat, TableReader};
use crate::error::Result;

/// Pieces for each thread, before what they gave is put together in their order.
const AHEAD: usize = 8;

/// Works on the rows of a file whose header `rows` has read, as far as they are in order. Gives the line on which the
/// rest begins, if there is one.
pub(super) fn read<P: Pass>(
    running: &mut Running<'_, P>,
    place: usize,
    file: &ScannedFile,
    rows: &TableReader<'_>,
) -> Result<Option<u64>> {
    const WHOLE: Option<u64> = Some(0);
    let options = running.scan.options;
    // Text in one of the other encodings has one byte a letter.
    let is_unicode = options.encoding.is_none_or(Encoding::is_unicode);
    let FileFormat::Csv(dialect) = rows.detected().format else { return Ok(WHOLE) };
    let n_columns = rows.headers().len();
    let decimal = running.scan.decimal.mark;
    let layout = Layout { delimiter: dialect.delimiter, decimal, n_columns };
    let places = running.places(place);
    let Some(kept) = kept(&places, &running.pass.forms(), layout).filter(|_| is_unicode) else {
        return Ok(WHOLE);
    };

    let refuse = |error| broken(&file.name, error);
    let input = Input::file(&file.path).named(&*file.name);
    let text = TextStream::new(&file.name, input.open()?, &options)?.into_read();
    let Some(mut pieces) = Pieces::open(text, layout).map_err(refuse)? else { return Ok(WHOLE) };
    loop {
        running.check()?;
        let mut line = pieces.n_lines() + 1;
        let found = pieces.next(AHEAD * rayon::current_num_threads()).map_err(refuse)?;
        let n_found = found.len();
        let read: Vec<Option<Piece>> =
            found.into_par_iter().map(|bytes| Piece::read(bytes, layout, &kept)).collect();
        // Behind rows that are not in order nothing is known of where rows end.
        let mut batches = Vec::with_capacity(n_found);
        for piece in read.into_iter().map_while(|piece| piece) {
            let n_lines = piece.n_lines;
            batches.push(batch(place, file, piece, line, &places));
            line += n_lines;
            pieces.pass_over(n_lines);
        }
        let is_in_order = batches.len() == n_found && !pieces.is_lost();
        running.add(batches)?;
        if !is_in_order {
            return Ok(Some(line));
        }
        if n_found == 0 {
            return Ok(None);
        }
    }
}

/// What becomes of the file's columns. None where one is wanted twice.
fn kept(places: &[usize], forms: &[Option<&NumberForm>], layout: Layout) -> Option<Vec<Kept>> {
    let plain = NumberForm::plain(layout.decimal);
    let mut kept = vec![Kept::Nothing; layout.n_columns];
    for (index, &place) in places.iter().enumerate() {
        // A column without a name that only other files have is nowhere.
        let Some(kept) = kept.get_mut(place) else { continue };
        if *kept != Kept::Nothing {
            return None;
        }
        let is_plain = forms.get(index).is_some_and(|&form| form == Some(&plain));
        *kept = if is_plain { Kept::Numbers } else { Kept::Texts };
    }
    Some(kept)
}

/// The rows of a piece that begins on this line.
fn batch(file: usize, scanned: &ScannedFile, piece: Piece, line: u64, places: &[usize]) -> Batch {
    let Piece { mut columns, rows, .. } = piece;
    let n_rows = rows.len();
    let mut take = |&place: &usize| columns.get_mut(place).and_then(Option::take);
    let nothing = || Values::Text((0..n_rows).map(|_| "").collect());
    let cells = places.iter().map(|place| take(place).unwrap_or_else(nothing)).collect();
    let mut lines = Lines::default();
    lines.append(&rows, line);
    let name = Arc::clone(&scanned.name);
    Batch { name, file: file as u64, rows: lines, cells, skipped: Vec::new() }
}
