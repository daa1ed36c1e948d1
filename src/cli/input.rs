//! Files that are read row by row, with a bar that shows how far.

use std::path::PathBuf;

use indicatif::ProgressBar;
use segmenta::Result;
use segmenta::dataset::{Input, TableReader, files};

use super::options::{FormatArgs, is_stdin};
use super::progress;

/// Opens files as one table. The bar moves while they are read; it is not shown beside results on a
/// terminal, which `beside_results` tells.
///
/// # Errors
///
/// As [`files::expand`] and [`TableReader::open`].
pub fn open(
    paths: &[PathBuf],
    format: &FormatArgs,
    beside_results: bool,
) -> Result<(TableReader<'static>, ProgressBar)> {
    let inputs = match paths {
        [path] if is_stdin(path) => vec![Input::stdin()?],
        paths => files::expand(paths)?.into_iter().map(Input::file).collect(),
    };
    let length = inputs.iter().filter_map(Input::length).sum();
    let bar = progress::bytes(length, beside_results);
    let watched = inputs.into_iter().map(|input| {
        let bar = bar.clone();
        input.watched(move |length| bar.inc(length))
    });
    let reader = TableReader::open(watched, format.options())?;
    Ok((reader, bar))
}
