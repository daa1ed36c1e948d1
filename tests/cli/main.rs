//! The program as people run it: what it prints where, and with which exit code it ends.

#![allow(missing_docs, clippy::unwrap_used)]

mod config;
mod ending;
mod export;
mod inspect;
mod learn;
mod models;
mod predict;
mod predict_formats;
mod predict_parquet;
mod rfm;
mod run;
