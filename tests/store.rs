//! The data folder over the life of its models: which is in use, which was, what is changed and deleted.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::LazyLock;

use segmenta::Error;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{
    Compared, Comparison, Model, NClusters, SegmentEdit, TextsEdit, TrainOptions, train,
};
use segmenta::personas::Language;
use tempfile::TempDir;

/// Models of 3, 4 and 5 segments, of which each follows the one before.
static MODELS: LazyLock<[Model; 3]> = LazyLock::new(|| {
    let mut follow = None;
    [3, 4, 5].map(|n_clusters| {
        let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
        let n_clusters = NClusters::Fixed(n_clusters);
        let options =
            TrainOptions { n_clusters, follow: follow.clone(), ..TrainOptions::new().unwrap() };
        let model = train(data, &options, |_| ()).unwrap().model;
        follow = Some(model.clone().into());
        model
    })
});

/// A folder in which the models were put to use one after the other.
fn folder() -> (TempDir, Store, [String; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    for model in &*MODELS {
        store.keep(model, &Source::mall_customers()).unwrap();
        store.activate(&model.version).unwrap();
    }
    (folder, store, MODELS.each_ref().map(|model| model.version.clone()))
}

fn active(store: &Store) -> String {
    store.active().unwrap().unwrap().version
}

fn edit(language: Language, persona: &str) -> SegmentEdit {
    let mut edit = SegmentEdit::default();
    edit.texts_mut(language).persona = Some(persona.to_owned());
    edit
}

#[test]
fn the_way_back_is_the_way_there() {
    let (_folder, store, [first, second, third]) = folder();
    // Putting the same to use again is no step.
    store.activate(&third).unwrap();
    assert_eq!(store.previous_version().unwrap().as_ref(), Some(&second));
    assert_eq!((store.roll_back().unwrap(), active(&store)), (second.clone(), second.clone()));
    store.activate(&third).unwrap();
    assert_eq!(store.roll_back().unwrap(), second);
    assert_eq!(store.roll_back().unwrap(), first);
    assert!(matches!(store.roll_back(), Err(Error::NoPreviousModel { .. })));
    assert_eq!(active(&store), first);
}

#[test]
fn a_process_killed_between_two_files_leaves_a_folder_that_works() {
    let (folder, store, [first, second, third]) = folder();
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    // On the way there, the history was written and what is in use was not.
    write("history", &format!("{first}\n{second}\n{third}\n"));
    assert_eq!(store.previous_version().unwrap().as_ref(), Some(&second));
    assert_eq!(store.roll_back().unwrap(), second);
    // On the way back, what is in use was written and the history was not.
    write("active", &format!("{second}\n"));
    write("history", &format!("{first}\n{second}\n"));
    assert_eq!(store.roll_back().unwrap(), first);
    // Nothing that stands in the history keeps a model from being put to use.
    std::fs::write(folder.path().join("history"), b"\xff\xfe\n../../etc\n\n").unwrap();
    store.activate(&third).unwrap();
    assert_eq!((active(&store), store.previous_version().unwrap()), (third, Some(first)));
}

#[test]
fn a_damaged_model_is_not_put_to_use() {
    let (folder, store, [_, second, third]) = folder();
    let damage = |version: &str| {
        let file = folder.path().join("models").join(version).join("model.json");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen("\"size\": ", "\"size\": 1", 1)).unwrap();
    };
    damage(&second);
    assert!(matches!(store.activate(&second), Err(Error::ModelFile { .. })));
    assert!(matches!(store.roll_back(), Err(Error::ModelFile { .. })));
    assert_eq!(active(&store), third);
    // One in use that is damaged gives way to another.
    damage(&third);
    assert!(store.active().is_err());
    store.activate(&MODELS[0].version).unwrap();
    assert_eq!(active(&store), MODELS[0].version);
}

#[test]
fn what_is_in_use_is_not_deleted() {
    let (folder, store, [first, second, third]) = folder();
    assert!(matches!(store.delete(&third), Err(Error::ModelInUse { .. })));
    for version in ["../../etc", "0123456789ab", ""] {
        assert!(matches!(store.delete(version), Err(Error::UnknownModel { .. })));
    }
    store.delete(&second).unwrap();
    assert!(matches!(store.model(&second), Err(Error::UnknownModel { .. })));
    assert!(!folder.path().join("models").join(&second).exists());
    let mut left = [first.clone(), third];
    left.sort_unstable();
    assert_eq!(store.versions().unwrap(), left);
    // The way back leads past what is gone.
    assert_eq!(store.roll_back().unwrap(), first);
}

#[test]
fn changed_texts_are_kept_beside_the_model() {
    let (folder, store, [_, second, third]) = folder();
    let id = MODELS[2].segments[4].cluster_id;
    store.edit(&third, id, &edit(Language::English, " Dream customers ")).unwrap();
    let action = TextsEdit { action: Some("Hubungi.".to_owned()), ..TextsEdit::default() };
    let edited =
        store.edit(&third, id, &SegmentEdit { id: action, ..SegmentEdit::default() }).unwrap();
    assert_eq!(store.active().unwrap(), Some(edited.clone()));
    let segment = &edited.segments[4];
    assert_eq!(segment.persona, "Dream customers");
    assert_eq!(segment.action(Language::Indonesian), "Hubungi.");
    assert_eq!(
        segment.persona(Language::Indonesian),
        MODELS[2].segments[4].translations.id.persona
    );
    // Others are as they were, and so is the file that was learned.
    assert_eq!(store.model(&second).unwrap(), MODELS[1]);
    let file = folder.path().join("models").join(&third).join("model.json");
    assert_eq!(Model::open(&file).unwrap(), MODELS[2]);
    // A model that follows has them as its own.
    let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    let follow = Some(edited.into());
    let next =
        train(data, &TrainOptions { follow, ..TrainOptions::new().unwrap() }, |_| ()).unwrap();
    assert_eq!(next.model.segments[4].persona, "Dream customers");
    assert_ne!(next.model.version, third);

    std::fs::write(file.with_file_name("texts.json"), "{").unwrap();
    match store.model(&third).unwrap_err() {
        Error::Texts { path, .. } => assert!(path.ends_with("texts.json")),
        other => panic!("{other}"),
    }
}

#[test]
fn a_text_that_cannot_be_one_is_refused() {
    let (_folder, store, [.., third]) = folder();
    let segments = &MODELS[2].segments;
    let id = segments[0].cluster_id;
    let taken = segments[1].persona.to_uppercase();
    for (persona, says) in [
        ("  ", "a text is needed"),
        (&*"a".repeat(81), "80 characters"),
        ("a\nb", "control character"),
        (&taken, "is called that already"),
    ] {
        match store.edit(&third, id, &edit(Language::English, persona)).unwrap_err() {
            Error::SegmentText { language: "en", field: "persona", problem } => {
                assert!(problem.contains(says), "{problem}");
            }
            other => panic!("{other}"),
        }
    }
    // Its own name in other letters is no other segment's.
    let own = segments[0].persona.to_uppercase();
    store.edit(&third, id, &edit(Language::English, &own)).unwrap();
    let unknown = store.edit(&third, 99, &edit(Language::English, "Nobody"));
    assert!(matches!(unknown, Err(Error::UnknownSegment { .. })));
    assert_eq!(store.model(&third).unwrap().segments[0].persona, own);
}

#[test]
fn compared_models_tell_who_moves() {
    let (_folder, store, _) = folder();
    let [_, four, five] = &*MODELS;
    let customers = store.customers(five).unwrap();
    let comparison = Comparison::of(four, five, Some(&customers));
    let json = comparison.to_json(Language::English);
    let moves = comparison.moves.as_ref().unwrap();
    assert_eq!(moves.customers(), 200);
    let column = |to: usize| moves.counts.iter().map(|row| row[to]).sum::<usize>();
    assert!(five.segments.iter().enumerate().all(|(to, segment)| column(to) == segment.size));
    // Who is kept in a segment that was kept has not moved.
    let stay: usize = comparison
        .segments
        .iter()
        .filter_map(|one| Some(moves.counts[one.live?][one.candidate?]))
        .sum();
    assert_eq!(moves.moved, 200 - stay);
    assert_eq!(json["segments"].as_array().unwrap().len(), 5);
    let new = five.segments.iter().position(|segment| segment.cluster_id == 4).unwrap();
    assert_eq!(json["segments"][4]["kind"], "new");
    assert_eq!(json["segments"][4]["live"], serde_json::Value::Null);
    assert_eq!(json["segments"][4]["candidate"]["size"], five.segments[new].size);
    let mut csv = Vec::new();
    comparison.write_moves(&customers, Language::English, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let header = csv.lines().next().unwrap();
    assert!(header.ends_with("Spending Score (1-100),From,From persona,To,To persona"), "{header}");
    assert_eq!(csv.lines().count(), 1 + moves.moved);

    // The other way round it is the same, and a model beside itself is itself.
    let customers = store.customers(four).unwrap();
    let back = Comparison::of(five, four, Some(&customers));
    let kinds = |comparison: &Comparison| -> Vec<&str> {
        comparison.segments.iter().map(Compared::kind).collect()
    };
    assert_eq!(kinds(&comparison), ["kept", "kept", "kept", "kept", "new"]);
    assert_eq!(kinds(&back), ["kept", "kept", "kept", "kept", "vanished"]);
    let same = Comparison::of(four, four, Some(&customers));
    assert_eq!(same.moves.as_ref().unwrap().moved, 0);
    assert!(same.segments.iter().all(|one| one.sureness == Some(1.0)));
}

#[test]
fn models_that_do_not_follow_each_other_are_compared_too() {
    let alone = |n_clusters: usize, features: &[&str]| {
        let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
        let features = features.iter().map(ToString::to_string).collect();
        let n_clusters = NClusters::Fixed(n_clusters);
        train(data, &TrainOptions { features, n_clusters, ..TrainOptions::new().unwrap() }, |_| ())
            .unwrap()
    };
    let both = ["annual_income", "spending_score"];
    let (five, four) = (alone(5, &both).model, alone(4, &both));
    let with = Comparison::of(&five, &four.model, Some(&four.customers));
    let without = Comparison::of(&five, &four.model, None);
    let pairs = |comparison: &Comparison| -> Vec<_> {
        comparison.segments.iter().map(|one| (one.live, one.candidate)).collect()
    };
    assert_eq!(pairs(&with), pairs(&without));
    assert!(without.moves.is_none());
    for one in &with.segments {
        let (Some(live), Some(candidate)) = (one.live, one.candidate) else { continue };
        assert_eq!(five.segments[live].persona, four.model.segments[candidate].persona);
    }
    let ages = alone(3, &["age"]);
    let other = Comparison::of(&five, &ages.model, None);
    assert!(other.segments.iter().all(|one| one.kind() != "kept"));
    assert_eq!(
        other.features(),
        [vec!["Age"], vec!["Annual Income (k$)", "Spending Score (1-100)"], vec![]]
    );
}

#[test]
fn several_processes_change_a_folder_one_after_the_other() {
    let (folder, _, versions) = folder();
    let change = |path: &Path, version: &str| {
        let store = Store::new(path);
        for _ in 0..20 {
            store.activate(version).unwrap();
            store.active().unwrap().unwrap();
            // There may be none to go back to, as another went there just now.
            let _ = store.roll_back();
        }
    };
    std::thread::scope(|scope| {
        for version in &versions {
            scope.spawn(|| change(folder.path(), version));
        }
    });
    assert!(versions.contains(&active(&Store::new(folder.path()))));
}
