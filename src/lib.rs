//! Segmenta learns customer segments and tells which one a new customer belongs to.
//!
//! The modules are the stages of a pipeline, and data flow through them in this order; a stage uses
//! those above it and none below:
//!
//! 1. [`dataset`]: customers in, as a table of columns
//! 2. [`features`]: the columns to learn from
//! 3. [`preparation`]: missing values, outliers, skewed amounts and categories made coordinates
//! 4. [`scaler`]: mean 0 and variance 1
//! 5. [`kmeans`]: the clusters
//! 6. [`quality`] and [`elbow`]: how good they are, and how many there should be
//! 7. [`projection`]: many features on two axes
//! 8. [`personas`]: what to call them
//! 9. [`identity`]: which segments are those of an earlier model
//! 10. [`scatter`]: millions of customers on two axes
//! 11. [`model`]: all of it together, kept in a file
//! 12. [`export`]: the model in forms that other programs and people read
//! 13. [`drift`]: whether customers are still like those of training
//! 14. [`engine`]: tables that a query engine reads, to learn from and to score (feature `engine`)
//! 15. [`cluster`]: the same on many machines (feature `cluster`)
//! 16. [`server`]: the model as an API and a page
//!
//! Where there are transactions rather than customers, [`rfm`] makes the one from the other; it stands
//! beside [`dataset`], whose readers it uses.
//!
//! What becomes of a customer that is to be erased from all that is kept, [`erasure`] puts in words.
//!
//! Whatever writes a file does so through [`whole_file`]; lists that a spreadsheet may open keep to
//! [`spreadsheet`]; whatever keeps millions of numbers asks for
//! [`pages`] that suit them, and whether there is room for that [`memory`] tells.

pub mod access;
pub mod audit;
#[cfg_attr(not(feature = "cluster"), path = "cluster_disabled.rs")]
pub mod cluster;
pub mod dataset;
mod digest;
pub mod drift;
pub mod elbow;
#[cfg_attr(not(feature = "engine"), path = "engine_disabled.rs")]
pub mod engine;
pub mod erasure;
mod error;
pub mod export;
pub mod features;
pub mod identity;
pub mod kmeans;
pub mod memory;
pub mod model;
pub mod pages;
pub mod personas;
pub mod preparation;
pub mod projection;
pub mod quality;
pub mod rfm;
pub mod scaler;
pub mod scatter;
pub mod server;
mod simd;
pub mod spreadsheet;
pub mod whole_file;

pub use error::{CellProblem, Error, ModelFileProblem, Result};
