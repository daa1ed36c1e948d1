//! Customers without groups, made up in the likeness of real ones: what a test for groups compares with.

use rand::{Rng, RngExt};

use super::unimodal::Unimodal;
use crate::error::Result;
use crate::features::Matrix;

/// A single blob.
pub(super) enum Blob {
    /// Every feature as the data have it, but with a single peak, and features correlated as in the data
    /// (a Gaussian copula). Boxes, and single blobs that are skewed.
    Copula { features: Vec<Unimodal>, factor: Factor },
    /// As often as far away from the mean as in the data, but with a single peak, in any direction alike
    /// but for scale and correlation. Balls, bells, and what has long tails to all sides.
    Ellipse { mean: Vec<f64>, radius: Unimodal, factor: Factor },
}

impl Blob {
    /// The blobs in the likeness of some rows.
    pub(super) fn like(matrix: &Matrix) -> [Self; 2] {
        let features = matrix.columns().iter().map(|column| Unimodal::closest_to(column)).collect();
        let ranks: Vec<Vec<f64>> = matrix.columns().iter().map(|column| ranks(column)).collect();
        let mut correlation = covariance(&ranks, &means(&ranks));
        let scales: Vec<f64> = (0..ranks.len()).map(|at| correlation[at][at].sqrt()).collect();
        for (at, row) in correlation.iter_mut().enumerate() {
            for (to, entry) in row.iter_mut().enumerate() {
                let of_ranks = if at == to { 1.0 } else { *entry / (scales[at] * scales[to]) };
                // Pearson 1907: the correlation of two normal variables from that of their ranks.
                let of_numbers = 2.0 * (std::f64::consts::FRAC_PI_6 * of_ranks).sin();
                *entry = if of_numbers.is_finite() { of_numbers } else { 0.0 };
            }
        }
        let mean = means(matrix.columns());
        let factor = Factor::of(&covariance(matrix.columns(), &mean));
        let distances: Vec<f64> =
            (0..matrix.n_rows()).map(|row| factor.distance(&matrix.row(row), &mean)).collect();
        [
            Self::Copula { features, factor: Factor::of(&correlation) },
            Self::Ellipse { mean, radius: Unimodal::closest_to(&distances), factor },
        ]
    }

    /// So many rows of it.
    ///
    /// # Errors
    ///
    /// As [`Matrix::from_columns`].
    pub(super) fn draw(&self, n_rows: usize, rng: &mut impl Rng) -> Result<Matrix> {
        match self {
            Self::Copula { features, factor } => {
                let mut columns = vec![Vec::with_capacity(n_rows); features.len()];
                for _ in 0..n_rows {
                    let row = factor.times(&normals(features.len(), rng));
                    for (column, x) in columns.iter_mut().zip(row) {
                        column.push(x);
                    }
                }
                for (column, feature) in columns.iter_mut().zip(features) {
                    let mut shares: Vec<f64> = (0..n_rows).map(|_| rng.random()).collect();
                    shares.sort_unstable_by(f64::total_cmp);
                    for (&row, share) in order(column).iter().zip(shares) {
                        column[row] = feature.quantile(share);
                    }
                }
                Matrix::from_columns(columns)
            }
            Self::Ellipse { mean, radius, factor } => {
                let mut columns = vec![Vec::with_capacity(n_rows); mean.len()];
                for _ in 0..n_rows {
                    let mut direction = normals(mean.len(), rng);
                    factor.leave_out_dependent(&mut direction);
                    let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
                    let scale = radius.quantile(rng.random()) / length.max(f64::MIN_POSITIVE);
                    let row = factor.times(&direction);
                    for ((column, x), mean) in columns.iter_mut().zip(row).zip(mean) {
                        column.push(mean + scale * x);
                    }
                }
                Matrix::from_columns(columns)
            }
        }
    }
}

/// Normal numbers, nearly: sums of twelve even ones. Nothing but additions, so that every machine gets the
/// same bits.
fn normals(count: usize, rng: &mut impl Rng) -> Vec<f64> {
    (0..count).map(|_| (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0).collect()
}

/// The rows in the order of their numbers.
fn order(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    order
}

/// The place of each number among all; equal ones share theirs.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; numbers.len()];
    let mut before = 0;
    for equal in order(numbers).chunk_by(|&a, &b| numbers[a] == numbers[b]) {
        for &row in equal {
            ranks[row] = before as f64 + (equal.len() - 1) as f64 / 2.0;
        }
        before += equal.len();
    }
    ranks
}

fn means(columns: &[Vec<f64>]) -> Vec<f64> {
    columns.iter().map(|column| column.iter().sum::<f64>() / column.len() as f64).collect()
}

fn covariance(columns: &[Vec<f64>], means: &[f64]) -> Vec<Vec<f64>> {
    let of = |a: usize, b: usize| {
        let products =
            columns[a].iter().zip(&columns[b]).map(|(x, y)| (x - means[a]) * (y - means[b]));
        products.sum::<f64>() / columns[a].len() as f64
    };
    (0..columns.len()).map(|a| (0..columns.len()).map(|b| of(a, b)).collect()).collect()
}

/// The Cholesky factor of a matrix of covariances: a triangle that gives independent numbers the
/// covariances.
pub(super) struct Factor(Vec<Vec<f64>>);

impl Factor {
    /// A feature that follows from those before it brings nothing of its own.
    fn of(covariances: &[Vec<f64>]) -> Self {
        const NOTHING: f64 = 1e-9;
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(covariances.len());
        for (at, covariances) in covariances.iter().enumerate() {
            let mut row = Vec::with_capacity(at + 1);
            for (to, covariance) in covariances.iter().enumerate().take(at + 1) {
                let above = rows.get(to).unwrap_or(&row);
                let known: f64 = row.iter().zip(above).take(to).map(|(x, y)| x * y).sum();
                let rest = covariance - known;
                row.push(if to < at {
                    let own = rows[to][to];
                    if own > 0.0 { rest / own } else { 0.0 }
                } else if rest > NOTHING * covariance {
                    rest.sqrt()
                } else {
                    0.0
                });
            }
            rows.push(row);
        }
        Self(rows)
    }

    fn times(&self, numbers: &[f64]) -> Vec<f64> {
        let product = |row: &Vec<f64>| row.iter().zip(numbers).map(|(x, y)| x * y).sum();
        self.0.iter().map(product).collect()
    }

    /// Makes 0 of the numbers of features that follow from others: they have no direction of their own.
    fn leave_out_dependent(&self, numbers: &mut [f64]) {
        for (at, number) in numbers.iter_mut().enumerate() {
            if self.0[at][at] == 0.0 {
                *number = 0.0;
            }
        }
    }

    /// The Mahalanobis distance of a row from a mean.
    fn distance(&self, row: &[f64], mean: &[f64]) -> f64 {
        let mut solved: Vec<f64> = Vec::with_capacity(row.len());
        for (at, factor) in self.0.iter().enumerate() {
            let known: f64 = factor.iter().zip(&solved).map(|(x, y)| x * y).sum();
            let rest = row[at] - mean[at] - known;
            solved.push(if factor[at] > 0.0 { rest / factor[at] } else { 0.0 });
        }
        solved.iter().map(|x| x * x).sum::<f64>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn a_blob_has_the_means_and_covariances_of_the_data() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let factor = Factor(vec![vec![2.0], vec![1.0, 0.5], vec![1.0, 0.5, 0.0]]);
        let mut columns = vec![Vec::new(); 3];
        for _ in 0..2000 {
            let row = factor.times(&normals(3, &mut rng));
            for (column, x) in columns.iter_mut().zip(row) {
                column.push(x + 3.0);
            }
        }
        let matrix = Matrix::from_columns(columns).unwrap();
        let expected = covariance(matrix.columns(), &means(matrix.columns()));
        for blob in Blob::like(&matrix) {
            let drawn = blob.draw(20_000, &mut rng).unwrap();
            let mean = means(drawn.columns());
            for (a, row) in covariance(drawn.columns(), &mean).iter().enumerate() {
                assert!((mean[a] - 3.0).abs() < 0.15, "{mean:?}");
                for (b, covariance) in row.iter().enumerate() {
                    assert!((covariance - expected[a][b]).abs() < 0.2, "{a} {b}: {covariance}");
                }
            }
        }
    }

    #[test]
    fn constant_features_stay_constant() {
        let matrix = Matrix::from_columns(vec![vec![1.0, 5.0, 2.0, 3.0], vec![7.0; 4]]).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for blob in Blob::like(&matrix) {
            assert_eq!(blob.draw(50, &mut rng).unwrap().column(1), [7.0; 50]);
        }
    }
}
