//! A few rows of all, drawn by a digest of where they stand, which no thread and no order of reading changes.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{Batch, Pass, Skipped};
use crate::dataset::Dataset;
use crate::dataset::builder::append;
use crate::dataset::column::Values;
use crate::error::Result;

/// Evenly spread numbers, one for each row of all files: the same in every pass.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RowHash {
    seed: u64,
}

impl RowHash {
    /// Numbers that have nothing to do with those of another seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed: mixed(seed) }
    }

    /// That of a row, given by its file's place and its line.
    fn of(self, file: u64, line: u64) -> u64 {
        mixed(self.seed ^ mixed(line ^ mixed(file)))
    }

    /// A number from 0 to 1 for each row of a batch of a file, given by its place.
    pub(crate) fn chances(self, file: u64, rows: &Dataset) -> Vec<f64> {
        let chance = |row| self.of(file, rows.rows.line(row)) as f64 / 2f64.powi(64);
        (0..rows.n_rows()).map(chance).collect()
    }
}

/// Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A number that tells these cells from most others, the same on every machine.
#[cfg(feature = "engine")]
pub(crate) fn digest_of(columns: &[Values]) -> u64 {
    let text = |digest: u64, text: &str| {
        text.bytes().fold(mixed(digest), |digest, byte| mixed(digest ^ u64::from(byte)))
    };
    columns.iter().fold(0, |digest, cells| match cells {
        Values::Numbers(numbers) => {
            numbers.iter().fold(digest, |digest, number| mixed(digest ^ number.to_bits()))
        }
        Values::Text(texts) => texts.iter().fold(digest, text),
    })
}

/// Rows that were drawn, in the order of the files.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Drawn {
    hashes: Vec<u64>,
    /// The file of each row, and its line.
    pub(super) places: Vec<(u64, u64)>,
    #[serde(with = "kept")]
    pub(super) cells: Vec<Values>,
    /// The rows that were looked at.
    n_rows: u64,
    #[serde(default)]
    skipped: Skipped,
}

/// Draws some rows, or takes all where there are no more: each as likely as any other.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Survey {
    columns: Vec<usize>,
    n_sampled: usize,
    hash: RowHash,
    /// Only rows below this are among those that were drawn, when the pass is at its end.
    #[serde(skip, default = "unbounded")]
    bound: AtomicU64,
}

fn unbounded() -> AtomicU64 {
    AtomicU64::new(u64::MAX)
}

impl Survey {
    /// Draws so many rows of a table with so many columns.
    pub(crate) fn new(n_columns: usize, n_sampled: usize, hash: RowHash) -> Self {
        Self { columns: (0..n_columns).collect(), n_sampled, hash, bound: unbounded() }
    }

    /// Keeps what was drawn from growing with the rows.
    fn limit(&self, drawn: &mut Drawn) {
        if drawn.hashes.len() > 2 * self.n_sampled {
            // Among all rows there are no fewer small digests than among these.
            self.bound.fetch_min(drawn.keep_least(self.n_sampled), Ordering::Relaxed);
        }
    }
}

impl Pass for Survey {
    const NAME: &'static str = "survey";

    type Part = Drawn;

    fn wanted(&self) -> &[usize] {
        &self.columns
    }

    fn nothing(&self) -> Drawn {
        Drawn::default()
    }

    fn add(&self, drawn: &mut Drawn, batch: Batch) -> Result<()> {
        drawn.add(&batch, self.hash, self.bound.load(Ordering::Relaxed));
        self.limit(drawn);
        Ok(())
    }

    fn merge(&self, drawn: &mut Drawn, more: Drawn) {
        drawn.append(more);
        self.limit(drawn);
    }

    fn settle(&self, drawn: &mut Drawn) {
        drawn.keep_least(self.n_sampled);
        drawn.sort();
    }
}

impl Drawn {
    /// Takes the rows of a batch whose digests are below a bound.
    fn add(&mut self, batch: &Batch, hash: RowHash, bound: u64) {
        self.n_rows += batch.n_rows() as u64;
        self.skipped.add(&batch.skipped);
        let mut rows = Vec::new();
        for row in 0..batch.n_rows() {
            let line = batch.rows.line(row);
            let hash = hash.of(batch.file, line);
            if hash <= bound {
                rows.push(row);
                self.hashes.push(hash);
                self.places.push((batch.file, line));
            }
        }
        self.append_cells(batch.cells.iter().map(|cells| cells.pick(&rows)).collect());
    }

    /// The rows that were looked at.
    pub(crate) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// The rows that could not be split into cells.
    pub(crate) fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// Puts the rows in the order of the files and of their lines.
    fn sort(&mut self) {
        if self.places.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_unstable_by_key(|&row| (self.places[row], self.hashes[row]));
        self.places = order.iter().map(|&row| self.places[row]).collect();
        self.hashes = order.iter().map(|&row| self.hashes[row]).collect();
        self.cells = self.cells.iter().map(|cells| cells.pick(&order)).collect();
    }

    /// The number of rows that were drawn.
    #[cfg(feature = "engine")]
    pub(crate) fn n_drawn(&self) -> usize {
        self.places.len()
    }

    /// The cells of the rows that were drawn, column by column.
    #[cfg(feature = "engine")]
    pub(crate) fn into_cells(self) -> Vec<Values> {
        self.cells
    }

    fn append(&mut self, more: Self) {
        self.n_rows += more.n_rows;
        self.skipped.merge(more.skipped);
        self.hashes.extend(more.hashes);
        self.places.extend(more.places);
        self.append_cells(more.cells);
    }

    fn append_cells(&mut self, more: Vec<Values>) {
        if self.cells.is_empty() {
            self.cells = more;
        } else {
            self.cells.iter_mut().zip(more).for_each(|(cells, more)| append(cells, more));
        }
    }

    /// Keeps the rows with the least digests, so many. Gives the largest of these.
    fn keep_least(&mut self, n_rows: usize) -> u64 {
        if self.hashes.len() <= n_rows {
            return u64::MAX;
        }
        let mut sorted = self.hashes.clone();
        let (_, &mut bound, _) = sorted.select_nth_unstable(n_rows.saturating_sub(1));
        let keep: Vec<bool> = self.hashes.iter().map(|&hash| hash <= bound).collect();
        for cells in &mut self.cells {
            cells.retain(&keep);
        }
        let mut flags = keep.iter();
        self.places.retain(|_| flags.next().copied().unwrap_or(true));
        self.hashes.retain(|&hash| hash <= bound);
        bound
    }
}

/// Cells as they are written down: numbers by their bits, since JSON has no NaN.
mod kept {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::dataset::Values;

    #[derive(Serialize, Deserialize)]
    enum Kept {
        Numbers(Vec<u64>),
        Text(Vec<String>),
    }

    pub(super) fn serialize<S: Serializer>(
        cells: &[Values],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let kept = |cells: &Values| match cells {
            Values::Numbers(numbers) => {
                Kept::Numbers(numbers.iter().map(|x| x.to_bits()).collect())
            }
            Values::Text(texts) => Kept::Text(texts.iter().map(str::to_owned).collect()),
        };
        cells.iter().map(kept).collect::<Vec<Kept>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Values>, D::Error> {
        let cells = |kept: Kept| match kept {
            Kept::Numbers(bits) => Values::Numbers(bits.into_iter().map(f64::from_bits).collect()),
            Kept::Text(texts) => Values::Text(texts.iter().map(String::as_str).collect()),
        };
        Ok(Vec::deserialize(deserializer)?.into_iter().map(cells).collect())
    }
}
