//! Files of customers, scored row by row: memory does not grow with the files. Parquet that becomes Parquet is scored
//! column by column instead.

use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;

use segmenta::dataset::csv::Record;
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{CellType, OnError, TableReader, number};
use segmenta::model::{Doubt, Model, Prediction, RowReader};
use segmenta::{CellProblem, Error, Result};
use serde_json::{Map, Value};

use super::super::failure::Usage;
use super::super::input;
use super::super::options::{check_stdin, is_stdin};
use super::super::parquet_rows::ParquetRows;
use super::super::rows::{RowWriter, cells};
use super::tally::Tally;
use super::{PredictArgs, parquet};

/// Rows that are looked at to find how numbers are written.
const LOOKED_AT: usize = 1000;

/// The columns that are added.
pub(super) const ADDED: [&str; 3] = ["cluster_id", "persona", "distance"];

pub fn run(args: &PredictArgs, model: &Model) -> anyhow::Result<()> {
    let is_file = args.out.as_deref().is_some_and(|out| !is_stdin(out));
    check_stdin(&args.files)?;
    let form = Form::of(args)?;
    let files = args.queries.local(&args.files, args.format.options())?;
    if form == Form::Parquet && parquet::run(args, model, files)? {
        return Ok(());
    }
    let (reader, bar) = input::open(files, &args.format, !is_file)?;
    let mut scorer = Scorer::new(args, model, &reader, form)?;
    let mut rows = Rows::new(reader);
    scorer.find_forms(&rows)?;
    let output = args.output()?;
    let mut writer = match form {
        Form::Csv => RowWriter::csv(output, rows.reader.dialect().delimiter),
        Form::Ndjson => RowWriter::Ndjson(output),
        Form::Parquet => {
            RowWriter::Parquet(Box::new(ParquetRows::new(output, scorer.typed_columns())?))
        }
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
    tally.require_some(&rows.name)?;
    writer.finish()?;
    tally.summarise();
    Ok(())
}

/// Refuses a table that has a column which is to be added.
pub(super) fn check_added(name: &str, headers: &[String]) -> Result<(), Usage> {
    match headers.iter().find(|header| ADDED.contains(&header.as_str())) {
        None => Ok(()),
        Some(taken) => Err(Usage(format!(
            "{name}: there already is a column {taken:?}, which predict adds; rename or remove it"
        ))),
    }
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Ndjson,
    Parquet,
}

impl Form {
    /// What the ending of `--out` says, or `--json`.
    fn of(args: &PredictArgs) -> Result<Self, Usage> {
        let ending = args.out.as_deref().and_then(Path::extension).unwrap_or_default();
        match (ending.to_string_lossy().to_ascii_lowercase().as_str(), args.json.json) {
            ("parquet", true) => {
                let problem = "--json and a file that ends in .parquet cannot go together; give the one or the other";
                Err(Usage(problem.to_owned()))
            }
            ("parquet", false) => Ok(Self::Parquet),
            ("ndjson" | "jsonl", _) | (_, true) => Ok(Self::Ndjson),
            _ => Ok(Self::Csv),
        }
    }
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
    /// What columns hold, where it matters: all cells are of this type then.
    types: Option<Vec<CellType>>,
    reader: RowReader,
    decimal: DecimalMark,
    customer: Vec<f64>,
}

impl<'a> Scorer<'a> {
    fn new(
        args: &'a PredictArgs,
        model: &'a Model,
        reader: &TableReader<'_>,
        form: Form,
    ) -> anyhow::Result<Self> {
        let headers = reader.headers().to_vec();
        check_added(reader.name(), &headers)?;
        let decimal = reader.dialect().decimal;
        let known = reader.types();
        let mut reader = RowReader::new(model, reader.name(), &headers, decimal)?;
        let mut types = Vec::new();
        for column in 0..headers.len() {
            let known = known.as_ref().map(|types| types[column]);
            if matches!(known, Some(CellType::Number | CellType::Whole)) {
                reader.expect_numbers(column);
            }
            // Text may be written as numbers are.
            types.push(match known {
                Some(kind @ (CellType::Number | CellType::Whole)) => kind,
                _ if reader.form(column).is_some() => CellType::Number,
                _ => CellType::Text,
            });
        }
        let types = (form == Form::Parquet).then_some(types);
        Ok(Self { args, model, headers, types, reader, decimal, customer: Vec::new() })
    }

    /// Looks at the first rows for how columns of numbers write them.
    fn find_forms(&mut self, rows: &Rows<'_>) -> anyhow::Result<()> {
        let is_given = self.args.format.options().decimal.is_some();
        let cells = |column| {
            let records = rows.ahead.iter().filter_map(|(_, row)| row.as_ref().ok());
            records.map(move |record| record.cell(column))
        };
        let found = self.reader.find_forms(self.model, &self.headers, is_given, cells);
        found.map_err(|Doubt { column, cell, known }| {
            Usage(format!(
                "{}: column {:?}: {cell} is one number written as in training ({known}) and another as \
                 this file writes them; give --decimal point or --decimal comma",
                rows.name, self.headers[column]
            ))
            .into()
        })
    }

    /// The columns of the results, and what they hold.
    fn typed_columns(&self) -> impl Iterator<Item = (String, CellType)> {
        const OF_ADDED: [CellType; 3] = [CellType::Whole, CellType::Text, CellType::Number];
        let own = self.headers.iter().cloned().zip(self.types.iter().flatten().copied());
        own.chain(ADDED.map(str::to_owned).into_iter().zip(OF_ADDED))
    }

    /// Refuses a cell that its column could not keep.
    fn check_types(&self, file: &str, record: &Record) -> Result<()> {
        for (column, kind) in self.types.iter().flatten().enumerate() {
            let cell = record.cell(column);
            let Some(form) = self.reader.form(column).filter(|_| !number::is_missing(cell)) else {
                continue;
            };
            let wrong = match kind {
                CellType::Text => None,
                CellType::Number => form.parse(cell).err(),
                CellType::Whole if cell.parse::<i64>().is_ok() => None,
                CellType::Whole => Some(CellProblem::TooLarge(cell.to_owned())),
            };
            if let Some(problem) = wrong {
                let (file, row) = (file.to_owned(), record.row());
                return Err(Error::Cell {
                    file,
                    row,
                    column: self.headers[column].clone(),
                    problem,
                });
            }
        }
        Ok(())
    }

    fn score(&mut self, file: &str, record: &Record) -> Result<Prediction> {
        self.check_types(file, record)?;
        self.customer.clear();
        for (feature, &column) in self.reader.columns().iter().enumerate() {
            let value = self.reader.value(self.model, feature, record.cell(column));
            self.customer.push(value.map_err(|problem| Error::Cell {
                file: file.to_owned(),
                row: record.row(),
                column: self.headers[column].clone(),
                problem,
            })?);
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
        let form = self.reader.form(column);
        if cell.is_empty() || form.is_some() && number::is_missing(cell) {
            return Value::Null;
        }
        match form.map(|form| form.parse(cell)) {
            Some(Ok(number)) => json_number(cell, number),
            _ => Value::from(cell),
        }
    }
}

/// The number with the digits that the file has, where JSON can write them.
fn json_number(cell: &str, number: f64) -> Value {
    cell.trim().parse::<i64>().map_or_else(|_| Value::from(number), Value::from)
}
