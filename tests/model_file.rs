//! The model file: every number comes back, and a file that is not whole is refused by name.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::Grouping;
use segmenta::model::store::Store;
use segmenta::model::{Model, TrainOptions, train};
use segmenta::{Error, ModelFileProblem};
use serde_json::Value;
use sha2::{Digest, Sha256};

static MALL: LazyLock<Model> = LazyLock::new(|| {
    let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    train(data, &TrainOptions::new().unwrap(), |_| ()).unwrap().model
});

fn problem(text: &[u8]) -> ModelFileProblem {
    match Model::from_json("model.json", text) {
        Err(Error::ModelFile { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

/// The text with a new, true checksum.
fn sealed(text: &str) -> String {
    let (body, _) = text.rsplit_once(",\n  \"sha256\"").unwrap();
    let digest = Sha256::digest(body.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    format!("{body},\n  \"sha256\": \"{digest}\"\n}}\n")
}

#[test]
fn every_bit_comes_back() {
    let read = Model::from_json("model.json", MALL.to_json().as_bytes()).unwrap();
    assert_eq!(read, *MALL);
    assert_eq!(read.to_json(), MALL.to_json());
    let bits = |model: &Model| -> Vec<u64> {
        model.kmeans.cluster_centers.iter().flatten().map(|x| x.to_bits()).collect()
    };
    assert_eq!(bits(&read), bits(&MALL));
}

#[test]
fn the_fixed_paths_are_there() {
    let json: Value = serde_json::from_str(&MALL.to_json()).unwrap();
    assert_eq!(json["format"], "segmenta-model");
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["kmeans"]["n_clusters"], 5);
    assert!((json["kmeans"]["inertia_"].as_f64().unwrap() - 65.5684081557168).abs() < 1e-9);
    assert_eq!(json["kmeans"]["cluster_centers_"][0].as_array().unwrap().len(), 2);
    assert!((json["scaler"]["mean_"][0].as_f64().unwrap() - 60.56).abs() < 1e-9);
    assert!((json["scaler"]["scale_"][1].as_f64().unwrap() - 25.7588819633151).abs() < 1e-9);
    assert_eq!(json["elbow"]["n_clusters"], 5);
    let second = &json["elbow"]["by_k"][1];
    assert_eq!(second["k"], 2);
    assert!((second["wcss"].as_f64().unwrap() - 269.0167937490666).abs() < 1e-6);
    assert!((second["silhouette"].as_f64().unwrap() - 0.29512063).abs() < 1e-6);
    let target = &json["segments"][4];
    assert_eq!(
        (&target["cluster_id"], &target["persona"]),
        (&Value::from(4), &Value::from("Target"))
    );
    assert_eq!(target["size"], 39);
    assert!((target["center"][0].as_f64().unwrap() - 86.53846153846153).abs() < 1e-9);
}

#[test]
fn no_customer_is_in_it() {
    let json: Value = serde_json::from_str(&MALL.to_json()).unwrap();
    let id = json["other_columns"].as_array().unwrap().iter().find(|c| c["column"] == "CustomerID");
    assert_eq!(id.unwrap()["kind"], "identifier");
    assert_eq!(id.unwrap().as_object().unwrap().len(), 3);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let text = MALL.to_json();
    for end in (0..text.len() - 1).step_by(97).chain([1, 30, text.len() - 2]) {
        let problem = problem(&text.as_bytes()[..end]);
        // The first bytes of a model are not yet known to be one.
        let expected = if (1..30).contains(&end) { None } else { Some(ModelFileProblem::CutShort) };
        assert!(expected.is_none_or(|expected| problem == expected), "cut at {end}: {problem:?}");
    }
}

#[test]
fn a_file_with_any_byte_changed_is_refused() {
    let text = MALL.to_json();
    for place in (0..text.len() - 1).step_by(41) {
        for flip in [0x01, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= flip;
            assert!(Model::from_json("model.json", &bytes).is_err(), "byte {place} ^ {flip}");
        }
    }
    assert_eq!(problem(text.replace("65.56840", "65.56841").as_bytes()), ModelFileProblem::Altered);
}

#[test]
fn a_newer_or_foreign_file_is_refused() {
    let newer = sealed(&MALL.to_json().replace("\"format_version\": 1", "\"format_version\": 2"));
    assert_eq!(problem(newer.as_bytes()), ModelFileProblem::Newer { found: 2, known: 1 });
    for text in
        ["{}", "[]", "hello", "{\"format\": \"other\", \"format_version\": 1}", "\u{0}\u{1}"]
    {
        assert_eq!(problem(text.as_bytes()), ModelFileProblem::NotAModel, "{text}");
    }
    assert_eq!(problem(b""), ModelFileProblem::CutShort);
}

#[test]
fn a_file_from_before_stability_was_told_still_reads() {
    let mut json: Value = serde_json::from_str(&MALL.to_json()).unwrap();
    let elbow = json["elbow"].as_object_mut().unwrap();
    for name in ["grouping", "evidence"] {
        assert!(elbow.remove(name).is_some(), "{name}");
    }
    assert!(elbow["advice"].as_object_mut().unwrap().remove("stability").is_some());
    for point in elbow["by_k"].as_array_mut().unwrap() {
        point.as_object_mut().unwrap().remove("stability");
        assert!(point.as_object_mut().unwrap().remove("smallest").is_some());
    }
    let text = sealed(&serde_json::to_string_pretty(&json).unwrap());
    let read = Model::from_json("model.json", text.as_bytes()).unwrap();
    assert_eq!((read.elbow.grouping, read.elbow.advice.stability), (Grouping::Natural, None));
    assert_eq!(read.elbow.by_k[4].wcss, MALL.elbow.by_k[4].wcss);
}

#[test]
fn a_file_from_before_valleys_were_looked_for_still_reads() {
    let mut json: Value = serde_json::from_str(&MALL.to_json()).unwrap();
    let evidence = json["elbow"]["evidence"].as_object_mut().unwrap();
    assert!(evidence.remove("valley").is_some());
    let text = sealed(&serde_json::to_string_pretty(&json).unwrap());
    let read = Model::from_json("model.json", text.as_bytes()).unwrap();
    assert_eq!(read.elbow.evidence.unwrap().valley, None);
    assert_eq!(read.elbow.grouping, Grouping::Natural);
}

#[test]
fn parts_that_contradict_each_other_are_refused() {
    for (from, to, says) in [
        (
            "\"n_clusters\": 5,\n    \"cluster",
            "\"n_clusters\": 6,\n    \"cluster",
            "entries where 6 are needed",
        ),
        ("\"cluster_id\": 3", "\"cluster_id\": 7", "out of order"),
        ("\"cluster_id\": 3", "\"cluster_id\": 2", "out of order"),
        ("\"version\": \"", "\"version\": \"../", "is no version"),
        ("\"kind\": \"numeric\"", "\"kind\": \"secret\"", "unknown variant"),
    ] {
        let text = MALL.to_json();
        assert!(text.contains(from), "{from}");
        match problem(sealed(&text.replacen(from, to, 1)).as_bytes()) {
            ModelFileProblem::Inconsistent(problem) => assert!(problem.contains(says), "{problem}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn numbers_too_large_to_measure_distances_are_refused() {
    for (part, numbers, value) in
        [("kmeans", "/cluster_centers_/0/0", -1e200), ("scaler", "/scale_/0", 1e305)]
    {
        let mut json: Value = serde_json::from_str(&MALL.to_json()).unwrap();
        *json[part].pointer_mut(numbers).unwrap() = value.into();
        let text = sealed(&serde_json::to_string_pretty(&json).unwrap());
        match problem(text.as_bytes()) {
            ModelFileProblem::Inconsistent(problem) => {
                assert!(problem.contains("too large to measure distances"), "{problem}");
            }
            other => panic!("{part}{numbers}: {other:?}"),
        }
    }
}

fn kept(folder: &Path) -> Store {
    let store = Store::new(folder);
    store.keep(&MALL, &Source::mall_customers()).unwrap();
    store.activate(&MALL.version).unwrap();
    store
}

#[test]
fn the_store_gives_back_what_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Store::new(folder.path().join("not/yet")).active().unwrap(), None);
    let store = kept(folder.path());
    assert_eq!(store.active().unwrap().as_ref(), Some(&*MALL));
    assert_eq!(store.versions().unwrap(), std::slice::from_ref(&MALL.version));
    let customers = store.customers(&MALL).unwrap();
    assert_eq!((customers.data.n_rows(), customers.labels[199]), (200, 4));
}

#[test]
fn the_store_refuses_what_is_not_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept(folder.path());
    for version in ["../../etc", "", "0123456789ab", "ABCDEF012345"] {
        assert!(matches!(store.activate(version), Err(Error::UnknownModel { .. })), "{version}");
    }
    let customers = folder.path().join("models").join(&MALL.version).join("customers.csv");
    std::fs::write(&customers, "CustomerID,Age\n1,2\n").unwrap();
    assert!(matches!(store.customers(&MALL), Err(Error::Customers { .. })));
    std::fs::remove_file(&customers).unwrap();
    assert!(matches!(store.customers(&MALL), Err(Error::Customers { .. })));
    std::fs::write(folder.path().join("active"), "../evil\n").unwrap();
    assert!(matches!(store.active(), Err(Error::UnknownModel { .. })));
}
