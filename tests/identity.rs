//! Segments that a retrained model finds again keep their ids and names; others never get the id of one.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::identity::Kind;
use segmenta::model::{Model, NClusters, TrainOptions, Trained, train};
use segmenta::personas::{Language, PersonaRules};

const HEADER: &str = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)";
const IDS: [usize; 5] = [0, 1, 2, 3, 4];
const NAMES: [&str; 5] = ["Sensible", "Careless", "Standard", "Saver", "Target"];

static MALL: LazyLock<Arc<Model>> =
    LazyLock::new(|| Arc::new(learn(&rows(), &TrainOptions::new().unwrap())));

/// The Mall Customers, a line each, without the header.
fn rows() -> Vec<String> {
    include_str!("../data/mall_customers.csv").lines().skip(1).map(str::to_owned).collect()
}

/// Income and score of a line.
fn place(row: &str) -> (f64, f64) {
    let cells: Vec<f64> = row.split(',').skip(3).map(|cell| cell.parse().unwrap()).collect();
    (cells[0], cells[1])
}

fn trained(rows: &[String], options: &TrainOptions) -> Trained {
    let source = Source::new("customers.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    train(Dataset::read(&source, OnError::Fail).unwrap(), options, |_| ()).unwrap()
}

fn learn(rows: &[String], options: &TrainOptions) -> Model {
    let Trained { model, customers } = trained(rows, options);
    // What is kept is what was learned.
    let read = Model::from_json("model.json", model.to_json().as_bytes()).unwrap();
    assert_eq!(read, model);
    let mut sizes = vec![0; model.segments.len()];
    for &label in &customers.labels {
        sizes[label as usize] += 1;
    }
    assert!(model.segments.iter().map(|segment| segment.size).eq(sizes));
    model
}

fn following(earlier: &Arc<Model>) -> TrainOptions {
    TrainOptions { follow: Some(Arc::clone(earlier)), ..TrainOptions::new().unwrap() }
}

fn with_k(earlier: &Arc<Model>, n_clusters: usize) -> TrainOptions {
    TrainOptions { n_clusters: NClusters::Fixed(n_clusters), ..following(earlier) }
}

fn with_features(earlier: &Arc<Model>, features: &[&str]) -> TrainOptions {
    let features = features.iter().map(ToString::to_string).collect();
    TrainOptions { features, ..following(earlier) }
}

fn ids(model: &Model) -> Vec<usize> {
    model.segments.iter().map(|segment| segment.cluster_id).collect()
}

fn names(model: &Model) -> Vec<&str> {
    model.segments.iter().map(|segment| segment.persona.as_str()).collect()
}

fn vanished(model: &Model) -> Vec<usize> {
    let vanished = &model.lineage.as_ref().unwrap().vanished;
    vanished.iter().map(|segment| segment.cluster_id).collect()
}

/// How sure each segment that was kept is, by its id.
fn sureness(model: &Model) -> Vec<(usize, f64)> {
    let segments = &model.lineage.as_ref().unwrap().segments;
    let kept = segments.iter().filter(|segment| segment.kind == Kind::Kept);
    kept.map(|segment| (segment.cluster_id, segment.sureness.unwrap())).collect()
}

#[test]
fn nine_customers_in_ten_keep_all_ids_and_names() {
    let mut least = f64::INFINITY;
    for seed in 0..100 {
        let mut rows = rows();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        rows.truncate(180);
        let model = learn(&rows, &following(&MALL));
        assert_eq!((ids(&model), names(&model)), (IDS.to_vec(), NAMES.to_vec()), "seed {seed}");
        assert!(vanished(&model).is_empty(), "seed {seed}");
        least = sureness(&model).iter().fold(least, |least, (_, sureness)| sureness.min(least));
    }
    assert!(least > 0.85, "{least}");
}

#[test]
fn the_same_again_is_the_same_model() {
    let again = learn(&rows(), &following(&MALL));
    assert_eq!((&again.version, &again.lineage), (&MALL.version, &None));
    let mut rows = rows();
    rows.truncate(190);
    let fewer = Arc::new(learn(&rows, &following(&MALL)));
    assert_eq!(fewer.lineage.as_ref().unwrap().previous, MALL.version);
    assert_eq!(learn(&rows, &following(&MALL)).version, fewer.version);
    assert_eq!(learn(&rows, &following(&fewer)).version, fewer.version);
    let alone = learn(&rows, &TrainOptions::new().unwrap());
    assert_ne!(alone.version, fewer.version);
}

#[test]
fn ids_follow_the_segments_wherever_they_stand() {
    let mut earlier = Model::clone(&MALL);
    for (segment, id) in earlier.segments.iter_mut().zip([1, 3, 7, 8, 20]) {
        segment.cluster_id = id;
    }
    // Whom the one model calls 1 the other calls 20, and so on.
    earlier.segments.reverse();
    earlier.kmeans.cluster_centers.reverse();
    for (segment, id) in earlier.segments.iter_mut().zip([1, 3, 7, 8, 20]) {
        segment.cluster_id = id;
    }
    let model = learn(&rows(), &following(&Arc::new(earlier)));
    assert_eq!(ids(&model), [1, 3, 7, 8, 20]);
    let mut reversed = NAMES;
    reversed.reverse();
    assert_eq!(names(&model), reversed);
    assert_eq!(sureness(&model), [1, 3, 7, 8, 20].map(|id| (id, 1.0)));
}

#[test]
fn fewer_and_more_segments() {
    let four = Arc::new(learn(&rows(), &with_k(&MALL, 4)));
    assert_eq!(ids(&four), [0, 2, 3, 4]);
    assert_eq!(names(&four), ["Sensible", "Standard", "Saver", "Target"]);
    assert_eq!(vanished(&four), [1]);
    let six = learn(&rows(), &with_k(&MALL, 6));
    assert_eq!(ids(&six)[..5], IDS);
    assert_eq!(names(&six)[..5], NAMES);
    assert_eq!((ids(&six)[5], vanished(&six)), (5, vec![]));
    // The Careless come back, and their number is not theirs again, nor anybody's.
    let five = learn(&rows(), &with_k(&four, 5));
    assert_eq!(ids(&five), [0, 2, 3, 4, 5]);
    assert_eq!(names(&five), ["Sensible", "Standard", "Saver", "Target", "Careless"]);
    assert_eq!(five.next_id(), 6);
}

#[test]
fn a_feature_more_or_less() {
    // With their age, the segments fall apart in another way; those that are kept are the same people.
    let more = TrainOptions {
        n_clusters: NClusters::Fixed(5),
        ..with_features(&MALL, &["age", "annual_income", "spending_score"])
    };
    let more = learn(&rows(), &more);
    let kept = sureness(&more);
    assert!(kept.len() >= 3, "{kept:?}");
    for (id, sureness) in kept {
        let name = more.segments[more.place(id).unwrap()].persona.as_str();
        assert_eq!(name, NAMES[id]);
        assert!(sureness > 0.5);
    }
    // Where low and high scores are one segment each, it goes by those who are most of it, and a better name
    // is at hand.
    let less = learn(&rows(), &with_features(&MALL, &["spending_score"]));
    let kept = sureness(&less);
    assert!(ids(&less).iter().all(|&id| id >= 5 || kept.iter().any(|&(kept, _)| kept == id)));
    for segment in &less.lineage.as_ref().unwrap().segments {
        let name = segment.suggestion.as_ref().map(|suggestion| suggestion.en.as_str());
        assert!(name.is_none_or(|name| name.ends_with("spending")), "{name:?}");
        assert!(segment.kind == Kind::New || name.is_some());
    }
}

#[test]
fn a_file_that_lacks_half_of_what_was_decided_by_begins_anew() {
    let mut csv = "Annual Income (k$),visits\n".to_owned();
    for row in 0..90 {
        writeln!(csv, "{},{}", 20 + row % 40, (row % 3) * 10 + row % 2).unwrap();
    }
    let data = Dataset::read(&Source::new("shop.csv", csv.clone()), OnError::Fail).unwrap();
    let followed = train(data, &following(&MALL), |_| ()).unwrap().model;
    let data = Dataset::read(&Source::new("shop.csv", csv), OnError::Fail).unwrap();
    let alone = train(data, &TrainOptions::new().unwrap(), |_| ()).unwrap().model;
    assert_eq!((&followed.version, &followed.lineage), (&alone.version, &None));
    assert_eq!(ids(&followed)[0], 0);
}

#[test]
fn a_group_that_moves_keeps_its_name_and_is_told_when_it_does_not_fit() {
    let moved = |by: f64| -> Vec<String> {
        let one = |row: String| {
            let (income, score) = place(&row);
            if income > 69.0 && score > 60.0 {
                format!("1,Male,30,{},{score}", income - by)
            } else {
                row
            }
        };
        rows().into_iter().map(one).collect()
    };
    let near = learn(&moved(10.0), &following(&MALL));
    assert_eq!((ids(&near), names(&near)), (IDS.to_vec(), NAMES.to_vec()));
    let suggestions = |model: &Model| -> Vec<Option<String>> {
        let segments = &model.lineage.as_ref().unwrap().segments;
        let english = segments.iter().map(|segment| segment.suggestion.clone().map(|one| one.en));
        english.collect()
    };
    assert_eq!(suggestions(&near), [const { None }; 5]);
    // With 22 thousand less, who spend much earn as all do.
    let far = learn(&moved(22.0), &with_k(&MALL, 5));
    assert_eq!((ids(&far), names(&far)), (IDS.to_vec(), NAMES.to_vec()));
    assert_eq!(suggestions(&far)[4].as_deref(), Some("Medium income, high spending"));
}

#[test]
fn a_group_that_vanishes_and_one_that_is_new() {
    let is_target = |row: &String| {
        let (income, score) = place(row);
        income > 69.0 && score > 60.0
    };
    let without: Vec<String> = rows().into_iter().filter(|row| !is_target(row)).collect();
    let four = Arc::new(learn(&without, &with_k(&MALL, 4)));
    assert_eq!((ids(&four), vanished(&four)), (vec![0, 1, 2, 3], vec![4]));
    assert_eq!(four.lineage.as_ref().unwrap().vanished[0].persona, "Target");
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut with = without;
    for id in 0..40 {
        let (income, score) = (random.random_range(140..160), random.random_range(40..60));
        with.push(format!("{},Female,40,{income},{score}", 1000 + id));
    }
    let five = learn(&with, &with_k(&four, 5));
    assert_eq!(ids(&five), [0, 1, 2, 3, 5]);
    assert_eq!(names(&five)[..4], NAMES[..4]);
    assert_eq!(five.next_id(), 6);
}

#[test]
fn edited_texts_stay_and_another_persona_file_names_anew() {
    let mut edited = Model::clone(&MALL);
    edited.segments[4].persona = "Dream customers".to_owned();
    edited.segments[4].action = "Call them.".to_owned();
    edited.segments[1].translations.id.persona = "Anak Muda".to_owned();
    // A new segment must not be called what an earlier one is.
    edited.segments[0].persona = "Careless".to_owned();
    edited.segments[1].persona = "Young".to_owned();
    let edited = Arc::new(edited);
    let model = learn(&rows(), &following(&edited));
    assert_eq!(names(&model), ["Careless", "Young", "Standard", "Saver", "Dream customers"]);
    assert_eq!(model.segments[4].action, "Call them.");
    assert_eq!(model.segments[1].persona(Language::Indonesian), "Anak Muda");
    let four = Arc::new(learn(&rows(), &with_k(&edited, 4)));
    assert_eq!(names(&four), ["Careless", "Standard", "Saver", "Dream customers"]);
    let back = learn(&rows(), &with_k(&four, 5));
    let all = ["Careless", "Standard", "Saver", "Dream customers", "Careless 2"];
    assert_eq!(names(&back), all);
    assert_eq!(back.segments[4].persona(Language::Indonesian), "Boros");

    let own = include_str!("../src/personas/personas.toml").replace("Target", "VIP");
    let personas = PersonaRules::parse("own.toml", &own).unwrap();
    let options = || TrainOptions { personas: personas.clone().into(), ..following(&edited) };
    let renamed = Arc::new(learn(&rows(), &options()));
    assert_eq!(names(&renamed), ["Sensible", "Careless", "Standard", "Saver", "VIP"]);
    let mut edited = Model::clone(&renamed);
    edited.segments[4].persona = "Dream customers".to_owned();
    let again = TrainOptions { follow: Some(Arc::new(edited)), ..options() };
    assert_eq!(names(&learn(&rows(), &again))[4], "Dream customers");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_matched_with_itself_is_itself(
        points in prop::collection::vec((0_u8..40, 0_u8..40, 0_u8..3), 12..80),
        k in 1_usize..5,
    ) {
        let mut csv = "spent,visits,kind\n".to_owned();
        for (x, y, kind) in &points {
            writeln!(csv, "{x},{y},{}", ["a", "b", "c"][usize::from(*kind)]).unwrap();
        }
        let data = || Dataset::read(&Source::new("x.csv", csv.clone()), OnError::Fail).unwrap();
        let options = TrainOptions {
            features: ["spent", "visits"].map(str::to_owned).into(),
            n_clusters: NClusters::Fixed(k),
            ..TrainOptions::new().unwrap()
        };
        // Fewer different customers than segments are refused.
        let Ok(Trained { model, customers }) = train(data(), &options, |_| ()) else {
            return Ok(());
        };
        let evidence = model.evidence(&customers.data, &customers.labels, k).unwrap();
        for (place, found) in evidence.matches().into_iter().enumerate() {
            let found = found.unwrap();
            prop_assert_eq!((found.earlier, found.sureness), (place, 1.0));
        }
        let follow = Some(Arc::new(model.clone()));
        let again = train(data(), &TrainOptions { follow, ..options }, |_| ()).unwrap().model;
        prop_assert_eq!(again.version, model.version);
    }
}
