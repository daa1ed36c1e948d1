//! Learning, and looking at what was learned.

use segmenta::dataset::Source;
use segmenta::model::Model;
use segmenta::model::store::Store;
use serde_json::Value;

use crate::run::{MALL, finish, folder_with, redacted, run, run_with_input, segmenta, trained};

#[test]
fn help() {
    for command in ["inspect", "rfm", "train", "elbow", "predict", "models", "export", "cluster"] {
        let ran = run(trained(), &[command, "--help"]).ok();
        insta::assert_snapshot!(format!("help_{command}"), ran.stdout);
    }
    insta::assert_snapshot!("help", run(trained(), &["--help"]).ok().stdout);
    for command in ["serve", "inspect", "rfm", "train", "elbow", "predict", "models", "export"] {
        let ran = run(trained(), &[command, "-h"]).ok();
        assert!(ran.stdout.contains(&format!("\n  segmenta {command}")), "{command}");
        let options = ran.stdout.lines().filter(|line| line.starts_with("      --")).count();
        assert_eq!(ran.stdout.matches("[env:").count(), options, "{}", ran.stdout);
    }
}

#[test]
fn train() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["train"]).ok();
    insta::assert_snapshot!("train", redacted(&ran.stdout));
    assert!(ran.stderr.starts_with("no FILE given: learning from the bundled Mall Customers"));
    assert!(run(folder.path(), &["models"]).ok().stdout.contains("*  "));
}

#[cfg(not(feature = "engine"))]
#[test]
fn what_was_not_built_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.csv"), MALL).unwrap();
    for (args, feature) in [
        (&["train", "shop.csv", "--sql", "SELECT * FROM shop"][..], "engine"),
        (&["inspect", "s3://bucket/shop.csv"], "engine"),
        (&["elbow", "s3://bucket/*.parquet"], "engine"),
        (&["train", "shop.csv", "--engine", "df://127.0.0.1:50050"], "cluster"),
        (&["cluster", "scheduler"], "cluster"),
    ] {
        let ran = run(folder.path(), args);
        let told = format!("build it with --features {feature}\n");
        assert!(ran.code == 2 && ran.stderr.ends_with(&told), "{} {}", ran.code, ran.stderr);
    }
}

#[test]
fn train_from_more_than_memory_may_take() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.csv"), MALL).unwrap();
    let limited = ["shop.csv", "--memory-limit", "1KiB"];
    let ran =
        run(folder.path(), &[&["train"], &limited[..], &["--resume", "passes"]].concat()).ok();
    insta::assert_snapshot!("train_out_of_core", redacted(&ran.stdout));
    assert!(ran.stderr.contains("reading the files pass by pass instead"), "{}", ran.stderr);
    assert!(!folder.path().join("passes").exists());
    let elbow = run(folder.path(), &[&["elbow"], &limited[..], &["--json"]].concat()).ok().json();
    assert_eq!(elbow["elbow"]["n_clusters"], 5);

    // The model is kept without its customers: predictions work, and what needs rows says why it cannot.
    let set = ["--set", "annual_income=50", "--set", "spending_score=50"];
    let predicted = run(folder.path(), &[&["predict"], &set[..]].concat()).ok();
    assert!(predicted.stdout.contains("Standard"), "{}", predicted.stdout);
    let ran = run(folder.path(), &["export", "--format", "csv"]);
    assert!(ran.stderr.contains("learned from more of them than memory holds"), "{}", ran.stderr);
    for command in ["train", "elbow"] {
        let shown = |limit: &[&str]| {
            let args = [&[command, "shop.csv", "--show-preparation"], limit].concat();
            run(folder.path(), &args).ok().stdout
        };
        // What the rows do not show, others may.
        assert_eq!(shown(&limited[1..]).lines().count(), shown(&[]).lines().count());
        assert!(shown(&limited[1..]).starts_with("Annual Income (k$)"));
    }
}

#[test]
fn train_in_indonesian_with_a_number_of_clusters_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["train", "--n-clusters", "4", "--lang", "id", "--out", "m.json"];
    let ran = run(folder.path(), &args).ok();
    insta::assert_snapshot!(
        "train_4_id",
        ran.stdout.lines().skip(29).take(8).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn elbow() {
    let ran = run_with_input(trained(), &["elbow", "-", "--features", "age"], MALL).ok();
    insta::assert_snapshot!("elbow", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn elbow_of_segments_that_must_be_large() {
    let ran = run(trained(), &["elbow", "--min-segment-size", "12%"]).ok();
    insta::assert_snapshot!("elbow_12_percent", ran.stdout);
}

#[test]
fn elbow_of_a_continuum() {
    let rows = (0..400).map(|i| format!("{},{}\n", i * 149 % 400, i * i % 401));
    let csv = format!("a,b\n{}", rows.collect::<Vec<String>>().concat());
    let ran = run_with_input(trained(), &["elbow", "-"], &csv).ok();
    insta::assert_snapshot!("elbow_continuum", ran.stdout);
    let ran = run_with_input(trained(), &["elbow", "-", "--json"], &csv).ok();
    assert_eq!(ran.json()["elbow"]["grouping"], "none");
}

#[test]
fn the_elbow_says_what_decided() {
    for (rows, expected) in [
        ("1\n", "k = 1: there is only one customer."),
        ("7\n7\n7\n", "k = 1: all customers are alike in these features."),
        ("1\n9\n", "k = 1: too few different customers to compare groups of them."),
        (
            "1\n2\n11\n12\n",
            "k = 2: the knee of the WCSS curve. Silhouette, Calinski-Harabasz and Stab",
        ),
    ] {
        let ran = run_with_input(
            trained(),
            &["elbow", "-"],
            &format!("x,y\n{}", rows.replace('\n', ",a\n")),
        )
        .ok();
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    }
    let ran = run(trained(), &["elbow", "--k-max", "1"]).ok();
    assert!(ran.stdout.contains("k = 1: no other number was tried."), "{}", ran.stdout);
    let ran = run(trained(), &["elbow", "--json"]).ok();
    assert_eq!(ran.json()["elbow"]["advice"]["calinski_harabasz"], 9);
}

#[test]
fn the_elbow_says_when_natural_groups_outweigh_it() {
    let places = [(0, 0), (80, 0), (200, 0), (200, 80), (0, 200)];
    let mut state = 1_u32;
    let mut noise = || {
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 24
        };
        (byte() + byte() + byte() + byte()) / 40
    };
    let row = |i: usize| {
        let (x, y) = places[i % 5];
        format!("{},{}\n", x + noise(), y + noise())
    };
    let csv = format!("x,y\n{}", (0..300).map(row).collect::<String>());
    let ran = run_with_input(trained(), &["elbow", "-"], &csv).ok();
    let expected =
        "k = 5: the groups are natural, and stand as far apart as with any number of them";
    assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    assert!(ran.stdout.contains("Elbow prefers 4"), "{}", ran.stdout);
}

#[test]
fn train_prints_json_and_nothing_else() {
    let folder = folder_with("new.csv", &format!("{MALL}201,Male,30,many,50\n"));
    let args = ["train", "new.csv", "--on-error", "skip", "--json", "--out", "m.json"];
    let ran = run(folder.path(), &args).ok();
    assert_eq!(ran.stderr, "");
    let json = ran.json();
    assert_eq!(json["n_clusters"], 5);
    assert!((json["inertia"].as_f64().unwrap() - 65.568_408_155_716_8).abs() < 1e-9);
    let segments = json["segments"].as_array().unwrap();
    let sizes: Vec<&Value> = segments.iter().map(|segment| &segment["size"]).collect();
    assert_eq!(sizes, [23, 22, 81, 35, 39]);
    assert_eq!(segments[4]["persona"], "Target");
    assert_eq!(
        json["skipped_rows"][0],
        "new.csv, row 202, column \"Annual Income (k$)\": \"many\" is not a number"
    );
    assert_eq!((&json["path"], &json["data_dir"]), (&Value::from("m.json"), &Value::Null));
    assert!(!folder.path().join("segmenta-data").exists());
}

#[test]
fn models() {
    insta::assert_snapshot!("models", redacted(&run(trained(), &["models"]).ok().stdout));
    insta::assert_snapshot!(
        "models_show",
        redacted(&run(trained(), &["models", "show"]).ok().stdout)
    );
}

#[test]
fn another_model_can_be_put_to_use() {
    let folder = tempfile::tempdir().unwrap();
    for n_clusters in ["5", "3"] {
        run(folder.path(), &["train", "--n-clusters", n_clusters, "--n-init", "10"]).ok();
    }
    let list = run(folder.path(), &["models", "list", "--json"]).ok().json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 2);
    for model in list {
        assert_eq!(model["active"], model["n_clusters"] == 3);
    }
    let idle = list.iter().find(|model| model["active"] == false).unwrap();
    run(folder.path(), &["models", "activate", idle["version"].as_str().unwrap()]).ok();
    let shown = run(folder.path(), &["models", "show", "--json"]).ok().json();
    assert_eq!((&shown["version"], &shown["active"]), (&idle["version"], &Value::from(true)));
}

#[test]
fn segments_go_by_their_ids_whatever_their_places() {
    let mut model = Model::open(&trained().join("model.json")).unwrap();
    for (segment, id) in model.segments.iter_mut().zip([1, 3, 7, 8, 20]) {
        segment.cluster_id = id;
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("segmenta-data"));
    store.keep(&model, &Source::mall_customers()).unwrap();
    store.activate(&model.version).unwrap();
    for segment in ["20", "target"] {
        let args = ["export", "--segment", segment, "--format", "json"];
        let rows = run(folder.path(), &args).ok().json();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 39);
        assert!(rows.iter().all(|row| row["Cluster"] == 20 && row["Persona"] == "Target"));
    }
    assert_eq!(run(folder.path(), &["export", "--segment", "4"]).code, 2);
    let customer = ["--set", "annual_income=90", "--set", "spending_score=80"];
    let one = run(folder.path(), &[&["predict", "--json"][..], &customer].concat()).ok().json();
    assert_eq!((&one["cluster_id"], &one["persona"]), (&Value::from(20), &Value::from("Target")));
    let scored =
        run_with_input(folder.path(), &["predict", "-"], "annual_income,spending_score\n90,80\n");
    assert!(scored.ok().stdout.contains("90,80,20,Target,"));
}

#[test]
fn a_model_follows_the_one_in_use() {
    let folder = folder_with("fewer.csv", &MALL.lines().take(191).collect::<Vec<_>>().join("\n"));
    let train = |more: &[&str]| run(folder.path(), &[&["train", "--json"][..], more].concat());
    let first = train(&["fewer.csv"]).ok().json();
    assert_eq!(first["lineage"], Value::Null);
    std::fs::write(folder.path().join("mall.csv"), MALL).unwrap();
    let second = train(&["mall.csv", "--n-clusters", "4"]).ok().json();
    let lineage = &second["lineage"];
    assert_eq!((&lineage["previous"], &lineage["next_id"]), (&first["model_version"], &5.into()));
    assert_eq!(lineage["vanished"][0]["cluster_id"], 1);
    let told = run(folder.path(), &["train", "mall.csv", "--follow", "active"]).ok().stdout;
    assert!(told.contains("4 kept, 1 new, 0 vanished"), "{told}");
    assert!(told.contains(" 5  Careless  new"), "{told}");

    // What is not kept in the folder follows nothing unless told to.
    let version = first["model_version"].as_str().unwrap();
    let out = ["mall.csv", "--out", "other.json"];
    assert_eq!(train(&out).ok().json()["lineage"], Value::Null);
    let following = train(&[&out[..], &["--follow", version]].concat()).ok().json();
    assert_eq!(following["lineage"]["previous"], version);
    assert_eq!(train(&["mall.csv", "--follow", "none"]).ok().json()["lineage"], Value::Null);
    for (follow, says) in [("latest", "latest"), ("active", "no model is in use")] {
        let ran = train(&["mall.csv", "--follow", follow, "--data-dir", "none"]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{} {}", ran.code, ran.stderr);
    }
}

#[test]
fn options_come_from_the_environment_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = segmenta(folder.path());
    for (name, value) in [
        ("N_CLUSTERS", "3"),
        ("N_INIT", "5"),
        ("JSON", "1"),
        ("OUT", "m.json"),
        ("FEATURES", "age"),
    ] {
        command.env(format!("SEGMENTA_{name}"), value);
    }
    command.arg("train");
    let json = finish(command).ok().json();
    assert_eq!((&json["n_clusters"], &json["features"][0]), (&Value::from(3), &Value::from("age")));
    assert!(folder.path().join("m.json").exists());
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = segmenta(folder.path());
    for name in ["N_CLUSTERS", "N_INIT", "TOL", "JSON", "OUT", "PERSONAS", "DATA_DIR", "LANG"] {
        command.env(format!("SEGMENTA_{name}"), "");
    }
    command.args(["train", "--k-max", "3"]);
    assert!(finish(command).ok().stdout.contains("kept in ./segmenta-data and put to use"));
}

#[test]
fn the_variable_of_a_switch_holds_either_answer() {
    for (value, expected) in [("TRUE", Some(true)), ("0", Some(false)), ("maybe", None)] {
        let mut command = segmenta(trained());
        command.env("SEGMENTA_JSON", value).arg("models");
        let ran = finish(command);
        assert_eq!(ran.code, if expected.is_some() { 0 } else { 2 }, "{}", ran.stderr);
        assert_eq!(ran.stdout.starts_with('['), expected == Some(true), "{}", ran.stdout);
        assert_eq!(ran.stderr.contains("give true or false"), expected.is_none());
    }
}

#[test]
fn a_model_cannot_steer_the_terminal() {
    const EVIL: &str = "Evil\u{1b}[2J\u{9b}2J\u{7}\u{202e}";
    let mut model = Model::open(&trained().join("model.json")).unwrap();
    model.created_at = format!("today{EVIL}");
    model.features[0].name = EVIL.to_owned();
    for segment in &mut model.segments {
        let id = segment.cluster_id;
        segment.persona = format!("{EVIL}{id}");
        for text in [&mut segment.description, &mut segment.action] {
            *text = format!("{EVIL}\nforged");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("segmenta-data"));
    store.keep(&model, &Source::mall_customers()).unwrap();
    store.activate(&model.version).unwrap();
    let set = ["--set", "Annual Income (k$)=900", "--set", "spending_score=50"];
    for args in [
        &["models"][..],
        &["models", "show"],
        &["models", "show", "--json"],
        &["predict", set[0], set[1], set[2], set[3]],
        &["predict", set[0], set[1], set[2], set[3], "--json"],
        &["export", "--segment", "Nobody"],
    ] {
        let ran = run(folder.path(), args);
        let is_harmful = |c: char| c.is_control() && c != '\n';
        let text = ran.stdout + &ran.stderr;
        assert!(text.contains("Evil") || args == ["models"], "{args:?}: {text}");
        assert!(!text.contains(is_harmful), "{args:?}: {text:?}");
        assert!(!text.contains("\nforged"), "{args:?}: {text}");
    }
    let shown = run(folder.path(), &["models", "show", "--json"]).ok().json();
    assert_eq!(shown["segments"][0]["persona"], format!("{EVIL}0"));
}

#[test]
fn a_damaged_model_does_not_hide_the_others() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["train", "--n-init", "5"]).ok();
    let models = folder.path().join("segmenta-data/models");
    std::fs::create_dir(models.join("0123456789ab")).unwrap();
    std::fs::write(models.join("0123456789ab/model.json"), "junk").unwrap();
    std::fs::write(folder.path().join("segmenta-data/active"), "nonsense").unwrap();
    let ran = run(folder.path(), &["models"]).ok();
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
    let warnings: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(warnings.len(), 2, "{}", ran.stderr);
    assert!(warnings[0].contains("there is no model \"nonsense\""));
    assert!(
        warnings[1]
            .ends_with("this is not a Segmenta model; give a file that `segmenta train` wrote")
    );
}

#[cfg(unix)]
#[test]
fn a_written_file_has_the_rights_of_any_other_and_a_link_stays_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("usual"), "").unwrap();
    std::os::unix::fs::symlink("m.json", at("link.json")).unwrap();
    for out in ["m.json", "link.json"] {
        run(folder.path(), &["train", "--n-init", "5", "--out", out]).ok();
    }
    let rights = |name| std::fs::metadata(at(name)).unwrap().permissions().mode();
    assert_eq!(rights("m.json"), rights("usual"));
    assert!(at("link.json").is_symlink());
}
