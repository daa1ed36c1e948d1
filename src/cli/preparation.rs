//! What people read of the preparation of the features.

use segmenta::dataset::Dataset;
use segmenta::model::{Model, Prepared, in_words};
use segmenta::personas::Language;
use segmenta::preparation::Steps;

use super::output;
use super::table::printable;

/// Prints what would be done to each feature.
///
/// # Errors
///
/// [`segmenta::Error::Write`].
pub fn show(data: &Dataset, prepared: &Prepared, language: Language) -> anyhow::Result<()> {
    let headers = prepared.chosen.iter().map(|&index| data.columns()[index].header());
    let sentences = headers.zip(prepared.preparation.features());
    Ok(output::print(&lines(
        sentences.map(|(header, feature)| in_words(header, feature, language)),
    ))?)
}

/// What is done to a model's features, a line each.
pub fn all(model: &Model, language: Language) -> String {
    lines(model.preparation_in_words(language).into_iter())
}

/// What is done to a model's features, a line each; nothing of those that are taken as they are.
pub fn unusual(model: &Model, language: Language) -> String {
    let sentences = model.preparation_in_words(language).into_iter();
    let unusual = sentences.zip(model.preparation.features()).filter(
        |(_, prepared)| !matches!(&prepared.steps, Steps::Numeric(numeric) if numeric.is_plain()),
    );
    lines(unusual.map(|(sentence, _)| sentence))
}

fn lines(sentences: impl Iterator<Item = String>) -> String {
    sentences.flat_map(|sentence| [printable(&sentence), "\n".to_owned()]).collect()
}
