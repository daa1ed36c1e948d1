//! A disk that is full, a data folder that may only be read, two servers in one folder, and clocks that were wrong:
//! the server predicts, says what is the matter, and leaves nothing half written.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters, TrainOptions, train};
use serde_json::{Value, json};
use server::{PATIENCE, Server, ask, behind, json_of, piped, segmenta};

const CUSTOMERS: &str = include_str!("../data/mall_customers.csv");
const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";
/// Whom root becomes where it must not have its way.
const NOBODY: u32 = 65534;

fn learn(n_clusters: usize) -> Model {
    let data = Dataset::read(&Source::mall_customers(), OnError::Fail).unwrap();
    let n_clusters = NClusters::Fixed(n_clusters);
    let options = TrainOptions { n_clusters, ..TrainOptions::new().unwrap() };
    train(data, &options, |_| ()).unwrap().model
}

/// Two models, of which the first is in use.
fn keep_two(folder: &Path) -> [String; 2] {
    let store = Store::new(folder);
    let versions = [5, 4].map(|n_clusters| {
        let model = learn(n_clusters);
        store.keep(&model, &Source::mall_customers()).unwrap();
        model.version
    });
    store.activate(&versions[0]).unwrap();
    versions
}

fn send(server: &Server, method: &str, path: &str, body: &Value) -> String {
    ask(&server.address, method, path, JSON, &body.to_string()).unwrap()
}

fn upload(server: &Server) -> String {
    ask(&server.address, "POST", "/api/uploads?name=mall.csv", OCTETS, CUSTOMERS).unwrap()
}

#[track_caller]
fn assert_refused(answer: &str, status: u16, says: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.contains("application/problem+json") && answer.contains(says), "{answer}");
}

#[track_caller]
fn assert_predicts(server: &Server, version: &str) {
    let answer = server.predict();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(version), "{answer}");
    assert!(server.get("/stats").contains("\"total\":200"));
}

/// The training at its end.
fn finished(server: &Server, job: &str) -> Value {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let status = json_of(&server.get(&format!("/api/jobs/{job}")));
        if !["queued", "running"].contains(&status["state"].as_str().unwrap()) {
            return status;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the training does not end");
}

/// All files below a folder with their bytes, and all folders. Files that are only there to be locked are left out.
fn content(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(content(&path));
            found.insert(path, None);
        } else if !["lock", "serving", "audit.log"].iter().any(|name| path.ends_with(name)) {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, Some(bytes));
        }
    }
    found
}

/// A folder with two models and an upload.
struct Prepared {
    folder: tempfile::TempDir,
    versions: [String; 2],
    upload: String,
}

impl Prepared {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let versions = keep_two(folder.path());
        let server = Server::start(folder.path(), &[]);
        let sent = json_of(&upload(&server));
        Self { folder, versions, upload: sent["id"].as_str().unwrap().to_owned() }
    }

    /// Each change that needs the disk is refused, leaves `seen` as it was, and predictions go on.
    fn check_refused(&self, server: &Server, seen: &Path, status: u16, says: &str) {
        let before = content(seen);
        let [active, other] = &self.versions;
        assert_refused(&upload(server), status, says);
        let names = json!({ "en": { "persona": "Regulars" } });
        let path = format!("/api/models/{active}/segments/0");
        assert_refused(&send(server, "PATCH", &path, &names), status, says);
        let path = format!("/api/models/{other}/activate");
        assert_refused(&send(server, "POST", &path, &json!({})), status, says);
        // A training may begin where there is room for its model only later.
        let order = json!({ "upload": self.upload, "k_max": 4 });
        let answer = send(server, "POST", "/api/jobs", &order);
        if answer.starts_with("HTTP/1.1 202 ") {
            let job = json_of(&answer)["id"].as_str().unwrap().to_owned();
            let status = finished(server, &job);
            assert_eq!(status["state"], "failed", "{status}");
            assert!(status["problem"].to_string().contains(says), "{status}");
        } else {
            assert_refused(&answer, status, says);
        }
        assert_predicts(server, active);
        let after = content(seen);
        let paths: Vec<_> = after.keys().collect();
        assert!(before == after, "something else is there now: {paths:?}");
    }
}

/// Whether this process may mount file systems for its children.
fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs none {}", folder.path().display());
    let tried = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("no file system may be mounted here: this part is left out");
    }
    can
}

#[test]
fn where_no_file_may_grow_changes_are_refused() {
    let prepared = Prepared::new();
    // Stands for a full disk wherever none can be mounted: no file gets a byte.
    let limit = ["sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""];
    let server = Server::from(behind(&limit, &segmenta(prepared.folder.path(), &[])));
    prepared.check_refused(&server, prepared.folder.path(), 507, "no room left");
}

#[test]
fn on_a_full_disk_changes_are_refused_until_there_is_room() {
    if !can_mount() {
        return;
    }
    let prepared = Prepared::new();
    let disk = tempfile::tempdir().unwrap();
    let (from, to) = (prepared.folder.path().display(), disk.path().display());
    let script = format!(
        "mount -t tmpfs -o size=4m none {to} && cp -r {from}/. {to} && \
         {{ dd if=/dev/zero of={to}/filler bs=4096 2> /dev/null; exec \"$0\" \"$@\"; }}"
    );
    let full = ["unshare", "-rm", "sh", "-c", &script];
    let server = Server::from(behind(&full, &segmenta(disk.path(), &[])));
    // The disk as the server sees it.
    let seen = PathBuf::from(format!("/proc/{}/root{to}", server.child.id()));
    prepared.check_refused(&server, &seen, 507, "no room left");
    fs::remove_file(seen.join("filler")).unwrap();
    assert!(upload(&server).starts_with("HTTP/1.1 201 "));
    let path = format!("/api/models/{}/activate", prepared.versions[1]);
    assert!(send(&server, "POST", &path, &json!({})).starts_with("HTTP/1.1 200 "));
    assert_predicts(&server, &prepared.versions[1]);
}

/// Takes the right to write away, or gives it back, for a folder and all that is in it.
fn let_write(path: &Path, may: bool) {
    if path.is_dir() {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        for entry in path.read_dir().unwrap() {
            let_write(&entry.unwrap().path(), may);
        }
    }
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o111 | 0o444;
    let mode = if may { mode | 0o200 } else { mode };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A server that may not write to the folder. Root may always, so it serves as nobody.
fn without_rights(folder: &Path, copy: &tempfile::TempDir) -> Server {
    let_write(folder, false);
    let command = segmenta(folder, &[]);
    if fs::metadata(folder).unwrap().uid() != 0 {
        return Server::from(command);
    }
    // The program itself may lie where nobody but root gets to.
    let program = copy.path().join("segmenta");
    fs::copy(command.get_program(), &program).unwrap();
    let_write(copy.path(), false);
    let mut arguments = vec![program.to_str().unwrap()];
    arguments.extend(command.get_args().map(|argument| argument.to_str().unwrap()));
    let (program, arguments) = arguments.split_first().unwrap();
    let mut command = Command::new(program);
    command.args(arguments).uid(NOBODY).gid(NOBODY);
    Server::from(piped(command))
}

#[test]
fn without_the_right_to_write_the_server_predicts() {
    let prepared = Prepared::new();
    let copy = tempfile::tempdir().unwrap();
    let server = without_rights(prepared.folder.path(), &copy);
    assert!(server.start.iter().any(|message| message.contains("cannot be changed for now")));
    prepared.check_refused(&server, prepared.folder.path(), 503, "may not write");
    let_write(prepared.folder.path(), true);
}

#[test]
fn without_the_right_to_write_and_a_model_the_server_learns_and_predicts() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let server = without_rights(folder.path(), &copy);
    let warned = "the model is not kept: it lasts until the server stops";
    assert!(server.start.iter().any(|message| message == warned), "{:?}", server.start);
    assert_predicts(&server, "\"persona\":\"Standard\"");
    assert_refused(&upload(&server), 503, "may not write");
    assert!(content(folder.path()).is_empty());
    let_write(folder.path(), true);
}

#[test]
fn on_a_disk_that_is_mounted_to_be_read_the_server_predicts() {
    if !can_mount() {
        return;
    }
    let prepared = Prepared::new();
    let folder = prepared.folder.path().display();
    let script = format!(
        "mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec \"$0\" \"$@\""
    );
    let read_only = ["unshare", "-rm", "sh", "-c", &script];
    let server = Server::from(behind(&read_only, &segmenta(prepared.folder.path(), &[])));
    prepared.check_refused(&server, prepared.folder.path(), 503, "may not write");
}

#[test]
fn of_two_servers_in_a_folder_one_changes_it() {
    let prepared = Prepared::new();
    let [active, other] = &prepared.versions;
    let folder = prepared.folder.path();
    let first = Server::start(folder, &[]);
    // An upload that is on its way.
    let (begin, end) = CUSTOMERS.split_at(1000);
    let mut stream = first.connect();
    let length = CUSTOMERS.len();
    write!(
        stream,
        "POST /api/uploads?name=mall.csv HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\
         content-type: {OCTETS}\r\ncontent-length: {length}\r\n\r\n{begin}"
    )
    .unwrap();
    let arriving = || {
        let mut uploads = folder.join("uploads").read_dir().unwrap().map(Result::unwrap);
        uploads.any(|upload| upload.file_name().to_string_lossy().starts_with(".arriving-"))
    };
    let start = Instant::now();
    while !arriving() {
        assert!(start.elapsed() < PATIENCE, "the upload does not begin");
        thread::sleep(Duration::from_millis(10));
    }

    let second = Server::start(folder, &[]);
    assert!(second.start.iter().any(|message| message.contains("cannot be changed for now")));
    prepared.check_refused(&second, folder, 409, "another server is at work");
    let refused = [
        ("DELETE", format!("/api/models/{other}")),
        ("POST", "/api/models/rollback".to_owned()),
        ("DELETE", format!("/api/uploads/{}", prepared.upload)),
    ];
    for (method, path) in refused {
        let answer = send(&second, method, &path, &json!({}));
        assert_refused(&answer, 409, "another server is at work");
    }

    stream.write_all(end.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    // The command line has a lock of its own for its moment.
    Store::new(folder).activate(other).unwrap();
    Store::new(folder).activate(active).unwrap();

    // Killed, so it can put nothing in order.
    drop(first);
    let path = format!("/api/models/{other}/activate");
    assert!(send(&second, "POST", &path, &json!({})).starts_with("HTTP/1.1 200 "));
    assert_predicts(&second, other);
    assert!(upload(&second).starts_with("HTTP/1.1 201 "));
}

#[test]
fn what_a_killed_process_left_half_written_is_swept_away_by_who_may() {
    let folder = tempfile::tempdir().unwrap();
    let [version, _] = keep_two(folder.path());
    let of_model = folder.path().join("models").join(&version);
    let left = [folder.path().join(".segmenta-aB3xYz"), of_model.join(".segmenta-Qq12Zz")];
    let others = [folder.path().join("notes.txt"), of_model.join("notes.txt")];
    let write = |paths: &[PathBuf]| paths.iter().for_each(|path| fs::write(path, "x").unwrap());
    write(&left);
    write(&others);
    // Somebody who changes the folder just now may be writing them.
    let lock = fs::File::create(folder.path().join("lock")).unwrap();
    lock.lock().unwrap();
    drop(Server::start(folder.path(), &[]));
    assert!(left.iter().all(|path| path.exists()));
    drop(lock);
    let server = Server::start(folder.path(), &[]);
    assert!(!left.iter().any(|path| path.exists()));
    assert!(others.iter().all(|path| path.exists()));
    // Nor does a second server sweep in the folder of the first.
    write(&left);
    drop(Server::start(folder.path(), &[]));
    assert!(left.iter().all(|path| path.exists()));
    drop(server);
}

#[test]
fn models_of_other_times_are_listed_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    // The clock was set back between the first and the second, and forward before the third.
    let times =
        [(5, "2999-12-31T23:59:59Z"), (4, "1970-01-01T00:00:00Z"), (3, "2026-01-01T00:00:00Z")];
    let versions = times.map(|(n_clusters, time)| {
        let mut model = learn(n_clusters);
        time.clone_into(&mut model.created_at);
        store.keep(&model, &Source::mall_customers()).unwrap();
        store.activate(&model.version).unwrap();
        model.version
    });
    let [future, past, present] = &versions;
    let server = Server::start(folder.path(), &[]);
    // The order of use is that in which they were put to use, whatever their times.
    assert_predicts(&server, present);
    let list = json_of(&server.get("/api/models"));
    assert_eq!(list["previous"], **past);
    let listed: Vec<_> = list["models"].as_array().unwrap().iter().map(|m| &m["version"]).collect();
    assert_eq!(listed, [future, present, past]);
    let answer = send(&server, "POST", "/api/models/rollback", &json!({}));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_predicts(&server, past);
    let answer = send(&server, "POST", "/api/models/rollback", &json!({}));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_predicts(&server, future);
    let job = json_of(&send(
        &server,
        "POST",
        "/api/jobs",
        &json!({ "upload": json_of(&upload(&server))["id"] }),
    ));
    let status = finished(&server, job["id"].as_str().unwrap());
    assert_eq!(status["state"], "done", "{status}");
}
