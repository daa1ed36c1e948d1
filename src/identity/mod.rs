//! Which segments of a new model are those of an earlier one.
//!
//! Two kinds of evidence speak for a pair, each from 0 to 1 and so that one half is where it turns:
//!
//! - how many customers they share, where both models can tell whose they are: those in both segments among
//!   those in either (Jaccard's index). Up to one half a cluster counts as dissolved (Hennig 2007, "Cluster-wise
//!   assessment of cluster stability").
//! - how near the new centre is to the earlier one: 1 where they coincide, one half where half the way to
//!   the next earlier centre is gone, and 0 from there to it and beyond.
//!
//! The mean of them is how sure a pair is; of what the earlier model decided by and the new customers do not
//! tell, nothing speaks for it. Pairs that are more than half sure are candidates, and of these the
//! assignment with the largest sum is taken (Kuhn 1955, Munkres 1957).

mod lineage;

use pathfinding::prelude::{Matrix, kuhn_munkres};

pub use lineage::{Kind, Lineage, SegmentLineage, Suggestion, Vanished};

use crate::kmeans::squared_distance;

/// A pair of segments must be surer than this.
pub const LEAST_SURENESS: f64 = 0.5;
/// Sureness has so many steps from 0 to 1, so that it does not depend on how sums were rounded.
const STEPS: f64 = 10_000.0;

/// What is known of the segments of two models.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The part of the earlier model's coordinates that the new customers tell, from 0 to 1.
    pub known: f64,
    /// The earlier centres in these coordinates, scaled as the earlier model does.
    pub earlier: Vec<Vec<f64>>,
    /// The new centres in the same coordinates; none where no customer tells one.
    pub found: Vec<Option<Vec<f64>>>,
    /// How far from its only centre the earlier model's customers were, as the root of their mean squared
    /// distance: what stands for the way to the next centre where there is none.
    pub spread: f64,
    /// The number of customers in each pair of an earlier (row) and a new segment (column), where they
    /// are known.
    pub counts: Option<Vec<Vec<usize>>>,
}

/// An earlier segment that was found again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Its place in the earlier model.
    pub earlier: usize,
    /// How sure it is that this is the one, above [`LEAST_SURENESS`] and up to 1.
    pub sureness: f64,
}

impl Evidence {
    /// Whether the customers tell enough for any segment to be found again.
    pub fn can_match(&self) -> bool {
        self.known > LEAST_SURENESS
    }

    /// The earlier segment that each new one is, if it is any: each at most once.
    ///
    /// ```
    /// use segmenta::identity::Evidence;
    ///
    /// let evidence = Evidence {
    ///     known: 1.0,
    ///     earlier: vec![vec![0.0], vec![4.0]],
    ///     found: vec![Some(vec![4.4]), Some(vec![0.0]), Some(vec![9.0])],
    ///     spread: 1.0,
    ///     counts: None,
    /// };
    /// let found: Vec<_> = evidence.matches().iter().map(|m| m.map(|m| (m.earlier, m.sureness))).collect();
    /// assert_eq!(found, [Some((1, 0.9)), Some((0, 1.0)), None]);
    /// ```
    pub fn matches(&self) -> Vec<Option<Match>> {
        let steps = self.steps();
        let (n_earlier, n_found) = (self.earlier.len(), self.found.len());
        let mut matches = vec![None; n_found];
        // The algorithm gives each row a column, so there must be as many columns.
        let is_wide = n_earlier <= n_found;
        let (rows, columns) = if is_wide { (n_earlier, n_found) } else { (n_found, n_earlier) };
        let pair = |row, column| if is_wide { (row, column) } else { (column, row) };
        let weights = Matrix::from_fn(rows, columns, |(row, column)| {
            let (earlier, found) = pair(row, column);
            steps[earlier][found]
        });
        for (row, column) in kuhn_munkres(&weights).1.into_iter().enumerate() {
            let (earlier, found) = pair(row, column);
            let steps = steps[earlier][found];
            matches[found] =
                (steps > 0).then(|| Match { earlier, sureness: f64::from(steps) / STEPS });
        }
        matches
    }

    /// How sure each pair is in whole steps; 0 for one that is not sure enough.
    #[allow(clippy::cast_possible_truncation)] // whole and at most as many as there are
    fn steps(&self) -> Vec<Vec<i32>> {
        (0..self.earlier.len())
            .map(|earlier| {
                let reach = self.reach(earlier);
                (0..self.found.len())
                    .map(|found| {
                        let nearness = self.nearness(earlier, found, reach);
                        let sureness = match self.overlap(earlier, found) {
                            Some(overlap) => f64::midpoint(nearness, overlap),
                            None => nearness,
                        };
                        let steps = (sureness * self.known * STEPS).round();
                        if steps > LEAST_SURENESS * STEPS { steps as i32 } else { 0 }
                    })
                    .collect()
            })
            .collect()
    }

    /// The way from an earlier centre to the next one.
    fn reach(&self, earlier: usize) -> f64 {
        let own = &self.earlier[earlier];
        let others = self.earlier.iter().enumerate().filter(|&(other, _)| other != earlier);
        let nearest = others.map(|(_, other)| squared_distance(own, other)).min_by(f64::total_cmp);
        nearest.map_or(2.0 * self.spread, f64::sqrt)
    }

    fn nearness(&self, earlier: usize, found: usize, reach: f64) -> f64 {
        let Some(center) = &self.found[found] else { return 0.0 };
        let distance = squared_distance(&self.earlier[earlier], center).sqrt();
        if distance == 0.0 { 1.0 } else { (1.0 - distance / reach).max(0.0) }
    }

    fn overlap(&self, earlier: usize, found: usize) -> Option<f64> {
        let counts = self.counts.as_ref()?;
        let both = counts[earlier][found];
        let of_earlier: usize = counts[earlier].iter().sum();
        let of_found: usize = counts.iter().map(|row| row[found]).sum();
        let either = of_earlier + of_found - both;
        Some(if either == 0 { 0.0 } else { both as f64 / either as f64 })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(earlier: &[f64], found: &[f64], counts: Option<Vec<Vec<usize>>>) -> Evidence {
        Evidence {
            known: 1.0,
            earlier: earlier.iter().map(|&x| vec![x]).collect(),
            found: found.iter().map(|&x| Some(vec![x])).collect(),
            spread: 1.0,
            counts,
        }
    }

    fn places(evidence: &Evidence) -> Vec<Option<usize>> {
        evidence.matches().iter().map(|found| found.map(|found| found.earlier)).collect()
    }

    #[test]
    fn beyond_half_the_way_to_the_next_a_centre_is_another() {
        assert_eq!(places(&line(&[0.0, 10.0], &[4.9, 10.0], None)), [Some(0), Some(1)]);
        assert_eq!(places(&line(&[0.0, 10.0], &[5.0, 10.0], None)), [None, Some(1)]);
    }

    #[test]
    fn the_sum_decides_where_several_could_be_the_one() {
        // The first would rather be 1, which the second is more surely.
        assert_eq!(places(&line(&[0.0, 4.0], &[1.9, 4.0], None)), [Some(0), Some(1)]);
        // Of two halves, the one with more of the customers.
        let halves =
            line(&[0.0, 10.0], &[-1.0, 1.0, 10.0], Some(vec![vec![30, 50, 0], vec![0, 0, 9]]));
        assert_eq!(places(&halves), [None, Some(0), Some(1)]);
    }

    #[test]
    fn customers_beyond_all_centres_are_not_what_the_nearest_one_was() {
        // The earlier model would call them its second segment, for want of anything nearer.
        let beyond =
            line(&[0.0, 10.0], &[0.0, 10.0, 40.0], Some(vec![vec![50, 0, 0], vec![0, 30, 60]]));
        assert_eq!(places(&beyond), [Some(0), Some(1), None]);
    }

    #[test]
    fn what_is_not_known_speaks_for_nobody() {
        let mut evidence = line(&[0.0, 10.0], &[0.0, 10.0], None);
        evidence.known = 0.5;
        assert!(!evidence.can_match());
        assert_eq!(places(&evidence), [None, None]);
        evidence.known = 2.0 / 3.0;
        assert_eq!(evidence.matches()[0].map(|found| found.sureness), Some(0.6667));
        evidence.found[0] = None;
        assert_eq!(places(&evidence), [None, Some(1)]);
    }

    #[test]
    fn a_single_segment_is_found_within_its_customers() {
        assert_eq!(places(&line(&[0.0], &[0.9], None)), [Some(0)]);
        assert_eq!(places(&line(&[0.0], &[1.1], None)), [None]);
        assert_eq!(places(&line(&[0.0, 0.0], &[0.0], None)).len(), 1);
    }

    proptest! {
        #[test]
        fn no_earlier_segment_is_found_twice_and_the_order_changes_nothing(
            earlier in prop::collection::vec(-9.0..9.0_f64, 1..7),
            found in prop::collection::vec(-9.0..9.0_f64, 1..7),
            turn in 0_usize..7,
        ) {
            let mut turned = found.clone();
            turned.rotate_left(turn % found.len());
            let total = |found: &[Option<Match>]| -> f64 {
                found.iter().flatten().map(|found| found.sureness).sum()
            };
            let matches = line(&earlier, &found, None).matches();
            let mut seen: Vec<usize> = matches.iter().flatten().map(|found| found.earlier).collect();
            seen.sort_unstable();
            prop_assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
            let after = line(&earlier, &turned, None).matches();
            prop_assert!((total(&matches) - total(&after)).abs() < 1e-9);
        }
    }
}
