//! The population stability index, and how much of it is chance.

/// From here on a population has changed somewhat, by convention.
pub const SHIFTING: f64 = 0.1;
/// From here on a population is another one, by convention.
pub const DRIFTED: f64 = 0.25;

/// The index: the sum over the bins of `(observed - expected) * ln(observed / expected)`, of shares. It is 0 where
/// both divide alike. None where nothing was counted on one side.
///
/// Half a customer is added to every bin of both sides, so that no share is 0 and no logarithm infinite; a bin that
/// nobody is in on either side is left out.
pub fn psi(expected: &[u64], observed: &[u64]) -> Option<f64> {
    let used = |&(&e, &o): &(&u64, &u64)| e + o > 0;
    let pairs = || expected.iter().zip(observed).filter(used);
    let (of_expected, of_observed): (u64, u64) = (expected.iter().sum(), observed.iter().sum());
    if of_expected == 0 || of_observed == 0 {
        return None;
    }
    let added = 0.5 * pairs().count() as f64;
    let share = |count: u64, of: u64| (count as f64 + 0.5) / (of as f64 + added);
    let part = |(&e, &o): (&u64, &u64)| {
        let (e, o) = (share(e, of_expected), share(o, of_observed));
        (o - e) * (o / e).ln()
    };
    Some(pairs().map(part).sum())
}

/// How large the index becomes by chance alone, where both sides are drawn from one population: what it passes in
/// one of a thousand reports, each of which looks at `looks` figures.
///
/// With `B` bins and `N` and `n` customers, it is about `1/N + 1/n` times a chi-squared number of `B - 1` degrees
/// of freedom (Yurdakul 2018, "Statistical properties of population stability index").
pub fn noise(expected: &[u64], observed: &[u64], looks: usize) -> f64 {
    let used = expected.iter().zip(observed).filter(|&(e, o)| e + o > 0).count();
    if used < 2 {
        return 0.0;
    }
    let total = |counts: &[u64]| counts.iter().sum::<u64>().max(1) as f64;
    let scale = 1.0 / total(expected) + 1.0 / total(observed);
    chi_squared((used - 1) as f64, 0.001 / looks.max(1) as f64) * scale
}

/// What a chi-squared number passes with a probability of `tail`, by the approximation of Wilson and Hilferty, which
/// is three percent too high for two bins, and closer the more there are.
fn chi_squared(degrees: f64, tail: f64) -> f64 {
    let spread = 2.0 / (9.0 * degrees);
    degrees * (1.0 - spread + normal(tail) * spread.sqrt()).powi(3)
}

/// What a standard normal number passes with a probability of `tail`, up to one half: Abramowitz and Stegun 26.2.23,
/// right to 0.00045.
fn normal(tail: f64) -> f64 {
    let t = (-2.0 * tail.ln()).sqrt();
    let above = 0.010_328_f64.mul_add(t, 0.802_853).mul_add(t, 2.515_517);
    let below = 0.001_308_f64.mul_add(t, 0.189_269).mul_add(t, 1.432_788).mul_add(t, 1.0);
    t - above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_its_formula() {
        // By hand: (0.7 - 0.5) ln(0.7 / 0.5) + (0.3 - 0.5) ln(0.3 / 0.5).
        let index = psi(&[500_000, 500_000], &[700_000, 300_000]).unwrap();
        assert!((index - 0.169_459_6).abs() < 1e-5, "{index}");
        assert_eq!(psi(&[3, 0, 5], &[3, 0, 5]), Some(0.0));
        assert_eq!(psi(&[3, 5], &[0, 0]), None);
        assert!(psi(&[100, 0], &[0, 100]).unwrap().is_finite());
    }

    #[test]
    fn quantiles_of_chance_are_those_of_tables() {
        for (degrees, tail, expected) in
            [(1.0, 0.001, 10.828), (4.0, 0.05, 9.488), (9.0, 0.001, 27.877), (99.0, 0.0001, 159.1)]
        {
            let found = chi_squared(degrees, tail);
            assert!((found / expected - 1.0).abs() < 0.035, "{degrees} {tail}: {found}");
        }
        assert_eq!(noise(&[7], &[9], 1), 0.0);
    }
}
