use proptest::prelude::*;

use super::*;
use crate::features::{Matrix, Rows};
use crate::kmeans::engine::{Engine, Plain};
use crate::kmeans::lloyd::Lloyd;
use crate::kmeans::{Vectors, init, kernel};

const N_SWAPS: usize = 8;

fn search(sample: Sample, start: &Centroids) -> Centroids {
    let rng = &mut init::random(0, 0);
    Searcher::new(sample).search(start, N_SWAPS, rng, &Cancel::default())
}

fn inertia(sample: Sample, centers: &Centroids) -> f64 {
    kernel::inertia(sample, centers, &Cancel::default())
}

fn on_a_line(column: &[f64]) -> Matrix {
    Matrix::from_columns(vec![column.to_vec()]).unwrap()
}

fn places(centers: &[f64]) -> Centroids {
    let centers: Vec<Vec<f64>> = centers.iter().map(|&x| vec![x]).collect();
    Centroids::from_centers(&centers, 1)
}

fn sorted(centers: &Centroids) -> Vec<f64> {
    let mut coordinates = centers.coordinates().to_vec();
    coordinates.sort_by(f64::total_cmp);
    coordinates
}

#[test]
fn a_centre_goes_from_a_group_that_has_two_to_groups_that_share_one() {
    let matrix = on_a_line(&[-1.0, 0.0, 1.0, 9.0, 10.0, 11.0, 98.0, 99.0, 101.0, 102.0]);
    let found = search((&matrix).into(), &places(&[5.0, 98.5, 101.5]));
    assert_eq!(sorted(&found), [0.0, 10.0, 100.0]);
}

#[test]
fn a_row_of_some_weight_is_as_many_rows() {
    let column = [0.0, 1.0, 2.5, 10.0, 11.0, 30.0, 31.5, 33.0];
    let numbers = [3, 1, 2, 1, 4, 1, 3, 2_u8];
    let weights = numbers.map(f64::from);
    let copies: Vec<f64> =
        column.into_iter().zip(numbers).flat_map(|(x, n)| vec![x; n.into()]).collect();
    let (matrix, repeated) = (on_a_line(&column), on_a_line(&copies));
    for start in [[0.0, 1.0, 2.5], [31.5, 33.0, 30.0], [-50.0, 11.0, 80.0]] {
        let weighted = search(Sample::weighted(&matrix, &weights).unwrap(), &places(&start));
        let plain = search((&repeated).into(), &places(&start));
        for (one, other) in sorted(&weighted).iter().zip(sorted(&plain)) {
            assert!((one - other).abs() < 1e-12, "{weighted:?} {plain:?}");
        }
    }
}

#[test]
fn a_cluster_without_rows_stays_where_it_was() {
    let matrix = on_a_line(&[0.0, 10.0, 0.0, 10.0]);
    let found = search((&matrix).into(), &places(&[1.0, 9.0, 500.0]));
    assert_eq!(found.coordinates(), [0.0, 10.0, 500.0]);
}

#[test]
fn rows_of_no_weight_do_not_count() {
    let matrix = on_a_line(&[0.0, 1.0, 77.0, 10.0, 11.0]);
    let weights = [1.0, 1.0, 0.0, 1.0, 1.0];
    let found = search(Sample::weighted(&matrix, &weights).unwrap(), &places(&[0.0, 77.0]));
    assert_eq!(sorted(&found), [0.5, 10.5]);
}

#[test]
fn numbers_too_large_to_be_squared_do_no_harm() {
    let matrix = on_a_line(&[-1e300, 1e300, 0.0, 1.0, 1e200, f64::MAX, f64::MIN]);
    let found = search((&matrix).into(), &places(&[0.0, 1.0, 1e300]));
    assert_eq!(found.len(), 3);
}

#[test]
fn all_kinds_of_vectors_find_the_same_bits() {
    let waves = |step: f64| (0..300).map(|i| (f64::from(i) * step).sin()).collect();
    let matrix = Matrix::from_columns(vec![waves(0.7), waves(1.1), waves(1.9)]).unwrap();
    let rng = &mut init::random(0, 0);
    let start = init::greedy_kmeans_plusplus((&matrix).into(), 7, rng, &Cancel::default()).centers;
    let widest = search((&matrix).into(), &start);
    for vectors in [Vectors::Portable, Vectors::Avx2, Vectors::Avx512] {
        vectors.limit();
        assert_eq!(search((&matrix).into(), &start), widest, "{vectors}");
    }
}

#[test]
fn the_work_is_limited() {
    let matrix = on_a_line(&(0..2000).map(f64::from).collect::<Vec<_>>());
    let sample = Sample::from(&matrix);
    let rng = &mut init::random(0, 0);
    let start = places(&(0..40).map(f64::from).collect::<Vec<_>>());
    let mut searcher = Searcher::new(sample);
    let found = searcher.search(&start, usize::MAX, rng, &Cancel::default());
    assert!(searcher.partition.is_over());
    assert!(inertia(sample, &found) < inertia(sample, &start));
}

#[test]
fn a_search_that_is_cancelled_only_assigns_the_rows() {
    let matrix = on_a_line(&(0..2000).map(f64::from).collect::<Vec<_>>());
    let rng = &mut init::random(0, 0);
    let cancel = Cancel::default();
    cancel.cancel();
    let mut searcher = Searcher::new((&matrix).into());
    searcher.search(&places(&[0.0, 1.0, 2.0]), N_SWAPS, rng, &cancel);
    assert_eq!(searcher.partition.work, 2000);
}

/// Rows that are no numbers in particular or many of them equal, weights if any, and some of the rows as
/// centres, which may be more than there are different ones.
#[derive(Debug)]
struct Case {
    n_features: usize,
    numbers: Vec<f64>,
    weights: Option<Vec<f64>>,
    start: Centroids,
}

impl Case {
    fn matrix(&self) -> Matrix {
        let column = |feature: usize| {
            self.numbers.iter().skip(feature).step_by(self.n_features).copied().collect()
        };
        Matrix::from_columns((0..self.n_features).map(column).collect()).unwrap()
    }

    fn sample<'a>(&'a self, matrix: &'a Matrix) -> Sample<'a> {
        match &self.weights {
            None => matrix.into(),
            Some(weights) => Sample::weighted(matrix, weights).unwrap(),
        }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let weight = prop_oneof![(0..4).prop_map(f64::from).boxed(), (1e-3..1e3).boxed()];
    (1..=5_usize, 1..=60_usize, 1..=12_usize, 0..3)
        .prop_flat_map(move |(n_features, n_rows, n_clusters, kind)| {
            let number: BoxedStrategy<f64> = match kind {
                0 => (-3..4).prop_map(f64::from).boxed(),
                1 => (-3.0..3.0).boxed(),
                _ => (-1e6..1e6).boxed(),
            };
            let weights = proptest::collection::vec(weight.clone(), n_rows)
                .prop_filter("some weight", |weights| weights.iter().sum::<f64>() > 0.0);
            (
                Just(n_features),
                proptest::collection::vec(number, n_rows * n_features),
                proptest::option::of(weights),
                proptest::collection::vec(0..n_rows, n_clusters),
            )
        })
        .prop_map(|(n_features, numbers, weights, rows)| {
            let mut start = Centroids::none(n_features);
            for row in rows {
                start.push(&numbers[row * n_features..][..n_features]);
            }
            Case { n_features, numbers, weights, start }
        })
}

proptest! {
    #[test]
    fn the_sum_is_no_higher_than_at_the_start_and_lloyds_steps_leave_it(case in cases()) {
        let matrix = case.matrix();
        let sample = case.sample(&matrix);
        let cancel = Cancel::default();
        let mut searcher = Searcher::new(sample);
        let found = searcher.search(&case.start, N_SWAPS, &mut init::random(0, 0), &cancel);
        let [before, after] = [&case.start, &found].map(|centers| inertia(sample, centers));
        let origin = Centroids::from_centers(&[vec![0.0; case.n_features]], case.n_features);
        // Means of equal rows may differ from them in the last digit.
        let rounding = 1e-9 * (before + after) + 1e-28 * inertia(sample, &origin);
        prop_assert!(after <= before + rounding, "{before} {after}");
        if !searcher.partition.is_over() {
            let engine = Plain::new(sample);
            let lloyd = Lloyd { max_iter: 300, tol: 0.0 };
            let end = lloyd.run(&engine, found, &cancel).unwrap();
            let settled = engine.inertia(&end.run, &end.centers, &cancel);
            prop_assert!((settled - after).abs() <= rounding, "{after} {settled}");
        }
    }

    #[test]
    fn the_same_points_give_the_same_bits_however_they_are_kept(case in cases()) {
        let matrix = case.matrix();
        let rows = Rows::new(&case.numbers, case.n_features).unwrap();
        let sample = case.sample(&matrix);
        let mut searcher = Searcher::new(sample);
        let mut again = |start: &Centroids| {
            let rng = &mut init::random(0, 0);
            searcher.search(start, N_SWAPS, rng, &Cancel::default())
        };
        let found = again(&case.start);
        // Of the search before, and of one for fewer clusters, no trace is left.
        again(&case.start.first(1));
        prop_assert_eq!(&again(&case.start), &found);
        prop_assert_eq!(&search(sample.with_points(rows.into()), &case.start), &found);
    }
}
