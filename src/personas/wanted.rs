//! The levels that a persona asks of a feature: one, or a list of them.

use std::fmt;

use serde::de::value::{SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::rules::Level;

/// Levels of which a centre must have one; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted(Vec<Level>);

impl Wanted {
    pub(super) fn holds(&self, level: Level) -> bool {
        self.0.contains(&level)
    }
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Wanted;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a level or a list of levels")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Wanted, E> {
                Level::deserialize(StrDeserializer::new(text)).map(|level| Wanted(vec![level]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Wanted, A::Error> {
                let levels = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                if levels.is_empty() {
                    Err(A::Error::invalid_length(0, &self))
                } else {
                    Ok(Wanted(levels))
                }
            }
        }

        deserializer.deserialize_any(OneOrMore)
    }
}
