//! The method on the Mall Customers: scikit-learn's numbers, from any seed, thread and row order.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashMap;
use std::fmt::Write;

use common::mall;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::Method;
use segmenta::features::Matrix;
use segmenta::kmeans::KMeansParams;
use segmenta::model::{Model, NClusters, TrainOptions, Trained, prepare, train};

/// The tolerance for figures that rounding may move: relative.
const CLOSE: f64 = 1e-9;

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    let difference = (found - expected).abs() / expected.abs().max(1.0);
    assert!(difference < CLOSE, "{found} is not {expected}");
}

fn train_on(source: &Source, options: &TrainOptions) -> Trained {
    let data = Dataset::read(source, OnError::Fail).unwrap();
    train(data, options, |_| ()).unwrap()
}

fn options() -> TrainOptions {
    TrainOptions::new().unwrap()
}

fn mall_scaled() -> Matrix {
    let mut data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    prepare(&mut data, &TrainOptions::new().unwrap()).unwrap().points
}

#[test]
fn the_mall_model_has_scikit_learns_figures() {
    let Trained { model, customers } = train_on(&Source::mall_customers(), &options());
    for feature in 0..2 {
        assert_close(model.scaler.mean[feature], mall::MEAN[feature]);
        assert_close(model.scaler.scale[feature], mall::SCALE[feature]);
    }
    assert_eq!(model.elbow.n_clusters, 5);
    assert_eq!(model.elbow.method, Method::Elbow);
    assert_close(model.kmeans.inertia, 65.5684081557168);
    assert_close(model.quality.silhouette.unwrap(), 0.5546571631111091);
    for ((segment, found), (persona, size, center, scaled, age, women)) in
        model.segments.iter().zip(&model.kmeans.cluster_centers).zip(mall::SEGMENTS)
    {
        assert_eq!((segment.persona.as_str(), segment.size), (persona, size));
        for feature in 0..2 {
            assert_close(segment.center[feature], center[feature]);
            assert_close(found[feature], scaled[feature]);
        }
        let mean_age = segment.profile.numeric.iter().find(|column| column.name == "age").unwrap();
        assert_close(mean_age.mean, age);
        let gender = &segment.profile.categorical[0];
        assert_eq!((gender.name.as_str(), gender.shares[0].value.as_str()), ("gender", "Female"));
        assert_close(gender.shares[0].share, women);
    }
    let labels: String = customers.labels.iter().map(ToString::to_string).collect();
    assert_eq!(labels, mall::LABELS);
}

#[test]
fn the_elbow_table_has_scikit_learns_figures() {
    let model = train_on(&Source::mall_customers(), &options()).model;
    assert_eq!(model.elbow.by_k.len(), 10);
    for (point, (k, wcss, indices)) in model.elbow.by_k.iter().zip(mall::BY_K) {
        assert_eq!(point.k, k);
        assert_close(point.wcss, wcss);
        let quality = point.quality;
        let found = [quality.silhouette, quality.calinski_harabasz, quality.davies_bouldin];
        match indices {
            None => assert_eq!(found, [None; 3]),
            Some(indices) => {
                for (found, expected) in found.into_iter().zip(indices) {
                    assert_close(found.unwrap(), expected);
                }
            }
        }
    }
    let advice = model.elbow.advice;
    assert_eq!((advice.elbow, advice.silhouette), (Some(5), Some(5)));
}

#[test]
fn the_default_settings_find_the_best_optimum_from_nearly_any_seed() {
    let scaled = mall_scaled();
    for (k, wcss, _) in mall::BY_K {
        let found = (0..100)
            .filter(|&random_state| {
                let params = KMeansParams { random_state, ..KMeansParams::new(k) };
                let inertia = params.check().unwrap().fit(&scaled).unwrap().inertia;
                (inertia - wcss).abs() / wcss < CLOSE
            })
            .count();
        assert!(found >= 99, "k = {k}: {found} of 100 seeds");
    }
}

fn learned(model: &Model) -> String {
    let mut model = model.clone();
    model.created_at.clear();
    model.to_json()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| learned(&train_on(&many_blocks(), &options()).model))
    };
    let one = with_threads(1);
    assert_eq!(one, with_threads(2));
    assert_eq!(one, with_threads(7));
}

/// More rows than a block of the kernel holds, so that threads share a pass.
fn many_blocks() -> Source {
    let mut csv = "a,b\n".to_owned();
    for i in 0_u64..5000 {
        let noise = i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let noise = noise as f64 / f64::from(1 << 24);
        let group = (i % 3) as f64;
        writeln!(csv, "{},{}", group * 5.0 + noise, group * group + noise.sqrt()).unwrap();
    }
    Source::new("many.csv", csv)
}

#[test]
fn the_order_of_rows_changes_neither_ids_nor_personas() {
    let text = String::from_utf8(Source::mall_customers().to_kept().into_owned()).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    for (turn, n_clusters) in [(1, 5), (73, 5), (120, 5), (50, 4), (91, 3), (7, 6)] {
        let options = TrainOptions { n_clusters: NClusters::Fixed(n_clusters), ..options() };
        let straight = train_on(&Source::mall_customers(), &options);
        lines.rotate_left(turn);
        lines.reverse();
        let shuffled = format!("{header}\n{}\n", lines.join("\n"));
        let turned = train_on(&Source::new("shuffled.csv", shuffled), &options);
        for (one, other) in straight.model.segments.iter().zip(&turned.model.segments) {
            assert_eq!((&one.persona, one.size), (&other.persona, other.size));
        }
        let by_id = |trained: &Trained| -> HashMap<u64, u32> {
            let ids = trained.customers.data.columns()[0].numbers().unwrap();
            ids.iter().map(|id| id.to_bits()).zip(trained.customers.labels.clone()).collect()
        };
        assert_eq!(by_id(&straight), by_id(&turned), "k = {n_clusters}");
    }
}

#[test]
fn the_same_settings_give_the_same_version_and_others_another() {
    let version = |options| train_on(&Source::mall_customers(), &options).model.version;
    let same = version(options());
    assert_eq!(same, version(options()));
    let renamed = Source::new("other.csv", Source::mall_customers().to_kept());
    assert_eq!(same, train_on(&renamed, &options()).model.version);
    for kmeans in [
        KMeansParams { random_state: 7, ..KMeansParams::new(1) },
        KMeansParams { n_init: 12, ..KMeansParams::new(1) },
    ] {
        assert_ne!(same, version(TrainOptions { kmeans, ..options() }));
    }
}

mod knees {
    //! Curves with the knees that kneed 0.9.0 finds in them
    //! (`KneeLocator(k, wcss, curve="convex", direction="decreasing")`).

    use segmenta::elbow::knee;

    fn knee_at(wcss: &[f64]) -> Option<usize> {
        let curve: Vec<(f64, f64)> =
            wcss.iter().enumerate().map(|(index, &wcss)| ((index + 1) as f64, wcss)).collect();
        knee(&curve).map(|index| index + 1)
    }

    #[test]
    fn are_not_in_a_curve_that_bends_the_other_way() {
        // kneed names the first point of this curve, which is its highest and no knee.
        assert_eq!(knee_at(&[100.0, 99.0, 97.0, 94.0, 90.0, 85.0, 79.0, 72.0, 64.0, 55.0]), None);
    }

    #[test]
    fn are_where_kneed_finds_them() {
        assert_eq!(
            knee_at(&[
                400.0, 269.016794, 157.704008, 108.921317, 65.568408, 55.057348, 44.864756,
                37.148117, 32.330814, 29.061153
            ]),
            Some(5)
        );
        assert_eq!(
            knee_at(&[1000.0, 300.0, 120.0, 110.0, 101.0, 93.0, 86.0, 80.0, 75.0, 71.0]),
            Some(3)
        );
        assert_eq!(
            knee_at(&[1000.0, 500.0, 480.0, 470.0, 200.0, 190.0, 185.0, 181.0, 178.0, 176.0]),
            Some(2)
        );
        assert_eq!(
            knee_at(&[
                1000.0, 500.0, 333.333, 250.0, 200.0, 166.667, 142.857, 125.0, 111.111, 100.0
            ]),
            Some(3)
        );
        assert_eq!(knee_at(&[100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0]), None);
        assert_eq!(knee_at(&[10.0, 2.0, 1.0]), None);
        assert_eq!(
            knee_at(&[1000.0, 900.0, 800.0, 700.0, 600.0, 500.0, 100.0, 95.0, 91.0, 88.0]),
            Some(7)
        );
    }
}
