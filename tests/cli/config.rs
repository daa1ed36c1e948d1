//! Where the server's options come from.

use crate::run::{finish, folder_with, run, segmenta};

const FILE: &str = "addr = \"127.0.0.1:8811\"\nmax-connections = 50\nbody_limit = 1000\n\
                    cors-origin = [\"https://a.example\", \"https://b.example\"]\n";

#[test]
fn what_is_in_force_is_printed_with_its_origin() {
    let folder = folder_with("segmenta.toml", FILE);
    let mut command = segmenta(folder.path());
    command.env("SEGMENTA_BODY_LIMIT", "2000").env("SEGMENTA_CONFIG", "segmenta.toml");
    command.args(["config", "--max-connections", "60"]);
    let printed = finish(command).ok().stdout;
    insta::assert_snapshot!(printed);

    // What was printed is a file that says the same.
    std::fs::write(folder.path().join("printed.toml"), &printed).unwrap();
    let again = run(folder.path(), &["config", "--config", "printed.toml", "--json"]).ok().json();
    assert_eq!(again["addr"]["value"], "127.0.0.1:8811");
    assert_eq!(again["max-connections"]["value"], 60);
    assert_eq!(again["body-limit"]["value"], 2000);
    assert_eq!(again["cors-origin"]["value"][1], "https://b.example");
    assert_eq!(again["addr"]["from"], "printed.toml");
}

#[test]
fn a_file_that_is_wrong_is_named() {
    for (text, says) in [
        ("adr = 1", "there is no option adr; `segmenta config` lists"),
        ("config = \"x\"", "there is no option config"),
        ("help = true", "there is no option help"),
        ("body-limit = \"many\"", "invalid value 'many' for '--body-limit <BYTES>'"),
        ("addr = [\"127.0.0.1:1\", \"127.0.0.1:2\"]", "addr: give one value"),
        ("body-limit = 2026-01-01", "body-limit: a text, a number, true, false or a list"),
        ("log = \"info\"\nbody-limit = ", "line 2 is no TOML"),
        ("[limits]\nmax-uploads = 1", "there is no option limits"),
    ] {
        let folder = folder_with("segmenta.toml", text);
        let ran = run(folder.path(), &["serve", "--config", "segmenta.toml"]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let expected = format!("error: segmenta.toml: {says}");
        assert!(ran.stderr.starts_with(&expected), "{} / {expected}", ran.stderr);
    }
    let folder = folder_with("segmenta.toml", "");
    let ran = run(folder.path(), &["--config=nowhere.toml"]);
    assert_eq!((ran.code, ran.stderr.starts_with("error: nowhere.toml: ")), (2, true));
}

#[test]
fn half_of_a_certificate_is_refused() {
    let folder = folder_with("segmenta.toml", "tls-cert = \"cert.pem\"");
    let ran = run(folder.path(), &["serve", "--config", "segmenta.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("give both --tls-cert and --tls-key"), "{}", ran.stderr);
}

#[test]
fn a_server_that_is_not_there_is_not_ready() {
    let folder = folder_with("segmenta.toml", "addr = \"127.0.0.1:1\"");
    let ran = run(folder.path(), &["healthcheck", "--config", "segmenta.toml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: no server answers at 127.0.0.1:1"), "{}", ran.stderr);
}
