//! Money that adds up to the same sum in any order.

use std::ops::{AddAssign, Sub};

/// Parts of one.
const PARTS: f64 = 1e6;
/// The largest magnitude of one amount.
const LARGEST: f64 = 1e15;

/// An amount, in whole millionths. Sums of them are exact: they do not depend on the order of rows, and
/// 0.1 and 0.2 make 0.3. A sum of 10^17 of the largest amounts still fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Amount(i128);

impl Amount {
    /// The amount nearest to a number; none if the number is too large.
    pub(super) fn new(number: f64) -> Option<Self> {
        // Whole, and far within the range.
        #[allow(clippy::cast_possible_truncation)]
        let parts = |number: f64| (number * PARTS).round() as i128;
        (number.abs() <= LARGEST).then(|| Self(parts(number)))
    }

    pub(super) fn is_positive(self) -> bool {
        self.0 > 0
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Without its sign.
    pub(super) fn magnitude(self) -> Self {
        Self(self.0.abs())
    }

    /// The number nearest to it.
    pub(super) fn to_f64(self) -> f64 {
        self.0 as f64 / PARTS
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// A number rounded to millionths, as amounts are.
pub(super) fn rounded(number: f64) -> f64 {
    Amount::new(number).map_or(number, Amount::to_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_add_up() {
        let mut sum = Amount::default();
        for _ in 0..1_000_000 {
            sum += Amount::new(0.01).unwrap();
        }
        assert_eq!(sum.to_f64(), 10_000.0);
        // 6 pieces at 2.55 are 15.299999999999999 in doubles.
        assert_eq!(Amount::new(6.0 * 2.55).unwrap().to_f64(), 15.3);
    }

    #[test]
    fn small_amounts_are_not_lost_beside_large_ones() {
        let mut sum = Amount::new(1e15).unwrap();
        for _ in 0..1000 {
            sum += Amount::new(0.001).unwrap();
        }
        assert_eq!((sum - Amount::new(1e15).unwrap()).to_f64(), 1.0);
    }

    #[test]
    fn what_is_too_large() {
        assert!(Amount::new(1e15).is_some() && Amount::new(-1e15).is_some());
        for number in [1.1e15, -1e16, f64::INFINITY, f64::NAN] {
            assert_eq!(Amount::new(number), None);
        }
    }
}
