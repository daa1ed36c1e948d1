//! Whether customers that are scored are still like those the model was learned from.
//!
//! A model ages as customers change. A [`Reference`] says how the training customers divide over [`Bins`] of every
//! feature, over the segments, and over bins of the distance to their centre; a [`Window`] counts the same of the
//! latest predictions, and a [`Report`] compares the two by their population stability index ([`psi`]).
//!
//! Of a prediction only the numbers of its bins are kept: no value, no name, nothing that tells a customer.

mod bins;
pub mod psi;
mod reference;
mod report;
mod window;
mod words;

pub use bins::{Bin, Bins, MOST_BINS};
pub use reference::{Aspect, MOST_ROWS, Reference, Subject};
pub use report::{Compared, LEAST, Median, Report, Verdict};
pub use window::{Counts, Window};
