//! The customers behind a model, each with its segment.

use serde_json::{Map, Value};

use super::{DataSummary, Model};
use crate::dataset::{Column, Dataset, Need, OnError, Source, Values};
use crate::error::Result;
use crate::personas::Language;
use crate::scatter::Scatter;

/// Whole numbers up to this magnitude are written without a fraction: doubles hold them exactly.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The columns that lists of customers have behind the file's own.
pub(super) const ADDED: [&str; 2] = ["Cluster", "Persona"];

/// What the principal components are called among the axes of a map; no column has such a short name.
pub const COMPONENTS: [&str; 2] = [":component-1", ":component-2"];

/// Customers and the segment of each.
#[derive(Debug)]
pub struct Customers {
    /// The customers.
    pub data: Dataset,
    /// The place in the model of each row's segment.
    pub labels: Vec<u32>,
}

impl Customers {
    /// Reads the customers that a model was learned from as training did, and gives each its segment.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`], [`Dataset::require`] and [`Model::predict`].
    pub fn assign(model: &Model, source: &Source) -> Result<Self> {
        let DataSummary { skipped_rows, .. } = model.data;
        let on_error = if skipped_rows == 0 { OnError::Fail } else { OnError::Skip };
        let mut data = Dataset::read(source, on_error)?;
        let columns = columns(model, &data)?;
        let needs: Vec<(usize, Need)> = columns
            .iter()
            .zip(model.preparation.features())
            .map(|(&index, prepared)| (index, prepared.steps.need()))
            .collect();
        data.require(&needs, on_error)?;
        let labels = (0..data.n_rows())
            .map(|row| {
                let customer = customer(model, &data, &columns, row);
                let segment = model.predict(&customer)?.segment;
                Ok(u32::try_from(segment).unwrap_or(u32::MAX))
            })
            .collect::<Result<Vec<u32>>>()?;
        Ok(Self { data, labels })
    }

    /// Where some customers, given by their rows, lie on the model's plane, if it has one.
    ///
    /// # Errors
    ///
    /// As [`Dataset::column_index`], if these are not the model's customers.
    pub fn on_plane(
        &self,
        rows: impl Iterator<Item = usize>,
        model: &Model,
    ) -> Result<Option<Vec<[f64; 2]>>> {
        let columns = columns(model, &self.data)?;
        let point = |row| model.on_plane(&customer(model, &self.data, &columns, row));
        Ok(rows.map(point).collect())
    }

    /// The customers on every axis that a map can have: each column of numbers by its short name, and the
    /// principal components by those of [`COMPONENTS`].
    ///
    /// # Errors
    ///
    /// As [`Dataset::column_index`], if these are not the model's customers.
    pub fn scatter(&self, model: &Model) -> Result<Scatter> {
        let mut scatter = Scatter::new(&self.labels, model.segments.len());
        for column in self.data.columns() {
            if let Values::Numbers(numbers) = column.values() {
                scatter = scatter.with_axis(column.name(), |row| numbers[row]);
            }
        }
        if model.projection.is_some() {
            let columns = columns(model, &self.data)?;
            for (which, name) in COMPONENTS.into_iter().enumerate() {
                scatter = scatter.with_axis(name, |row| {
                    let place = model.on_plane(&customer(model, &self.data, &columns, row));
                    place.map_or(f64::NAN, |place| place[which])
                });
            }
        }
        Ok(scatter)
    }

    /// The coordinates of some customers, given by their rows, before they are scaled: what
    /// [`Preparation::transform_row`](crate::preparation::Preparation::transform_row) makes of them.
    ///
    /// # Errors
    ///
    /// As [`Dataset::column_index`], if these are not the model's customers.
    pub fn coordinates(
        &self,
        rows: impl Iterator<Item = usize>,
        model: &Model,
    ) -> Result<Vec<Vec<f64>>> {
        let columns = columns(model, &self.data)?;
        let prepared = |row| {
            let customer = customer(model, &self.data, &columns, row);
            model.preparation.transform_row(&customer)
        };
        Ok(rows.map(prepared).collect())
    }

    /// Some customers, given by their rows, as [`Model::predict`] takes them.
    ///
    /// # Errors
    ///
    /// As [`Dataset::column_index`], if these are not the model's customers.
    pub fn features(
        &self,
        rows: impl Iterator<Item = usize>,
        model: &Model,
    ) -> Result<Vec<Vec<f64>>> {
        let columns = columns(model, &self.data)?;
        Ok(rows.map(|row| customer(model, &self.data, &columns, row)).collect())
    }

    /// The rows to show where there is room for `most`: all, or as many as there may be, spread evenly.
    pub fn spread(&self, most: usize) -> impl ExactSizeIterator<Item = usize> + use<> {
        let total = self.data.n_rows();
        let shown = total.min(most);
        (0..shown).map(move |place| place * total / shown)
    }

    /// One customer: the file's columns under their headers, then `Cluster` and `Persona`. An empty
    /// cell is null.
    pub fn row(&self, row: usize, model: &Model, language: Language) -> Map<String, Value> {
        let segment = model.segments.get(self.labels[row] as usize);
        let cluster_id = segment.map(|segment| segment.cluster_id);
        let persona = segment.map(|segment| segment.persona(language));
        self.data
            .columns()
            .iter()
            .map(|column| (column.header().to_owned(), cell(column, row)))
            .chain([
                (ADDED[0].to_owned(), Value::from(cluster_id)),
                (ADDED[1].to_owned(), Value::from(persona)),
            ])
            .collect()
    }
}

/// Where the model's features stand in the data.
pub(super) fn columns(model: &Model, data: &Dataset) -> Result<Vec<usize>> {
    model.features.iter().map(|feature| data.column_index(&feature.column)).collect()
}

/// The features of a row, as [`Model::predict`] takes them.
pub(super) fn customer(model: &Model, data: &Dataset, columns: &[usize], row: usize) -> Vec<f64> {
    let features = model.preparation.features().iter().zip(columns);
    features.map(|(prepared, &index)| prepared.steps.read(&data.columns()[index], row)).collect()
}

fn cell(column: &Column, row: usize) -> Value {
    match column.values() {
        Values::Numbers(numbers) => number_value(numbers[row]),
        Values::Text(cells) if cells[row].is_empty() => Value::Null,
        Values::Text(cells) => Value::from(&cells[row]),
    }
}

/// A number as lists have it: null for none.
#[allow(clippy::cast_possible_truncation)] // whole and within the bounds of exact integers
pub(super) fn number_value(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= MOST_EXACT {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}
