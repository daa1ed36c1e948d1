//! Which form the cells of a column have, as far as they show it together.

use super::digits::{Core, DECIMALS, groups};
use super::{FileDecimal, Mark, NumberForm};
use crate::dataset::number::{self, DecimalMark};

/// Cells that are looked at before a column of words is given up.
const LOOKED_AT: usize = 1000;

/// What the cells of a column say about its form.
#[derive(Default)]
pub(super) struct Evidence {
    filled: usize,
    /// Cells that are digits with something around or between them.
    cores: usize,
    percent: usize,
    currency: Option<&'static str>,
    is_of_one_currency: bool,
    with_currency: usize,
    /// For a decimal point and for a comma.
    of_decimal: [OfDecimal; 2],
}

/// What speaks for one decimal mark.
#[derive(Default)]
struct OfDecimal {
    /// Cells that fit, for each of `groups`.
    fitting: [usize; 4],
    /// Cells that fit with no other decimal mark.
    proofs: usize,
    fractions: usize,
    /// Fractions of three digits, which may be thousands.
    of_three: usize,
}

impl Evidence {
    /// Whether so many words stand there that no more cells need be looked at.
    pub(super) fn is_of_words(&self) -> bool {
        self.filled == LOOKED_AT && 2 * self.cores < LOOKED_AT
    }

    pub(super) fn add(&mut self, cell: &str) {
        self.filled += 1;
        let Some(core) = Core::of(cell) else { return };
        if !number::is_faithful(&core.digits) {
            return;
        }
        self.cores += 1;
        self.percent += usize::from(core.is_percent);
        if let Some(currency) = core.currency {
            self.is_of_one_currency = self.with_currency == 0
                || (self.is_of_one_currency && self.currency == Some(currency));
            self.with_currency += 1;
            self.currency = Some(currency);
        }
        for (decimal, of) in DECIMALS.into_iter().zip(&mut self.of_decimal) {
            of.add(&core, decimal);
        }
    }

    /// None where the plain form is as good, or nobody can know.
    pub(super) fn decide(&self, decimal: FileDecimal) -> Option<NumberForm> {
        let own = usize::from(decimal.mark == DecimalMark::Comma);
        let fitting = |side: usize| self.of_decimal[side].fitting.into_iter().max().unwrap_or(0);
        let mark = if 2 * self.percent > self.filled {
            Mark::Percent
        } else if let Some(currency) = self.currency.filter(|_| self.is_of_one_currency) {
            Mark::Currency(currency)
        } else {
            Mark::Nothing
        };
        let mut side = own;
        if !decimal.is_given {
            let [of_own, of_other] = [own, 1 - own].map(|side| &self.of_decimal[side]);
            let is_amount = matches!(mark, Mark::Currency(_));
            let is_proven = of_other.proofs > 0 && (is_amount || of_other.has_groups());
            if fitting(1 - own) > fitting(own) && is_proven {
                side = 1 - own;
            } else if is_amount
                && of_own.fractions > 0
                && of_own.of_three == of_own.fractions
                && fitting(1 - own) == fitting(own)
            {
                // 1.200 EUR is 1200 for some and 1.2 for others.
                return None;
            }
        }
        let best = fitting(side);
        if 2 * best <= self.filled {
            return None;
        }
        let fits = self.of_decimal[side].fitting;
        let group = groups(DECIMALS[side])[fits.iter().position(|&count| count == best)?];
        Some(NumberForm { decimal: DECIMALS[side], group, mark })
    }
}

impl OfDecimal {
    fn add(&mut self, core: &Core<'_>, decimal: DecimalMark) {
        let fits = groups(decimal).map(|group| core.number(decimal, group).is_some());
        for (count, fits) in self.fitting.iter_mut().zip(fits) {
            *count += usize::from(fits);
        }
        if !fits.contains(&true) {
            return;
        }
        let other = DECIMALS[usize::from(decimal == DecimalMark::Point)];
        let fits_other = groups(other).iter().any(|&group| core.number(other, group).is_some());
        self.proofs += usize::from(!fits_other);
        if let Some((_, Some(fraction))) = core.parts(decimal) {
            self.fractions += 1;
            self.of_three += usize::from(fraction.len() == 3);
        }
    }

    /// Whether a cell needs a mark between its thousands.
    fn has_groups(&self) -> bool {
        self.fitting[1..].iter().any(|&count| count > self.fitting[0])
    }
}
