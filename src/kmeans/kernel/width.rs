//! The same block compiled for every width of vectors, and the choice between them when the program
//! runs: a program built for any machine uses what the one it runs on has.
//!
//! This is the only unsafe code of the project. A function that was compiled for wider vectors may be
//! called only where the machine has them; each call below stands behind the question whether it does.

#![allow(unsafe_code)]

use std::ops::Range;

use super::{Partial, any, few, plane};
use crate::features::Matrix;

/// Assigns some rows, as many as there are labels and at most a block.
pub(super) fn assign(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the machine has the features that the function was compiled for.
            return unsafe { assign_avx512(matrix, rows, centers, labels, partial) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { assign_avx2(matrix, rows, centers, labels, partial) };
        }
    }
    assign_any_width(matrix, rows, centers, labels, partial);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn assign_avx512(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    assign_any_width(matrix, rows, centers, labels, partial);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn assign_avx2(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    assign_any_width(matrix, rows, centers, labels, partial);
}

/// Compiled into each of its callers, for the vectors that they may use.
#[inline(always)]
fn assign_any_width(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    let [xs, ys] = matrix.columns() else {
        return assign_any_features(matrix, rows, centers, labels, partial);
    };
    let (x, y) = (&xs[rows.clone()], &ys[rows.clone()]);
    match centers.len() {
        1 => plane::assign::<1>(x, y, centers, labels, partial),
        2 => plane::assign::<2>(x, y, centers, labels, partial),
        3 => plane::assign::<3>(x, y, centers, labels, partial),
        4 => plane::assign::<4>(x, y, centers, labels, partial),
        5 => plane::assign::<5>(x, y, centers, labels, partial),
        6 => plane::assign::<6>(x, y, centers, labels, partial),
        7 => plane::assign::<7>(x, y, centers, labels, partial),
        8 => plane::assign::<8>(x, y, centers, labels, partial),
        9 => plane::assign::<9>(x, y, centers, labels, partial),
        plane::MOST_CLUSTERS => plane::assign::<10>(x, y, centers, labels, partial),
        _ => few::assign::<2>(matrix, rows, centers, labels, partial),
    }
}

#[inline(always)]
fn assign_any_features(
    matrix: &Matrix,
    rows: Range<usize>,
    centers: &[Vec<f64>],
    labels: &mut [u32],
    partial: &mut Partial,
) {
    match matrix.n_columns() {
        1 => few::assign::<1>(matrix, rows, centers, labels, partial),
        3 => few::assign::<3>(matrix, rows, centers, labels, partial),
        4 => few::assign::<4>(matrix, rows, centers, labels, partial),
        5 => few::assign::<5>(matrix, rows, centers, labels, partial),
        6 => few::assign::<6>(matrix, rows, centers, labels, partial),
        7 => few::assign::<7>(matrix, rows, centers, labels, partial),
        8 => few::assign::<8>(matrix, rows, centers, labels, partial),
        _ => any::assign(matrix, rows, centers, labels, partial),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{BLOCK, squared_distance};
    use super::*;

    /// Up to a block of rows in 1 to 10 features, and 1 to 12 centres; whole numbers make ties.
    fn cases() -> impl Strategy<Value = (Matrix, Vec<Vec<f64>>)> {
        (1_usize..=10, 1_usize..=12, prop_oneof![1..40_usize, Just(BLOCK)], any::<bool>())
            .prop_flat_map(|(n_features, n_clusters, n_rows, whole)| {
                let number = if whole {
                    (-3_i32..=3).prop_map(f64::from).boxed()
                } else {
                    (-1e3_f64..1e3).boxed()
                };
                let columns = prop::collection::vec(
                    prop::collection::vec(number.clone(), n_rows),
                    n_features,
                );
                let centers =
                    prop::collection::vec(prop::collection::vec(number, n_features), n_clusters);
                (columns.prop_map(|columns| Matrix::from_columns(columns).unwrap()), centers)
            })
    }

    type Assign = fn(&Matrix, Range<usize>, &[Vec<f64>], &mut [u32], &mut Partial);

    fn run(assign: Assign, matrix: &Matrix, centers: &[Vec<f64>]) -> (Vec<u32>, Partial) {
        let mut labels = vec![0; matrix.n_rows()];
        let mut partial = Partial::empty(centers.len(), matrix.n_columns());
        assign(matrix, 0..matrix.n_rows(), centers, &mut labels, &mut partial);
        (labels, partial)
    }

    proptest! {
        #[test]
        fn every_width_gives_the_same_bits((matrix, centers) in cases()) {
            prop_assert_eq!(
                run(assign, &matrix, &centers),
                run(assign_any_width, &matrix, &centers)
            );
        }

        #[test]
        fn every_row_goes_to_the_first_of_its_nearest_centres((matrix, centers) in cases()) {
            let (labels, partial) = run(assign, &matrix, &centers);
            let mut plain = Partial::empty(centers.len(), matrix.n_columns());
            for (row, &label) in labels.iter().enumerate() {
                let point = matrix.row(row);
                let distances: Vec<f64> =
                    centers.iter().map(|center| squared_distance(&point, center)).collect();
                let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
                let nearest = distances.iter().position(|&distance| distance == least).unwrap();
                prop_assert_eq!(label as usize, nearest);
                plain.counts[nearest] += 1;
                plain.inertia += least;
                plain.changed += usize::from(nearest != 0);
                for (sum, x) in plain.sums[nearest].iter_mut().zip(&point) {
                    *sum += x;
                }
            }
            prop_assert_eq!(&partial.counts, &plain.counts);
            prop_assert_eq!(partial.changed, plain.changed);
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
            prop_assert!(close(partial.inertia, plain.inertia));
            for (sum, plain) in partial.sums.iter().flatten().zip(plain.sums.iter().flatten()) {
                prop_assert!(close(*sum, *plain), "{sum} {plain}");
            }
        }
    }
}
