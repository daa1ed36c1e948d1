//! Many short texts in one piece of memory.

mod coder;
mod joined;

use std::fmt;
use std::ops::Index;

#[cfg(any(test, feature = "parquet"))]
use foldhash::HashMap;

use crate::pages;
pub(super) use coder::Coder;
pub(super) use joined::Joined;

/// The most different texts for which codes are kept: with more of them, looking for each would take longer
/// than its memory is worth.
const MOST_DISTINCT: usize = 1 << 12;

/// Texts one behind the other: one allocation for all of them, where a `Vec<String>` has one for each. Where
/// few differ, each is kept once, and a code of two bytes in its every place.
#[derive(Clone, Default)]
pub struct Texts {
    joined: Joined,
    /// Which of the joined texts each one is; none where they are the texts themselves. No text is among the
    /// joined ones twice then, and none that is nowhere.
    codes: Option<Vec<u16>>,
}

impl Texts {
    /// For each place, which of the `known` texts stands there; an empty one where none does. Codes are kept
    /// for them if few differ.
    #[cfg(any(test, feature = "parquet"))]
    pub(super) fn of_known(
        known: &[&str],
        places: impl ExactSizeIterator<Item = Option<usize>> + Clone,
    ) -> Self {
        let text = |place: Option<usize>| place.and_then(|place| known.get(place).copied());
        let mut joined = Joined::default();
        let mut codes = Vec::with_capacity(places.len());
        // Some of those that are known may be the same, and some may stand nowhere.
        let mut of_place: Vec<Option<u16>> = vec![None; known.len() + 1];
        let mut of_text: HashMap<&str, u16> = HashMap::default();
        for place in places.clone() {
            let index = place.map_or(known.len(), |place| place.min(known.len()));
            let code = of_place[index].unwrap_or_else(|| {
                let text = text(place).unwrap_or_default();
                *of_text.entry(text).or_insert_with(|| joined.push_coded(text))
            });
            if joined.len() > MOST_DISTINCT {
                return places.map(|place| text(place).unwrap_or_default()).collect();
            }
            of_place[index] = Some(code);
            codes.push(code);
        }
        Self { joined, codes: Some(codes) }
    }

    /// All texts of several, in their order.
    pub(super) fn join(parts: &[Self]) -> Self {
        let all_codes = parts.iter().all(|part| part.codes.is_some());
        let mut all = if all_codes {
            Self::default()
        } else {
            let n_bytes = parts.iter().map(|part| part.joined.n_bytes()).sum();
            let n_texts = parts.iter().map(Self::len).sum();
            Self { joined: Joined::with_room(n_texts, n_bytes), codes: None }
        };
        for part in parts {
            all.append(part);
        }
        all
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.drop_codes();
        self.joined.push(text);
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.codes.as_ref().map_or(self.joined.len(), Vec::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| &self[index])
    }

    /// The different texts, in the order in which they come first. Where more than a few differ, some may be
    /// there more than once.
    pub(super) fn distinct(&self) -> &Joined {
        &self.joined
    }

    /// For each text what there is for each of the different ones.
    pub(super) fn for_each_of<T: Copy>(&self, of_distinct: Vec<T>) -> Vec<T> {
        match &self.codes {
            None => of_distinct,
            Some(codes) => pages::collect(codes.iter().map(|&code| of_distinct[usize::from(code)])),
        }
    }

    /// The different texts as [`Texts::distinct`] gives them, each with how often it is there.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut counts = self.codes.as_ref().map(|_| vec![0_usize; self.joined.len()]);
        for (counts, codes) in counts.iter_mut().zip(&self.codes) {
            for &code in codes {
                counts[usize::from(code)] += 1;
            }
        }
        let count = move |index: usize| counts.as_ref().map_or(1, |counts| counts[index]);
        self.joined.iter().enumerate().map(move |(index, text)| (text, count(index)))
    }

    /// Adds all of another's texts at the end.
    pub(super) fn append(&mut self, other: &Self) {
        if self.is_empty() && other.codes.is_some() {
            *self = other.clone();
            return;
        }
        if let (Some(codes), Some(more)) = (&mut self.codes, &other.codes)
            && let Some(new) = self.joined.codes_of(&other.joined)
        {
            codes.extend(more.iter().map(|&code| new[usize::from(code)]));
            return;
        }
        self.drop_codes();
        match &other.codes {
            None => self.joined.append(&other.joined),
            Some(_) => other.iter().for_each(|text| self.joined.push(text)),
        }
    }

    /// Keeps the texts for which `keep` says so, asked once for each in their order.
    pub(super) fn retain(&mut self, mut keep: impl FnMut() -> bool) {
        let mut joined = Joined::default();
        if let Some(codes) = &mut self.codes {
            codes.retain(|_| keep());
            // A text that is nowhere any more must go.
            let mut new: Vec<Option<u16>> = vec![None; self.joined.len()];
            for code in codes {
                let old = usize::from(*code);
                *code = *new[old].get_or_insert_with(|| joined.push_coded(self.joined.get(old)));
            }
        } else {
            self.joined.iter().filter(|_| keep()).for_each(|text| joined.push(text));
        }
        self.joined = joined;
    }

    /// Keeps every text in its own place.
    fn drop_codes(&mut self) {
        if self.codes.is_some() {
            *self = self.iter().collect();
        }
    }
}

impl Index<usize> for Texts {
    type Output = str;

    fn index(&self, index: usize) -> &str {
        self.joined.get(self.codes.as_ref().map_or(index, |codes| usize::from(codes[index])))
    }
}

impl<'a> FromIterator<&'a str> for Texts {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.joined.push(text));
        all
    }
}

/// Whether the texts are the same, with codes or without.
impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Texts {}

impl fmt::Debug for Texts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// The same texts with codes.
    fn coded(texts: &[&str]) -> Texts {
        let known: Vec<&str> = texts.iter().rev().copied().chain(["nowhere"]).collect();
        let place = |index: usize| (!texts[index].is_empty()).then_some(texts.len() - 1 - index);
        Texts::of_known(&known, (0..texts.len()).map(place))
    }

    /// What has to hold beside the texts themselves.
    fn check(texts: &Texts) {
        let distinct: HashSet<&str> = texts.iter().collect();
        let joined: HashSet<&str> = texts.distinct().iter().collect();
        assert_eq!(distinct, joined);
        for (text, count) in texts.counted() {
            let n_found = texts.iter().filter(|other| *other == text).count();
            assert!(count == n_found || (count == 1 && texts.codes.is_none()));
        }
        if texts.codes.is_some() {
            assert_eq!(joined.len(), texts.distinct().len());
        }
        let lengths = texts.distinct().iter().map(str::len).collect();
        let expected: Vec<usize> = texts.iter().map(str::len).collect();
        assert_eq!(texts.for_each_of(lengths), expected);
    }

    proptest! {
        #[test]
        fn codes_change_nothing(
            cells in prop::collection::vec(("[ab]{0,2}", any::<bool>()), 0..40),
            cut in 0_usize..40,
            pushed in any::<bool>(),
        ) {
            let all: Vec<&str> = cells.iter().map(|(text, _)| text.as_str()).collect();
            let (first, second) = all.split_at(cut.min(all.len()));
            let forms: [fn(&[&str]) -> Texts; 2] = [coded, |texts| texts.iter().copied().collect()];
            for of_first in forms {
                for of_second in forms {
                    let parts = [of_first(first), of_second(second)];
                    let mut texts = Texts::join(&parts);
                    prop_assert_eq!(texts.iter().collect::<Vec<_>>(), all.clone());
                    check(&texts);
                    let mut flags = cells.iter().map(|(_, keep)| *keep);
                    texts.retain(|| flags.next().unwrap());
                    if pushed {
                        texts.push("c");
                    }
                    let kept = cells.iter().filter(|(_, keep)| *keep).map(|(text, _)| text.as_str());
                    let kept = kept.chain(pushed.then_some("c"));
                    prop_assert_eq!(&texts, &kept.collect::<Texts>());
                    check(&texts);
                }
            }
        }
    }

    #[test]
    fn many_different_texts_have_no_codes() {
        let cells: Vec<String> = (0..=MOST_DISTINCT).map(|i| format!("{i}")).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let (most, last) = (coded(&cells[..MOST_DISTINCT]), coded(&cells[MOST_DISTINCT..]));
        assert!(most.codes.is_some() && last.codes.is_some());
        for texts in [coded(&cells), Texts::join(&[most, last])] {
            assert!(texts.codes.is_none());
            assert!(texts.iter().eq(cells.iter().copied()));
        }
    }

    #[test]
    fn texts_come_back() {
        let mut texts: Texts = ["a", "", "größe"].into_iter().collect();
        assert_eq!((&texts[0], &texts[1], &texts[2], texts.len()), ("a", "", "größe", 3));
        texts.append(&["b", "c"].into_iter().collect());
        let mut flags = [false, true, true, false, true].into_iter();
        texts.retain(|| flags.next().unwrap());
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "größe", "c"]);
    }
}
