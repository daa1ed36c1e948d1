//! What an exported model takes: its names, and the ways in which people write a text.

use super::OUTPUTS;
use crate::dataset::number::{MISSING_SIGNS, MISSING_WORDS};
use crate::model::Model;
use crate::preparation::{Categorical, place_of};

/// Words up to this many letters are listed in every mixture of small letters and capitals.
const SHORT: usize = 5;

/// What the inputs of ONNX and PMML are called: the features' short names, with `_` behind one that an output
/// has.
pub fn input_names(model: &Model) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(model.features.len());
    for feature in &model.features {
        let mut name = feature.name.clone();
        while OUTPUTS.contains(&name.as_str()) || names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

/// Every text that counts as an empty cell.
pub(super) fn missing_texts() -> Vec<String> {
    let signs = MISSING_SIGNS.map(str::to_owned).into_iter();
    signs.chain(MISSING_WORDS.iter().flat_map(|word| cases(word))).collect()
}

/// The texts that are known, each with the place of its category: those that were learned, and other
/// mixtures of capitals and small letters where the model takes them for the same.
pub(super) fn known_texts(categorical: &Categorical) -> Vec<(String, usize)> {
    let categories = &categorical.categories;
    let mut known: Vec<(String, usize)> = categories.iter().cloned().zip(0..).collect();
    for (place, category) in categories.iter().enumerate() {
        let others = cases(category).into_iter();
        // `place_of` decides: "Yes" is "yes" only where there is no category "Yes".
        known.extend(
            others
                .filter(|text| text != category && place_of(categories, text) == Some(place))
                .map(|text| (text, place)),
        );
    }
    known
}

/// A word in all mixtures of small letters and capitals, or if it is long, as it is, in capitals, and
/// with a capital first.
fn cases(word: &str) -> Vec<String> {
    if word.chars().count() > SHORT {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        let mut cases = vec![word.to_owned(), word.to_uppercase()];
        cases.extend(first);
        cases.dedup();
        return cases;
    }
    word.chars().fold(vec![String::new()], |beginnings, letter| {
        let upper =
            Some(letter.to_uppercase().to_string()).filter(|upper| *upper != letter.to_string());
        let endings = [Some(letter.to_string()), upper];
        let longer = |ending: &String| {
            let ending = ending.clone();
            beginnings
                .iter()
                .map(move |beginning| format!("{beginning}{ending}"))
                .collect::<Vec<_>>()
        };
        endings.iter().flatten().flat_map(longer).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::number::is_missing;
    use crate::preparation::Missing;

    fn categorical(categories: &[&str]) -> Categorical {
        let categories = categories.iter().map(|&text| text.to_owned()).collect();
        Categorical { missing: Missing::Refuse, categories, weight: 1.0 }
    }

    #[test]
    fn what_counts_as_empty_does_so_when_files_are_read() {
        let texts = missing_texts();
        assert!(texts.iter().all(|text| is_missing(text)), "{texts:?}");
        assert!(
            ["", "NaN", "n/A", "NULL", "?"].iter().all(|&text| texts.contains(&text.to_owned()))
        );
    }

    #[test]
    fn a_text_is_the_category_that_the_model_takes_it_for() {
        let categorical = categorical(&["Gold", "YES", "platinum", "yes"]);
        let known = known_texts(&categorical);
        for (text, place) in &known {
            assert_eq!(categorical.code(Some(text)), *place as f64, "{text}");
        }
        let places = |text: &str| -> Vec<usize> {
            known.iter().filter(|(known, _)| known == text).map(|(_, place)| *place).collect()
        };
        assert_eq!(places("YES"), [1]);
        assert_eq!(places("yEs"), [3]);
        assert_eq!(places("PLATINUM"), [2]);
        assert!(places("gold").is_empty());
    }
}
