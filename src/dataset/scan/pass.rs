//! What a pass over all rows of a table is, wherever the table is read.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Batch, Drawn};
use crate::dataset::form::NumberForm;
use crate::dataset::{Dataset, names};
use crate::error::Result;

/// A table that is passed over again and again, and never taken into memory.
pub trait Table: Sync {
    /// What messages and the model call it.
    fn name(&self) -> &str;

    /// The columns' headers.
    fn headers(&self) -> &[String];

    /// The number of rows, where it is known before they are read.
    fn n_rows(&self) -> Option<u64>;

    /// A digest of what tells the table from others.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Read`].
    fn fingerprint(&self) -> Result<String>;

    /// Reads all rows once, and puts together what came of them.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Row`] for a row that cannot be split into cells, unless such rows are left out;
    /// [`crate::Error::Format`] when a file is damaged, or has changed since it was opened; [`crate::Error::Read`],
    /// [`crate::Error::Cancelled`], and what the pass gives.
    fn pass<P: Pass>(&self, pass: &P, watch: &dyn Watch) -> Result<P::Part>;

    /// Rows that were drawn, as the table that they would be.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`].
    fn table_of(&self, drawn: Drawn) -> Result<Dataset>;

    /// The place of the column with this header or short name.
    ///
    /// # Errors
    ///
    /// [`crate::Error::UnknownColumn`] and the like.
    fn column_index(&self, name: &str) -> Result<usize> {
        names::require(self.name(), self.headers(), name)
    }
}

/// What is made of all rows in one pass. It can be written down, as can its parts: other machines may do some.
pub trait Pass: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is called in writing.
    const NAME: &'static str;

    /// What came of some rows.
    type Part: Serialize + DeserializeOwned + Send + Sync;

    /// The columns that it needs, by their places.
    fn wanted(&self) -> &[usize];

    /// How the wanted columns write their numbers, as far as they are known to hold such.
    fn forms(&self) -> Vec<Option<&NumberForm>> {
        Vec::new()
    }

    /// What comes of no rows.
    fn nothing(&self) -> Self::Part;

    /// Adds some more rows.
    ///
    /// # Errors
    ///
    /// As the pass says.
    fn add(&self, part: &mut Self::Part, batch: Batch) -> Result<()>;

    /// Adds what came of other rows.
    fn merge(&self, all: &mut Self::Part, part: Self::Part);

    /// Leaves of a part what is needed of it, in an order that does not depend on the one in which parts were merged.
    fn settle(&self, _part: &mut Self::Part) {}
}

/// Who follows a pass. Both are asked from several threads.
pub trait Watch: Sync {
    /// So many more rows were read.
    fn read(&self, rows: u64);
    /// Whether to end.
    fn is_cancelled(&self) -> bool;
}
