//! What is done to the features, in words.

use super::{ColumnSummary, Model};
use crate::personas::Language;
use crate::preparation::{Categorical, Clip, Missing, Numeric, PreparedFeature, Scaling, Steps};

impl Model {
    /// What is done to each feature before customers are compared, a sentence a feature.
    pub fn preparation_in_words(&self, language: Language) -> Vec<String> {
        let features = self.features.iter().zip(self.preparation.features());
        let sentence = |(feature, prepared): (&ColumnSummary, &PreparedFeature)| {
            in_words(&feature.column, prepared, language)
        };
        features.map(sentence).collect()
    }
}

/// What is done to the feature of this header, as a sentence.
pub fn in_words(header: &str, prepared: &PreparedFeature, language: Language) -> String {
    let steps = match &prepared.steps {
        Steps::Numeric(numeric) => of_numbers(numeric, language),
        Steps::Categorical(categorical) => of_categories(categorical, language),
    };
    format!("{header}: {}.", steps.join("; "))
}

fn of_numbers(numeric: &Numeric, language: Language) -> Vec<String> {
    let english = language == Language::English;
    let mut steps = vec![missing(&numeric.missing, |x| figure(*x), language)];
    if let Some(Clip { lower, upper, quantiles: (low, high) }) = numeric.clip {
        let [lower, upper] = [lower, upper].map(figure);
        let (low, high) = (percent(low), percent(high));
        steps.push(if english {
            format!(
                "numbers below {lower} count as {lower} and those above {upper} as {upper} \
                 (the quantiles of {low} and {high})"
            )
        } else {
            format!(
                "angka di bawah {lower} dihitung sebagai {lower} dan di atas {upper} sebagai {upper} \
                 (kuantil {low} dan {high})"
            )
        });
    }
    if numeric.log1p {
        let text =
            if english { "the logarithm of 1 + x is taken" } else { "diambil logaritma 1 + x" };
        steps.push(text.to_owned());
    }
    steps.push(
        match (numeric.scale, english) {
            (Scaling::Standard, true) => "scaled to mean 0 and standard deviation 1",
            (Scaling::Standard, false) => "diskalakan ke rata-rata 0 dan simpangan baku 1",
            (Scaling::Robust, true) => "scaled to median 0 and interquartile range 1",
            (Scaling::Robust, false) => "diskalakan ke median 0 dan rentang antarkuartil 1",
            (Scaling::None, true) => "not scaled",
            (Scaling::None, false) => "tidak diskalakan",
        }
        .to_owned(),
    );
    steps.extend(weight(numeric.weight, language));
    steps
}

fn of_categories(categorical: &Categorical, language: Language) -> Vec<String> {
    let n = categorical.categories.len();
    let mut steps = vec![
        missing(&categorical.missing, String::clone, language),
        match language {
            Language::English => format!(
                "each of its {n} values becomes a coordinate that is 1 or 0, and one that is none of them is 0 \
                 in all"
            ),
            Language::Indonesian => format!(
                "masing-masing dari {n} nilainya menjadi koordinat bernilai 1 atau 0, dan nilai lain menjadi 0 \
                 di semuanya"
            ),
        },
    ];
    steps.extend(weight(categorical.weight, language));
    steps
}

fn missing<T>(missing: &Missing<T>, shown: impl Fn(&T) -> String, language: Language) -> String {
    let (value, filled, name) = match (missing, language) {
        (Missing::Refuse, Language::English) => return "a value is needed".to_owned(),
        (Missing::Refuse, Language::Indonesian) => return "nilai wajib diisi".to_owned(),
        (Missing::Median { value, filled }, _) => (shown(value), filled, "median"),
        (Missing::Mode { value, filled }, Language::English) => {
            (shown(value), filled, "most frequent value")
        }
        (Missing::Mode { value, filled }, Language::Indonesian) => {
            (shown(value), filled, "nilai tersering")
        }
    };
    match language {
        Language::English => {
            let customers = if *filled == 1 { "customer" } else { "customers" };
            format!(
                "an empty value counts as {value}, the {name} ({filled} {customers} in training)"
            )
        }
        Language::Indonesian => format!(
            "nilai kosong dihitung sebagai {value}, yaitu {name} ({filled} pelanggan saat pelatihan)"
        ),
    }
}

fn weight(weight: f64, language: Language) -> Option<String> {
    let text = match language {
        Language::English => format!("weighs {weight} times as much"),
        Language::Indonesian => format!("berbobot {weight} kali"),
    };
    (weight != 1.0).then_some(text)
}

/// A number with the digits that people look at.
fn figure(number: f64) -> String {
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}
