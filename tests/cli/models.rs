//! What can be done with the models that are kept.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{Ran, folder_with, run};

/// A folder with two models of the bundled customers, of 5 segments and then of 4.
fn two() -> (TempDir, String, String) {
    let folder = folder_with("mall.csv", crate::run::MALL);
    let train = |k: &str| {
        let args = ["train", "mall.csv", "--n-clusters", k, "--json"];
        run(folder.path(), &args).ok().json()["model_version"].as_str().unwrap().to_owned()
    };
    let (five, four) = (train("5"), train("4"));
    (folder, five, four)
}

fn models(folder: &Path, args: &[&str]) -> Ran {
    run(folder, &[&["models"], args].concat())
}

#[track_caller]
fn refused(ran: &Ran, says: &str) {
    assert!(ran.code == 2 && ran.stderr.contains(says), "{}: {}", ran.code, ran.stderr);
    assert_eq!(ran.stdout, "");
}

#[test]
fn there_and_back() {
    let (folder, five, four) = two();
    let path = folder.path();
    let back = models(path, &["rollback", "--json"]).ok().json();
    assert_eq!(back, json!({"active": five, "previous": four}));
    refused(&models(path, &["rollback"]), "no other model was in use before");
    assert!(models(path, &["activate", &four]).ok().stdout.contains("is in use"));
    refused(&models(path, &["delete", &four]), "put another one to use before deleting it");
    refused(&models(path, &["delete", "0123456789ab"]), "0123456789ab");
    models(path, &["delete", &five]).ok();
    refused(&models(path, &["rollback"]), "no other model was in use before");
    refused(&models(path, &["show", &five]), &five);
}

#[test]
fn a_damaged_model_is_refused_and_the_other_stays() {
    let (folder, five, four) = two();
    let model = folder.path().join("segmenta-data/models").join(&five).join("model.json");
    std::fs::write(&model, &std::fs::read(&model).unwrap()[..999]).unwrap();
    refused(&models(folder.path(), &["activate", &five]), "cut short");
    refused(&models(folder.path(), &["rollback"]), "cut short");
    assert_eq!(models(folder.path(), &["show", "--json"]).ok().json()["version"], four.as_str());
}

#[test]
fn texts_are_changed_and_outlive_training() {
    let (folder, five, four) = two();
    let path = folder.path();
    let edited = models(path, &["edit", "active", "target", "--name", "VIP", "--json"]).ok().json();
    assert_eq!(
        (&edited["version"], &edited["en"]["persona"]),
        (&four.as_str().into(), &"VIP".into())
    );
    models(path, &["rename", &four, "4", "--name", "Sultan Besar", "--lang", "id"]).ok();
    let shown = models(path, &["show", "--lang", "id"]).ok().stdout;
    assert!(shown.contains("Sultan Besar"), "{shown}");
    refused(&models(path, &["edit", &four, "4"]), "nothing to change");
    refused(&models(path, &["edit", &four, "4", "--name", "sensible"]), "en.persona: segment 0 is");
    refused(&models(path, &["edit", &four, "9", "--name", "x"]), "the model has no segment \"9\"");
    let next = run(path, &["train", "mall.csv", "--json"]).ok().json();
    let segments = next["segments"].as_array().unwrap();
    let segment = segments.iter().find(|segment| segment["cluster_id"] == 4).unwrap();
    assert_eq!(
        (&segment["persona"], &segment["translations"]["id"]["persona"]),
        (&"VIP".into(), &"Sultan Besar".into())
    );
    // The list tells what each was asked for and whom it follows.
    let list = models(path, &["--json"]).ok().json();
    let of = |version: &str| {
        let mut models = list.as_array().unwrap().iter();
        models.find(|model| model["version"] == version).unwrap().clone()
    };
    assert_eq!(of(&five)["settings"]["n_clusters"], 5);
    assert_eq!(
        (&of(&four)["settings"]["n_clusters"], &of(&four)["lineage"]["previous"]),
        (&json!(4), &json!(five))
    );
    assert_eq!(of(next["model_version"].as_str().unwrap())["settings"]["n_clusters"], "auto");
}

#[test]
fn two_models_side_by_side() {
    let (folder, five, four) = two();
    let path = folder.path();
    let json = models(path, &["compare", &five, "--moves", "moves.csv", "--json"]).ok().json();
    assert_eq!((&json["live"], &json["candidate"]), (&json!(four), &json!(five)));
    assert_eq!(
        (&json["customers"], &json["segments"].as_array().unwrap().len()),
        (&json!(200), &5)
    );
    let moves = std::fs::read_to_string(path.join("moves.csv")).unwrap();
    assert_eq!(moves.lines().count() as u64, 1 + json["moved"].as_u64().unwrap());
    let text = models(path, &["compare", &five]).ok().stdout;
    let text = text.replace(&five, "[   five   ]").replace(&four, "[   four   ]");
    insta::assert_snapshot!("models_compare", text);
    refused(&models(path, &["compare", "latest"]), "latest");
    let ran = models(path, &["compare", &five, "--moves", "segmenta-data/moves.csv"]);
    refused(
        &ran,
        "error: --moves segmenta-data/moves.csv: ./segmenta-data is the folder of models",
    );
    // Without the customers, segments are compared and moves are not.
    std::fs::remove_file(path.join("segmenta-data/models").join(&five).join("customers.csv"))
        .unwrap();
    let ran = models(path, &["compare", &five, "--json"]).ok();
    assert!(ran.stderr.contains("missing") && ran.json()["moves"] == Value::Null);
    refused(&models(path, &["compare", &five, "--moves", "moves.csv"]), "missing");
}

#[test]
fn help_has_an_example_everywhere() {
    for command in ["show", "activate", "rollback", "compare", "edit", "delete"] {
        let help = models(Path::new("."), &[command, "--help"]).ok().stdout;
        assert!(help.contains(&format!("segmenta models {command}")), "{help}");
    }
}
