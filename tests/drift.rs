//! Drift: customers drawn from the training population raise no alarm, and changed ones do.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::sync::OnceLock;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::drift::{Reference, Report, Subject, Verdict};
use segmenta::model::{NClusters, TrainOptions, Trained, train};
use segmenta::personas::Language;

/// A customer: an amount, a score, how many visits (few distinct values), a plan, and now and then nothing.
fn customer(random: &mut ChaCha8Rng, richer: f64) -> [String; 4] {
    let is_big = random.random::<f64>() < 0.3;
    let around = |random: &mut ChaCha8Rng, mean: f64, spread: f64| {
        let sum: f64 = (0..12).map(|_| random.random::<f64>()).sum();
        mean + spread * (sum - 6.0)
    };
    let income = around(random, if is_big { 90.0 } else { 40.0 } + richer, 10.0);
    let score = around(random, if is_big { 20.0 } else { 60.0 }, 8.0);
    let visits = (random.random::<f64>() * 4.0).floor();
    let plan = ["free", "basic", "pro"][(random.random::<f64>().powi(2) * 3.0) as usize];
    let visits = if random.random::<f64>() < 0.1 { String::new() } else { visits.to_string() };
    [format!("{income:.2}"), format!("{score:.0}"), visits, plan.to_owned()]
}

fn trained() -> &'static Trained {
    static TRAINED: OnceLock<Trained> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let random = &mut ChaCha8Rng::seed_from_u64(1);
        let mut csv = "income,score,visits,plan\n".to_owned();
        for _ in 0..2000 {
            csv += &(customer(random, 0.0).join(",") + "\n");
        }
        let data = Dataset::read(&Source::new("made.csv", csv), OnError::Fail).unwrap();
        let mut options = TrainOptions::new().unwrap();
        options.features = ["income", "score", "visits", "plan"].map(str::to_owned).to_vec();
        options.n_clusters = NClusters::Fixed(2);
        train(data, &options, |_| ()).unwrap()
    })
}

/// What a window says of `n` predictions.
fn report(seed: u64, n: usize, richer: f64) -> Report {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    let model = &trained().model;
    let reference =
        REFERENCE.get_or_init(|| Reference::new(model, Some(&trained().customers)).unwrap());
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut window = reference.window(10_000);
    let mut bins = Vec::new();
    for _ in 0..n {
        let cells = customer(random, richer);
        let row: Vec<f64> = model
            .preparation
            .features()
            .iter()
            .zip(&cells)
            .map(|(prepared, cell)| match &prepared.steps {
                segmenta::preparation::Steps::Numeric(_) => cell.parse().unwrap_or(f64::NAN),
                segmenta::preparation::Steps::Categorical(steps) => steps.code(Some(cell)),
            })
            .collect();
        let found = model.predict(&row).unwrap();
        bins.clear();
        reference.bins(&row, found.segment, found.distance, &mut bins);
        window.push(&bins);
    }
    Report::new(reference, &window.counts())
}

#[test]
fn the_training_population_raises_no_alarm() {
    for (n, seeds, expected) in
        [(50, 200, Verdict::TooFew), (500, 400, Verdict::Steady), (10_000, 30, Verdict::Steady)]
    {
        for seed in 0..seeds {
            let report = report(1000 + seed, n, 0.0);
            assert_eq!(report.verdict, expected, "{n} predictions, seed {seed}: {report:?}");
        }
    }
}

#[test]
fn a_clear_shift_is_told_from_the_least_number_on() {
    for seed in 0..50 {
        assert_eq!(report(seed, 50, 25.0).verdict, Verdict::TooFew);
        assert_eq!(report(seed, 499, 25.0).verdict, Verdict::TooFew);
        let report = report(seed, 500, 25.0);
        assert_eq!(report.verdict, Verdict::Drifted, "{report:?}");
        assert_eq!(report.of(Subject::Feature(0)).unwrap().verdict, Verdict::Drifted);
        for unmoved in 1..4 {
            let unmoved = report.of(Subject::Feature(unmoved)).unwrap();
            assert_eq!(unmoved.verdict, Verdict::Steady, "{unmoved:?}");
        }
        let model = &trained().model;
        let english = report.sentence(model, Language::English);
        assert!(english.contains("time to retrain") && english.contains("income"), "{english}");
        assert!(report.sentence(model, Language::Indonesian).contains("latih ulang"));
    }
}

#[test]
fn a_small_change_is_shifting() {
    let report = report(7, 10_000, 4.5);
    assert_eq!(report.verdict, Verdict::Shifting, "{report:?}");
}

#[test]
fn without_customers_segments_are_compared() {
    let reference = Reference::new(&trained().model, None).unwrap();
    let subjects: Vec<Subject> = reference.aspects().iter().map(|aspect| aspect.subject).collect();
    assert_eq!(subjects, [Subject::Segments]);
}
