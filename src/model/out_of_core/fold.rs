//! Passes in writing: another machine, or a program that runs queries, gets one so, does a part of it, and gives back
//! in writing what came of that.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::coreset::Gather;
use super::exact::Step;
use crate::dataset::Values;
use crate::dataset::scan::{Batch, Pass, Survey};
use crate::error::{Error, Result};

/// How well parts are packed: most of them are digits, and little time is to go into it.
const LEVEL: i32 = 1;
/// The most bytes that a part unpacks to.
const MOST_BYTES: usize = 1 << 30;

/// A pass under way, and what came of it so far.
pub(crate) trait Fold: Send + Sync {
    /// The columns that are looked at, by their number.
    fn n_columns(&self) -> usize;

    /// Adds rows of the columns that are looked at, the first of them after so many others. `from` tells them from
    /// the rows that others add.
    ///
    /// # Errors
    ///
    /// As the pass says.
    fn add(&mut self, from: u64, n_before: u64, cells: Vec<Values>) -> Result<()>;

    /// Adds a part.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] when it is not one of this pass.
    fn merge(&mut self, written: &[u8]) -> Result<()>;

    /// What came of it so far.
    ///
    /// # Errors
    ///
    /// [`Error::Format`].
    fn written(&mut self) -> Result<Vec<u8>>;
}

/// A pass in writing.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    /// Those of other versions may mean something else.
    version: String,
    pass: String,
    /// What messages call the table.
    table: String,
    #[serde(borrow)]
    settings: &'a RawValue,
}

struct Folding<P: Pass> {
    table: String,
    pass: P,
    part: P::Part,
}

/// A pass over a table in writing.
///
/// # Errors
///
/// [`Error::Format`].
pub(crate) fn write<P: Pass>(table: &str, pass: &P) -> Result<Vec<u8>> {
    let settings = serde_json::value::to_raw_value(pass).map_err(|error| unreadable(&error))?;
    let written = Written {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pass: P::NAME.to_owned(),
        table: table.to_owned(),
        settings: &settings,
    };
    serde_json::to_vec(&written).map_err(|error| unreadable(&error))
}

/// Begins a pass that came in writing.
///
/// # Errors
///
/// [`Error::Format`] when it is none, or one of another version.
pub(crate) fn begin(written: &[u8]) -> Result<Box<dyn Fold>> {
    let written: Written<'_> =
        serde_json::from_slice(written).map_err(|error| unreadable(&error))?;
    if written.version != env!("CARGO_PKG_VERSION") {
        let problem = format!(
            "it was begun by Segmenta {}, and this machine runs {}; run the same version on all machines",
            written.version,
            env!("CARGO_PKG_VERSION")
        );
        return Err(Error::Format { file: PASS.to_owned(), problem });
    }
    match written.pass.as_str() {
        Survey::NAME => Folding::<Survey>::begin(&written),
        Gather::NAME => Folding::<Gather>::begin(&written),
        Step::NAME => Folding::<Step>::begin(&written),
        other => Err(unreadable(&format!("there is no pass {other:?}"))),
    }
}

/// What came of a pass.
///
/// # Errors
///
/// [`Error::Format`].
pub(crate) fn read_part<P: Pass>(written: &[u8]) -> Result<P::Part> {
    let json = zstd::bulk::decompress(written, MOST_BYTES).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(&json).map_err(|error| unreadable(&error))
}

/// What messages call a pass in writing.
const PASS: &str = "a pass over the rows";

fn unreadable(problem: &dyn std::fmt::Display) -> Error {
    let problem = format!("what was written of it cannot be read ({problem})");
    Error::Format { file: PASS.to_owned(), problem }
}

impl<P: Pass> Folding<P> {
    fn begin(written: &Written<'_>) -> Result<Box<dyn Fold>> {
        let pass: P =
            serde_json::from_str(written.settings.get()).map_err(|error| unreadable(&error))?;
        let part = pass.nothing();
        Ok(Box::new(Self { table: written.table.clone(), pass, part }))
    }
}

impl<P: Pass> Fold for Folding<P> {
    fn n_columns(&self) -> usize {
        self.pass.wanted().len()
    }

    fn add(&mut self, from: u64, n_before: u64, cells: Vec<Values>) -> Result<()> {
        let batch = Batch::new(self.table.as_str().into(), from, n_before + 1, cells);
        self.pass.add(&mut self.part, batch)
    }

    fn merge(&mut self, written: &[u8]) -> Result<()> {
        let part = read_part::<P>(written)?;
        self.pass.merge(&mut self.part, part);
        Ok(())
    }

    fn written(&mut self) -> Result<Vec<u8>> {
        self.pass.settle(&mut self.part);
        let json = serde_json::to_vec(&self.part).map_err(|error| unreadable(&error))?;
        zstd::bulk::compress(&json, LEVEL).map_err(|error| unreadable(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::scan::RowHash;

    fn numbers(rows: std::ops::Range<u32>) -> Vec<Values> {
        vec![Values::Numbers(rows.map(f64::from).collect())]
    }

    #[test]
    fn parts_in_writing_merge_to_the_whole_in_any_order() {
        let pass = write("sales", &Survey::new(1, 20, RowHash::new(7))).unwrap();
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for from in 0..4_u32 {
            let mut fold = begin(&pass).unwrap();
            assert_eq!(fold.n_columns(), 1);
            fold.add(from.into(), 0, numbers(from * 100..from * 100 + 60)).unwrap();
            fold.add(from.into(), 60, numbers(from * 100 + 60..from * 100 + 100)).unwrap();
            parts.push(fold.written().unwrap());
        }
        let whole = |parts: &[Vec<u8>]| {
            let mut fold = begin(&pass).unwrap();
            for part in parts {
                fold.merge(part).unwrap();
            }
            fold.written().unwrap()
        };
        let forwards = whole(&parts);
        parts.reverse();
        assert_eq!(whole(&parts), forwards);
        let drawn = read_part::<Survey>(&forwards).unwrap();
        assert_eq!(drawn.n_rows(), 400);
    }

    #[test]
    fn what_is_no_pass_is_told() {
        let error = |written: &[u8]| begin(written).err().unwrap().to_string();
        let pass = write("sales", &Survey::new(1, 20, RowHash::new(7))).unwrap();
        let text = String::from_utf8(pass.clone()).unwrap();
        let older = text.replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1);
        assert!(error(older.as_bytes()).contains("run the same version on all machines"));
        assert!(error(&pass[..pass.len() / 2]).contains("cannot be read"));
        let mut fold = begin(&pass).unwrap();
        assert!(fold.merge(b"no part").is_err());
    }
}
