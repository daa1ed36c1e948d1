//! Files of customers, scored row by row: memory does not grow with the files.

use std::collections::VecDeque;
use std::rc::Rc;

use segmenta::dataset::csv::Record;
use segmenta::dataset::form::NumberForm;
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{OnError, TableReader, names, number};
use segmenta::model::{ColumnValues, Model, Prediction, RemarkKind};
use segmenta::preparation::Steps;
use segmenta::{CellProblem, Error, Result};
use serde_json::{Map, Value};

use super::super::failure::Usage;
use super::super::input;
use super::super::options::{check_stdin, is_stdin};
use super::super::output::note;
use super::super::report::{LISTED, note_skipped};
use super::super::rows::{RowWriter, cells};
use super::PredictArgs;

/// Rows that are looked at to find how numbers are written.
const LOOKED_AT: usize = 1000;

/// The columns that are added.
const ADDED: [&str; 3] = ["cluster_id", "persona", "distance"];

pub fn run(args: &PredictArgs, model: &Model) -> anyhow::Result<()> {
    let is_file = args.out.as_deref().is_some_and(|out| !is_stdin(out));
    check_stdin(&args.files)?;
    let (reader, bar) = input::open(&args.files, &args.format, !is_file)?;
    let mut scorer = Scorer::new(args, model, &reader)?;
    let mut rows = Rows::new(reader);
    scorer.find_forms(&rows)?;
    let output = args.output()?;
    let mut writer = if args.json.json {
        RowWriter::Ndjson(output)
    } else {
        RowWriter::csv(output, rows.reader.dialect().delimiter)
    };
    let mut tally = Tally::default();
    let mut record = Record::default();
    loop {
        let outcome = match rows.read(&mut record) {
            Ok(false) => break,
            Ok(true) => scorer.score(&rows.name, &record),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(prediction) => {
                if tally.scored == 0 {
                    writer.header(scorer.headers.iter().map(String::as_str).chain(ADDED))?;
                }
                tally.scored += 1;
                tally.remark(model, &scorer.customer);
                scorer.write(&mut writer, &record, prediction)?;
            }
            Err(error) if can_skip(&error) && args.on_error.choice() == OnError::Skip => {
                tally.skip(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    bar.finish_and_clear();
    note_skipped(tally.skipped, &tally.listed);
    if tally.scored == 0 {
        let problem = if tally.skipped == 0 {
            "there are no customers in it; give a header and at least one row below it"
        } else {
            "no row of it could be scored"
        };
        return Err(Error::Empty { file: rows.name.to_string(), problem }.into());
    }
    writer.finish()?;
    tally.summarise();
    Ok(())
}

/// Rows of which the first are known before they are read.
struct Rows<'a> {
    reader: TableReader<'a>,
    ahead: VecDeque<(Rc<str>, Result<Record>)>,
    /// The file that the last row was from.
    name: Rc<str>,
}

impl<'a> Rows<'a> {
    fn new(mut reader: TableReader<'a>) -> Self {
        let mut ahead = VecDeque::new();
        while ahead.len() < LOOKED_AT {
            let mut record = Record::default();
            let read = reader.read(&mut record);
            let is_row = matches!(read, Ok(true));
            let is_behind = read.as_ref().is_err_and(|error| !can_skip(error));
            if is_row || read.is_err() {
                ahead.push_back((Rc::from(reader.name()), read.map(|_| record)));
            }
            if is_behind || !is_row && ahead.back().is_none_or(|(_, row)| row.is_ok()) {
                break;
            }
        }
        let name = Rc::from(reader.name());
        Self { reader, ahead, name }
    }

    fn read(&mut self, record: &mut Record) -> Result<bool> {
        if let Some((name, row)) = self.ahead.pop_front() {
            self.name = name;
            *record = row?;
            return Ok(true);
        }
        let found = self.reader.read(record);
        if *self.name != *self.reader.name() {
            self.name = Rc::from(self.reader.name());
        }
        found
    }
}

/// Whether an error is that of a single row.
fn can_skip(error: &Error) -> bool {
    matches!(error, Error::Row { .. } | Error::Cell { .. })
}

/// Reads, scores and writes one row at a time; the buffers are used again for the next one.
struct Scorer<'a> {
    args: &'a PredictArgs,
    model: &'a Model,
    headers: Vec<String>,
    /// Where each feature stands in the file.
    columns: Vec<usize>,
    /// Which columns of the file hold numbers, by what the model knows of them.
    are_numbers: Vec<bool>,
    decimal: DecimalMark,
    /// How each column writes its numbers.
    forms: Vec<NumberForm>,
    customer: Vec<f64>,
}

impl<'a> Scorer<'a> {
    fn new(
        args: &'a PredictArgs,
        model: &'a Model,
        reader: &TableReader<'_>,
    ) -> anyhow::Result<Self> {
        let headers = reader.headers();
        if let Some(taken) = headers.iter().find(|header| ADDED.contains(&header.as_str())) {
            return Err(Usage(format!(
                "{}: there already is a column {taken:?}, which predict adds; rename or remove it",
                reader.name()
            ))
            .into());
        }
        let columns = model
            .features
            .iter()
            .map(|feature| names::require(reader.name(), headers, &feature.column))
            .collect::<Result<Vec<usize>>>()?;
        let is_number = |header: &String| {
            let mut known = model.columns();
            known.any(|c| c.column == *header && matches!(c.values, ColumnValues::Numeric(_)))
        };
        let mut are_numbers: Vec<bool> = headers.iter().map(is_number).collect();
        for (feature, &column) in model.features.iter().zip(&columns) {
            are_numbers[column] = feature.numeric().is_some();
        }
        let decimal = reader.dialect().decimal;
        Ok(Self {
            args,
            model,
            headers: headers.to_vec(),
            columns,
            are_numbers,
            decimal,
            forms: vec![NumberForm::plain(decimal); headers.len()],
            customer: Vec::new(),
        })
    }

    /// Looks at the first rows for how columns of numbers write them.
    ///
    /// Numbers are read as in training where that fits.
    fn find_forms(&mut self, rows: &Rows<'_>) -> anyhow::Result<()> {
        let is_given = self.args.format.options().decimal.is_some();
        let records = || rows.ahead.iter().filter_map(|(_, row)| row.as_ref().ok());
        for (column, form) in self.forms.iter_mut().enumerate() {
            if self.are_numbers[column] {
                let cells = records().map(|record| record.cell(column));
                *form = NumberForm::find(cells.clone(), self.decimal, is_given);
                let header = &self.headers[column];
                let known = self.model.columns().find(|known| known.column == *header);
                let Some(known) = known.and_then(|known| known.form.as_ref()) else { continue };
                if !is_given {
                    *form = form.clone().as_before(known, cells).map_err(|cell| {
                        Usage(format!(
                            "{}: column {header:?}: {cell} is one number written as in training ({known}) and \
                             another as this file writes them; give --decimal point or --decimal comma",
                            rows.name
                        ))
                    })?;
                }
            }
        }
        Ok(())
    }

    fn score(&mut self, file: &str, record: &Record) -> Result<Prediction> {
        self.customer.clear();
        let prepared = self.model.preparation.features();
        for ((feature, prepared), &column) in
            self.model.features.iter().zip(prepared).zip(&self.columns)
        {
            let refuse = |problem| Error::Cell {
                file: file.to_owned(),
                row: record.row(),
                column: self.headers[column].clone(),
                problem,
            };
            let cell = record.cell(column);
            let is_missing = number::is_missing(cell);
            if is_missing && prepared.steps.may_be_missing() {
                self.customer.push(f64::NAN);
                continue;
            }
            if let Steps::Categorical(categorical) = &prepared.steps {
                if is_missing {
                    return Err(refuse(CellProblem::NoText));
                }
                self.customer.push(categorical.code(Some(cell.trim())));
                continue;
            }
            let value = self.forms[column].parse(cell).map_err(refuse)?;
            if feature.numeric().is_some_and(|summary| summary.is_below_minimum(value)) {
                return Err(refuse(CellProblem::Negative(record.cell(column).trim().to_owned())));
            }
            self.customer.push(value);
        }
        self.model.predict(&self.customer).map_err(|error| match error {
            Error::ValueTooLarge { .. } => {
                Error::Row { file: file.to_owned(), row: record.row(), problem: error.to_string() }
            }
            other => other,
        })
    }

    fn write(&self, writer: &mut RowWriter, record: &Record, found: Prediction) -> Result<()> {
        let segment = &self.model.segments[found.segment];
        let persona = segment.persona(self.args.lang.language());
        if let RowWriter::Csv(writer) = writer {
            let mut distance = found.distance.to_string();
            if self.decimal == DecimalMark::Comma {
                distance = distance.replace('.', ",");
            }
            let cluster_id = segment.cluster_id.to_string();
            return cells(writer, record.cells().chain([&*cluster_id, persona, &distance]));
        }
        let mut object: Map<String, Value> = self
            .headers
            .iter()
            .zip(record.cells())
            .enumerate()
            .map(|(column, (header, cell))| (header.clone(), self.value(cell, column)))
            .collect();
        let added = [segment.cluster_id.into(), persona.into(), found.distance.into()];
        object.extend(ADDED.map(str::to_owned).into_iter().zip(added));
        writer.row(&object)
    }

    /// A cell as JSON: a number where the column holds numbers, else the text as it stands.
    fn value(&self, cell: &str, column: usize) -> Value {
        if cell.is_empty() || self.are_numbers[column] && number::is_missing(cell) {
            return Value::Null;
        }
        match self.forms[column].parse(cell) {
            Ok(number) if self.are_numbers[column] => json_number(cell, number),
            _ => Value::from(cell),
        }
    }
}

/// The number with the digits that the file has, where JSON can write them.
fn json_number(cell: &str, number: f64) -> Value {
    cell.trim().parse::<i64>().map_or_else(|_| Value::from(number), Value::from)
}

/// What became of the rows. Only as many errors are kept as are listed.
#[derive(Default)]
struct Tally {
    scored: usize,
    skipped: usize,
    outside: usize,
    /// Values that something was taken for.
    filled: usize,
    /// Categories that no training customer had.
    unknown: usize,
    listed: Vec<Error>,
}

impl Tally {
    fn remark(&mut self, model: &Model, customer: &[f64]) {
        let mut is_outside = false;
        for remark in model.remarks(customer) {
            match remark.kind {
                RemarkKind::OutOfRange { .. } => is_outside = true,
                RemarkKind::Imputed(_) => self.filled += 1,
                RemarkKind::UnknownCategory(_) => self.unknown += 1,
            }
        }
        self.outside += usize::from(is_outside);
    }

    fn skip(&mut self, error: Error) {
        self.skipped += 1;
        if self.listed.len() < LISTED {
            self.listed.push(error);
        }
    }

    fn summarise(&self) {
        note(format_args!(
            "{} scored, {} skipped, {} outside of the training data's range",
            self.scored, self.skipped, self.outside
        ));
        if self.filled > 0 {
            note(format_args!(
                "{} empty cells counted as what stands for them in the model",
                self.filled
            ));
        }
        if self.unknown > 0 {
            note(format_args!(
                "{} values that the training data did not have counted as none of theirs",
                self.unknown
            ));
        }
    }
}
