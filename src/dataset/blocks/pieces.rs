//! A file that comes bit by bit, cut into pieces behind rows.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::{memchr_iter, memchr2};

use super::block::{Block, Filling};
use super::{Header, Layout};
use crate::dataset::column::Values;
use crate::dataset::form::NumberForm;
use crate::dataset::lines::Lines;
use crate::dataset::scanner::LONGEST_ROW;

/// Bytes of a piece, up to the end of a row. Always the same, so that what is added up piece by piece has the same bits
/// on every machine; and few enough for all that is made of it to stay in the cache.
const PIECE: usize = 1 << 18;

/// A text that is cut into pieces.
pub(in crate::dataset) struct Pieces<R> {
    text: R,
    /// Bytes of a piece, up to the end of a row.
    size: usize,
    /// What was read, from `start` on not cut yet.
    buffer: Vec<u8>,
    start: usize,
    is_at_end: bool,
    /// Whether no end of a row is found any more.
    is_lost: bool,
    /// Lines before what is not cut yet.
    n_lines: u64,
}

/// What becomes of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dataset) enum Kept {
    Nothing,
    Texts,
    /// Numbers with nothing beside them; texts where there is another cell.
    Numbers,
}

/// Some rows, and the columns of them that are kept, by their places.
pub(in crate::dataset) struct Piece {
    pub(in crate::dataset) columns: Vec<Option<Values>>,
    /// The piece's first line is line 0.
    pub(in crate::dataset) rows: Lines,
    pub(in crate::dataset) n_lines: u64,
}

impl<R: Read> Pieces<R> {
    /// Reads the header. None where it is not in order, or does not begin on the first line.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(in crate::dataset) fn open(text: R, layout: Layout) -> io::Result<Option<Self>> {
        Self::of_size(text, layout, PIECE)
    }

    fn of_size(text: R, layout: Layout, size: usize) -> io::Result<Option<Self>> {
        let (buffer, is_at_end, is_lost) = (Vec::new(), false, false);
        let mut this = Self { text, size, buffer, start: 0, is_at_end, is_lost, n_lines: 0 };
        this.fill(PIECE)?;
        // A longer header is none that is in order.
        let whole = memchr::memrchr(b'\n', &this.buffer).map_or(0, |end| end + 1);
        let start = std::str::from_utf8(&this.buffer[..whole]).ok();
        let header = start.and_then(|text| Header::of(text, layout));
        Ok(header.map(|header| {
            (this.start, this.n_lines) = (header.length, header.n_lines);
            this
        }))
    }

    /// Lines before the pieces that come next.
    pub(in crate::dataset) fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Whether rows are so long behind the pieces that came that they are none of a file in order.
    pub(in crate::dataset) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The next pieces, so many if there are as many; none at the end. Each ends with a row, if all rows are in
    /// order.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(in crate::dataset) fn next(&mut self, n_pieces: usize) -> io::Result<Vec<&[u8]>> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let mut ends = Vec::with_capacity(n_pieces);
        let mut wanted = n_pieces * self.size;
        while ends.len() < n_pieces && !self.is_lost {
            self.fill(wanted)?;
            let rest = &self.buffer[self.start..];
            let length = match cut(rest, self.size) {
                None if !self.is_at_end && rest.len() <= LONGEST_ROW => {
                    // All of it is looked at again, so it has to be much more than before.
                    wanted = self.buffer.len() + rest.len().max(self.size);
                    continue;
                }
                None => rest.len(),
                Some(length) => length,
            };
            if length > LONGEST_ROW {
                self.is_lost = true;
                break;
            }
            self.start += length;
            ends.push(self.start);
            if self.is_at_end && self.start == self.buffer.len() {
                break;
            }
        }
        let starts = [0].into_iter().chain(ends.iter().copied());
        let pieces = starts.zip(&ends).map(|(start, &end)| &self.buffer[start..end]);
        Ok(pieces.filter(|piece| !piece.is_empty()).collect())
    }

    /// So many lines were in the pieces that came last.
    pub(in crate::dataset) fn pass_over(&mut self, n_lines: u64) {
        self.n_lines += n_lines;
    }

    /// Reads until there are so many bytes, or no more.
    fn fill(&mut self, n_bytes: usize) -> io::Result<()> {
        let lacking = n_bytes.saturating_sub(self.buffer.len()) as u64;
        if lacking > 0 && !self.is_at_end {
            let read = self.text.by_ref().take(lacking).read_to_end(&mut self.buffer)?;
            self.is_at_end = (read as u64) < lacking;
        }
        Ok(())
    }
}

impl Piece {
    /// Reads rows. None where they are not in order.
    pub(in crate::dataset) fn read(bytes: &[u8], layout: Layout, kept: &[Kept]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let form = NumberForm::plain(layout.decimal);
        let are_texts: Vec<AtomicBool> =
            kept.iter().map(|&kept| AtomicBool::new(kept == Kept::Texts)).collect();
        let are_skipped: Vec<bool> = kept.iter().map(|&kept| kept == Kept::Nothing).collect();
        loop {
            let block = Block::read(text, layout, &form, &are_texts, &are_skipped)?;
            // What the words say is known only where they are kept.
            let mut are_good = true;
            for (cells, is_text) in block.columns.iter().zip(&are_texts) {
                if cells.are_numbers() && !cells.missing_words.is_empty() {
                    is_text.store(true, Ordering::Relaxed);
                    are_good = false;
                }
            }
            if are_good {
                return Some(Self::of(block));
            }
        }
    }

    fn of(block: Block) -> Self {
        let values = |filling: Filling| match filling {
            Filling::Numbers(numbers) => Some(Values::Numbers(numbers)),
            Filling::Text(texts) => Some(Values::Text(texts.into_texts())),
            Filling::Nothing => None,
        };
        Self {
            columns: block.columns.into_iter().map(|cells| values(cells.values)).collect(),
            rows: block.rows,
            n_lines: block.n_lines,
        }
    }
}

/// The length of the rows that have at least so many bytes together; none where no row ends there. Where all
/// quotation marks are around cells, one stands open behind an odd number of them.
pub(super) fn cut(bytes: &[u8], least: usize) -> Option<usize> {
    if bytes.len() <= least {
        return None;
    }
    let mut end = least;
    let mut is_open = memchr_iter(b'"', &bytes[..end]).count() % 2 == 1;
    loop {
        end += memchr2(b'\n', b'"', &bytes[end..])? + 1;
        if bytes[end - 1] == b'"' {
            is_open = !is_open;
        } else if !is_open {
            return Some(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::dataset::csv::{CsvReader, Record};
    use crate::dataset::number::DecimalMark;

    /// The line and the cells of a row.
    type Row = (u64, Vec<String>);

    /// The rows of a text, piece by piece, as far as they are in order, and whether they are to the end.
    fn in_pieces(text: &str, n_columns: usize, size: usize) -> Option<(Vec<Row>, bool)> {
        let layout = Layout { delimiter: b',', decimal: DecimalMark::Point, n_columns };
        let mut pieces = Pieces::of_size(text.as_bytes(), layout, size).unwrap()?;
        let mut rows = Vec::new();
        loop {
            let found: Vec<Vec<u8>> =
                pieces.next(3).unwrap().into_iter().map(<[u8]>::to_vec).collect();
            if found.is_empty() {
                return Some((rows, !pieces.is_lost()));
            }
            for bytes in found {
                let Some(piece) = Piece::read(&bytes, layout, &vec![Kept::Texts; n_columns]) else {
                    return Some((rows, false));
                };
                let columns: Vec<&Values> = piece.columns.iter().flatten().collect();
                for row in 0..piece.rows.len() {
                    let line = pieces.n_lines() + 1 + piece.rows.line(row);
                    let cell = |values: &&Values| match values {
                        Values::Text(texts) => texts[row].to_owned(),
                        Values::Numbers(numbers) => numbers[row].to_string(),
                    };
                    rows.push((line, columns.iter().map(cell).collect()));
                }
                pieces.pass_over(piece.n_lines);
            }
        }
    }

    /// The same, row by row, up to the first that is wrong.
    fn by_row(text: &str) -> Option<(Vec<Row>, usize)> {
        let mut reader = CsvReader::new("t.csv", text.as_bytes()).ok()?;
        if reader.dialect().delimiter != b',' {
            return None;
        }
        let (mut rows, mut record) = (Vec::new(), Record::default());
        while reader.read(&mut record).ok()? {
            rows.push((record.row(), record.cells().map(str::to_owned).collect()));
        }
        let n_columns = reader.headers().len();
        Some((rows, n_columns))
    }

    #[test]
    fn pieces_hold_all_rows_wherever_they_are_cut() {
        let mut text = "\"a\",\"b, and\nmore\"\r\n".to_owned();
        for i in 0..200 {
            let _ = write!(text, "{i},\"x\"\"\n{i}\"\r\n{}", if i % 7 == 0 { "\n" } else { "" });
        }
        let (rows, _) = by_row(&text).unwrap();
        assert_eq!(rows.len(), 200);
        for size in [1, 2, 10, 100, 1000, 100_000] {
            assert_eq!(in_pieces(&text, 2, size), Some((rows.clone(), true)), "{size}");
        }
    }

    #[test]
    fn what_is_before_disorder_is_read() {
        let text = "a,b\n1,2\n3,4\n5\n6,7\n";
        let row = |line, cells: [&str; 2]| (line, cells.map(str::to_owned).to_vec());
        let known = vec![row(2, ["1", "2"]), row(3, ["3", "4"])];
        assert_eq!(in_pieces(text, 2, 1), Some((known, false)));
        assert_eq!(in_pieces("a\n1,2\n", 2, 1), None);
        assert_eq!(in_pieces("a,b", 2, 1), None);
    }

    #[test]
    fn a_row_without_an_end_is_not_looked_for_in_all_of_a_file() {
        let text = ["a,b\n1,2\n3,4\n", &"\0".repeat(3 * LONGEST_ROW), "\n5,6\n"].concat();
        let (rows, is_whole) = in_pieces(&text, 2, 2).unwrap();
        assert_eq!((rows.len(), is_whole), (2, false));
        let layout = Layout { delimiter: b',', decimal: DecimalMark::Point, n_columns: 2 };
        let mut pieces = Pieces::of_size(text.as_bytes(), layout, PIECE).unwrap().unwrap();
        assert!(pieces.next(64).unwrap().is_empty() && pieces.is_lost());
        assert!(pieces.buffer.len() <= 3 * LONGEST_ROW, "{}", pieces.buffer.len());
    }

    #[test]
    fn columns_of_numbers_hold_texts_where_one_cell_is_no_number() {
        let layout = Layout { delimiter: b',', decimal: DecimalMark::Point, n_columns: 4 };
        let kept = [Kept::Numbers, Kept::Numbers, Kept::Nothing, Kept::Numbers];
        let piece = Piece::read(b"1,2,3,\n.5,NA,3,x\n", layout, &kept).unwrap();
        let [
            Some(Values::Numbers(numbers)),
            Some(Values::Text(words)),
            None,
            Some(Values::Text(_)),
        ] = piece.columns.as_slice()
        else {
            panic!("other columns")
        };
        assert_eq!(numbers, &[1.0, 0.5]);
        assert_eq!(words.iter().collect::<Vec<_>>(), ["2", "NA"]);
    }

    proptest! {
        #[test]
        fn pieces_and_rows_are_the_same(text in "a,b\n([0-9.,x\"NA\r\n -]{0,80})", size in 1_usize..40) {
            if let Some((rows, n_columns)) = by_row(&text)
                && let Some((found, is_whole)) = in_pieces(&text, n_columns, size)
            {
                if is_whole {
                    prop_assert_eq!(&found, &rows);
                }
                prop_assert!(rows.starts_with(&found), "{:?} {:?}", found, rows);
            }
        }
    }
}
