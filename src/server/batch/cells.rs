//! Rows of CSV: the columns of the table stay as they are, and behind them stands the answer.

use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Writer, WriterBuilder};

use super::trouble::RefusedRow;
use crate::dataset::ReadOptions;
use crate::dataset::csv::{CsvReader, Dialect, Record};
use crate::dataset::number::DecimalMark;
use crate::dataset::{Encoding, names};
use crate::error::CellProblem;
use crate::model::{Doubt, RowReader};
use crate::personas::Language;
use crate::server::error::{ApiError, FieldError};
use crate::server::fields;
use crate::server::predict::refused;
use crate::server::state::{Seen, Served};

/// The columns that are added.
const ADDED: [&str; 5] = ["cluster_id", "persona", "distance", "confidence", "error"];
/// What messages call the table.
const NAME: &str = "the body";
/// Rows that are looked at to find how numbers are written.
const LOOKED_AT: usize = 1000;

/// Scores rows of cells by one model.
pub(super) struct Cells {
    pub(super) served: Arc<Served>,
    language: Language,
    headers: Vec<String>,
    dialect: Dialect,
    reader: RowReader,
}

/// The start of a table, and what it shows.
pub(super) struct Start {
    pub(super) cells: Cells,
    /// How the table writes letters.
    pub(super) encoding: Encoding,
}

impl Cells {
    /// Finds the features by the header and the first rows, which are the whole table if `is_whole`.
    ///
    /// # Errors
    ///
    /// 422 where the header is wrong, or where it cannot be told how numbers are written.
    pub(super) fn start(
        text: &[u8],
        is_whole: bool,
        served: Arc<Served>,
        language: Language,
    ) -> Result<Start, ApiError> {
        let mut rows =
            CsvReader::with_options(NAME, text, &ReadOptions::default()).map_err(unreadable)?;
        let headers = rows.headers().to_vec();
        let dialect = rows.dialect();
        if let Some(taken) = headers.iter().find(|header| ADDED.contains(&header.as_str())) {
            let msg = "the table has a column of this name, which the answer adds; rename it";
            return Err(ApiError::invalid(FieldError::body(taken, "reserved_column", msg)));
        }
        find_all(&served, &headers)?;
        let mut reader =
            RowReader::new(&served.model, NAME, &headers, dialect.decimal).map_err(unreadable)?;
        let first = first_rows(&mut rows, is_whole);
        let cells = |column| first.iter().map(move |record: &Record| record.cell(column));
        reader
            .find_forms(&served.model, &headers, false, cells)
            .map_err(|doubt| unclear(&headers, &doubt))?;
        let encoding = rows.encoding();
        Ok(Start { cells: Self { served, language, headers, dialect, reader }, encoding })
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.dialect.delimiter
    }

    /// The first line of the answer.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut writer = self.writer(Vec::new());
        write(&mut writer, self.headers.iter().map(String::as_str).chain(ADDED));
        written(writer)
    }

    /// Appends the answers to the rows of a text.
    pub(super) fn answer(&self, text: &[u8], seen: &mut Seen, out: &mut Vec<u8>) {
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter())
            .from_reader(text);
        let mut writer = self.writer(std::mem::take(out));
        let mut record = csv::ByteRecord::new();
        let (mut customer, mut point) = (Vec::new(), Vec::new());
        while rows.read_byte_record(&mut record).unwrap_or(false) {
            let (row, error) = match StringRecord::from_byte_record(std::mem::take(&mut record)) {
                Ok(row) => (row, None),
                Err(error) => {
                    let row = StringRecord::from_byte_record_lossy(error.into_byte_record());
                    (row, Some(not_utf8()))
                }
            };
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                let scored =
                    error.map_or_else(|| self.score(&row, &mut customer, &mut point, seen), Err);
                self.write_row(&mut writer, &row, scored);
            }
            record = row.into_byte_record();
        }
        *out = written(writer);
    }

    /// Appends a mistake in the place of a row.
    pub(super) fn refuse(&self, problem: FieldError, out: &mut Vec<u8>) {
        let mut writer = self.writer(std::mem::take(out));
        self.write_row(&mut writer, &StringRecord::new(), Err(ApiError::invalid(problem)));
        *out = written(writer);
    }

    fn score(
        &self,
        row: &StringRecord,
        customer: &mut Vec<f64>,
        point: &mut Vec<f64>,
        seen: &mut Seen,
    ) -> Result<[String; 4], ApiError> {
        let (found, expected) = (row.len(), self.headers.len());
        if found != expected {
            let cells = if found == 1 { "cell" } else { "cells" };
            let msg = format!("{found} {cells} found, the header has {expected}");
            return Err(ApiError::invalid(FieldError::of_body("wrong_length", msg)));
        }
        let model = &self.served.model;
        customer.clear();
        let mut errors = Vec::new();
        for (feature, &column) in self.reader.columns().iter().enumerate() {
            let cell = row.get(column).unwrap_or_default();
            match self.reader.value(model, feature, cell) {
                Ok(value) => customer.push(value),
                Err(problem) => errors.push(self.wrong(feature, cell, &problem)),
            }
        }
        if !errors.is_empty() {
            return Err(ApiError::Invalid { errors, more: 0 });
        }
        let found = model.predict_at(customer, point).map_err(refused)?;
        self.served.predicted(customer, &found, seen);
        let segment = &model.segments[found.segment];
        Ok([
            segment.cluster_id.to_string(),
            segment.persona(self.language).to_owned(),
            self.number(found.distance),
            self.number(found.confidence),
        ])
    }

    /// A mistake in a cell, told as `/predict` tells it in a field.
    fn wrong(&self, feature: usize, cell: &str, problem: &CellProblem) -> FieldError {
        let summary = &self.served.model.features[feature];
        let kind = match problem {
            CellProblem::Negative(_) => {
                let form = self.reader.form(self.reader.columns()[feature]);
                let number = form.and_then(|form| form.parse(cell).ok());
                if let Some((number, column)) = number.zip(summary.numeric()) {
                    return fields::below_minimum(&summary.name, number, column);
                }
                "below_minimum"
            }
            CellProblem::Empty | CellProblem::Missing(_) | CellProblem::NoText => "missing",
            CellProblem::NotFinite(_) => "number_finite",
            _ => "number_type",
        };
        FieldError::body(&summary.name, kind, problem.to_string())
    }

    /// A number as the table writes them.
    fn number(&self, number: f64) -> String {
        let text = number.to_string();
        match self.dialect.decimal {
            DecimalMark::Point => text,
            DecimalMark::Comma => text.replace('.', ","),
        }
    }

    /// Writes a row with as many cells as the header has, whatever the table gave.
    fn write_row(
        &self,
        writer: &mut Writer<Vec<u8>>,
        row: &StringRecord,
        scored: Result<[String; 4], ApiError>,
    ) {
        let given = (0..self.headers.len()).map(|column| row.get(column).unwrap_or_default());
        match scored {
            Ok(added) => write(writer, given.chain(added.iter().map(String::as_str)).chain([""])),
            Err(error) => {
                let refused = RefusedRow::new(error);
                write(writer, given.chain([""; 4]).chain([refused.detail()]));
            }
        }
    }

    fn writer(&self, out: Vec<u8>) -> Writer<Vec<u8>> {
        WriterBuilder::new().delimiter(self.delimiter()).from_writer(out)
    }
}

/// Makes sure that every feature has its column, and tells all that have none.
fn find_all(served: &Served, headers: &[String]) -> Result<(), ApiError> {
    let find = |name: &str| names::find(headers.iter().map(String::as_str), name);
    let missing = served.model.features.iter().filter_map(|feature| {
        let msg = match find(&feature.column).as_slice() {
            [_] => return None,
            [] => {
                let known = crate::error::list(headers.iter().map(String::as_str));
                format!("the table has no such column; its columns are {known}")
            }
            _ => "several columns of the table may be meant; use the header of training".to_owned(),
        };
        Some(FieldError::body(&feature.name, "missing", msg))
    });
    let errors: Vec<FieldError> = missing.collect();
    if errors.is_empty() { Ok(()) } else { Err(ApiError::Invalid { errors, more: 0 }) }
}

/// The first rows, without those that are wrong, and without one that the sample may have cut.
fn first_rows(rows: &mut CsvReader<'_>, is_whole: bool) -> Vec<Record> {
    let mut first = Vec::new();
    while first.len() < LOOKED_AT {
        let mut record = Record::default();
        match rows.read(&mut record) {
            Ok(true) => first.push(record),
            Err(crate::Error::Row { .. }) => {}
            Ok(false) | Err(_) => {
                if !is_whole {
                    first.pop();
                }
                break;
            }
        }
    }
    first
}

/// What the reader says of a table as a whole.
#[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
fn unreadable(error: crate::Error) -> ApiError {
    ApiError::invalid(FieldError::of_body("unreadable", error.to_string()))
}

fn unclear(headers: &[String], Doubt { column, cell, known }: &Doubt) -> ApiError {
    let msg = format!(
        "{cell} is one number written as in training ({known}) and another as this table writes them; \
         write one of the column's numbers so that it can be read in one way only"
    );
    ApiError::invalid(FieldError::body(&headers[*column], "ambiguous_number", msg))
}

fn not_utf8() -> ApiError {
    let msg = "the row is not UTF-8 text; name its encoding, as in text/csv; charset=windows-1252";
    ApiError::invalid(FieldError::of_body("not_utf8", msg))
}

fn write<'a>(writer: &mut Writer<Vec<u8>>, cells: impl Iterator<Item = &'a str>) {
    // Rows of the same length can always be written to memory.
    let _ = writer.write_record(cells);
}

fn written(writer: Writer<Vec<u8>>) -> Vec<u8> {
    writer.into_inner().unwrap_or_default()
}
