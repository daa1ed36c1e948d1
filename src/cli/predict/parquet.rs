//! Parquet that becomes Parquet: whole columns at a time, on all processors. Other columns keep what they hold.

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use arrow_schema::{DataType, Field, Fields};
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{CellType, Copied, OnError, Rows};
use segmenta::model::{Model, Prediction, RowReader};
use segmenta::personas::Language;
use segmenta::{Error, Result};

use super::super::options::is_stdin;
use super::super::progress;
use super::PredictArgs;
use super::file::{ADDED, check_added};
use super::tally::Tally;

/// Scores files, if they are such. False if they have to be read row by row.
pub(super) fn run(args: &PredictArgs, model: &Model, files: &[PathBuf]) -> anyhow::Result<bool> {
    let Some(out) = args.out.as_deref().filter(|_| !files.iter().any(|file| is_stdin(file))) else {
        return Ok(false);
    };
    let Some(table) = Copied::open(files)? else { return Ok(false) };
    check_added(table.name(), table.headers())?;
    let Some(scorer) = Scorer::new(args, model, &table)? else { return Ok(false) };
    let mut output = args.output()?;
    let bar = progress::pass("Scoring".to_owned(), Some(table.n_rows()));
    let mut all = Tally::default();
    let done = |tally: Tally, n_rows: u64| {
        bar.inc(n_rows);
        all.merge(tally);
        Ok(())
    };
    let work = |rows: Rows<'_>, tally: &mut Tally| scorer.score(&rows, tally);
    table.write((&mut output, out), scorer.reader.columns(), &added(), work, done)?;
    bar.finish_and_clear();
    all.require_some(table.name())?;
    output.finish()?;
    all.summarise();
    Ok(true)
}

/// The columns that are added.
fn added() -> Fields {
    let types = [DataType::Int64, DataType::Utf8, DataType::Float64];
    ADDED.into_iter().zip(types).map(|(name, kind)| Field::new(name, kind, true)).collect()
}

struct Scorer<'a> {
    model: &'a Model,
    headers: &'a [String],
    reader: RowReader,
    language: Language,
    on_error: OnError,
}

impl<'a> Scorer<'a> {
    /// None if numbers stand as text, since the first rows have to say how they are written.
    fn new(args: &PredictArgs, model: &'a Model, table: &'a Copied) -> Result<Option<Self>> {
        let headers = table.headers();
        let mut reader = RowReader::new(model, table.name(), headers, DecimalMark::Point)?;
        let is_number = |column: usize| table.types()[column] != CellType::Text;
        for column in (0..headers.len()).filter(|&column| is_number(column)) {
            reader.expect_numbers(column);
        }
        let mut features = model.features.iter().zip(reader.columns());
        let are_fit =
            features.all(|(feature, &column)| feature.numeric().is_none() || is_number(column));
        let (language, on_error) = (args.lang.language(), args.on_error.choice());
        Ok(are_fit.then_some(Self { model, headers, reader, language, on_error }))
    }

    /// The columns that are added to some rows, and which of the rows could be scored.
    fn score(&self, rows: &Rows<'_>, tally: &mut Tally) -> Result<(Vec<ArrayRef>, BooleanArray)> {
        let mut customer = Vec::with_capacity(self.model.features.len());
        let mut found = Vec::with_capacity(rows.n_rows);
        for row in 0..rows.n_rows {
            found.push(match self.score_row(rows, row, &mut customer) {
                Ok(prediction) => {
                    tally.scored += 1;
                    tally.remark(self.model, &customer);
                    Some(prediction)
                }
                Err(error) if self.on_error == OnError::Skip => {
                    tally.skip(error);
                    None
                }
                Err(error) => return Err(error),
            });
        }
        let segments = found.iter().map(|found| found.map(|it| &self.model.segments[it.segment]));
        let ids = segments.clone().map(|segment| segment?.cluster_id.try_into().ok());
        let personas = segments.map(|segment| Some(segment?.persona(self.language)));
        let distances = found.iter().map(|found| Some(found.as_ref()?.distance));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(ids.collect::<Int64Array>()),
            Arc::new(personas.collect::<StringArray>()),
            Arc::new(distances.collect::<Float64Array>()),
        ];
        let are_scored = found.iter().map(|found| Some(found.is_some())).collect();
        Ok((columns, are_scored))
    }

    fn score_row(
        &self,
        rows: &Rows<'_>,
        row: usize,
        customer: &mut Vec<f64>,
    ) -> Result<Prediction> {
        let (file, at) = (|| rows.file.to_owned(), rows.first + row as u64);
        let read = self.reader.customer(self.model, rows.cells, row, customer);
        read.map_err(|(feature, problem)| {
            let column = self.headers[self.reader.columns()[feature]].clone();
            Error::Cell { file: file(), row: at, column, problem }
        })?;
        self.model.predict(customer).map_err(|error| match error {
            Error::ValueTooLarge { .. } => {
                Error::Row { file: file(), row: at, problem: error.to_string() }
            }
            other => other,
        })
    }
}
