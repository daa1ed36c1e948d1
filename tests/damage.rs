//! Files of the data folder that are damaged in any byte: never another model in silence, never a panic, and a
//! message that says how to mend it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "common/server.rs"]
#[allow(dead_code)]
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use segmenta::Error;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters, SegmentEdit, TrainOptions, train};
use segmenta::personas::Language;
use server::{Server, segmenta};
use tempfile::TempDir;

/// Customers of whom the model is small.
const FEW: &[u8] = b"Income,Score\n1,2\n2,1\n9,8\n8,9\n1,1\n9,9\n";

/// A model of the few, and the source that it was learned from.
fn small(n_clusters: usize) -> (Model, Source) {
    let source = Source::new("few.csv", FEW);
    let data = Dataset::read(&source, OnError::Fail).unwrap();
    let n_clusters = NClusters::Fixed(n_clusters);
    let options = TrainOptions { n_clusters, k_max: 3, ..TrainOptions::new().unwrap() };
    (train(data, &options, |_| ()).unwrap().model, source)
}

/// A folder where the second of two models is in use.
struct Folder {
    place: TempDir,
    store: Store,
    former: String,
    active: String,
}

impl Folder {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let store = Store::new(place.path());
        let [former, active] = [2, 3].map(|n_clusters| {
            let (model, source) = small(n_clusters);
            store.keep(&model, &source).unwrap();
            store.activate(&model.version).unwrap();
            model.version
        });
        Self { place, store, former, active }
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn of_active(&self, file: &str) -> PathBuf {
        self.path().join("models").join(&self.active).join(file)
    }

    /// Changes what a segment of the model in use is called, so that there is a file of texts.
    fn rename(&self) {
        let mut edit = SegmentEdit::default();
        edit.texts_mut(Language::English).persona = Some("Regulars".to_owned());
        self.store.edit(&self.active, 0, &edit).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
        command.args(arguments).arg("--data-dir").arg(self.path()).env_clear().output().unwrap()
    }

    /// What the server says that does not start.
    fn refusal(&self) -> String {
        let output = segmenta(self.path(), &[]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        said
    }
}

/// The bytes with each one damaged in turn, in its lowest and in its highest bit.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).flat_map(move |place| {
        [0x01, 0x80].map(|flip| {
            let mut damaged = bytes.to_vec();
            damaged[place] ^= flip;
            damaged
        })
    })
}

#[test]
fn a_model_damaged_in_any_byte_or_cut_anywhere_is_refused() {
    let (model, _) = small(2);
    let text = model.to_json().into_bytes();
    for (turn, damaged) in damaged(&text).enumerate() {
        let read = Model::from_json("model.json", &damaged);
        assert!(matches!(read, Err(Error::ModelFile { .. })), "byte {}: {read:?}", turn / 2);
    }
    // The end of the last line is no part of the model.
    for end in 0..text.len() - 1 {
        let read = Model::from_json("model.json", &text[..end]);
        assert!(matches!(read, Err(Error::ModelFile { .. })), "cut at {end}: {read:?}");
    }
    assert_eq!(Model::from_json("model.json", &text[..text.len() - 1]).unwrap(), model);
}

#[test]
fn no_other_model_answers_where_it_is_not_known_which_is_in_use() {
    let folder = Folder::new();
    let path = folder.path().join("active");
    let whole = fs::read(&path).unwrap();
    let cut = (0..whole.len() - 1).map(|end| whole[..end].to_vec());
    for damaged in damaged(&whole).chain(cut) {
        fs::write(&path, &damaged).unwrap();
        match folder.store.active() {
            // Other signs that are no part of the version end the line.
            Ok(found) => {
                assert_eq!(found.map(|model| model.version).as_ref(), Some(&folder.active));
            }
            Err(error) => assert!(matches!(error, Error::UnknownModel { .. }), "{error}"),
        }
    }
}

#[test]
fn a_history_damaged_in_any_byte_is_no_hindrance() {
    let folder = Folder::new();
    let path = folder.path().join("history");
    let whole = fs::read(&path).unwrap();
    for damaged in damaged(&whole) {
        fs::write(&path, &damaged).unwrap();
        let previous = folder.store.previous_version().unwrap();
        assert!(previous.is_none_or(|version| version == folder.former));
        folder.store.activate(&folder.former).unwrap();
        folder.store.activate(&folder.active).unwrap();
        assert_eq!(folder.store.previous_version().unwrap().as_ref(), Some(&folder.former));
    }
    fs::write(&path, b"\xff\0\n").unwrap();
    let server = Server::start(folder.path(), &[]);
    assert!(predict(&server).contains(&folder.active));
}

#[test]
fn texts_damaged_in_any_byte_leave_the_model_as_it_was_learned() {
    let folder = Folder::new();
    folder.rename();
    let learned = folder.store.model_as_learned(&folder.active).unwrap();
    let path = folder.of_active("texts.json");
    let whole = fs::read(&path).unwrap();
    for damaged in damaged(&whole) {
        fs::write(&path, &damaged).unwrap();
        match folder.store.model(&folder.active) {
            // Another letter is a text too, but nothing else of the model may differ.
            Ok(read) => assert_eq!(read.kmeans, learned.kmeans),
            Err(error) => assert!(matches!(error, Error::Texts { .. }), "{error}"),
        }
        assert_eq!(folder.store.model_as_learned(&folder.active).unwrap(), learned);
    }
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let server = Server::start(folder.path(), &[]);
    let warned = "segments go by the texts that they were learned with";
    assert!(server.start.iter().any(|message| message == warned), "{:?}", server.start);
    let answer = predict(&server);
    assert!(answer.contains(&folder.active) && !answer.contains("Regulars"), "{answer}");
}

#[test]
fn a_damaged_model_in_use_is_told_and_can_be_replaced() {
    let folder = Folder::new();
    let path = folder.of_active("model.json");
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    bytes[whole.len() / 2] ^= 1;
    let damages: [&dyn Fn(); 4] = [
        &|| fs::write(&path, &bytes).unwrap(),
        &|| fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
        &|| fs::write(&path, "").unwrap(),
        &|| fs::remove_file(&path).unwrap(),
    ];
    for damage in damages {
        damage();
        let said = folder.refusal();
        let names = said.contains(&folder.active) && said.contains("segmenta models rollback");
        assert!(names && said.contains("segmenta models activate"), "{said}");
        let output = folder.command(&["models", "rollback"]);
        assert!(output.status.success(), "{output:?}");
        let server = Server::start(folder.path(), &[]);
        assert!(predict(&server).contains(&folder.former));
        drop(server);
        fs::write(&path, &whole).unwrap();
        folder.store.activate(&folder.active).unwrap();
    }
}

#[test]
fn a_damaged_name_of_the_model_in_use_is_told_and_can_be_replaced() {
    let folder = Folder::new();
    for damage in [&b""[..], b"\xff\xfe\n", b"../../etc\n", b"0123456789ab\n"] {
        fs::write(folder.path().join("active"), damage).unwrap();
        let said = folder.refusal();
        assert!(said.contains("segmenta models activate"), "{said}");
        let output = folder.command(&["models", "activate", &folder.active]);
        assert!(output.status.success(), "{output:?}");
    }
    assert!(predict(&Server::start(folder.path(), &[])).contains(&folder.active));
}

fn predict(server: &Server) -> String {
    let body = r#"{"income": 2, "score": 2}"#;
    let answer = server.exchange(&server::request_with(body.len(), body));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    answer
}
