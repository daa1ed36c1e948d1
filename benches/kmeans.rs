//! How fast k-means is by itself: each way of passing over the points, for shapes of data that customers
//! come in. `benches/peers` compares it with other libraries.

// There is nobody to hand an error to: without its data a benchmark cannot go on.
#![allow(clippy::expect_used)]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::features::Rows;
use segmenta::kmeans::{Algorithm, KMeans, KMeansParams, predict};

fn main() {
    divan::main();
}

/// Numbers row after row.
struct Table {
    numbers: Vec<f64>,
    n_features: usize,
}

impl Table {
    /// Overlapping groups, the same ones every time.
    fn groups(n_rows: usize, n_features: usize, whole: bool) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(42);
        let middles: Vec<f64> = (0..8 * n_features).map(|_| rng.random_range(-4.0..4.0)).collect();
        let mut numbers = Vec::with_capacity(n_rows * n_features);
        for _ in 0..n_rows {
            let group = rng.random_range(0..8) * n_features;
            for middle in &middles[group..group + n_features] {
                // Near enough to a normal distribution, and quick.
                let noise: f64 = (0..4).map(|_| rng.random_range(-1.0..1.0)).sum();
                let x: f64 = middle + noise;
                numbers.push(if whole { (x * 8.0).round() } else { x });
            }
        }
        Self { numbers, n_features }
    }

    /// Points without structure, on which steps never settle soon.
    fn square(n_rows: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(42);
        Self { numbers: (0..2 * n_rows).map(|_| rng.random()).collect(), n_features: 2 }
    }

    fn rows(&self) -> Rows<'_, f64> {
        Rows::new(&self.numbers, self.n_features).expect("finite numbers in whole rows")
    }

    fn n_rows(&self) -> usize {
        self.numbers.len() / self.n_features
    }

    /// The first rows, as centres.
    fn start(&self, n_clusters: usize) -> Vec<Vec<f64>> {
        let rows = self.rows();
        (0..n_clusters).map(|row| rows.row(row).to_vec()).collect()
    }
}

fn checked(params: KMeansParams) -> KMeans {
    params.check().expect("the parameters are in their ranges")
}

/// Ten steps over a million rows, or with many clusters 100,000, from the same start: the time for a row
/// and a step is a tenth of what is shown.
#[divan::bench(sample_count = 5, args = [
    (1_000_000, 2, 5), (1_000_000, 2, 10), (1_000_000, 3, 8), (1_000_000, 4, 8),
    (1_000_000, 8, 10), (1_000_000, 20, 8), (100_000, 64, 256),
], consts = [0, 1, 2])]
fn ten_steps<const ALGORITHM: usize>(
    bencher: Bencher,
    (n_rows, n_features, k): (usize, usize, usize),
) {
    let algorithm = [Algorithm::Lloyd, Algorithm::Screen, Algorithm::Tree][ALGORITHM];
    let table = Table::groups(n_rows, n_features, false);
    let start = table.start(k);
    let kmeans = checked(KMeansParams { max_iter: 10, algorithm, ..KMeansParams::new(k) });
    bencher.counter(ItemsCount::new(n_rows)).bench_local(|| {
        kmeans.fit_from(black_box(table.rows()), &start).expect("there are points enough")
    });
}

/// Every k from 1 to 10 with default settings.
#[divan::bench(sample_count = 3, args = [
    (200, 2), (20_000, 2), (1_000_000, 2), (1_000_000, 3), (1_000_000, 8),
])]
fn sweep(bencher: Bencher, (n_rows, n_features): (usize, usize)) {
    let table = Table::groups(n_rows, n_features, false);
    sweep_of(bencher, &table, KMeansParams::new(10));
}

/// The same from ten starts that all run to their end, without a search.
#[divan::bench(sample_count = 3, args = [(200, 2), (20_000, 2), (1_000_000, 2)])]
fn sweep_without_search(bencher: Bencher, (n_rows, n_features): (usize, usize)) {
    let table = Table::groups(n_rows, n_features, false);
    sweep_of(bencher, &table, KMeansParams { n_swaps: 0, ..KMeansParams::new(10) });
}

/// Whole numbers, of which few rows differ.
#[divan::bench(sample_count = 3)]
fn sweep_of_whole_numbers(bencher: Bencher) {
    sweep_of(bencher, &Table::groups(1_000_000, 2, true), KMeansParams::new(10));
}

fn sweep_of(bencher: Bencher, table: &Table, params: KMeansParams) {
    let kmeans = checked(params);
    bencher.counter(ItemsCount::new(table.n_rows())).bench_local(|| {
        kmeans
            .fit_each(black_box(table.rows()), |found| {
                black_box(found);
            })
            .expect("there are points enough");
    });
}

/// Many clusters of 5,000 points without structure: mostly the search for a better optimum.
#[divan::bench(args = [50, 100])]
fn search(bencher: Bencher, k: usize) {
    let table = Table::square(5_000);
    let kmeans = checked(KMeansParams::new(k));
    bencher.bench_local(|| kmeans.fit(black_box(table.rows())).expect("there are points enough"));
}

/// The nearest centre of each of a million rows.
#[divan::bench(args = [(2, 5), (8, 10), (20, 8)])]
fn label(bencher: Bencher, (n_features, k): (usize, usize)) {
    let table = Table::groups(1_000_000, n_features, false);
    let centers = table.start(k);
    bencher
        .counter(ItemsCount::new(table.n_rows()))
        .bench_local(|| predict(black_box(table.rows()), &centers));
}
