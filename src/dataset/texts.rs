//! Many short texts in one piece of memory.

use std::ops::Index;

use crate::pages;

/// Texts one behind the other: one allocation for all of them, where a `Vec<String>` has one for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    /// None yet, with room for so many of so many bytes in all.
    pub(super) fn with_room(length: usize, n_bytes: usize) -> Self {
        let mut texts =
            Self { text: String::with_capacity(n_bytes), ends: Vec::with_capacity(length) };
        pages::prefer_large(texts.ends.spare_capacity_mut());
        texts
    }

    /// How many bytes the texts have in all.
    pub(super) fn n_bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The texts in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| &self[index])
    }

    /// Adds all of another's texts at the end.
    pub(super) fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// Keeps the texts for which `keep` says so, asked once for each in their order.
    pub(super) fn retain(&mut self, mut keep: impl FnMut() -> bool) {
        let mut kept = Self::default();
        for text in self.iter() {
            if keep() {
                kept.push(text);
            }
        }
        *self = kept;
    }
}

impl Index<usize> for Texts {
    type Output = str;

    fn index(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }
}

impl<'a> FromIterator<&'a str> for Texts {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
