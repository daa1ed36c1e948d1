//! All columns of a file at once: every column of every group of rows is decoded by itself, side by side, into
//! its place in the table.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::ConvertedType;
use parquet::errors::ParquetError;
use rayon::prelude::*;

use super::{ParquetReader, broken, cells, no_text};
use crate::dataset::column::Values;
use crate::dataset::texts::Texts;
use crate::error::Result;
use crate::pages;

/// A text whose place is written as a code takes at most so many bytes of a file, and one that is written in
/// full, with its length before it, seldom as few.
const BYTES_OF_CODE: i64 = 3;

/// A column of a group of rows, and where it goes.
struct Part<'a> {
    column: usize,
    group: usize,
    cells: Cells<'a>,
}

enum Cells<'a> {
    Numbers(&'a mut [f64]),
    Text(Texts),
}

impl ParquetReader {
    /// All rows, column by column; none where rows were read already.
    pub(in crate::dataset) fn read_columns(&mut self) -> Result<Option<Vec<Values>>> {
        if self.next_group > 0 {
            return Ok(None);
        }
        let lengths = self.lengths()?;
        let n_rows: usize = lengths.iter().sum();
        // Texts come in full where they cannot be asked for as codes.
        let coded = self.with_codes().unwrap_or_else(|_| self.metadata.clone());
        let fields = self.metadata.schema().fields();
        let empty = |field: &Arc<Field>| {
            if cells::are_numbers(field.data_type()) {
                Values::Numbers(pages::zeros(0.0, n_rows))
            } else {
                Values::Text(Texts::default())
            }
        };
        let mut columns: Vec<Values> = fields.iter().map(empty).collect();
        let all: Vec<usize> = (0..columns.len()).collect();
        let no_numbers = self.fill(&mut columns, &all, &lengths, &coded)?;
        for &column in &no_numbers {
            columns[column] = Values::Text(Texts::default());
        }
        self.fill(&mut columns, &no_numbers, &lengths, &coded)?;
        self.next_group = lengths.len();
        Ok(Some(columns))
    }

    /// How many rows the groups have. A damaged file may claim any number.
    fn lengths(&self) -> Result<Vec<usize>> {
        let groups = self.metadata.metadata().row_groups();
        let lengths: Option<Vec<usize>> =
            groups.iter().map(|group| usize::try_from(group.num_rows()).ok()).collect();
        let fields = self.metadata.schema().fields();
        let n_numbers = fields.iter().filter(|field| cells::are_numbers(field.data_type())).count();
        let n_cells = |lengths: &Vec<usize>| {
            let n_rows =
                lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length))?;
            n_rows.checked_mul(n_numbers.max(1))
        };
        lengths
            .filter(|lengths| n_cells(lengths).is_some_and(pages::is_room_for::<f64>))
            .ok_or_else(|| {
                let claimed = self.metadata.metadata().file_metadata().num_rows();
                let problem = format!("it claims {claimed} rows, more than memory holds");
                broken(&self.name, ParquetError::General(problem))
            })
    }

    /// What to read so that texts come as codes, where the file has such.
    fn with_codes(&self) -> std::result::Result<ArrowReaderMetadata, ParquetError> {
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let fields = self.metadata.schema().fields().iter().zip(descriptor.columns());
        let fields = fields.map(|(field, column)| {
            let is_text = *field.data_type() == DataType::Utf8;
            if !is_text || column.converted_type() != ConvertedType::UTF8 {
                return field.clone();
            }
            let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(field.as_ref().clone().with_data_type(coded))
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_schema(schema);
        ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options)
    }

    /// Whether a column of a group of rows is written as codes.
    fn is_coded(&self, column: usize, group: usize) -> bool {
        let group = self.metadata.metadata().row_groups().get(group);
        group.and_then(|group| group.columns().get(column)).is_some_and(|chunk| {
            chunk.uncompressed_size() <= BYTES_OF_CODE.saturating_mul(chunk.num_values())
        })
    }

    /// Decodes the wanted columns, which are of numbers or of texts. Gives back those of numbers that hold
    /// codes, and are to be texts after all.
    fn fill(
        &self,
        columns: &mut [Values],
        wanted: &[usize],
        lengths: &[usize],
        coded: &ArrowReaderMetadata,
    ) -> Result<Vec<usize>> {
        let hold_codes: Vec<AtomicBool> = columns.iter().map(|_| AtomicBool::new(false)).collect();
        let mut texts: Vec<Vec<Texts>> = columns.iter().map(|_| Vec::new()).collect();
        let to_fill = columns.iter_mut().enumerate().filter(|(i, _)| wanted.contains(i));
        let mut parts: Vec<Part<'_>> =
            to_fill.flat_map(|(i, values)| parts_of(i, values, lengths)).collect();
        let decoded = parts.par_iter_mut().with_max_len(1).map(|part| {
            let is_coded = self.is_coded(part.column, part.group);
            let metadata = if is_coded { coded } else { &self.metadata };
            self.decode_part(part, metadata, lengths[part.group], &hold_codes[part.column])
        });
        // Of several errors the first is told, whichever thread was faster.
        decoded.collect::<Vec<Result<()>>>().into_iter().collect::<Result<()>>()?;
        for part in parts {
            if let Cells::Text(cells) = part.cells {
                texts[part.column].push(cells);
            }
        }
        let with_texts = columns.par_iter_mut().zip(texts).filter(|(_, texts)| !texts.is_empty());
        with_texts.for_each(|(column, texts)| *column = Values::Text(Texts::join(&texts)));
        Ok((0..hold_codes.len()).filter(|&i| hold_codes[i].load(Ordering::Relaxed)).collect())
    }

    fn decode_part(
        &self,
        part: &mut Part<'_>,
        metadata: &ArrowReaderMetadata,
        length: usize,
        holds_codes: &AtomicBool,
    ) -> Result<()> {
        let refuse = |error| broken(&self.name, error);
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let mask = ProjectionMask::leaves(descriptor, [part.column]);
        let mut n_read = 0;
        for batch in self.batches(metadata, part.group, mask, super::BATCH)? {
            let batch = batch.map_err(|error| refuse(error.into()))?;
            let Some(array) = batch.columns().first() else { break };
            let end = n_read + array.len();
            match &mut part.cells {
                Cells::Numbers(_) if holds_codes.load(Ordering::Relaxed) => return Ok(()),
                Cells::Numbers(place) => {
                    let Some(place) = place.get_mut(n_read..end) else { break };
                    if !cells::write_numbers(array, place) {
                        holds_codes.store(true, Ordering::Relaxed);
                        return Ok(());
                    }
                }
                Cells::Text(texts) => {
                    if !cells::add_texts(array, texts) {
                        return Err(no_text(&self.name, &self.headers[part.column]));
                    }
                }
            }
            n_read = end;
        }
        if n_read != length {
            let problem = format!("{n_read} of {length} rows of a group are there");
            return Err(refuse(ParquetError::General(problem)));
        }
        Ok(())
    }
}

/// The parts of a column, one for each group of rows.
fn parts_of<'a>(column: usize, values: &'a mut Values, lengths: &[usize]) -> Vec<Part<'a>> {
    let mut rest = match values {
        Values::Numbers(numbers) => Some(numbers.as_mut_slice()),
        Values::Text(_) => None,
    };
    let mut cells = |length| match rest.take().and_then(|rest| rest.split_at_mut_checked(length)) {
        Some((place, behind)) => {
            rest = Some(behind);
            Cells::Numbers(place)
        }
        None => Cells::Text(Texts::default()),
    };
    let parts = lengths.iter().enumerate();
    parts.map(|(group, &length)| Part { column, group, cells: cells(length) }).collect()
}
