//! How many segments, and whether there are any: stability, the test for natural groups, and the least size.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::Error;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::{Elbow, Grouping, Method, MinSegmentSize, sweep};
use segmenta::features::Matrix;
use segmenta::kmeans::{Cancel, KMeansParams};
use segmenta::model::{Model, NClusters, TrainOptions, train};

fn look_at(columns: Vec<Vec<f64>>) -> Elbow {
    let matrix = Matrix::from_columns(columns).unwrap();
    sweep(&matrix, &KMeansParams::new(1), 10, &Cancel::default(), |_| ()).unwrap().elbow
}

fn learn(options: &TrainOptions) -> Result<Model, Error> {
    let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    Ok(train(data, options, |_| ())?.model)
}

fn with_least(min_segment_size: MinSegmentSize) -> TrainOptions {
    let min_segment_size = Some(min_segment_size);
    TrainOptions { min_segment_size, ..TrainOptions::new().unwrap() }
}

/// Columns of numbers that are each a sum of even ones: of one a box, of twelve nearly a bell.
fn sums(n_rows: usize, n_columns: usize, terms: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut number = || (0..terms).map(|_| rng.random::<f64>()).sum::<f64>();
    (0..n_columns).map(|_| (0..n_rows).map(|_| number()).collect()).collect()
}

#[test]
fn the_mall_customers_are_five_natural_and_stable_groups() {
    let elbow = learn(&TrainOptions::new().unwrap()).unwrap().elbow;
    assert_eq!((elbow.n_clusters, elbow.grouping), (5, Grouping::Natural));
    let stability = |k: usize| elbow.by_k[k - 1].stability;
    assert_eq!(stability(1), None);
    assert!(stability(5).unwrap() > 0.9 && stability(10).unwrap() < 0.8, "{:?}", elbow.by_k);
    assert_eq!(elbow.by_k[4].smallest, Some(22));
}

#[test]
fn data_without_groups_are_no_natural_grouping() {
    for seed in 0..3 {
        for (n_rows, n_columns) in [(200, 1), (300, 2), (1500, 4)] {
            for terms in [1, 12] {
                let elbow = look_at(sums(n_rows, n_columns, terms, seed));
                assert_eq!(elbow.grouping, Grouping::None, "{terms}: {:?}", elbow.evidence);
                assert!(elbow.n_clusters > 1);
            }
            let skewed = sums(n_rows, n_columns, 12, seed).into_iter();
            let skewed = skewed.map(|column| column.iter().map(|x| x.exp()).collect());
            assert_eq!(look_at(skewed.collect()).grouping, Grouping::None);
        }
    }
}

#[test]
fn one_piece_of_any_convex_shape_is_no_natural_grouping() {
    for seed in 0..3 {
        let square = sums(1000, 2, 1, seed);
        let (x, y) = (&square[0], &square[1]);
        let sheared = x.iter().zip(y).map(|(x, y)| x + 0.3 * y).collect();
        let elbow = look_at(vec![x.clone(), sheared]);
        assert_eq!(elbow.grouping, Grouping::None, "{:?}", elbow.evidence);
        // Half of the square, and WCSS far below that of any reference.
        let (below, above): (Vec<f64>, Vec<f64>) = x.iter().zip(y).filter(|(x, y)| x > y).unzip();
        let elbow = look_at(vec![below, above]);
        assert_eq!(elbow.grouping, Grouping::None, "{:?}", elbow.evidence);
    }
}

#[test]
fn a_few_customers_in_clear_groups_are_natural() {
    for seed in 0..3 {
        let mut columns = sums(30, 2, 12, seed);
        for column in &mut columns {
            for (row, x) in column.iter_mut().enumerate() {
                *x += 12.0 * (row % 3) as f64;
            }
        }
        let elbow = look_at(columns);
        assert_eq!((elbow.grouping, elbow.n_clusters), (Grouping::Natural, 3));
    }
}

#[test]
fn the_silhouette_goes_before_a_knee_where_groups_are_natural() {
    // Two pairs of groups and one group alone: the curve bends where each pair is still one.
    let places = [(0.0, 0.0), (8.0, 0.0), (20.0, 0.0), (20.0, 8.0), (0.0, 20.0)];
    let mut columns = sums(300, 2, 12, 5);
    for row in 0..300 {
        columns[0][row] += places[row % 5].0;
        columns[1][row] += places[row % 5].1;
    }
    let elbow = look_at(columns);
    assert_eq!((elbow.grouping, elbow.advice.elbow), (Grouping::Natural, Some(3)));
    assert_eq!((elbow.n_clusters, elbow.method), (5, Method::Silhouette));
    // Without groups the knee decides.
    let elbow = look_at(sums(400, 2, 12, 1));
    assert_eq!((elbow.grouping, elbow.method), (Grouping::None, Method::Elbow));
    assert_ne!(elbow.advice.silhouette, elbow.advice.elbow);
}

#[test]
fn steps_of_a_scale_are_no_groups() {
    let ratings = |column: Vec<f64>| column.iter().map(|x| (x * 5.0).floor() + 1.0).collect();
    for n_columns in [1, 3] {
        let elbow = look_at(sums(500, n_columns, 1, 7).into_iter().map(ratings).collect());
        assert_eq!(elbow.grouping, Grouping::None, "{:?}", elbow.evidence);
    }
}

#[test]
fn groups_that_keep_their_distance_are_natural() {
    for (seed, n_rows, n_columns) in [(0, 60, 1), (1, 200, 2), (2, 900, 3), (3, 3000, 6)] {
        let mut columns = sums(n_rows, n_columns, 12, seed);
        for (place, column) in columns.iter_mut().enumerate() {
            for (row, x) in column.iter_mut().enumerate() {
                *x += 8.0 * ((row % 5) * (place + 1) % 5) as f64;
            }
        }
        let elbow = look_at(columns);
        assert_eq!(elbow.grouping, Grouping::Natural, "{n_columns}: {:?}", elbow.evidence);
        assert_eq!((elbow.n_clusters, elbow.advice.silhouette), (5, Some(5)));
        assert!(elbow.by_k[4].stability.unwrap() > 0.99);
    }
}

#[test]
fn few_or_equal_customers_give_figures_that_are_numbers() {
    let elbow = look_at(vec![(0..19).map(f64::from).collect()]);
    assert_eq!((elbow.grouping, elbow.evidence), (Grouping::Natural, None));
    let places: Vec<f64> = (0..60).map(|row| f64::from(row % 3 * 5)).collect();
    let evidence = look_at(vec![places, vec![1.0; 60]]).evidence.unwrap();
    assert!(evidence.deviations.is_finite(), "{evidence:?}");
    let alike = look_at(vec![vec![3.0; 50]]);
    assert_eq!((alike.evidence, alike.n_clusters), (None, 1));
}

#[test]
fn the_seed_decides_what_is_drawn() {
    let stability = |random_state| {
        let kmeans = KMeansParams { random_state, ..KMeansParams::new(1) };
        let elbow = learn(&TrainOptions { kmeans, ..TrainOptions::new().unwrap() }).unwrap().elbow;
        (elbow.by_k[9].stability, elbow.evidence)
    };
    assert_eq!(stability(1), stability(1));
    assert_ne!(stability(1).0, stability(2).0);
}

#[test]
fn numbers_with_a_segment_that_is_too_small_are_not_advised() {
    let elbow = learn(&with_least(MinSegmentSize::Count(23))).unwrap().elbow;
    // With five segments one has 22 customers, and so the knee does not count.
    assert_eq!((elbow.advice.elbow, elbow.method), (None, Method::Silhouette));
    assert_eq!((elbow.n_clusters, elbow.min_segment_size), (4, Some(23)));
    let best = elbow.advice;
    for k in [best.silhouette, best.calinski_harabasz, best.davies_bouldin, best.stability] {
        assert!(elbow.by_k[k.unwrap() - 1].smallest.unwrap() >= 23);
    }
    let same = learn(&with_least(MinSegmentSize::Share(0.11))).unwrap().elbow;
    assert_eq!((same.n_clusters, same.method, same.min_segment_size), (5, Method::Elbow, Some(22)));
    let one = learn(&with_least(MinSegmentSize::Share(0.9))).unwrap();
    assert_eq!(
        (one.elbow.n_clusters, one.elbow.method, one.segments.len()),
        (1, Method::Single, 1)
    );
}

#[test]
fn a_number_asked_for_that_breaks_the_least_size_is_refused() {
    let fixed = |n_clusters, size| {
        let n_clusters = NClusters::Fixed(n_clusters);
        learn(&TrainOptions { n_clusters, ..with_least(size) })
    };
    assert_eq!(fixed(5, MinSegmentSize::Count(22)).unwrap().segments.len(), 5);
    let message = |result: Result<Model, Error>| {
        let error = result.unwrap_err();
        assert!(error.is_input());
        error.to_string()
    };
    assert_eq!(
        message(fixed(5, MinSegmentSize::Share(0.15))),
        "n_clusters = 5: the smallest segment has 22 of the customers, and min_segment_size asks for \
         30; k = 1, 2, 3 honour it"
    );
    assert_eq!(
        message(fixed(40, MinSegmentSize::Count(180))).split("; ").last(),
        Some("only k = 1 honours it")
    );
    assert_eq!(
        message(learn(&with_least(MinSegmentSize::Count(201)))),
        "min_segment_size = 201: there are fewer customers than that in all"
    );
}
