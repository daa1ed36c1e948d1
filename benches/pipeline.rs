//! How long the stages take on the bundled customers, which is what a page waits for.

// There is nobody to hand an error to: without its data a benchmark cannot go on.
#![allow(clippy::expect_used)]

use divan::{Bencher, black_box};
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::{self, DEFAULT_RANGE, Sweep};
use segmenta::features::Matrix;
use segmenta::kmeans::{Cancel, Clustering, KMeans, KMeansParams};
use segmenta::model::{TrainOptions, prepare, train};

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
        let params = KMeansParams::new(1);
        let cancel = Cancel::default();
        elbow::sweep(black_box(&matrix), &params, *DEFAULT_RANGE.end(), &cancel, |_| ())
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

fn mall() -> Dataset {
    Dataset::read(&Source::mall_customers(), OnError::Fail).expect("the bundled customers are good")
}

/// Income and spending of the bundled customers, scaled.
fn scaled_mall() -> Matrix {
    let options = TrainOptions::new().expect("the personas that come with the program");
    prepare(&mut mall(), &options).expect("the bundled customers can be prepared").points
}

fn checked(params: KMeansParams) -> KMeans {
    params.check().expect("the parameters are in their ranges")
}

fn fit(kmeans: &KMeans, matrix: &Matrix) -> Clustering {
    kmeans.fit(black_box(matrix)).expect("there are points enough")
}
