//! The customers behind a model, read row by row: memory does not grow with them.

use serde_json::{Map, Value};

use super::customers::{ADDED, number_value};
use super::store::Store;
use super::{Customers, Model, RowReader};
use crate::dataset::TableReader;
use crate::dataset::csv::Record;
use crate::dataset::form::NumberForm;
use crate::error::{Error, Result};
use crate::personas::Language;

/// The columns of customers, and how those that hold numbers write them: what only all rows together tell.
#[derive(Debug, Clone)]
pub struct Layout(Vec<(String, Option<NumberForm>)>);

impl Customers {
    /// What has to be known to read these customers row by row.
    pub fn layout(&self) -> Layout {
        let form = |column: &crate::dataset::Column| {
            column.numbers().is_some().then(|| column.form().clone())
        };
        let columns = self.data.columns().iter();
        Layout(columns.map(|column| (column.header().to_owned(), form(column))).collect())
    }
}

/// Reads one customer after another, each with its segment, as [`Customers`] has them.
pub struct CustomerRows<'a> {
    model: &'a Model,
    layout: &'a Layout,
    rows: TableReader<'static>,
    /// Where the columns of the layout stand in the file.
    places: Vec<usize>,
    reader: RowReader,
    record: Record,
    customer: Vec<f64>,
    /// The place of the segment of the last customer that was read.
    segment: usize,
    n_read: u64,
}

impl<'a> CustomerRows<'a> {
    /// Opens the file that a model was learned from.
    ///
    /// # Errors
    ///
    /// As [`Store::rows`] and [`RowReader::new`].
    pub fn open(store: &Store, model: &'a Model, layout: &'a Layout) -> Result<Self> {
        let rows = store.rows(model)?;
        // Columns without a name are no part of the layout where nothing stands in them.
        let mut known = layout.0.iter().peekable();
        let (mut places, mut forms) = (Vec::new(), Vec::new());
        for (place, header) in rows.headers().iter().enumerate() {
            let found = known.next_if(|(known, _)| known == header);
            forms.push(found.and_then(|(_, form)| form.clone()));
            places.extend(found.map(|_| place));
        }
        let reader = RowReader::with_forms(model, rows.name(), rows.headers(), forms.into_iter())?;
        let (record, customer) = (Record::default(), Vec::new());
        Ok(Self { model, layout, rows, places, reader, record, customer, segment: 0, n_read: 0 })
    }

    /// Passes over rows.
    ///
    /// # Errors
    ///
    /// As [`CustomerRows::next`].
    pub fn skip(&mut self, n_rows: u64) -> Result<()> {
        for _ in 0..n_rows {
            match self.rows.read(&mut self.record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.pass_over(error)?,
            }
            self.n_read += 1;
        }
        Ok(())
    }

    /// How many rows of the file were read, also such as training left out.
    pub fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Reads the next customer; gives the place of its segment in the model, none at the end. Rows that training
    /// left out are passed over.
    ///
    /// # Errors
    ///
    /// As [`TableReader::read`], and [`Error::Cell`] where the file is another one than in training.
    #[allow(clippy::should_implement_trait)] // what it reads is lent, not given
    pub fn next(&mut self) -> Result<Option<usize>> {
        loop {
            let read = self.rows.read(&mut self.record);
            if matches!(read, Ok(false)) {
                return Ok(None);
            }
            self.n_read += 1;
            match read.and_then(|_| self.assign()) {
                Ok(segment) => {
                    self.segment = segment;
                    return Ok(Some(segment));
                }
                Err(error) => self.pass_over(error)?,
            }
        }
    }

    fn assign(&mut self) -> Result<usize> {
        self.customer.clear();
        for (feature, &column) in self.reader.columns().iter().enumerate() {
            let value = self.reader.value(self.model, feature, self.record.cell(column));
            self.customer.push(value.map_err(|problem| Error::Cell {
                file: self.rows.name().to_owned(),
                row: self.record.row(),
                column: self.rows.headers()[column].clone(),
                problem,
            })?);
        }
        Ok(self.model.predict(&self.customer)?.segment)
    }

    fn pass_over(&self, error: Error) -> Result<()> {
        let is_of_row = matches!(error, Error::Row { .. } | Error::Cell { .. });
        if is_of_row && self.model.data.skipped_rows > 0 { Ok(()) } else { Err(error) }
    }

    /// The names of the columns: the file's own, then `Cluster` and `Persona`.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.layout.0.iter().map(|(header, _)| header.as_str()).chain(ADDED)
    }

    /// The customer that was read last, as [`Customers::row`] has it.
    pub fn row(&self, language: Language) -> Map<String, Value> {
        let segment = &self.model.segments[self.segment];
        let added = [Value::from(segment.cluster_id), Value::from(segment.persona(language))];
        let cells = self.places.iter().map(|&place| self.value(place)).chain(added);
        self.headers().map(str::to_owned).zip(cells).collect()
    }

    fn value(&self, place: usize) -> Value {
        let cell = self.record.cell(place);
        match self.reader.form(place) {
            Some(form) => number_value(form.parse(cell).unwrap_or(f64::NAN)),
            None if cell.is_empty() => Value::Null,
            None => Value::from(cell),
        }
    }
}
