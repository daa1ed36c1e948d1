//! Exit codes, and what an error says.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::run::{HEADER, MALL, finish, folder_with, run, segmenta, trained};

#[test]
fn wrong_use_ends_with_2_and_says_how_to_mend_it() {
    let features = "the features are annual_income, spending_score";
    let folder = folder_with("m.csv", MALL);
    std::fs::write(folder.path().join("empty.csv"), "").unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    std::fs::write(folder.path().join("header.csv"), HEADER).unwrap();
    std::fs::write(folder.path().join("scored.csv"), format!("{HEADER},persona\n1,2,x\n")).unwrap();
    std::fs::write(folder.path().join("other.csv"), "a,b\n1,2\n").unwrap();
    let one = |set: &'static str| ["predict", "--model", "model.json", "--set", set].to_vec();
    let scored = |file: &'static str| ["predict", "--model", "model.json", file].to_vec();
    for (args, expected) in [
        (vec!["train", "nowhere.csv"], "nowhere.csv: cannot be read: No such file"),
        (vec!["train", "folder"], "folder: no table is in this folder; the names of tables end in"),
        (vec!["train", "x*.csv"], "x*.csv: no file fits this pattern"),
        (vec!["train", "-", "m.csv"], "-: standard input cannot be read beside files"),
        (
            vec!["train", "m.csv", "other.csv"],
            "m.csv: there is no column \"a\", which other.csv has; files of one table have the same",
        ),
        (
            vec!["train", "empty.csv"],
            "empty.csv: the file is empty; give a header and at least one",
        ),
        (vec!["train", "header.csv"], "header.csv: there are no customers in it"),
        (vec!["train", "m.csv", "--out", "m.csv"], "--out m.csv: this file is read"),
        (vec!["train", "m.csv", "--out", "."], "--out .: this is a folder"),
        (vec!["train", "m.csv", "--out", "a/b.json"], "--out a/b.json: there is no folder a"),
        (vec!["train", "m.csv", "--out", "-"], "--out -: the report is printed there"),
        (vec!["train", "m.csv", "--data-dir", "m.csv"], "--data-dir m.csv: this is a file"),
        (
            vec!["train", "m.csv", "--features", "shoes"],
            "there is no column \"shoes\"; the columns",
        ),
        (
            vec!["train", "m.csv", "--features", "gender", "--prepare", "gender=log1p"],
            "column \"Gender\": log1p, clip and scale are for numbers, and it holds text",
        ),
        (vec!["predict", "m.csv"], "segmenta-data: no model is in use; run `segmenta train` first"),
        (vec!["predict", "--model", "m.csv", "m.csv"], "m.csv: this is not a Segmenta model"),
        (vec!["predict", "--model", "model.json"], "<FILE|--set <NAME=VALUE>>"),
        (
            vec!["predict", "--model", "model.json", "m.csv", "--set", "age=1"],
            "FILE and --set cannot go together; give the one or the other",
        ),
        (scored("nowhere.csv"), "nowhere.csv: cannot be read: No such file"),
        (scored("empty.csv"), "empty.csv: the file is empty"),
        (scored("header.csv"), "header.csv: there are no customers in it"),
        (scored("scored.csv"), "scored.csv: there already is a column \"persona\""),
        (scored("other.csv"), "no column \"Annual Income (k$)\"; the columns are a, b"),
        (one("annual_income"), "give a feature as name=value"),
        (one("annual_income="), "the number is missing"),
        (one("annual_income=rich"), "\"rich\" is not a number"),
        (one("annual_income=12,5"), "\"12,5\" is not a number"),
        (one("annual_income=-1"), "it cannot be below 0"),
        (one("annual_income=1,annual_income=2"), "\"annual_income\" is given twice"),
        (one("age=old"), "\"old\" is not a number"),
        (one("age=-1"), "it cannot be below 0"),
        (one("Genre=Male,gender=Male"), "\"gender\" is given twice"),
        (
            one("shoes=42"),
            "the model has no column \"shoes\", and beside its features only customerid",
        ),
        (one("annual_income=50"), "spending_score missing; give every feature with --set"),
        (one("annual_income=1e300,spending_score=1"), "annual_income = 1e300 is too large"),
        (vec!["models", "show", "../x"], "there is no model \"../x\""),
        (vec!["export", "--data-dir", "none"], "none: no model is in use"),
        (vec!["fly"], "unrecognized subcommand 'fly'"),
    ] {
        let ran = run(folder.path(), &args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
        let is_setting = args.contains(&"--set") && !args.contains(&"m.csv");
        let lists_features = is_setting && !expected.contains("1e300");
        assert_eq!(ran.stderr.contains(features), lists_features, "{}", ran.stderr);
    }
    let ran = run(trained(), &["export", "--segment", "Nobody"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("no segment \"Nobody\"; it has 0 Sensible, 1 Careless, 2 Standard")
    );
}

#[test]
fn values_of_options_are_refused_with_what_is_needed() {
    let folder = folder_with("m.csv", MALL);
    for (args, expected) in [
        (
            vec!["train", "m.csv", "--n-clusters", "x"],
            "n_clusters = x: a whole number is needed, such",
        ),
        (vec!["train", "m.csv", "--delimiter", "ab"], "give one sign such as ; or |"),
        (vec!["train", "m.csv", "--decimal", "dot"], "[possible values: point, comma]"),
        (vec!["inspect", "m.csv", "--encoding", "x"], "utf-8, utf-16le, utf-16be, windows-1252"),
        (vec!["elbow", "m.csv", "--max-unpacked", "0"], "give a size such as 500MiB"),
        (vec!["train", "m.csv", "--n-clusters", "0"], "n_clusters = 0: at least 1 cluster"),
        (vec!["train", "m.csv", "--tol", "-1"], "tol = -1: a number from 0 up is needed"),
        (vec!["train", "m.csv", "--n-clusters", "-1"], "n_clusters = -1: at least 1 cluster"),
        (vec!["elbow", "m.csv", "--n-init", "-1"], "n_init = -1: at least 1 start is needed"),
        (vec!["elbow", "m.csv", "--max-iter", "-1"], "max_iter = -1: at least 1 step is needed"),
        (vec!["elbow", "m.csv", "--max-iter", "x"], "max_iter = x: a whole number is needed, such"),
        (vec!["elbow", "m.csv", "--k-max", "-1"], "k_max = -1: at least 1 cluster is needed"),
        (vec!["elbow", "m.csv", "--k-max", "0"], "k_max = 0: at least 1 cluster is needed"),
        (
            vec!["elbow", "m.csv", "--min-segment-size", "0"],
            "min_segment_size = 0: at least 1 customer is needed",
        ),
        (
            vec!["elbow", "m.csv", "--min-segment-size", "0.05"],
            "min_segment_size = 0.05: a whole number is needed, such as 50, or a share such as 5%",
        ),
        (
            vec!["train", "m.csv", "--min-segment-size", "101%"],
            "min_segment_size = 101%: a share from 0% to 100% is needed, such as 5%",
        ),
        (
            vec!["elbow", "m.csv", "--min-segment-size", "500"],
            "min_segment_size = 500: there are fewer customers than that in all",
        ),
        (
            vec!["train", "m.csv", "--min-segment-size", "12%", "--n-clusters", "5"],
            "n_clusters = 5: the smallest segment has 22 of the customers, and min_segment_size asks \
             for 24; k = 1, 2, 3 honour it",
        ),
        (vec!["elbow", "m.csv", "--n-swaps", "-1"], "n_swaps = -1: at least 0 swaps are needed"),
        (vec!["elbow", "m.csv", "--tol", "x"], "tol = x: a number from 0 up is needed, such as"),
        (
            vec!["elbow", "m.csv", "--random-state", "-1"],
            "random_state = -1: a whole number from 0",
        ),
        (vec!["serve", "--data-dir", "m.csv"], "--data-dir m.csv: this is a file; name a folder"),
        (vec!["serve", "--request-timeout", "0"], "give whole seconds from 1 to 86400, such as 30"),
        (vec!["serve", "--header-timeout", "86401"], "give whole seconds from 1 to 86400"),
        (vec!["serve", "--shutdown-timeout", "x"], "give whole seconds from 1 to 86400"),
        (vec!["serve", "--body-limit", "0"], "give a whole number from 1 up, such as"),
        (vec!["serve", "--stats-rows", "0"], "give a whole number from 1 up, such as"),
        (vec!["serve", "--log", "a=b=c"], "give a level such as info"),
        (
            vec!["--addr", "nonsense"],
            "give a host and a port, such as 127.0.0.1:8000, localhost:80",
        ),
        (
            vec!["--addr", "localhost:0", "train"],
            "the subcommand 'train' cannot be used with '--ad",
        ),
    ] {
        let ran = run(folder.path(), &args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn without_a_command_the_options_of_serve_count() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("segmenta"))
        .args(["--addr", "localhost:0", "--data-dir", "kept"])
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(log.any(|line| line.unwrap().contains("Segmenta is at http://")));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(folder.path().join("kept/active").exists());

    let mut command = segmenta(folder.path());
    command.env("SEGMENTA_ADDR", "nowhere");
    let ran = finish(command);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("invalid value 'nowhere' for '--addr"), "{}", ran.stderr);
    // Another command has no use for the address.
    let mut command = segmenta(folder.path());
    command.env("SEGMENTA_ADDR", "nowhere").args(["models", "--data-dir", "kept"]);
    finish(command).ok();
}

#[test]
fn results_do_not_go_into_the_folder_of_models() {
    let folder = folder_with("new.csv", &format!("{HEADER}\n50,50\n"));
    run(folder.path(), &["train", "--n-init", "5", "--data-dir", "kept"]).ok();
    let version = std::fs::read_to_string(folder.path().join("kept/active")).unwrap();
    let customers = format!("kept/models/{}/customers.csv", version.trim());
    let before = std::fs::read(folder.path().join(&customers)).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&customers, folder.path().join("link.csv")).unwrap();
    let link = if cfg!(unix) { "link.csv" } else { "kept/link.csv" };
    for out in [customers.as_str(), "kept/active", "./kept/models/../new.csv", link] {
        for args in [
            &["export"][..],
            &["predict", "--model", "model.json", "new.csv"],
            &["predict", "--set", "annual_income=1,spending_score=1"],
            &["train", "new.csv"],
        ] {
            let ran = run(folder.path(), &[args, &["--data-dir", "kept", "--out", out]].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
            let says =
                format!("error: --out {out}: kept is the folder of models; write to another one\n");
            assert_eq!(ran.stderr, says);
        }
    }
    assert_eq!(std::fs::read(folder.path().join(&customers)).unwrap(), before);
    let taken = ["train", "new.csv", "--data-dir", "new", "--out", "new"];
    assert_eq!(run(folder.path(), &taken).code, 2);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = folder_with("new.csv", &format!("{HEADER}\n{}", "50,50\n".repeat(100_000)));
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("segmenta"))
        .args(["predict", "--model", "model.json", "new.csv"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, format!("{HEADER},cluster_id,persona,distance\n"));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_1() {
    for args in [&["export", "--out", "/dev/full"][..], &["models", "show", "--json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("segmenta"))
            .args(args)
            .current_dir(trained())
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("cannot be written: No space left on device"), "{stderr}");
    }
}
