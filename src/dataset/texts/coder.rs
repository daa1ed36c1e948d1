//! Texts that come one after another, with codes as long as few differ.

use foldhash::HashMap;

use super::{Joined, MOST_DISTINCT, Texts};

/// Takes texts, and gives each its code until too many differ.
pub(in crate::dataset) struct Coder {
    texts: Texts,
    /// The codes of the different texts.
    known: HashMap<Box<str>, u16>,
    /// How many texts may come.
    most: usize,
}

impl Coder {
    /// None yet, with room for so many.
    pub(in crate::dataset) fn with_room(most: usize) -> Self {
        let codes = Some(Vec::with_capacity(most));
        let texts = Texts { joined: Joined::default(), codes };
        Self { texts, known: HashMap::default(), most }
    }

    /// Adds a text at the end.
    pub(in crate::dataset) fn push(&mut self, text: &str) {
        let Self { texts: Texts { joined, codes }, known, .. } = self;
        let Some(codes) = codes else {
            joined.push(text);
            return;
        };
        if let Some(&code) = known.get(text) {
            codes.push(code);
        } else if joined.len() < MOST_DISTINCT {
            let code = joined.push_coded(text);
            known.insert(text.into(), code);
            codes.push(code);
        } else {
            self.give_up();
            self.texts.joined.push(text);
        }
    }

    /// The texts that came.
    pub(in crate::dataset) fn into_texts(self) -> Texts {
        self.texts
    }

    fn give_up(&mut self) {
        let mut joined = Joined::with_room(self.most, 0);
        self.texts.iter().for_each(|text| joined.push(text));
        self.texts = Texts { joined, codes: None };
        self.known = HashMap::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_in_either_form() {
        for (n_distinct, has_codes) in
            [(0, true), (MOST_DISTINCT, true), (MOST_DISTINCT + 1, false)]
        {
            let cells: Vec<String> =
                (0..2 * n_distinct).map(|i| format!("{}", i % n_distinct)).collect();
            let mut coder = Coder::with_room(cells.len());
            for cell in &cells {
                coder.push(cell);
            }
            let texts = coder.into_texts();
            assert!(texts.iter().eq(cells.iter().map(String::as_str)));
            assert_eq!(texts.codes.is_some(), has_codes);
        }
    }
}
