//! Columns that grow row by row.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::blocks::{self, Layout};
use super::csv::{Dialect, Record};
use super::form::{FileDecimal, NumberForm};
use super::lines::Lines;
use super::names::Names;
use super::table::{Detected, FileFormat, TableReader};
use super::texts::Texts;
use super::{Column, OnError, Source, Values};
use crate::error::{Error, Result};

/// A table as far as it was read.
pub(super) struct TableBuilder {
    headers: Vec<String>,
    cells: Vec<Values>,
    /// For each column of numbers, words in it that stand for empty cells.
    missing_words: Vec<BTreeSet<String>>,
    decimal: FileDecimal,
    pub(super) rows: Lines,
    pub(super) files: Vec<(String, usize)>,
    pub(super) detected: Vec<Detected>,
    pub(super) skipped: Vec<Error>,
}

impl TableBuilder {
    /// Reads all of a source, the short way if there is one.
    pub(super) fn read(source: &Source, on_error: OnError) -> Result<Self> {
        let mut reader = source.rows()?;
        let headers = reader.headers();
        let Dialect { delimiter, decimal } = reader.dialect();
        let layout = Layout { delimiter, decimal, n_columns: headers.len() };
        let is_csv = matches!(reader.detected().format, FileFormat::Csv(_));
        let text = source.plain_text().filter(|_| is_csv);
        if let Some(table) = text.and_then(|text| blocks::read(text, layout)) {
            return Ok(Self {
                headers: headers.to_vec(),
                cells: table.columns,
                missing_words: table.missing_words,
                decimal: reader.decimal(),
                files: vec![(reader.name().to_owned(), table.rows.len())],
                rows: table.rows,
                detected: reader.all_detected(),
                skipped: Vec::new(),
            });
        }
        Self::read_rows(&mut reader, on_error)
    }

    /// Cells that were read already, column by column. Rows and files are to be added.
    pub(super) fn of_cells(headers: Vec<String>, cells: Vec<Values>, decimal: FileDecimal) -> Self {
        Self {
            missing_words: vec![BTreeSet::new(); headers.len()],
            headers,
            cells,
            decimal,
            rows: Lines::default(),
            files: Vec::new(),
            detected: Vec::new(),
            skipped: Vec::new(),
        }
    }

    fn read_rows(reader: &mut TableReader<'_>, on_error: OnError) -> Result<Self> {
        let headers = reader.headers().to_vec();
        let cells = headers.iter().map(|_| Values::Text(Texts::default())).collect();
        let mut this = Self::of_cells(headers, cells, reader.decimal());
        loop {
            this.read_file(reader, on_error)?;
            this.files.push((reader.name().to_owned(), this.rows.len()));
            if !reader.next_file()? {
                break;
            }
        }
        this.detected = reader.all_detected();
        Ok(this)
    }

    fn read_file(&mut self, reader: &mut TableReader<'_>, on_error: OnError) -> Result<()> {
        if let Some(columns) = reader.read_columns()? {
            self.rows.push_run(1, columns.first().map_or(0, Values::len));
            let columns = self.cells.par_iter_mut().zip(columns);
            columns.for_each(|(cells, more)| append(cells, more));
        }
        let mut record = Record::default();
        loop {
            match reader.read_in_file(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {
                    self.rows.push(record.row());
                    self.cells.iter_mut().zip(record.cells()).for_each(|(to, cell)| push(to, cell));
                }
                Err(error @ Error::Row { .. }) if on_error == OnError::Skip => {
                    self.skipped.push(error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The columns, each of a type. One that has neither a name nor content is left out.
    pub(super) fn columns(&mut self) -> Vec<Column> {
        let names = Names::new(self.headers.iter().map(String::as_str));
        let decimal = self.decimal;
        let columns = self.headers.drain(..).zip(self.cells.drain(..)).zip(&self.missing_words);
        columns
            .filter(|((header, cells), _)| !header.is_empty() || !is_empty(cells))
            .map(|((header, cells), words)| {
                let name = names.unambiguous(&header);
                match cells {
                    Values::Text(cells) => Column::new(header, name, cells, decimal),
                    numbers @ Values::Numbers(_) => {
                        let plain = NumberForm::plain(decimal.mark);
                        let words = words.iter().cloned().collect();
                        Column::of(header, name, numbers, plain).with_missing_words(words)
                    }
                }
            })
            .collect()
    }
}

fn is_empty(cells: &Values) -> bool {
    match cells {
        Values::Text(cells) => cells.iter().all(|cell| cell.trim().is_empty()),
        Values::Numbers(numbers) => numbers.iter().all(|number| number.is_nan()),
    }
}

fn push(cells: &mut Values, cell: &str) {
    cells.make_texts();
    if let Values::Text(texts) = cells {
        texts.push(cell);
    }
}

/// Adds cells to those of the same column.
pub(super) fn append(cells: &mut Values, mut more: Values) {
    match (&mut *cells, &mut more) {
        (Values::Numbers(numbers), Values::Numbers(more)) => numbers.append(more),
        (Values::Text(texts), _) if texts.is_empty() => *cells = more,
        _ => {
            cells.make_texts();
            more.make_texts();
            if let (Values::Text(texts), Values::Text(more)) = (cells, more) {
                texts.append(&more);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    /// What is read of a text: by row, and in blocks if that can be.
    fn both_ways(text: &str) -> [Option<String>; 2] {
        let source = Source::new("t.csv", text);
        let shown = |mut table: TableBuilder| {
            let columns = table.columns();
            format!("{:?} {columns:?}", table.rows)
        };
        let Ok(mut reader) = source.rows() else { return [None, None] };
        let by_row = TableBuilder::read_rows(&mut reader, OnError::Fail).map(shown).ok();
        let Dialect { delimiter, decimal } = reader.dialect();
        let layout = Layout { delimiter, decimal, n_columns: reader.headers().len() };
        let in_blocks = source.plain_text().and_then(|text| blocks::read(text, layout)).is_some();
        let either = TableBuilder::read(&source, OnError::Fail).map(shown).ok();
        [by_row, either.filter(|_| in_blocks)]
    }

    #[test]
    fn blocks_and_rows_give_the_same_table() {
        let mut long = "i,n,t,late\n".to_owned();
        for i in 0..60_000 {
            let late = if i == 59_000 { "x" } else { "7" };
            let _ = writeln!(long, "{i},{}.25,\"a, \"\"{i}\"\"\n\",{late}", i % 91);
        }
        for text in [
            "a,b\n1,2\n-3.5,0\n",
            "a;b\r\n1,5;x\r\n\r\n2;y",
            "\u{feff}a,b\n1,\"x\ny\"\n,\"\"\"q\"\"\"\n",
            "a,b\n007,1e3\n12,-0\n",
            "a,b\nNA,\n,x\n",
            "a,b\nNA,\n,1\n",
            "a,b\n123456789012345678,0.1234567890123456789\n",
            "a;b\n1.250;2,5\n12;3\n",
            "a\n1\n\n2\n",
            "\"a\",\"b\nc\"\n1,2\n3,x\n",
            "a,b\n1,2\n,\n ,,, \r\n3,4\n,,",
            &long,
        ] {
            let [by_row, in_blocks] = both_ways(text);
            assert!(
                in_blocks.is_some(),
                "{:?} was not read in blocks",
                &text[..text.len().min(40)]
            );
            assert!(by_row == in_blocks, "{:?}", &text[..text.len().min(40)]);
        }
        for text in
            ["a,b\n1\n", "a,b\n1,2\n\"\",\n", "a,b\n1,x\"y\n", "a,b\n1,\"x\"y\n", "a,b\r1,2\r"]
        {
            assert_eq!(both_ways(text)[1], None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn blocks_and_rows_give_the_same_table_of_any_text(text in "a,b\n([0-9.,x\"NA\r\n -]{0,60})") {
            if let [by_row, Some(in_blocks)] = both_ways(&text) {
                proptest::prop_assert_eq!(by_row, Some(in_blocks));
            }
        }
    }

    #[test]
    fn numbers_and_texts_of_one_column_become_texts() {
        let mut cells = Values::Text(Texts::default());
        append(&mut cells, Values::Numbers(vec![1.0, f64::NAN]));
        append(&mut cells, Values::Numbers(vec![2.5]));
        assert!(matches!(&cells, Values::Numbers(numbers) if numbers.len() == 3));
        append(&mut cells, Values::Text(["x"].into_iter().collect()));
        push(&mut cells, "y");
        let Values::Text(texts) = cells else { unreachable!("a text was among them") };
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["1", "", "2.5", "x", "y"]);
    }
}
