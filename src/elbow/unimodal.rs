//! The distribution with a single peak that is closest to some numbers.

/// The most places that are tried for the peak.
const PLACES: usize = 64;

/// A distribution whose density rises up to one peak and falls from there on, as the corners of its
/// cumulative distribution.
#[derive(Debug, Clone)]
pub(super) struct Unimodal {
    corners: Vec<Corner>,
}

/// A number, and the share of numbers below it.
#[derive(Debug, Clone, Copy)]
struct Corner {
    x: f64,
    share: f64,
}

impl Unimodal {
    /// The one whose cumulative distribution comes nearest to that of the numbers, of which there is at
    /// least one: up to the peak the greatest convex function below theirs and from there on the least
    /// concave one above it, as in the dip test (Hartigan and Hartigan 1985, "The dip test of
    /// unimodality"), with the peak where the largest distance is least.
    pub(super) fn closest_to(numbers: &[f64]) -> Self {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let steps: Vec<Corner> = (0..)
            .zip(sorted)
            .map(|(place, x)| Corner { x, share: (f64::from(place) + 0.5) / n })
            .collect();
        let last = steps.len() - 1;
        let mut peaks: Vec<usize> = (0..=PLACES).map(|place| place * last / PLACES).collect();
        peaks.dedup();
        let mut closest = (f64::INFINITY, Vec::new());
        for peak in peaks {
            let mut corners = hull(&steps[..=peak], Side::Below);
            let falling = hull(&steps[peak..], Side::Above);
            let distance =
                distance(&steps[..=peak], &corners).max(distance(&steps[peak..], &falling));
            if distance < closest.0 {
                corners.extend(&falling[1..]);
                closest = (distance, corners);
            }
        }
        Self { corners: closest.1 }
    }

    /// The number below which this share of all lies.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let above = self.corners.partition_point(|corner| corner.share < share);
        let here = &self.corners[above.min(self.corners.len() - 1)];
        match above.checked_sub(1).map(|below| &self.corners[below]) {
            Some(below) if here.share > below.share => {
                let part = (share - below.share) / (here.share - below.share);
                below.x + part.min(1.0) * (here.x - below.x)
            }
            _ => here.x,
        }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Below,
    Above,
}

/// The corners of the convex function below steps, or of the concave one above them.
fn hull(steps: &[Corner], side: Side) -> Vec<Corner> {
    let mut corners: Vec<Corner> = Vec::new();
    for &next in steps {
        while let [.., a, b] = corners.as_slice() {
            let turn = (b.x - a.x) * (next.share - a.share) - (b.share - a.share) * (next.x - a.x);
            let bends = match side {
                Side::Below => turn > 0.0,
                Side::Above => turn < 0.0,
            };
            if bends {
                break;
            }
            corners.pop();
        }
        corners.push(next);
    }
    corners
}

/// The largest distance between steps and a function that has its corners on some of them.
fn distance(steps: &[Corner], corners: &[Corner]) -> f64 {
    let mut largest = 0.0_f64;
    let mut segment = 0;
    for step in steps {
        while segment + 2 < corners.len() && corners[segment + 1].share <= step.share {
            segment += 1;
        }
        if let [a, b, ..] = corners[segment..]
            && b.x > a.x
        {
            let share = a.share + (step.x - a.x) / (b.x - a.x) * (b.share - a.share);
            largest = largest.max((share - step.share).abs());
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_one_peak_stay_as_they_are() {
        // Dense in the middle: 0, 3, 5, 6, 6.5, 7, 8, 10, 13.
        let numbers = [0.0, 3.0, 5.0, 6.0, 6.5, 7.0, 8.0, 10.0, 13.0];
        let closest = Unimodal::closest_to(&numbers);
        for (place, x) in (0..).zip(numbers) {
            let share = (f64::from(place) + 0.5) / 9.0;
            assert!((closest.quantile(share) - x).abs() < 1e-12, "{x}");
        }
        assert_eq!((closest.quantile(0.0), closest.quantile(1.0)), (0.0, 13.0));
    }

    #[test]
    fn a_gap_is_filled() {
        let two_groups: Vec<f64> =
            (0..100).map(|i| f64::from(i % 2) * 10.0 + f64::from(i) / 100.0).collect();
        let closest = Unimodal::closest_to(&two_groups);
        let inside =
            (1..100).filter(|&i| (2.0..9.0).contains(&closest.quantile(f64::from(i) / 100.0)));
        assert!(inside.count() > 20);
    }

    #[test]
    fn equal_numbers_are_one_peak() {
        assert_eq!(Unimodal::closest_to(&[4.0; 7]).quantile(0.3), 4.0);
        assert_eq!(Unimodal::closest_to(&[4.0]).quantile(0.9), 4.0);
    }
}
