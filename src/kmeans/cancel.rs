//! Ending a long computation from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
pub struct Cancel(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_cancelled: AtomicBool,
    steps: AtomicU64,
}

impl Cancel {
    /// Ends every computation that has this token.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    /// How many of Lloyd's steps computations with this token have taken, all starts and numbers of clusters
    /// together: a sign that they go on.
    pub fn steps(&self) -> u64 {
        self.0.steps.load(Ordering::Relaxed)
    }

    pub(super) fn count_step(&self) {
        self.0.steps.fetch_add(1, Ordering::Relaxed);
    }

    /// # Errors
    ///
    /// [`Error::Cancelled`] when it was.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}
