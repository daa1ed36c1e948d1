//! The bins of one figure.

/// The most bins of numbers, the one of missing values left out. Ten is what the index is used with, and what its
/// thresholds were made for.
pub const MOST_BINS: usize = 10;

/// How a figure is divided into bins.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// Numbers: a bin holds those above one edge up to the next, the last one all beyond. Behind these comes a
    /// bin for missing ones.
    Numbers {
        /// In ascending order, all different.
        edges: Vec<f64>,
    },
    /// Categories by their codes: a bin each, one for unknown categories and one for missing ones.
    Categories {
        /// The known ones.
        known: usize,
    },
    /// Places from 0: a bin each.
    Places {
        /// Their number.
        n: usize,
    },
}

/// What a bin holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bin {
    /// Numbers above `above` up to `up_to`; none where there is no bound.
    Numbers {
        /// The lower bound, itself not in the bin.
        above: Option<f64>,
        /// The upper bound, itself in the bin.
        up_to: Option<f64>,
    },
    /// The category, segment or other thing at this place.
    Place(usize),
    /// Categories that training did not have, or of too few customers.
    Unknown,
    /// Nothing was given.
    Missing,
}

impl Bins {
    /// Bins that hold about as many of the numbers each. Where many are equal, there are fewer bins, since an edge
    /// can stand only beside all of them: equal quantiles become one.
    pub fn of_numbers(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.filter(|x| !x.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let Some(&most) = sorted.last() else { return Self::Numbers { edges: Vec::new() } };
        // A number that there is, not one between two: no bin is empty.
        let part = |place: usize| sorted[(place * sorted.len()).div_ceil(MOST_BINS) - 1];
        let mut edges: Vec<f64> = (1..MOST_BINS).map(part).collect();
        edges.dedup();
        // Nothing of training would be beyond.
        edges.retain(|&edge| edge < most);
        Self::Numbers { edges }
    }

    /// The number of bins.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers { edges } => edges.len() + 2,
            Self::Categories { known } => known + 2,
            Self::Places { n } => *n,
        }
    }

    /// Whether there are no bins.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bin of a number, a category's code (NaN for a missing one), or a place.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates, and is bounded
    pub fn bin(&self, x: f64) -> u16 {
        let bin = match self {
            Self::Numbers { edges } if x.is_nan() => edges.len() + 1,
            Self::Numbers { edges } => edges.partition_point(|&edge| edge < x),
            Self::Categories { known } if x.is_nan() => known + 1,
            Self::Categories { known } => (x as usize).min(*known),
            Self::Places { n } => (x as usize).min(n.saturating_sub(1)),
        };
        u16::try_from(bin).unwrap_or(u16::MAX)
    }

    /// What the bin at `place` holds.
    pub fn hold(&self, place: usize) -> Bin {
        match self {
            Self::Numbers { edges } if place > edges.len() => Bin::Missing,
            Self::Numbers { edges } => Bin::Numbers {
                above: place.checked_sub(1).and_then(|below| edges.get(below)).copied(),
                up_to: edges.get(place).copied(),
            },
            Self::Categories { known } if place == *known => Bin::Unknown,
            Self::Categories { known } if place > *known => Bin::Missing,
            Self::Categories { .. } | Self::Places { .. } => Bin::Place(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_divide_evenly() {
        let bins = Bins::of_numbers((0..1000).map(f64::from));
        let mut counts = vec![0; bins.len()];
        (0..1000).for_each(|x| counts[usize::from(bins.bin(f64::from(x)))] += 1);
        assert_eq!(counts, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0]);
        assert_eq!(bins.bin(f64::NAN), 10);
        assert_eq!(bins.bin(-1e300), 0);
        assert_eq!(bins.bin(1e300), 9);
        assert_eq!(bins.hold(10), Bin::Missing);
        assert!(matches!(bins.hold(0), Bin::Numbers { above: None, up_to: Some(_) }));
        assert!(matches!(bins.hold(9), Bin::Numbers { above: Some(_), up_to: None }));
    }

    #[test]
    fn equal_numbers_share_a_bin() {
        let yes_no = Bins::of_numbers((0..100).map(|x| f64::from(u8::from(x < 30))));
        assert_eq!(yes_no, Bins::Numbers { edges: vec![0.0] });
        assert_eq!([0.0, 1.0, f64::NAN].map(|x| yes_no.bin(x)), [0, 1, 2]);
        assert_eq!(Bins::of_numbers([3.0; 9].into_iter()).len(), 2);
        assert_eq!(Bins::of_numbers([f64::NAN; 9].into_iter()).len(), 2);
    }

    #[test]
    fn categories_that_are_unknown_or_missing_have_bins() {
        let bins = Bins::Categories { known: 3 };
        assert_eq!([0.0, 2.0, 3.0, 7.0, f64::NAN].map(|code| bins.bin(code)), [0, 2, 3, 3, 4]);
        assert_eq!(
            [2, 3, 4].map(|bin| bins.hold(bin)),
            [Bin::Place(2), Bin::Unknown, Bin::Missing]
        );
    }
}
