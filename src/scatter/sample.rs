//! How many of each segment are shown.

/// Shares out a number of dots among segments by their customers in view. Every segment gets its customers or half
/// of an equal share, whichever is less, so that small ones are seen; the rest goes by size.
pub(super) fn quotas(in_view: &[u64], most: u64) -> Vec<u64> {
    let total: u64 = in_view.iter().sum();
    if total <= most {
        return in_view.to_vec();
    }
    let present = in_view.iter().filter(|&&count| count > 0).count() as u64;
    let least = most / (2 * present.max(1));
    let mut quotas: Vec<u64> = in_view.iter().map(|&count| count.min(least)).collect();
    let left = most - quotas.iter().sum::<u64>();
    let open: u64 = in_view.iter().zip(&quotas).map(|(count, quota)| count - quota).sum();
    for (quota, &count) in quotas.iter_mut().zip(in_view) {
        let more = u128::from(count - *quota) * u128::from(left) / u128::from(open.max(1));
        *quota += u64::try_from(more).unwrap_or(0);
    }
    quotas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_segments_are_seen_and_no_more_is_shown_than_may_be() {
        assert_eq!(quotas(&[10, 0, 20], 100), [10, 0, 20]);
        let shared = quotas(&[9_000_000, 40, 999_960, 0], 5000);
        assert_eq!((shared[1], shared[3]), (40, 0));
        assert!(shared[0] > shared[2] && shared[2] >= 833, "{shared:?}");
        assert!((4990..=5000).contains(&shared.iter().sum::<u64>()), "{shared:?}");
        assert_eq!(quotas(&[], 10), [0; 0]);
        assert!(quotas(&[5; 100], 10).iter().sum::<u64>() <= 10);
    }
}
