//! What became of the rows of files.

use segmenta::Error;
use segmenta::model::{Model, RemarkKind};

use super::super::output::note;
use super::super::report::{LISTED, note_skipped};

/// What became of the rows. Only as many errors are kept as are listed.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) scored: usize,
    pub(super) skipped: usize,
    outside: usize,
    /// Values that something was taken for.
    filled: usize,
    /// Categories that no training customer had.
    unknown: usize,
    pub(super) listed: Vec<Error>,
}

impl Tally {
    pub(super) fn remark(&mut self, model: &Model, customer: &[f64]) {
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

    pub(super) fn skip(&mut self, error: Error) {
        self.skipped += 1;
        if self.listed.len() < LISTED {
            self.listed.push(error);
        }
    }

    /// Adds what became of later rows.
    #[cfg(feature = "parquet")]
    pub(super) fn merge(&mut self, more: Self) {
        self.scored += more.scored;
        self.skipped += more.skipped;
        self.outside += more.outside;
        self.filled += more.filled;
        self.unknown += more.unknown;
        let left = LISTED - self.listed.len();
        self.listed.extend(more.listed.into_iter().take(left));
    }

    /// Says which rows were left out. Some of the files, called `name`, must have been scored.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`].
    pub(super) fn require_some(&self, name: &str) -> Result<(), Error> {
        note_skipped(self.skipped, &self.listed);
        if self.scored > 0 {
            return Ok(());
        }
        let problem = if self.skipped == 0 {
            "there are no customers in it; give a header and at least one row below it"
        } else {
            "no row of it could be scored"
        };
        Err(Error::Empty { file: name.to_owned(), problem })
    }

    pub(super) fn summarise(&self) {
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
