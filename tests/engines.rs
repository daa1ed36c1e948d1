//! Every way of passing over the points gives what plain Lloyd gives: the same clusters after the same
//! number of steps, from the same start.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::Error;
use segmenta::features::{Matrix, Rows};
use segmenta::kmeans::{Algorithm, Cancel, Clustering, KMeansParams, Points, Sample, Vectors};

const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Auto, Algorithm::Lloyd, Algorithm::Screen, Algorithm::Tree];

/// Lloyd's algorithm as the textbook has it, with scikit-learn's ways of counting steps and of filling
/// empty clusters.
struct Plain {
    labels: Vec<u32>,
    centers: Vec<Vec<f64>>,
    inertia: f64,
    n_iter: usize,
    /// Whether another step may be counted: what a filled cluster was given is taken from a sum or added up
    /// anew, and where centres come to rest but for rounding, the last digits decide.
    may_count_one_more: bool,
    /// Whether a row was as near to two centres, but for rounding.
    hangs_on_rounding: bool,
}

fn square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn nearest(row: &[f64], centers: &[Vec<f64>]) -> (u32, f64) {
    let mut nearest = (0, f64::INFINITY);
    for (cluster, center) in (0..).zip(centers) {
        let distance = square(row, center);
        if distance < nearest.1 {
            nearest = (cluster, distance);
        }
    }
    nearest
}

/// Whether these are whole eighths of eighths, with which everything is computed exactly.
fn is_exact(center: &[f64]) -> bool {
    center.iter().all(|x| (x * 64.0).fract() == 0.0)
}

/// Whether rounding decides which of these centres is nearest to the row. It does not where the centres are
/// the same, nor where all numbers are exact.
fn hangs_on_rounding(row: &[f64], centers: &[Vec<f64>]) -> bool {
    let (label, least) = nearest(row, centers);
    let own = &centers[label as usize];
    centers.iter().any(|center| {
        let margin = square(row, center) - least;
        margin <= 1e-11 * least && center != own && !(is_exact(center) && is_exact(own))
    })
}

impl Plain {
    fn run(rows: &[Vec<f64>], weights: &[f64], start: &[Vec<f64>], max_iter: usize) -> Self {
        let n_features = rows[0].len();
        let mut centers = start.to_vec();
        let mut labels = vec![u32::MAX; rows.len()];
        let mut n_iter = 0;
        let mut more = false;
        let mut hangs = false;
        while n_iter < max_iter {
            n_iter += 1;
            hangs |= rows.iter().any(|row| hangs_on_rounding(row, &centers));
            let found: Vec<u32> = rows.iter().map(|row| nearest(row, &centers).0).collect();
            let settled = found == labels;
            labels = found;
            if settled {
                break;
            }
            let mut totals = vec![0.0; centers.len()];
            let mut sums = vec![vec![0.0; n_features]; centers.len()];
            let mut add = |cluster: usize, row: &[f64], weight: f64| {
                totals[cluster] += weight;
                for (sum, x) in sums[cluster].iter_mut().zip(row) {
                    *sum += weight * x;
                }
                totals[cluster]
            };
            for ((row, &label), &weight) in rows.iter().zip(&labels).zip(weights) {
                add(label as usize, row, weight);
            }
            let empty: Vec<usize> = (0..centers.len())
                .filter(|&k| add(k, &vec![0.0; n_features], 0.0) == 0.0)
                .collect();
            let mut far: Vec<usize> = (0..rows.len())
                .filter(|&row| square(&rows[row], &centers[labels[row] as usize]) > 0.0)
                .collect();
            far.sort_by(|&a, &b| {
                let distance = |row: usize| square(&rows[row], &centers[labels[row] as usize]);
                distance(b).total_cmp(&distance(a)).then(rows[a].partial_cmp(&rows[b]).unwrap())
            });
            more |= !empty.is_empty();
            // So may rounding decide which of several rows is farthest.
            let taken = far.iter().take(empty.len() + 1).collect::<Vec<_>>();
            hangs |= !empty.is_empty()
                && taken.windows(2).any(|pair| {
                    let [one, other] = [*pair[0], *pair[1]];
                    let [a, b] = [one, other].map(|row| &centers[labels[row] as usize]);
                    let [near, next] = [square(&rows[one], a), square(&rows[other], b)];
                    (near - next).abs() <= 1e-11 * near
                        && rows[one] != rows[other]
                        && !(is_exact(a) && is_exact(b))
                });
            for (cluster, row) in empty.into_iter().zip(far) {
                add(labels[row] as usize, &rows[row], -weights[row]);
                add(cluster, &rows[row], weights[row]);
            }
            let heaviest = (0..totals.len()).rev().max_by(|&a, &b| totals[a].total_cmp(&totals[b]));
            let moved: Vec<Vec<f64>> = (0..centers.len())
                .map(|k| if totals[k] == 0.0 { heaviest.unwrap() } else { k })
                .map(|k| sums[k].iter().map(|sum| sum / totals[k]).collect())
                .collect();
            let still = moved == centers;
            let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * a.abs().max(1e-3);
            more |= !still && moved.iter().flatten().zip(centers.iter().flatten()).all(is_near);
            centers = moved;
            if still {
                break;
            }
        }
        let found: Vec<(u32, f64)> = rows.iter().map(|row| nearest(row, &centers)).collect();
        let inertia = found.iter().zip(weights).map(|((_, square), weight)| square * weight).sum();
        let labels = found.into_iter().map(|(label, _)| label).collect();
        let hangs_on_rounding = hangs || rows.iter().any(|row| hangs_on_rounding(row, &centers));
        Self { labels, centers, inertia, n_iter, may_count_one_more: more, hangs_on_rounding }
    }

    /// The labels and centres in the order of the centres.
    fn ordered(&self) -> (Vec<u32>, Vec<Vec<f64>>) {
        let mut order: Vec<usize> = (0..self.centers.len()).collect();
        let rounded = |k: usize| -> Vec<f64> {
            self.centers[k].iter().map(|x| (x * 1e6).round() / 1e6).collect()
        };
        order.sort_by(|&a, &b| rounded(a).partial_cmp(&rounded(b)).unwrap());
        let place = |label: u32| order.iter().position(|&k| k == label as usize).unwrap();
        let labels = self.labels.iter().map(|&label| place(label).try_into().unwrap()).collect();
        (labels, order.iter().map(|&k| self.centers[k].clone()).collect())
    }
}

/// What the rows are like.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Random,
    Clustered,
    Duplicated,
    Whole,
    Offset(f64),
    WholeOffset(f64),
    Correlated,
    ConstantColumn,
    Skewed,
}

const KINDS: [Kind; 12] = [
    Kind::Random,
    Kind::Clustered,
    Kind::Duplicated,
    Kind::Whole,
    Kind::Offset(1e3),
    Kind::Offset(1e7),
    Kind::Offset(1e8),
    Kind::WholeOffset(1e7),
    Kind::WholeOffset(-1e8),
    Kind::Correlated,
    Kind::ConstantColumn,
    Kind::Skewed,
];

fn rows(kind: Kind, n_rows: usize, n_features: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let mut uniform = move || rng.random::<f64>() * 2.0 - 1.0;
    let middles: Vec<Vec<f64>> =
        (0..4).map(|_| (0..n_features).map(|_| 5.0 * uniform()).collect()).collect();
    let mut made: Vec<Vec<f64>> = Vec::new();
    for index in 0..n_rows {
        let row: Vec<f64> = (0..n_features)
            .map(|feature| match kind {
                Kind::Clustered => middles[index % 4][feature] + uniform(),
                Kind::Duplicated => (uniform() * 4.0).round() / 8.0,
                Kind::Whole => (uniform() * 6.0).round(),
                Kind::Offset(offset) => offset + uniform(),
                Kind::WholeOffset(offset) => offset + (uniform() * 20.0).round(),
                Kind::ConstantColumn if feature == 0 => 7.25,
                Kind::Random | Kind::Correlated | Kind::ConstantColumn => uniform(),
                Kind::Skewed => (3.0 * uniform()).exp(),
            })
            .collect();
        made.push(match kind {
            Kind::Correlated => (0..n_features).map(|j| row[0] + 0.01 * row[j]).collect(),
            _ => row,
        });
    }
    made
}

/// The same rows in every form they can be given in.
fn check(
    rows: &[Vec<f64>],
    weights: Option<&[f64]>,
    start: &[Vec<f64>],
    max_iter: usize,
) -> Result<(), TestCaseError> {
    let n_features = rows[0].len();
    let ones = vec![1.0; rows.len()];
    // Far from 0 the textbook's sums lose digits. Taking a whole number off first loses none.
    let far = rows[0][0].round();
    let shift = if far.abs() > 500.0 { far } else { 0.0 };
    let near = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
        rows.iter().map(|row| row.iter().map(|x| x - shift).collect()).collect()
    };
    let plain = Plain::run(&near(rows), weights.unwrap_or(&ones), &near(start), max_iter);
    prop_assume!(!plain.hangs_on_rounding);
    let (labels, centers) = plain.ordered();
    let numbers = rows.concat();
    let columns = (0..n_features).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
    let matrix = Matrix::from_columns(columns).unwrap();
    let forms: [Points; 2] = [(&matrix).into(), Rows::new(&numbers, n_features).unwrap().into()];
    for points in forms {
        for algorithm in ALGORITHMS {
            let params = KMeansParams { algorithm, max_iter, ..KMeansParams::new(start.len()) };
            let sample = match weights {
                None => Sample::from(points),
                Some(weights) => Sample::weighted(points, weights).unwrap(),
            };
            let found = params.check().unwrap().fit_from(sample, start);
            let empty = (0..).zip(start).any(|(k, _)| !plain.labels.contains(&k));
            let found: Clustering = match found {
                Err(_) if empty => continue,
                found => found.unwrap(),
            };
            let steps = found.n_iter.abs_diff(plain.n_iter);
            prop_assert!(
                steps <= usize::from(plain.may_count_one_more),
                "{:?}: {steps}",
                algorithm
            );
            prop_assert_eq!(&found.labels, &labels, "{:?}", algorithm);
            prop_assert!(
                (found.inertia - plain.inertia).abs() <= 1e-12 * plain.inertia.max(1e-3),
                "{:?}: {} is not {}",
                algorithm,
                found.inertia,
                plain.inertia
            );
            for (found, center) in found.cluster_centers.iter().zip(&centers) {
                for (x, y) in found.iter().zip(center) {
                    let y = y + shift;
                    prop_assert!((x - y).abs() <= 1e-13 * y.abs() + 1e-12, "{x} is not {y}");
                }
            }
        }
    }
    Ok(())
}

/// Rows, a weight for each, and a start: some of the rows, and perhaps a centre near to nothing.
#[derive(Debug, Clone)]
struct Case {
    rows: Vec<Vec<f64>>,
    weights: Option<Vec<f64>>,
    start: Vec<Vec<f64>>,
}

fn cases() -> impl Strategy<Value = Case> {
    let shape = (0..KINDS.len(), 1_usize..=9, prop_oneof![1_usize..50, 300_usize..900]);
    (shape, 1_usize..=14, any::<bool>(), any::<bool>(), any::<u64>()).prop_map(
        |((kind, n_features, n_rows), n_clusters, weighted, far, seed)| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let rows = rows(KINDS[kind], n_rows, n_features, &mut rng);
            // Weights of whole eighths add up exactly, as the rows of whole numbers do.
            let weights = weighted.then(|| {
                (0..n_rows).map(|_| f64::from(rng.random_range(1..=16_u32)) / 8.0).collect()
            });
            let mut start: Vec<Vec<f64>> =
                (0..n_clusters).map(|_| rows[rng.random_range(0..n_rows)].clone()).collect();
            if far && n_clusters > 1 {
                start[0] = rows[0].iter().map(|x| x + 1e4).collect();
            }
            Case { rows, weights, start }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn all_engines_give_what_plain_lloyd_gives(case in cases()) {
        check(&case.rows, case.weights.as_deref(), &case.start, 300)?;
    }

    #[test]
    fn all_engines_give_the_same_when_steps_run_out(case in cases(), max_iter in 1_usize..4) {
        check(&case.rows, case.weights.as_deref(), &case.start, max_iter)?;
    }
}

#[test]
fn merged_rows_give_what_all_rows_give() {
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let rows = rows(Kind::Whole, 4000, 2, &mut rng);
        let mut start: Vec<Vec<f64>> = (0..6).map(|row| rows[row].clone()).collect();
        // Two centres that are nearest to nothing.
        start[1] = vec![1e4, 1e4];
        start[4] = vec![2e4, 1e4];
        check(&rows, None, &start, 300).unwrap();
    }
}

#[test]
fn floats_are_clustered_as_the_doubles_that_they_are() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let rows = rows(Kind::Clustered, 5000, 3, &mut rng);
    #[allow(clippy::cast_possible_truncation)]
    let floats: Vec<f32> = rows.concat().into_iter().map(|x| x as f32).collect();
    let doubles: Vec<f64> = floats.iter().map(|&x| f64::from(x)).collect();
    let start: Vec<Vec<f64>> = rows[..5].to_vec();
    for algorithm in ALGORITHMS {
        let params = KMeansParams { algorithm, ..KMeansParams::new(5) };
        let kmeans = params.check().unwrap();
        let of_floats = kmeans.fit_from(Rows::new(&floats, 3).unwrap(), &start).unwrap();
        let of_doubles = kmeans.fit_from(Rows::new(&doubles, 3).unwrap(), &start).unwrap();
        assert_eq!(of_floats, of_doubles);
    }
}

/// Enough rows for several threads to share every pass, and for a search on a part of them.
fn many_rows(n_features: usize) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    rows(Kind::Clustered, 70_000, n_features, &mut rng).concat()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for n_features in [2, 3, 6] {
        let numbers = many_rows(n_features);
        for n_swaps in [0, 8] {
            let with_threads = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let params = KMeansParams { n_init: 3, n_swaps, ..KMeansParams::new(6) };
                let kmeans = params.check().unwrap();
                let rows = Rows::new(&numbers, n_features).unwrap();
                pool.install(|| {
                    let mut found = Vec::new();
                    kmeans.fit_each(rows, |optimum| found.push(optimum)).unwrap();
                    (found, kmeans.fit(rows).unwrap())
                })
            };
            let one = with_threads(1);
            assert_eq!(one, with_threads(2));
            assert_eq!(one, with_threads(5));
        }
    }
}

#[test]
fn the_kind_of_vectors_changes_no_bit() {
    for n_features in [2, 3, 6] {
        let mut rng = ChaCha8Rng::seed_from_u64(12);
        let rows = rows(Kind::Random, 70_000, n_features, &mut rng);
        let numbers = rows.concat();
        let numbers = Rows::new(&numbers, n_features).unwrap();
        for algorithm in ALGORITHMS {
            let params = KMeansParams { algorithm, ..KMeansParams::new(6) };
            let kmeans = params.check().unwrap();
            let widest = kmeans.fit_from(numbers, &rows[..6]).unwrap();
            for vectors in [Vectors::Portable, Vectors::Avx2, Vectors::Avx512] {
                vectors.limit();
                let found = kmeans.fit_from(numbers, &rows[..6]).unwrap();
                assert!(found == widest, "{algorithm:?} on {vectors} vectors");
            }
        }
    }
}

#[test]
fn the_form_of_the_rows_changes_no_bit() {
    let numbers = many_rows(3);
    let column = |first: usize| numbers.iter().skip(first).step_by(3).copied().collect();
    let matrix = Matrix::from_columns((0..3).map(column).collect()).unwrap();
    let kmeans = KMeansParams::new(5).check().unwrap();
    let of_columns = kmeans.fit(&matrix).unwrap();
    assert_eq!(kmeans.fit(Rows::new(&numbers, 3).unwrap()).unwrap(), of_columns);
}

#[test]
fn a_computation_can_be_cancelled_from_another_thread() {
    let numbers = many_rows(4);
    // Without the token this would take hours.
    let params = KMeansParams { n_init: 1_000_000, n_swaps: 0, ..KMeansParams::new(9) };
    for algorithm in ALGORITHMS {
        let cancel = Cancel::default();
        let params = KMeansParams { algorithm, ..params.clone() };
        let kmeans = params.check().unwrap().cancelled_by(&cancel);
        std::thread::scope(|scope| {
            let fit = scope.spawn(|| kmeans.fit(Rows::new(&numbers, 4).unwrap()));
            std::thread::sleep(std::time::Duration::from_millis(50));
            cancel.cancel();
            assert!(matches!(fit.join().unwrap(), Err(Error::Cancelled)));
        });
    }
}
