//! Whether clusters lie apart, or share a border that might as well lie elsewhere.

use serde::{Deserialize, Serialize};

use crate::features::Matrix;
use crate::kmeans::{Centers, predict};

/// The half length of the pieces that are counted, as a part of the way from centre to centre.
const HALF: f64 = 1.0 / 6.0;

/// How many customers lie half-way between neighbouring clusters, and how many around their centres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Valley {
    /// Those half-way, of all pairs of neighbours together.
    pub between: usize,
    /// Those around the centre that has fewer of them, of the same pairs.
    pub beside: usize,
}

impl Valley {
    /// Between the clusters of some rows.
    ///
    /// Around the line from a centre to its neighbour lies a tube, and three equal pieces of it are looked at:
    /// around either centre, and half-way. What has a single peak has no fewer customers in the middle piece
    /// than in one of the others: the mass of a convex body that moves along a line has a single peak too, for
    /// even density in any convex shape and for bells, exponential and t distributions (Borell 1975, "Convex
    /// set functions in d-space"). Nothing else need be known of the blob.
    ///
    /// Neighbours are those joined by the shortest tree over all centres: between two of them no other centre
    /// is nearer.
    pub(super) fn between(matrix: &Matrix, centers: &Centers) -> Self {
        let labels = predict(matrix, centers);
        let rows: Vec<Vec<f64>> = (0..matrix.n_rows()).map(|row| matrix.row(row)).collect();
        let mut valley = Self::default();
        for (one, other) in shortest_tree(centers) {
            let places: Vec<Place> =
                rows.iter().map(|row| Place::of(row, &centers[one], &centers[other])).collect();
            let mut aside: Vec<f64> = places
                .iter()
                .zip(&labels)
                .filter(|&(_, &label)| [one, other].contains(&(label as usize)))
                .map(|(place, _)| place.aside)
                .collect();
            aside.sort_unstable_by(f64::total_cmp);
            // Nearly all customers of the two clusters are in the tube, but it is no wider for a few far out.
            let radius = aside.get(aside.len() * 97 / 100).copied().unwrap_or(0.0);
            let around = |at: f64| {
                let inside =
                    |place: &&Place| place.aside <= radius && (place.along - at).abs() <= HALF;
                places.iter().filter(inside).count()
            };
            valley.between += around(0.5);
            valley.beside += around(0.0).min(around(1.0));
        }
        valley
    }

    /// How many standard deviations fewer lie between than beside, were both equally likely.
    pub(super) fn deviations(self) -> f64 {
        let (between, beside) = (self.between as f64, self.beside as f64);
        if between + beside > 0.0 { (beside - between) / (between + beside).sqrt() } else { 0.0 }
    }

    /// The part by which fewer lie between than beside.
    pub(super) fn depth(self) -> f64 {
        if self.beside > 0 { 1.0 - self.between as f64 / self.beside as f64 } else { 0.0 }
    }
}

/// Where a row lies on the way from a centre to another.
struct Place {
    /// 0 at the one, 1 at the other.
    along: f64,
    /// The squared distance from the line.
    aside: f64,
}

impl Place {
    fn of(row: &[f64], from: &[f64], to: &[f64]) -> Self {
        let (mut length, mut product, mut distance) = (0.0, 0.0, 0.0);
        for ((x, from), to) in row.iter().zip(from).zip(to) {
            length += (to - from) * (to - from);
            product += (x - from) * (to - from);
            distance += (x - from) * (x - from);
        }
        let along = product / length;
        // One feature has no aside but what is rounded.
        let aside = if row.len() == 1 { 0.0 } else { (distance - along * product).max(0.0) };
        Self { along, aside }
    }
}

/// The pairs of points that the shortest tree over all of them joins (Prim 1957).
fn shortest_tree(points: &[Vec<f64>]) -> Vec<(usize, usize)> {
    let distance = |a: usize, b: usize| -> f64 {
        points[a].iter().zip(&points[b]).map(|(x, y)| (x - y) * (x - y)).sum()
    };
    // For each point outside, the nearest one inside.
    let mut outside: Vec<(usize, usize)> = (1..points.len()).map(|point| (0, point)).collect();
    let mut tree = Vec::with_capacity(outside.len());
    while let Some(at) = (0..outside.len()).min_by(|&a, &b| {
        distance(outside[a].0, outside[a].1).total_cmp(&distance(outside[b].0, outside[b].1))
    }) {
        let joined = outside.swap_remove(at);
        tree.push(joined);
        for (inside, point) in &mut outside {
            if distance(joined.1, *point) < distance(*inside, *point) {
                *inside = joined.1;
            }
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_joins_nearest_points() {
        let points = [0.0, 9.0, 1.0, 5.0, 8.5].map(|x| vec![x, 1.0]);
        let mut tree: Vec<(usize, usize)> =
            shortest_tree(&points).into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
        tree.sort_unstable();
        assert_eq!(tree, [(0, 2), (1, 4), (2, 3), (3, 4)]);
        assert!(shortest_tree(&points[..1]).is_empty());
    }

    #[test]
    fn a_border_through_even_customers_is_no_valley() {
        let even: Vec<f64> = (0..600).map(f64::from).collect();
        let centers = vec![vec![149.5], vec![449.5]];
        let valley = Valley::between(&Matrix::from_columns(vec![even]).unwrap(), &centers);
        assert_eq!(valley, Valley { between: 100, beside: 100 });
        assert!(valley.deviations().abs() < f64::EPSILON && valley.depth().abs() < f64::EPSILON);
    }

    #[test]
    fn a_gap_is_a_valley() {
        let x: Vec<f64> = (0..200).map(|i| f64::from(i % 2 * 10) + f64::from(i) / 200.0).collect();
        let y: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 100) / 50.0).collect();
        let centers = vec![vec![0.5, 1.0], vec![10.5, 1.0]];
        let valley = Valley::between(&Matrix::from_columns(vec![x, y]).unwrap(), &centers);
        assert_eq!(valley.between, 0);
        assert!((92..=100).contains(&valley.beside), "{valley:?}");
        assert!(valley.deviations() > 6.0 && valley.depth() > 0.99);
    }
}
