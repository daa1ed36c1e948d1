//! Segmenta learns customer segments and tells which one a new customer belongs to.
//!
//! The modules are the stages of a pipeline, and data flow through them in this order; a stage uses
//! those above it and none below:
//!
//! 1. [`dataset`]: customers in, as a table of columns
//! 2. [`features`]: the columns to learn from, as a matrix
//! 3. [`scaler`]: mean 0 and variance 1
//! 4. [`kmeans`]: the clusters
//! 5. [`quality`] and [`elbow`]: how good they are, and how many there should be
//! 6. [`personas`]: what to call them
//! 7. [`model`]: all of it together, kept in a file
//! 8. [`server`]: the model as an API and a page
//!
//! Whatever writes a file does so through [`whole_file`]; whatever keeps millions of numbers asks for
//! [`pages`] that suit them.

pub mod dataset;
mod digest;
pub mod elbow;
mod error;
pub mod features;
pub mod kmeans;
pub mod model;
pub mod pages;
pub mod personas;
pub mod quality;
pub mod scaler;
pub mod server;
pub mod whole_file;

pub use error::{CellProblem, Error, ModelFileProblem, Result};
