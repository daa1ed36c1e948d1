//! Steps of Lloyd's algorithm over rows that come in pieces, for data that no memory holds: several sets of
//! centres are looked at in one pass, since passes are what costs.

use serde::{Deserialize, Serialize};

use super::Centers;
use super::centroids::{Centroids, squared_distance};
use super::kernel;
use super::points::{BLOCK, Points};
use super::totals::Totals;

/// Sets of centres that one pass looks at together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sets {
    sets: Vec<Centroids>,
}

/// What a pass has added up so far for each set. Those of two pieces of the data merge by addition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sums(Vec<Totals>);

/// What a whole pass tells of one set of centres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Assigned {
    /// The weight of each centre's rows: their number.
    pub(crate) weights: Vec<f64>,
    /// The sum of the squared distances of all rows to their centres.
    pub(crate) inertia: f64,
    /// Where Lloyd's step moves the centres to. One without a row stays.
    pub(crate) means: Centers,
}

impl Sets {
    /// Each set has at least one centre, and each centre a coordinate a feature.
    pub(crate) fn new(sets: &[Centers], n_features: usize) -> Self {
        let sets = sets.iter().map(|centers| Centroids::from_centers(centers, n_features));
        Self { sets: sets.collect() }
    }

    /// The sums of no rows.
    pub(crate) fn nothing(&self) -> Sums {
        let zero = |centers: &Centroids| Totals::zero(centers.len(), centers.n_features());
        Sums(self.sets.iter().map(zero).collect())
    }

    /// Adds rows, each to the nearest centre of each set; of equally near ones to the first.
    pub(crate) fn add<'a>(&self, points: impl Into<Points<'a>>, sums: &mut Sums) {
        let points = points.into();
        let n_rows = points.n_rows();
        // A block of rows stays in the cache until all sets have seen it.
        for start in (0..n_rows).step_by(BLOCK) {
            let rows = start..(start + BLOCK).min(n_rows);
            for (centers, totals) in self.sets.iter().zip(&mut sums.0) {
                kernel::step_rows(points.into(), rows.clone(), centers, totals);
            }
        }
    }

    /// What the sums of all rows tell of each set. `squares` is the sum of all rows' squared distances from the
    /// origin.
    pub(crate) fn assigned(&self, sums: &Sums, squares: f64) -> Vec<Assigned> {
        let of_set = |(centers, totals): (&Centroids, &Totals)| {
            // |x - c|^2 summed over a cluster is its |x|^2, less 2 c.sum, and |c|^2 for each row.
            let gained = |cluster: usize| {
                let (center, sum) = (centers.get(cluster), totals.sum(cluster));
                let product: f64 = center.iter().zip(sum).map(|(c, s)| c * s).sum();
                let origin = vec![0.0; center.len()];
                2.0 * product - totals.weights[cluster] * squared_distance(center, &origin)
            };
            let explained: f64 = (0..centers.len()).map(gained).sum();
            let mean = |cluster: usize| match totals.weights[cluster] {
                0.0 => centers.get(cluster).to_vec(),
                weight => totals.sum(cluster).iter().map(|sum| sum / weight).collect(),
            };
            Assigned {
                weights: totals.weights.clone(),
                inertia: (squares - explained).max(0.0),
                means: (0..centers.len()).map(mean).collect(),
            }
        };
        self.sets.iter().zip(&sums.0).map(of_set).collect()
    }
}

impl Sums {
    /// Adds those of other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (to, more) in self.0.iter_mut().zip(&other.0) {
            to.merge(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Matrix;
    use crate::kmeans::KMeansParams;

    fn column(n_rows: u32, period: f64) -> Vec<f64> {
        (0..n_rows).map(|i| (f64::from(i) * period).sin() * 2.0 + f64::from(i % 3)).collect()
    }

    #[test]
    fn pieces_add_up_to_a_step_over_all_rows() {
        let columns = vec![column(3000, 0.7), column(3000, 0.3), column(3000, 1.9)];
        let all = Matrix::from_columns(columns.clone()).unwrap();
        let sets: Vec<Centers> =
            [2, 5].iter().map(|&k| (0..k).map(|row| all.row(row * 17)).collect()).collect();
        let squares = columns.iter().flatten().map(|x| x * x).sum();
        let passes = Sets::new(&sets, 3);
        let mut sums = passes.nothing();
        for rows in [0..1, 1..1300, 1300..3000] {
            let piece = columns.iter().map(|column| column[rows.clone()].to_vec()).collect();
            let mut more = passes.nothing();
            passes.add(&Matrix::from_columns(piece).unwrap(), &mut more);
            sums.merge(&more);
        }
        for (assigned, start) in passes.assigned(&sums, squares).iter().zip(&sets) {
            let params = KMeansParams { max_iter: 1, ..KMeansParams::new(start.len()) };
            let step = params.check().unwrap().fit_from(&all, start).unwrap();
            let mut means = assigned.means.clone();
            means.sort_by(|a, b| a[0].total_cmp(&b[0]));
            for (mean, expected) in
                means.iter().flatten().zip(step.cluster_centers.iter().flatten())
            {
                assert!((mean - expected).abs() < 1e-12, "{mean} {expected}");
            }
            let nearest = |row: Vec<f64>| {
                start.iter().map(|c| squared_distance(&row, c)).fold(f64::INFINITY, f64::min)
            };
            let inertia: f64 = (0..3000).map(|row| nearest(all.row(row))).sum();
            assert!((assigned.inertia / inertia - 1.0).abs() < 1e-12);
            assert_eq!(assigned.weights.iter().sum::<f64>(), 3000.0);
        }
    }

    #[test]
    fn a_centre_without_rows_stays() {
        let data = Matrix::from_columns(vec![vec![1.0, 3.0]]).unwrap();
        let passes = Sets::new(&[vec![vec![0.0], vec![900.0]]], 1);
        let mut sums = passes.nothing();
        passes.add(&data, &mut sums);
        let assigned = &passes.assigned(&sums, 10.0)[0];
        assert_eq!(assigned.means, [[2.0], [900.0]]);
        assert_eq!((assigned.inertia, assigned.weights.as_slice()), (10.0, &[2.0, 0.0][..]));
    }
}
