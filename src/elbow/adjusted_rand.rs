//! How far two groupings of the same customers agree.

use crate::error::{Error, Result};

/// The adjusted Rand index of two groupings of the same rows (Hubert and Arabie 1985, "Comparing
/// partitions"): 1 when they group alike, whatever the groups are called, 0 on average when they have
/// nothing to do with each other, and below 0 when they agree less than chance would have it.
/// scikit-learn's `adjusted_rand_score`.
///
/// # Errors
///
/// [`Error::Shape`] when there are not as many labels in one as in the other.
///
/// ```
/// use segmenta::elbow::adjusted_rand_score;
///
/// assert_eq!(adjusted_rand_score(&[0, 0, 1, 1], &[7, 7, 3, 3])?, 1.0);
/// // scikit-learn 1.9.1 gives 0.5714285714285714 and -0.5.
/// let score = adjusted_rand_score(&[0, 0, 1, 2], &[0, 0, 1, 1])?;
/// assert!((score - 0.5714285714285714).abs() < 1e-15);
/// assert_eq!(adjusted_rand_score(&[0, 0, 1, 1], &[0, 1, 0, 1])?, -0.5);
/// # Ok::<(), segmenta::Error>(())
/// ```
pub fn adjusted_rand_score(one: &[u32], other: &[u32]) -> Result<f64> {
    if one.len() != other.len() {
        return Err(Error::Shape { what: "labels", expected: one.len(), found: other.len() });
    }
    let n = one.len() as f64;
    let both = one.iter().zip(other).map(|(&one, &other)| u64::from(one) << 32 | u64::from(other));
    let in_both = ordered_pairs(both);
    // Ordered pairs of rows, a row with itself among them, by whether each grouping keeps them together.
    let in_one = ordered_pairs(one.iter().map(|&label| label.into()));
    let in_other = ordered_pairs(other.iter().map(|&label| label.into()));
    let together = in_both - n;
    let (only_one, only_other) = (in_one - in_both, in_other - in_both);
    let apart = n * n - in_one - in_other + in_both;
    if only_one == 0.0 && only_other == 0.0 {
        return Ok(1.0);
    }
    let agreement = together * apart - only_one * only_other;
    let most =
        (together + only_one) * (only_one + apart) + (together + only_other) * (only_other + apart);
    Ok(2.0 * agreement / most)
}

/// The sum of the squared sizes of groups.
fn ordered_pairs(labels: impl Iterator<Item = u64>) -> f64 {
    let mut labels: Vec<u64> = labels.collect();
    labels.sort_unstable();
    labels.chunk_by(|a, b| a == b).map(|group| (group.len() as f64) * (group.len() as f64)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groupings that a rule gives 60 rows, and what scikit-learn 1.9.1 says of them.
    #[test]
    fn scores_are_scikit_learns() {
        let rule = |rule: fn(u32) -> u32| (0..60).map(rule).collect::<Vec<u32>>();
        for (one, other, expected) in [
            (rule(|i| i * i % 7 % 4), rule(|i| (i * 3 + i / 5) % 5), -0.0065449120527442915),
            (rule(|i| i / 13), rule(|i| i / 10), 0.5852025443588885),
            (vec![0; 5], vec![0; 5], 1.0),
            (vec![0, 1, 2], vec![0, 1, 2], 1.0),
            (vec![0, 0, 0], vec![0, 1, 2], 0.0),
            (vec![], vec![], 1.0),
        ] {
            let score = adjusted_rand_score(&one, &other).unwrap();
            assert!((score - expected).abs() < 1e-12, "{score} is not {expected}");
        }
        assert!(adjusted_rand_score(&[0], &[0, 0]).is_err());
    }
}
