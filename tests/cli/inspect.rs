//! Looking at the columns of files, and reading files of all kinds.

use std::io::{Read as _, Write};

use serde_json::Value;

use crate::run::{MALL, folder_with, nine_decimals, run, run_with_input, trained};

const SHOP: &str = "\
Kode Pelanggan;Nama;E-Mail;Anggota;Kota;Bergabung;Belanja;Diskon;Umur;Catatan\n\
A1;Ada;ada@toko.example;ya;Bandung;25/11/2024;Rp 1.250.000;12 %;31;suka teh\n\
A2;Budi;budi@toko.example;tidak;Bandung;03/04/2025;Rp 950.000;7,5 %;NA;-\n\
A3;Cici;cici@toko.example;ya;Medan;05/06/2025;Rp 12.500;0 %;44;\n\
A4;Dewi;dewi@toko.example;tidak;Medan;01/02/2025;(Rp 500);10 %;27;baru\n\
A5;Eka;eka@toko.example;ya;Medan;11/12/2023;Rp 75.000;5 %;52;langganan lama\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_column_is_described() {
    let ran = run(trained(), &["inspect"]).ok();
    insta::assert_snapshot!("inspect_mall", ran.stdout);
    let folder = folder_with("toko.csv", SHOP);
    let ran = run(folder.path(), &["inspect", "toko.csv"]).ok();
    insta::assert_snapshot!("inspect", ran.stdout);
    insta::assert_snapshot!("inspect_notes", ran.stderr);
    let json = run(folder.path(), &["inspect", "toko.csv", "--json"]).ok().json();
    assert_eq!(json["read_as"], serde_json::json!(["CSV with semicolons, decimal comma, UTF-8"]));
    insta::assert_snapshot!("inspect_json", nine_decimals(&format!("{:#}", json["columns"][6])));
}

#[test]
fn more_than_memory_may_take_is_seen_in_rows_that_are_drawn() {
    let limited = ["--memory-limit", "1KiB"];
    let folder = folder_with("mall.csv", MALL);
    let whole = run(folder.path(), &["inspect", "mall.csv"]).ok().stdout;
    let ran = run(folder.path(), &[&["inspect", "mall.csv"][..], &limited].concat()).ok();
    assert_eq!(ran.stdout, whole, "all of few rows are drawn");
    assert!(ran.stderr.contains("looking at some rows that are drawn of all instead"));

    std::fs::write(folder.path().join("short.csv"), "a,b\n1,2\n3\n4,5\n").unwrap();
    let args = [&["inspect", "short.csv", "--on-error", "skip", "--json"][..], &limited].concat();
    let ran = run(folder.path(), &args).ok();
    assert_eq!(ran.json()["skipped_rows"].as_array().unwrap().len(), 1, "{}", ran.stdout);

    let row = |i: usize| {
        let city = if i.is_multiple_of(4) { "" } else { ["Rome", "Oslo"][i % 2] };
        format!("{i},{},{city}\n", i % 50)
    };
    let text: String =
        ["id,visits,city\n".to_owned()].into_iter().chain((0..60_000).map(row)).collect();
    std::fs::write(folder.path().join("shop.csv"), text).unwrap();
    let args = [&["inspect", "shop.csv"][..], &limited].concat();
    let ran = run(folder.path(), &args).ok();
    let title =
        "shop.csv: 60000 rows, 3 columns (what follows is seen in 50000 rows drawn at random)\n";
    assert!(ran.stdout.starts_with(title), "{}", ran.stdout);
    let json = run(folder.path(), &[&args[..], &["--json"]].concat()).ok().json();
    assert_eq!((&json["rows"], &json["drawn_rows"]), (&60_000.into(), &50_000.into()));
    let missing = json["columns"][2]["missing"].as_f64().unwrap();
    assert!((0.24..0.26).contains(&missing), "{missing}");
}

#[test]
fn what_was_detected_can_be_overridden() {
    let text = "name|spent\nGr\u{f6}\u{df}e|1.250\nx|2.500\n";
    let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let folder = folder_with("t.txt", "");
    std::fs::write(folder.path().join("t.txt"), latin1).unwrap();
    let ran = run(folder.path(), &["inspect", "t.txt", "--json"]).ok();
    assert_eq!(ran.stderr, "read as CSV with '|', decimal point, Windows-1252\n");
    assert_eq!(ran.json()["columns"][1]["numbers"]["max"], 2.5);
    let ran = run(folder.path(), &["inspect", "t.txt", "--json", "--decimal", "comma"]).ok();
    assert_eq!(ran.json()["columns"][1]["numbers"]["max"], 2500.0);
    let ran = run(folder.path(), &["inspect", "t.txt", "--json", "--delimiter", ";"]).ok();
    assert_eq!(ran.json()["columns"].as_array().unwrap().len(), 1);
    let ran = run(folder.path(), &["inspect", "t.txt", "--encoding", "utf-8"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("t.txt, row 2: not UTF-8 text; save the file"), "{}", ran.stderr);
}

#[test]
fn compressed_files_are_read_up_to_a_limit() {
    let folder = folder_with("mall.csv", MALL);
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("mall.csv.gz"), gzip(MALL)).unwrap();
    std::fs::write(at("mall.zst"), zstd::encode_all(MALL.as_bytes(), 3).unwrap()).unwrap();
    std::fs::write(at("short.gz"), &gzip(MALL)[..500]).unwrap();
    let good = gzip(MALL);
    std::fs::write(at("longer.gz"), [&good[..], b"and more"].concat()).unwrap();
    let behind = format!(
        "longer.gz: there is something behind the end of the packed data, at byte {}; cut",
        good.len()
    );
    let columns =
        |name| run(folder.path(), &["inspect", name, "--json"]).ok().json()["columns"].clone();
    for name in ["mall.csv.gz", "mall.zst"] {
        assert_eq!(columns(name), columns("mall.csv"));
    }
    let args = ["predict", "--model", "model.json", "mall.csv.gz"];
    assert_eq!(run(folder.path(), &args).ok().stdout.lines().count(), 201);
    for (args, expected) in [
        (&["train", "short.gz"][..], "short.gz: the gzip file is cut short; copy it again"),
        (&["train", "longer.gz"], &behind),
        (
            &["train", "mall.csv", "--encoding", "utf-16le"],
            "mall.csv: this is not UTF-16 LE, as --encoding says, but UTF-8; leave --encoding out, or",
        ),
        (&["predict", "--model", "model.json", "short.gz"], "short.gz: the gzip file is cut short"),
        (
            &["train", "mall.zst", "--max-unpacked", "2KiB"],
            "mall.zst: it unpacks to more than 2 KiB; if it is meant to be that large, raise",
        ),
    ] {
        let ran = run(folder.path(), args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
}

#[test]
fn what_can_never_fit_into_memory_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    // A file that says that it is large, and takes no room.
    let file = std::fs::File::create(folder.path().join("huge.csv")).unwrap();
    file.set_len(1 << 43).unwrap();
    let ran = run(folder.path(), &["inspect", "huge.csv", "--memory-limit", "99TiB"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with(
            "error: learning from this takes about 32.00 TiB of memory, and there are"
        ) && ran.stderr.contains("--ignore-memory"),
        "{}",
        ran.stderr
    );
    // Without such a limit they do without the memory, and find that it is no CSV.
    for (command, instead) in
        [("train", "pass by pass"), ("elbow", "pass by pass"), ("inspect", "drawn of all")]
    {
        let ran = run(folder.path(), &[command, "huge.csv"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(instead), "{}", ran.stderr);
        assert!(ran.stderr.contains("error: huge.csv, row 1"), "{}", ran.stderr);
    }
}

/// A bomb is read, where that is asked for, as it comes.
#[test]
fn what_unpacks_to_very_much_needs_no_memory_where_rows_stream() {
    let folder = tempfile::tempdir().unwrap();
    let packed = |text: &mut dyn std::io::Read| zstd::encode_all(text, 1).unwrap();
    let rows = "7;2026-11-25;1\n".repeat(6_000_000);
    let log = format!("who;day;paid\n{rows}");
    std::fs::write(folder.path().join("log.zst"), packed(&mut log.as_bytes())).unwrap();
    let separators = std::io::repeat(b',').take(80 << 20);
    let mut separators = b"who,day,paid\n".chain(separators);
    std::fs::write(folder.path().join("row.zst"), packed(&mut separators)).unwrap();
    let rfm = |file: &str, most: &[&str]| {
        let columns = ["--customer", "who", "--date", "day", "--amount", "paid"];
        run(folder.path(), &[&["rfm", file], &columns[..], most].concat())
    };
    let refused = rfm("log.zst", &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("more than 250 times its size"), "{}", refused.stderr);
    let allowed = rfm("log.zst", &["--max-unpacked", "1GiB"]).ok();
    assert!(allowed.stdout.contains("\n7;0;1;6000000;"), "{}", allowed.stdout);
    let row = rfm("row.zst", &["--max-unpacked", "1GiB"]);
    assert_eq!(row.code, 2);
    assert!(row.stderr.contains("a row is longer than 16 MiB"), "{}", row.stderr);
}

#[test]
fn several_files_are_one_table() {
    let lines: Vec<&str> = MALL.lines().collect();
    let part = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    let folder = folder_with("whole.csv", MALL);
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    let at = |name: &str| folder.path().join("parts").join(name);
    std::fs::write(at("1.csv"), part(&lines[1..120])).unwrap();
    std::fs::write(at("2.csv.gz"), gzip(&part(&lines[120..]))).unwrap();
    let train = |args: &[&str]| {
        let args = [&["train", "--json"], args].concat();
        run(folder.path(), &args).ok().json()
    };
    let whole = train(&["whole.csv", "--out", "m.json"]);
    for files in [&["parts"][..], &["parts/*"], &["parts/1.csv", "parts/2.csv.gz"]] {
        let found = train(&[files, &["--out", "m.json"]].concat());
        assert_eq!((&found["inertia"], &found["rows"]), (&whole["inertia"], &Value::from(200)));
    }
    // What was kept of both files is read again.
    train(&["parts", "--data-dir", "kept"]);
    let exported = run(folder.path(), &["export", "--data-dir", "kept"]).ok().stdout;
    assert_eq!(exported.lines().count(), 201);
    let args = ["predict", "--model", "model.json", "parts"];
    assert_eq!(run(folder.path(), &args).ok().stdout.lines().count(), 201);
    std::fs::write(at("3.csv"), "CustomerID,Gender,Age\n1,x,2\n").unwrap();
    for command in [&["train", "parts"][..], &["predict", "--model", "model.json", "parts"]] {
        let ran = run(folder.path(), command);
        assert_eq!(ran.code, 2);
        assert!(
            ran.stderr.contains("3.csv: there is no column \"Annual Income (k$)\", which "),
            "{}",
            ran.stderr
        );
    }
    let ran = run(folder.path(), &["train", "parts/1*", "--out", "parts/1.csv"]);
    assert!(ran.stderr.contains("--out parts/1.csv: this file is read"), "{}", ran.stderr);
}

#[test]
fn lines_of_json_are_read_and_scored() {
    let text = "{\"annual_income\": 15, \"spending_score\": 39, \"name\": \"Ada\"}\n\
                {\"spending_score\": 81, \"annual_income\": 15, \"vip\": true}\n";
    let ran = run_with_input(trained(), &["inspect", "-", "--json"], text).ok();
    assert_eq!(ran.stderr, "read as NDJSON, UTF-8\n");
    assert_eq!(ran.json()["columns"].as_array().unwrap().len(), 4);
    let ran = run_with_input(trained(), &["predict", "-"], text).ok();
    assert_eq!(
        nine_decimals(&ran.stdout),
        "annual_income,spending_score,name,vip,cluster_id,persona,distance\n\
         15,39,Ada,,0,Sensible,0.824141699\n15,81,,true,1,Careless,0.414352571\n"
    );
    let ran = run_with_input(trained(), &["train", "-"], "{\"a\": 1}\n{\"a\": {\"b\": 2}}\n");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("standard input, row 2: the key \"a\" holds an object"));
}

#[test]
fn amounts_are_scored_as_spreadsheets_write_them() {
    let text = "annual_income;spending_score\n$15;39 %\n$50;50 %\n";
    let ran = run_with_input(trained(), &["predict", "-"], text).ok();
    let personas: Vec<&str> =
        ran.stdout.lines().skip(1).map(|line| line.split(';').nth(3).unwrap()).collect();
    assert_eq!(personas, ["Sensible", "Standard"]);
}

#[test]
fn personal_data_are_features_only_when_named_and_never_in_the_model() {
    let folder = folder_with("toko.csv", SHOP);
    let args =
        ["train", "toko.csv", "--out", "m.json", "--n-clusters", "2", "--features", "belanja"];
    run(folder.path(), &args).ok();
    let model = std::fs::read_to_string(folder.path().join("m.json")).unwrap();
    for secret in ["Ada", "ada@", "A1", "suka teh", "25/11/2024"] {
        assert!(!model.contains(secret), "{secret}");
    }
    let text = "No HP,Spent\n628123456780,5\n628123456781,7\n628123456782,900\n";
    let ran =
        run_with_input(folder.path(), &["elbow", "-", "--features", "no_hp,spent"], text).ok();
    assert!(ran.stderr.starts_with("warning: the column \"No HP\" holds personal data;"));
    let ran = run_with_input(folder.path(), &["elbow", "-", "--json"], text).ok();
    assert_eq!(ran.json()["features"], serde_json::json!(["spent"]));
}
