//! Ending a long computation from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// A token that a computation looks at between blocks of rows. Clones are one token.
///
/// ```
/// use segmenta::features::Matrix;
/// use segmenta::kmeans::{Cancel, KMeansParams};
///
/// let matrix = Matrix::from_columns(vec![vec![1.0, 2.0, 10.0]])?;
/// let cancel = Cancel::default();
/// let kmeans = KMeansParams::new(2).check()?.cancelled_by(&cancel);
/// cancel.cancel();
/// assert!(matches!(kmeans.fit(&matrix), Err(segmenta::Error::Cancelled)));
/// # Ok::<(), segmenta::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends every computation that has this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// # Errors
    ///
    /// [`Error::Cancelled`] when it was.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}
