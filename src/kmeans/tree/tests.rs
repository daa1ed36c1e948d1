use proptest::prelude::*;
use rand::{Rng, RngExt};

use super::*;
use crate::features::{Matrix, Rows};
use crate::kmeans::engine::Plain;
use crate::kmeans::lloyd::{Lloyd, move_to_means};

/// What is hard about data.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Spread,
    Clustered,
    /// Whole numbers, which are often as far from one centre as from another.
    Whole,
    /// Few rows, each many times.
    Repeated,
    FarFromZero,
    Correlated,
    /// A column so wide that the others hardly count in a distance.
    Thin,
    /// Some numbers far larger than all others, half of which are 0.
    Skewed,
    ConstantColumn,
    AllEqual,
    /// Squares of differences have hardly a digit left.
    Tiny,
}

impl Shape {
    const ALL: [Self; 11] = [
        Self::Spread,
        Self::Clustered,
        Self::Whole,
        Self::Repeated,
        Self::FarFromZero,
        Self::Correlated,
        Self::Thin,
        Self::Skewed,
        Self::ConstantColumn,
        Self::AllEqual,
        Self::Tiny,
    ];

    fn row<const D: usize>(self, rng: &mut impl Rng) -> [f64; D] {
        let x: [f64; D] = std::array::from_fn(|_| rng.random::<f64>());
        let first_is = |first: f64, others: [f64; D]| {
            std::array::from_fn(|feature| if feature == 0 { first } else { others[feature] })
        };
        match self {
            Self::Spread => x,
            Self::Clustered => {
                let cluster = f64::from(rng.random_range(0_u32..7));
                std::array::from_fn(|feature| {
                    (cluster * (feature + 1) as f64) % 3.0 + 0.2 * x[feature]
                })
            }
            Self::Whole => x.map(|x| (x * 9.0).floor()),
            Self::Repeated => {
                let row = f64::from(rng.random_range(0_u32..30));
                std::array::from_fn(|feature| (row * (feature + 1) as f64).sin())
            }
            Self::FarFromZero => x.map(|x| 1e8 + x),
            Self::Correlated => x.map(|y| x[0] + 1e-9 * y),
            Self::Thin => first_is((x[0] * 8.0).floor() * 1e8, x),
            Self::Skewed => x.map(|x| if x < 0.5 { 0.0 } else { (40.0 * x).exp2() }),
            Self::ConstantColumn => first_is(0.1, x),
            Self::AllEqual => [0.1; D],
            Self::Tiny => x.map(|x| x * 1e-160),
        }
    }
}

#[derive(Debug, Clone)]
struct Data {
    numbers: Vec<f64>,
    weights: Option<Vec<f64>>,
    start: Centroids,
}

impl Data {
    fn draw<const D: usize>(shape: Shape, n: usize, k: usize, weighted: bool, seed: u64) -> Self {
        let mut rng = init::random(seed, 0);
        let rows: Vec<[f64; D]> = (0..n).map(|_| shape.row(&mut rng)).collect();
        let weights = weighted.then(|| {
            let mut weights: Vec<f64> = (0..n).map(|_| rng.random_range(0.0..3.0)).collect();
            for index in 0..n / 10 {
                weights[index * 7 % n] = 0.0;
            }
            weights[n / 2] = 1.0;
            weights
        });
        let mut start = Centroids::none(D);
        for cluster in 0..k {
            let mut center = rows[rng.random_range(0..n)];
            match cluster % 4 {
                // In the middle between two rows, or hardly apart from the one before.
                1 => center = shape.row(&mut rng),
                2 => center[D - 1] = center[D - 1].midpoint(rows[0][D - 1]),
                3 => {
                    center.copy_from_slice(start.get(cluster - 1));
                    center[D - 1] = center[D - 1].next_up();
                }
                _ => {}
            }
            start.push(&center);
        }
        Self { numbers: rows.concat(), weights, start }
    }

    fn points<const D: usize>(&self) -> Rows<'_, f64> {
        Rows::new(&self.numbers, D).unwrap()
    }

    fn sample<'a>(&'a self, rows: Rows<'a, f64>) -> Sample<'a> {
        match &self.weights {
            None => rows.into(),
            Some(weights) => Sample::weighted(rows, weights).unwrap(),
        }
    }

    fn with_tree<const D: usize, T>(&self, then: impl FnOnce(Sample, Tree<D>) -> T) -> T {
        let sample = self.sample(self.points::<D>());
        let cancel = &Cancel::default();
        let (numbers, branches) = match (D, &self.weights) {
            (2, Some(_)) => build::build::<D, 3>(sample, cancel),
            (3, Some(_)) => build::build::<D, 4>(sample, cancel),
            (_, Some(_)) => build::build::<D, 5>(sample, cancel),
            (_, None) => build::build::<D, D>(sample, cancel),
        };
        then(sample, Tree::with(sample, numbers, branches))
    }
}

fn data<const D: usize>() -> impl Strategy<Value = (Shape, Data)> {
    let shape = prop::sample::select(&Shape::ALL[..]);
    let n = prop_oneof![1..3_usize, 3..300_usize, 300..4000_usize];
    (shape, n, 1..24_usize, any::<bool>(), any::<u64>()).prop_map(
        |(shape, n, k, weighted, seed)| (shape, Data::draw::<D>(shape, n, k, weighted, seed)),
    )
}

/// Steps of the tree and of the kernel come to the same.
fn check_steps<const D: usize>(data: &Data) {
    let cancel = &Cancel::default();
    data.with_tree(|sample, tree: Tree<D>| {
        let mut centers = data.start.clone();
        let mut run = tree.begin(centers.len());
        let mut former: Option<Totals> = None;
        for _ in 0..8 {
            let mut totals = Totals::zero(centers.len(), D);
            let settled = tree.step(&mut run, &centers, &mut totals, cancel);
            let mut expected = totals.clone();
            kernel::step(sample, &centers, &mut expected, cancel);
            if sample.weights.is_none() {
                assert_eq!(totals.weights, expected.weights);
            }
            for (cluster, weight) in expected.weights.iter().enumerate() {
                assert!((totals.weights[cluster] - weight).abs() <= 1e-12 * weight);
                let sums = totals.sum(cluster).iter().zip(expected.sum(cluster));
                for ((sum, expected), reach) in sums.zip(&tree.reach) {
                    assert!((sum - expected).abs() <= 1e-12 * weight * reach);
                }
            }
            assert_eq!(settled, former.as_ref() == Some(&expected));
            let inertia = tree.inertia(&run, &centers, cancel);
            let expected_inertia = kernel::inertia(sample, &centers, cancel);
            // Squares this small have lost their digits.
            let slack = f64::max(1e-12 * expected_inertia, 1e-300);
            assert!((inertia - expected_inertia).abs() <= slack, "{inertia} {expected_inertia}");
            move_to_means(&mut centers, &expected);
            former = Some(expected);
        }
    });
}

/// Seeds are rows with a weight, and none is there twice while others are left.
fn check_seeds<const D: usize>(data: &Data, random_state: u64) {
    data.with_tree(|_, tree: Tree<D>| {
        let rows = data.numbers.as_chunks::<D>().0.iter();
        let mut left: Vec<[f64; D]> = match &data.weights {
            None => rows.copied().collect(),
            Some(weights) => {
                rows.zip(weights).filter(|(_, w)| **w > 0.0).map(|(row, _)| *row).collect()
            }
        };
        let mut rng = init::random(random_state, 0);
        let n_clusters = data.start.len();
        let seeds = tree.seeds(n_clusters, &mut rng, &Cancel::default());
        assert_eq!(seeds.len(), n_clusters);
        for seed in seeds.iter() {
            let others = left.len();
            left.retain(|row| row != seed);
            assert!(left.len() < others || left.is_empty());
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn steps_in_2_features_are_exact((_, data) in data::<2>()) {
        check_steps::<2>(&data);
    }

    #[test]
    fn steps_in_3_features_are_exact((_, data) in data::<3>()) {
        check_steps::<3>(&data);
    }

    #[test]
    fn steps_in_4_features_are_exact((_, data) in data::<4>()) {
        check_steps::<4>(&data);
    }

    #[test]
    fn seeds_are_rows((shape, data) in data::<2>(), random_state: u64) {
        // Squares of the tiny ones are 0.
        if !matches!(shape, Shape::Tiny) {
            check_seeds::<2>(&data, random_state);
        }
    }

    #[test]
    fn seeds_are_rows_in_3_features((shape, data) in data::<3>(), random_state: u64) {
        if !matches!(shape, Shape::Tiny) {
            check_seeds::<3>(&data, random_state);
        }
    }
}

fn clustered(n: usize, k: usize) -> Data {
    Data::draw::<2>(Shape::Clustered, n, k, false, 7)
}

#[test]
fn runs_take_as_many_steps_as_without_a_tree() {
    let cancel = &Cancel::default();
    for shape in [Shape::Spread, Shape::Clustered, Shape::Whole, Shape::Correlated] {
        for seed in 0..6 {
            for weighted in [false, true] {
                let data = Data::draw::<2>(shape, 3000, 6, weighted, seed);
                data.with_tree(|sample, tree: Tree<2>| {
                    let lloyd = Lloyd { max_iter: 300, tol: 0.0 };
                    let end = lloyd.run(&tree, data.start.clone(), cancel).unwrap();
                    let plain = lloyd.run(&Plain::new(sample), data.start.clone(), cancel).unwrap();
                    assert_eq!(end.n_iter, plain.n_iter, "{shape:?}");
                    assert!(tree.are_same(&end.totals, &plain.totals));
                });
            }
        }
    }
}

#[test]
fn threads_change_no_bit() {
    let cancel = &Cancel::default();
    let data = clustered(9000, 9);
    let results: Vec<_> = [1, 2, 5]
        .into_iter()
        .map(|n| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            pool.install(|| {
                data.with_tree(|_, tree: Tree<2>| {
                    assert!(tree.branches.len() > FEW);
                    let seeds = tree.seeds(9, &mut init::random(3, 0), cancel);
                    let lloyd = Lloyd { max_iter: 300, tol: 0.0 };
                    let end = lloyd.run(&tree, seeds, cancel).unwrap();
                    let inertia = tree.inertia(&end.run, &end.centers, cancel);
                    (tree.numbers, end.centers, end.totals, inertia.to_bits(), end.n_iter)
                })
            })
        })
        .collect();
    assert!(results.iter().all(|result| *result == results[0]));
}

#[test]
fn points_may_be_kept_in_any_way() {
    let cancel = &Cancel::default();
    let data = Data::draw::<3>(Shape::Whole, 2000, 5, false, 1);
    let points = data.numbers.as_chunks::<3>().0;
    let column = |feature: usize| points.iter().map(|point| point[feature]).collect();
    let matrix = Matrix::from_columns((0..3).map(column).collect()).unwrap();
    // Whole numbers are the same in single precision.
    #[allow(clippy::cast_possible_truncation)]
    let floats: Vec<f32> = data.numbers.iter().map(|x| *x as f32).collect();
    let samples: [Sample; 3] =
        [data.points::<3>().into(), (&matrix).into(), Rows::new(&floats, 3).unwrap().into()];
    let [rows, columns, floats] = samples.map(|sample| Tree::<3>::new(sample, cancel).numbers);
    assert_eq!(rows, columns);
    assert_eq!(rows, floats);
}

#[test]
fn rows_without_weight_are_left_out() {
    let numbers = [1.0, 1.0, 5.0, 5.0, 2.0, 2.0];
    let rows = Rows::new(&numbers, 2).unwrap();
    let tree =
        Tree::<2>::new(Sample::weighted(rows, &[1.0, 0.0, 2.0]).unwrap(), &Cancel::default());
    assert_eq!(tree.branches[0].nodes[0].n_points, 2);
    for start in 0..20 {
        let seeds = tree.seeds(3, &mut init::random(1, start), &Cancel::default());
        assert!(!seeds.coordinates().contains(&5.0));
    }
}

#[test]
fn points_are_drawn_in_proportion_to_weight_and_squared_distance() {
    // 1,000 points at 0, where the centre is, and others with squared distances of 1, 4 and 9.
    let mut numbers = vec![0.0; 2000];
    numbers.extend([1.0, 0.0, 0.0, 2.0, 3.0, 0.0]);
    let mut weights = vec![1.0; 1000];
    weights.extend([6.0, 1.0, 2.0]);
    let data = Data { numbers, weights: Some(weights), start: Centroids::none(2) };
    data.with_tree(|_, tree: Tree<2>| {
        let mut centers = Centroids::none(2);
        centers.push(&[0.0, 0.0]);
        let front = seeds::Front::around(&tree, &centers, &Cancel::default());
        let mut rng = init::random(5, 0);
        let mut found = [0_u32; 4];
        for _ in 0..28_000 {
            let point = front.draw(&mut rng);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below 4
            let place = (point[0] + point[1]) as usize;
            found[place] += 1;
        }
        assert_eq!(found[0], 0);
        for (found, expected) in found[1..].iter().zip([6_000.0, 4_000.0, 18_000.0]) {
            assert!((f64::from(*found) - expected).abs() < 300.0, "{found} {expected}");
        }
    });
}

#[test]
fn the_cost_with_a_centre_more_is_that_of_all_points() {
    let cancel = &Cancel::default();
    for (shape, k) in [(Shape::Clustered, 6), (Shape::Whole, 12), (Shape::Thin, 20)] {
        let data = Data::draw::<3>(shape, 3000, k, true, 2);
        data.with_tree(|sample, tree: Tree<3>| {
            let front = seeds::Front::around(&tree, &data.start, cancel);
            for row in [0, 700, 1400] {
                let mut with = data.start.clone();
                with.push(&sample.points.row(row));
                let expected = kernel::inertia(sample, &with, cancel);
                assert!((front.cost_with(&with, cancel) - expected).abs() < 1e-12 * expected);
            }
        });
    }
}

#[test]
fn what_a_walk_cannot_tell_apart_is_left_to_the_kernel() {
    let cancel = &Cancel::default();
    let many = clustered(3000, 80);
    check_steps::<2>(&many);
    check_seeds::<2>(&many, 1);
    let mut huge = clustered(3000, 5);
    huge.numbers[0] = 1e200;
    huge.with_tree(|sample, tree: Tree<2>| {
        let (mut totals, mut expected) = (Totals::zero(5, 2), Totals::zero(5, 2));
        tree.step(&mut tree.begin(5), &huge.start, &mut totals, cancel);
        kernel::step(sample, &huge.start, &mut expected, cancel);
        assert_eq!(totals, expected);
        assert_eq!(tree.seeds(5, &mut init::random(1, 0), cancel).len(), 5);
    });
}

#[test]
fn nothing_is_done_after_it_was_cancelled() {
    let cancel = &Cancel::default();
    let data = clustered(3000, 5);
    let sample = data.sample(data.points::<2>());
    let whole = Tree::<2>::new(sample, cancel);
    cancel.cancel();
    let empty = Tree::<2>::new(sample, cancel);
    assert!(empty.branches.is_empty());
    for tree in [whole, empty] {
        let mut totals = Totals::zero(5, 2);
        tree.step(&mut tree.begin(5), &data.start, &mut totals, cancel);
        assert_eq!(totals, Totals::zero(5, 2));
        assert_eq!(tree.inertia(&totals, &data.start, cancel), 0.0);
        tree.seeds(5, &mut init::random(1, 0), cancel);
    }
}
