//! The language that a client asks for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use crate::personas::Language;

/// The language of the answer: the most wanted one of `Accept-Language` (RFC 9110, 12.5.4) that there
/// is, else English.
pub(super) struct Wanted(pub(super) Language);

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(header.map_or_else(Language::default, most_wanted)))
    }
}

fn most_wanted(header: &str) -> Language {
    let mut best = (0.0, Language::default());
    for range in header.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let primary = parts.next().unwrap_or_default().split('-').next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let language =
            Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary));
        if let Some(language) = language
            && weight > best.0
        {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_order_and_regions() {
        for (header, expected) in [
            ("id", Language::Indonesian),
            ("ID-id", Language::Indonesian),
            ("fr, id;q=0.8, en;q=0.5", Language::Indonesian),
            ("en-GB, id;q=0.9", Language::English),
            ("id;q=0.3, en;q=0.7", Language::English),
            ("id;q=0", Language::English),
            ("de, *;q=0.1", Language::English),
            ("", Language::English),
            (";;;q=,,", Language::English),
        ] {
            assert_eq!(most_wanted(header), expected, "{header:?}");
        }
    }
}
