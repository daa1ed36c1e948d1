//! Who may do what on a real server: tokens, sessions, and pages of other sites.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use segmenta::access::Role;
use segmenta::model::store::Store;
use serde_json::Value;
use server::{Server, segmenta};
use tempfile::TempDir;

const CUSTOMER: &str = r#"{"annual_income": 50, "spending_score": 50}"#;

struct Guarded {
    folder: TempDir,
    server: Server,
}

/// A server with a token of each role, in the order of the roles.
fn guarded() -> (Guarded, [String; 3]) {
    let folder = TempDir::new().unwrap();
    let store = Store::new(folder.path());
    std::fs::create_dir_all(folder.path()).unwrap();
    let tokens = Role::ALL.map(|role| store.create_token(role.name(), role, None).unwrap().text);
    let server = Server::start(folder.path(), &[]);
    (Guarded { folder, server }, tokens)
}

fn ask(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let answer = server.exchange(&format!(
        "{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    ));
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

#[test]
fn each_route_asks_for_its_role() {
    let (Guarded { server, folder: _folder }, tokens) = guarded();
    let (_, description) = ask(&server, "GET", "/openapi.json", &bearer(&tokens[2]), "");
    let body = description.split_once("\r\n\r\n").unwrap().1;
    let description: Value = serde_json::from_str(body).unwrap();
    let mut seen = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            let needed = match (method.as_str(), path.as_str()) {
                (_, "/" | "/healthz" | "/readyz" | "/api/session") => None,
                (_, "/predict" | "/predict/batch") | ("GET", "/api/model") => Some(Role::Predict),
                (_, "/api/audit") => Some(Role::Admin),
                ("GET", _) => Some(Role::Read),
                _ => Some(Role::Admin),
            };
            let path = path.replace("{version}", "0123456789ab").replace(['{', '}'], "");
            let kept_out = |headers: &str| {
                let (status, answer) = ask(&server, &method, &path, headers, "{}");
                if status == 401 {
                    assert!(answer.contains("www-authenticate: Bearer"), "{answer}");
                }
                [401, 403].contains(&status)
            };
            assert_eq!(kept_out(""), needed.is_some(), "{method} {path} without a token");
            for (role, token) in Role::ALL.into_iter().zip(&tokens) {
                let expected = needed.is_some_and(|needed| role < needed);
                assert_eq!(kept_out(&bearer(token)), expected, "{method} {path} as {role}");
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_token_that_is_revoked_or_made_counts_on_a_running_server() {
    let (Guarded { folder, server }, tokens) = guarded();
    let predict = |token: &str| ask(&server, "POST", "/predict", &bearer(token), CUSTOMER).0;
    assert_eq!(predict(&tokens[0]), 200);
    let program = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
        command.args(args).arg("--data-dir").arg(folder.path()).stderr(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let id = tokens[0].split('_').nth(1).unwrap();
    program(&["token", "revoke", id]);
    while predict(&tokens[0]) == 200 {
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(predict(&tokens[0]), 401);
    let new = program(&["token", "create", "--name", "new", "--role", "predict"]);
    while predict(new.trim()) != 200 {
        thread::sleep(Duration::from_millis(500));
    }
    // Revoking all of them keeps everybody out rather than letting everybody in.
    let listed: Value = serde_json::from_str(&program(&["token", "list", "--json"])).unwrap();
    for token in listed.as_array().unwrap() {
        program(&["token", "revoke", token["id"].as_str().unwrap()]);
    }
    while predict(&tokens[2]) == 200 {
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(ask(&server, "POST", "/predict", "", CUSTOMER).0, 401);
}

#[test]
fn a_damaged_file_of_tokens_lets_nobody_in() {
    let (Guarded { folder, server }, tokens) = guarded();
    let path = folder.path().join("tokens.json");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let stats = |token: &str| ask(&server, "GET", "/stats", &bearer(token), "").0;
    while stats(&tokens[2]) == 200 {
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(stats(&tokens[2]), 503);
    assert_eq!(ask(&server, "GET", "/healthz", "", "").0, 200);
    let again = segmenta(folder.path(), &[]).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(
        String::from_utf8(again.stderr).unwrap().contains("tokens.json: the tokens cannot be read")
    );
    std::fs::write(&path, &whole).unwrap();
    while stats(&tokens[2]) != 200 {
        thread::sleep(Duration::from_millis(100));
    }
    // A file that is gone opens nothing either.
    std::fs::remove_file(&path).unwrap();
    while stats(&tokens[2]) == 200 {
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(stats(""), 503);
    std::fs::write(&path, &whole).unwrap();
    while stats(&tokens[2]) != 200 {
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn guessing_is_slowed_down() {
    let (Guarded { server, folder: _folder }, tokens) = guarded();
    let guess = format!("sgm_{}_{}", "0".repeat(12), "0".repeat(64));
    let guesses: Vec<u16> =
        (0..12).map(|_| ask(&server, "GET", "/stats", &bearer(&guess), "").0).collect();
    assert_eq!(guesses[..10], [401; 10]);
    assert_eq!(guesses[11], 429);
    assert_eq!(ask(&server, "GET", "/stats", &bearer(&tokens[1]), "").0, 200);
}

#[test]
fn a_browser_signs_in_and_out() {
    let (Guarded { server, folder: _folder }, tokens) = guarded();
    let sign_in = |token: &str| {
        ask(&server, "POST", "/api/session", "", &format!("{{\"token\": \"{token}\"}}"))
    };
    assert_eq!(sign_in("sgm_wrong").0, 401);
    let (status, answer) = sign_in(&tokens[1]);
    assert_eq!(status, 200);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(tokens[1].rsplit('_').next().unwrap()), "the token stays out of it");
    let cookie = format!("cookie: other=1; {}\r\n", cookie.split(';').next().unwrap());
    assert_eq!(ask(&server, "GET", "/stats", &cookie, "").0, 200);
    assert_eq!(ask(&server, "POST", "/api/models/rollback", &cookie, "{}").0, 403);
    let (_, session) = ask(&server, "GET", "/api/session", &cookie, "");
    assert!(session.ends_with(r#"{"is_needed":true,"role":"read","name":"read"}"#), "{session}");
    assert_eq!(ask(&server, "DELETE", "/api/session", &cookie, "").0, 204);
    assert_eq!(ask(&server, "GET", "/stats", &cookie, "").0, 401);
}

#[test]
fn pages_of_other_sites_cannot_change_anything() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &["--cors-origin", "https://shop.example"]);
    let roll_back = |headers: &str| ask(&server, "POST", "/api/models/rollback", headers, "{}").0;
    assert_eq!(roll_back("origin: https://evil.example\r\n"), 403);
    assert_eq!(roll_back("origin: null\r\n"), 403);
    assert_eq!(roll_back("sec-fetch-site: cross-site\r\n"), 403);
    // There is nothing to go back to.
    for own in [
        "",
        "origin: http://t\r\n",
        "origin: https://shop.example\r\n",
        "sec-fetch-site: same-origin\r\n",
    ] {
        assert_eq!(roll_back(own), 409, "{own}");
    }
    let led_here = "GET /stats HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    assert!(server.exchange(led_here).starts_with("HTTP/1.1 421 "));
    let preflight = ask(
        &server,
        "OPTIONS",
        "/predict",
        "origin: https://shop.example\r\naccess-control-request-method: POST\r\n\
         access-control-request-headers: authorization\r\n",
        "",
    );
    assert!(preflight.1.to_lowercase().contains("access-control-allow-headers: authorization"));
}

#[test]
fn a_server_that_others_reach_needs_a_token() {
    let folder = TempDir::new().unwrap();
    let start = |options: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
        command.args(["serve", "--addr", "0.0.0.0:0", "--data-dir"]).arg(folder.path());
        command.args(options).env_clear().stdout(Stdio::null()).stderr(Stdio::piped());
        command
    };
    let refused = start(&[]).output().unwrap();
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("segmenta token create --name NAME --role admin"), "{stderr}");
    assert!(!Path::new(folder.path()).join("models").exists(), "nothing is learned first");
    assert!(says(start(&["--insecure"]), "Segmenta is at http://0.0.0.0"));
    Store::new(folder.path()).create_token("a", Role::Read, None).unwrap();
    assert!(says(start(&[]), "Segmenta is at http://0.0.0.0"));
}

/// Whether a server says something before it ends.
fn says(mut command: Command, what: &str) -> bool {
    use std::io::{BufRead, BufReader};
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let is_said = lines.any(|line| line.contains(what));
    child.kill().unwrap();
    child.wait().unwrap();
    is_said
}

#[test]
fn changes_are_recorded_with_who_did_them() {
    let (Guarded { folder, server }, tokens) = guarded();
    let admin = bearer(&tokens[2]);
    let version = std::fs::read_to_string(folder.path().join("active")).unwrap();
    let path = format!("/api/models/{}/segments/4", version.trim());
    let names = r#"{"en": {"persona": "Big spenders"}}"#;
    assert_eq!(ask(&server, "PATCH", &path, &admin, names).0, 200);
    assert_eq!(ask(&server, "PATCH", &path, &bearer(&tokens[0]), names).0, 403);
    assert_eq!(ask(&server, "GET", "/api/audit?limit=0", &admin, "").0, 422);
    let entry = loop {
        let (status, answer) = ask(&server, "GET", "/api/audit?limit=1", &admin, "");
        assert_eq!(status, 200);
        let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        if let Some(entry) = body["entries"].get(0) {
            break entry.clone();
        }
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!((&entry["who"], &entry["what"]), (&"admin".into(), &"edit segment".into()));
    assert_eq!(entry["to"], format!("{}/4", version.trim()));
    assert_eq!((&entry["from"], entry["at"].is_string()), (&"127.0.0.1".into(), true));
    let file = std::fs::read_to_string(folder.path().join("audit.log")).unwrap();
    assert_eq!(file.lines().count(), 1);
}
