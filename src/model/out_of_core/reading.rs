//! From batches of rows to coordinates.

use super::super::{Prepared, TrainOptions};
use crate::dataset::scan::Batch;
use crate::dataset::{Column, Dataset, Need, OnError, Scan};
use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::preparation::Preparation;

/// Reads the features of all rows, and nothing else.
pub(super) struct Reading<'a> {
    pub(super) scan: &'a Scan,
    /// Where the features stand in the files.
    pub(super) wanted: Vec<usize>,
    /// The features' columns, without rows: how cells are written.
    known: Vec<Column>,
    needs: Vec<(usize, Need)>,
    preparation: Preparation,
    on_error: OnError,
}

/// Rows that can be used.
pub(super) struct Rows {
    /// Their features.
    pub(super) data: Dataset,
    /// Their coordinates, before they are scaled.
    pub(super) coordinates: Matrix,
}

impl<'a> Reading<'a> {
    /// As the sample shows.
    ///
    /// # Errors
    ///
    /// As [`Scan::column_index`].
    pub(super) fn new(
        scan: &'a Scan,
        sample: &Dataset,
        prepared: &Prepared,
        options: &TrainOptions,
    ) -> Result<Self> {
        let columns = prepared.chosen.iter().map(|&index| &sample.columns()[index]);
        let known: Vec<Column> = columns.map(Column::without_rows).collect();
        let find = |column: &Column| scan.column_index(column.header());
        let features = prepared.preparation.features().iter();
        Ok(Self {
            scan,
            wanted: known.iter().map(find).collect::<Result<_>>()?,
            known,
            needs: features.map(|feature| feature.steps.need()).enumerate().collect(),
            preparation: prepared.preparation.clone(),
            on_error: options.on_error,
        })
    }

    /// The rows of a batch that can be used, if there is one; those that cannot go to `skipped`.
    ///
    /// # Errors
    ///
    /// [`Error::Cell`] for one that cannot, unless such rows are left out.
    pub(super) fn rows(&self, batch: Batch, skipped: &mut Vec<Error>) -> Result<Option<Rows>> {
        let (mut data, not_split) = self.scan.typed(batch, &self.known);
        skipped.extend(not_split);
        if data.n_rows() == 0 {
            return Ok(None);
        }
        let required = data.require(&self.needs, self.on_error);
        skipped.append(&mut data.take_skipped());
        match required {
            Ok(()) => {}
            Err(Error::Empty { .. }) => return Ok(None),
            Err(error) => return Err(error),
        }
        let columns: Vec<&Column> = data.columns().iter().collect();
        let coordinates = self.preparation.transform(&columns)?;
        Ok(Some(Rows { data, coordinates }))
    }
}
