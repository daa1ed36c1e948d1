//! How long the stages take: on the bundled customers, which is what a page waits for, and on points
//! enough that only the speed of the k-means kernel counts.

// There is nobody to hand an error to: without its data a benchmark cannot go on.
#![allow(clippy::expect_used)]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::{self, DEFAULT_RANGE, Sweep};
use segmenta::features::{self, Matrix};
use segmenta::kmeans::kernel::{self, Partial};
use segmenta::kmeans::{Clustering, KMeans, KMeansParams, NSwaps};
use segmenta::model::{TrainOptions, train};
use segmenta::scaler::StandardScaler;

fn main() {
    divan::main();
}

/// Five clusters of the 200 customers, best of as many starts as are the default.
#[divan::bench]
fn fit_mall(bencher: Bencher) {
    let matrix = scaled_mall();
    let kmeans = checked(KMeansParams::new(5));
    bencher.bench_local(|| fit(&kmeans, &matrix));
}

/// Every k from 1 to 10 of the 200 customers, with all quality figures.
#[divan::bench]
fn sweep_mall(bencher: Bencher) {
    let matrix = scaled_mall();
    bencher.bench_local(|| -> Sweep {
        elbow::sweep(black_box(&matrix), &KMeansParams::new(1), *DEFAULT_RANGE.end(), |_| ())
            .expect("the customers make ten clusters")
    });
}

/// From the bytes of the file to a named model: what `segmenta train` does.
#[divan::bench]
fn train_mall(bencher: Bencher) {
    let options = TrainOptions::new().expect("the embedded rules are good");
    bencher.bench_local(|| train(mall(), &options, |_| ()).expect("the customers make a model"));
}

/// The segment of one new customer.
#[divan::bench]
fn predict_one(bencher: Bencher) {
    let options = TrainOptions::new().expect("the embedded rules are good");
    let model = train(mall(), &options, |_| ()).expect("the customers make a model").model;
    bencher.bench_local(|| model.predict(black_box(&[50.0, 50.0])));
}

/// A hundred passes of Lloyd's algorithm over points without structure, which never settle sooner.
#[divan::bench(sample_count = 10)]
fn lloyd_100_000_points(bencher: Bencher) {
    let matrix = points(100_000);
    let params = KMeansParams {
        n_init: 1,
        n_swaps: NSwaps::Fixed(0),
        max_iter: 100,
        ..KMeansParams::new(CLUSTERS)
    };
    let kmeans = checked(params);
    bencher.bench_local(|| fit(&kmeans, &matrix));
}

/// One pass of the kernel: every point to its nearest centre, with counts, sums and distances.
#[divan::bench(args = [1_000, 100_000])]
fn one_pass(bencher: Bencher, n_points: usize) {
    let matrix = points(n_points);
    let centers: Vec<Vec<f64>> = (0..CLUSTERS).map(|row| matrix.row(row)).collect();
    let mut labels = vec![u32::MAX; n_points];
    bencher
        .counter(ItemsCount::new(n_points))
        .bench_local(|| -> Partial { kernel::assign(black_box(&matrix), &centers, &mut labels) });
}

/// One pass over 100,000 points in more features, or to more clusters.
#[divan::bench(args = [(2, 100), (3, 8), (8, 10), (20, 8)])]
fn one_pass_of(bencher: Bencher, (n_features, n_clusters): (usize, usize)) {
    let matrix = points_in(100_000, n_features);
    let centers: Vec<Vec<f64>> = (0..n_clusters).map(|row| matrix.row(row)).collect();
    let mut labels = vec![u32::MAX; matrix.n_rows()];
    bencher
        .counter(ItemsCount::new(matrix.n_rows()))
        .bench_local(|| -> Partial { kernel::assign(black_box(&matrix), &centers, &mut labels) });
}

/// The number of clusters among points without structure.
const CLUSTERS: usize = 8;

/// Points spread evenly over a square, the same ones every time.
fn points(n_points: usize) -> Matrix {
    points_in(n_points, 2)
}

/// Points spread evenly over a cube of so many dimensions.
fn points_in(n_points: usize, n_features: usize) -> Matrix {
    let mut rng = ChaCha8Rng::seed_from_u64(42);
    let columns = (0..n_features).map(|_| (0..n_points).map(|_| rng.random()).collect()).collect();
    Matrix::from_columns(columns).expect("columns of one length")
}

fn mall() -> Dataset {
    Dataset::read(&Source::mall_customers(), OnError::Fail).expect("the bundled customers are good")
}

/// Income and spending of the bundled customers, scaled.
fn scaled_mall() -> Matrix {
    let data = mall();
    let chosen = features::choose(&data, &[]).expect("the bundled customers have features");
    let matrix = features::matrix(&data, &chosen).expect("the features are numbers");
    let scaler = StandardScaler::fit(&matrix, &["income", "spending"]).expect("finite numbers");
    scaler.transform(&matrix)
}

fn checked(params: KMeansParams) -> KMeans {
    params.check().expect("the parameters are in their ranges")
}

fn fit(kmeans: &KMeans, matrix: &Matrix) -> Clustering {
    kmeans.fit(black_box(matrix)).expect("there are points enough")
}
