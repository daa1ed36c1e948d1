//! Texts one behind the other.

use foldhash::HashMap;

use super::MOST_DISTINCT;
use crate::pages;

/// Texts in their order, one behind the other.
#[derive(Debug, Clone, Default)]
pub(in crate::dataset) struct Joined {
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Joined {
    /// None yet, with room for so many of so many bytes in all.
    pub(super) fn with_room(length: usize, n_bytes: usize) -> Self {
        let mut joined =
            Self { text: String::with_capacity(n_bytes), ends: Vec::with_capacity(length) };
        pages::prefer_large(joined.ends.spare_capacity_mut());
        joined
    }

    /// How many bytes the texts have in all.
    pub(super) fn n_bytes(&self) -> usize {
        self.text.len()
    }

    pub(in crate::dataset) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(in crate::dataset) fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }

    pub(in crate::dataset) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Adds one of few texts, and gives its code.
    pub(super) fn push_coded(&mut self, text: &str) -> u16 {
        let code = u16::try_from(self.len()).unwrap_or(u16::MAX);
        self.push(text);
        code
    }

    /// The codes of another's texts among these, after those were added that are not among them; none, and
    /// nothing added, where they would be too many.
    pub(super) fn codes_of(&mut self, other: &Self) -> Option<Vec<u16>> {
        let known: HashMap<&str, u16> = self.iter().zip(0..).collect();
        let codes: Vec<Option<u16>> = other.iter().map(|text| known.get(text).copied()).collect();
        let n_new = codes.iter().filter(|code| code.is_none()).count();
        (self.len() + n_new <= MOST_DISTINCT).then(|| {
            let texts = other.iter().zip(codes);
            texts.map(|(text, code)| code.unwrap_or_else(|| self.push_coded(text))).collect()
        })
    }

    pub(super) fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }
}
