//! From batches of rows to coordinates.

use serde::{Deserialize, Serialize};

use super::super::{Prepared, TrainOptions};
use crate::dataset::form::NumberForm;
use crate::dataset::scan::{Batch, Table};
use crate::dataset::{Column, Dataset, KnownColumn, Need, OnError};
use crate::error::{Error, Result};
use crate::features::Matrix;
use crate::preparation::Preparation;
use crate::scaler::Scaler;

/// Reads the features of all rows, and nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reading {
    /// Where the features stand in the files.
    pub(super) wanted: Vec<usize>,
    /// The features' columns, without rows: how cells are written.
    known: Vec<KnownColumn>,
    needs: Vec<(usize, Need)>,
    preparation: Preparation,
    on_error: OnError,
}

impl Reading {
    /// As the sample shows.
    ///
    /// # Errors
    ///
    /// As [`Table::column_index`].
    pub(super) fn new(
        table: &impl Table,
        sample: &Dataset,
        prepared: &Prepared,
        options: &TrainOptions,
    ) -> Result<Self> {
        let columns = prepared.chosen.iter().map(|&index| &sample.columns()[index]);
        let known: Vec<KnownColumn> = columns.map(Column::known).collect();
        let find = |column: &KnownColumn| table.column_index(column.header());
        let features = prepared.preparation.features().iter();
        Ok(Self {
            wanted: known.iter().map(find).collect::<Result<_>>()?,
            known,
            needs: features.map(|feature| feature.steps.need()).enumerate().collect(),
            preparation: prepared.preparation.clone(),
            on_error: options.on_error,
        })
    }

    /// How the features write their numbers, as far as they hold such.
    pub(super) fn forms(&self) -> Vec<Option<&NumberForm>> {
        self.known.iter().map(KnownColumn::form).collect()
    }

    /// The features of the rows of a batch that can be used, if there is one; those that cannot go to `skipped`.
    ///
    /// # Errors
    ///
    /// [`Error::Cell`] for one that cannot, unless such rows are left out.
    pub(super) fn rows(&self, batch: Batch, skipped: &mut Vec<Error>) -> Result<Option<Dataset>> {
        let (data, not_split) = batch.typed(&self.known);
        skipped.extend(not_split);
        self.usable(data, skipped)
    }

    fn usable(&self, mut data: Dataset, skipped: &mut Vec<Error>) -> Result<Option<Dataset>> {
        if data.n_rows() == 0 {
            return Ok(None);
        }
        let required = data.require(&self.needs, self.on_error);
        skipped.append(&mut data.take_skipped());
        match required {
            Ok(()) => Ok(Some(data)),
            Err(Error::Empty { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The coordinates of rows, before they are scaled.
    ///
    /// # Errors
    ///
    /// As [`Preparation::transform`].
    pub(super) fn coordinates(&self, rows: &Dataset) -> Result<Matrix> {
        self.preparation.transform(&rows.columns().iter().collect::<Vec<&Column>>())
    }

    /// The scaled coordinates of the rows of a batch that can be used, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Reading::rows`] and [`Preparation::transform`].
    pub(super) fn points(&self, batch: Batch, scaler: &Scaler) -> Result<Option<Matrix>> {
        let (data, _) = batch.typed(&self.known);
        if self.preparation.leaves_numbers() && data.is_in_order(&self.needs) {
            // Every look at all rows costs a part of what the step itself does.
            let mut numbers = data.into_numbers();
            return if scaler.transform_in_place(&mut numbers) {
                Ok(Some(Matrix::of_known(numbers)))
            } else {
                Matrix::from_columns(numbers).map(Some)
            };
        }
        let Some(rows) = self.usable(data, &mut Vec::new())? else { return Ok(None) };
        Ok(Some(scaler.transform(&self.coordinates(&rows)?)))
    }
}
