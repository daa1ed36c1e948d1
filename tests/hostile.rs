//! Hostile names and cells come out of every list, page and header as harmless text.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
#[allow(dead_code)]
mod api;

use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;

use api::{Answer, get, send};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::export;
use segmenta::model::store::Store;
use segmenta::model::{Customers, Model, NClusters, SegmentEdit, TrainOptions, train};
use segmenta::personas::Language;
use segmenta::server::{AppState, Settings, app};
use serde_json::Value;
use tempfile::TempDir;

/// What a spreadsheet would compute, and what it has to show instead.
const FORMULAS: [(&str, &str); 9] = [
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    (
        "=HYPERLINK(\"http://elsewhere.example\",\"x\")",
        "'=HYPERLINK(\"http://elsewhere.example\",\"x\")",
    ),
    ("@SUM(1)", "'@SUM(1)"),
    ("+A1+1", "'+A1+1"),
    ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
    ("=1\n=2", "'=1\n=2"),
    // Arithmetic can do no harm, and telephone numbers are written alike.
    ("+1+1", "+1+1"),
    ("-2+3", "-2+3"),
    ("+62 812-3456", "+62 812-3456"),
];

/// What a page must not take for markup, a path or a change of direction.
const TEXTS: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style></svg><iframe>",
    "../../x",
    "a\u{202e}vsc.exe\u{200f}",
    "nul\0end\u{1b}[31m",
];

fn hostile() -> Vec<&'static str> {
    FORMULAS.iter().map(|(formula, _)| *formula).chain(TEXTS).collect()
}

/// What a spreadsheet has to show of a cell.
fn in_spreadsheet(cell: &str) -> &str {
    FORMULAS.iter().find(|(formula, _)| *formula == cell).map_or(cell, |(_, shown)| shown)
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// A file whose name is `name` and whose columns and cells are hostile, six customers to each.
fn source(name: &str) -> Source {
    let hostile = hostile();
    let headers: Vec<String> = hostile.iter().map(|header| quoted(header)).collect();
    let mut csv = format!("id,spent,{}\n", headers.join(","));
    for row in 0..hostile.len() * 6 {
        let cell = hostile[row % hostile.len()];
        let cells = vec![quoted(cell); hostile.len()].join(",");
        writeln!(csv, "{},{},{cells}", quoted(&format!("{cell} {row}")), row % 7 * 10).unwrap();
    }
    Source::new(name, csv)
}

/// Two kept models of hostile customers, of which the first answers and is called hostile names.
struct Shop {
    folder: TempDir,
    store: Store,
    models: [Model; 2],
    app: Router,
}

fn shop(name: &str) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let source = source(name);
    let mut follow: Option<Arc<Model>> = None;
    let models = [2, 3].map(|n_clusters| {
        let options = TrainOptions {
            features: vec!["spent".to_owned()],
            n_clusters: NClusters::Fixed(n_clusters),
            k_max: 4,
            follow: follow.clone(),
            ..TrainOptions::new().unwrap()
        };
        let data = Dataset::read(&source, OnError::Fail).unwrap();
        let model = train(data, &options, |_| ()).unwrap().model;
        store.keep(&model, &source).unwrap();
        follow = Some(model.clone().into());
        model
    });
    let version = &models[0].version;
    store.activate(version).unwrap();
    for (segment, (persona, _)) in models[0].segments.iter().zip(FORMULAS) {
        let mut edit = SegmentEdit::default();
        for language in Language::ALL {
            edit.texts_mut(language).persona = Some(persona.to_owned());
            edit.texts_mut(language).description = Some(TEXTS[0].to_owned());
            edit.texts_mut(language).action = Some(TEXTS[1].to_owned());
        }
        store.edit(version, segment.cluster_id, &edit).unwrap();
    }
    let model = store.model(version).unwrap();
    let customers = store.customers(&model).unwrap();
    let state = AppState::new(model, Some(&customers), Settings::default());
    let app = app(state.with_store(store.clone()).unwrap());
    Shop { folder, store, models, app }
}

impl Shop {
    fn renamed(&self) -> Model {
        self.store.model(&self.models[0].version).unwrap()
    }

    fn customers(&self) -> Customers {
        self.store.customers(&self.renamed()).unwrap()
    }
}

/// The cells of CSV with its header.
fn cells(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A list shows every hostile header and cell, none as a formula, and the first `n_personas` of them as personas.
fn check_list(csv: &[u8], personas: &[&str]) {
    let rows = cells(csv);
    assert!(rows.len() > 1, "{rows:?}");
    let hostile = hostile();
    let shown: Vec<&str> = hostile.iter().map(|cell| in_spreadsheet(cell)).collect();
    assert_eq!(rows[0][2..2 + shown.len()], shown);
    for row in &rows[1..] {
        assert_eq!(row.len(), rows[0].len());
        let cell = &row[2];
        assert!(shown.contains(&cell.as_str()), "{row:?}");
        assert!(row[2..2 + shown.len()].iter().all(|other| other == cell), "{row:?}");
        for cell in row {
            let is_formula = cell.starts_with(['=', '@', '\t', '\r', '\n']);
            let is_arithmetic = cell.chars().all(|sign| !sign.is_alphabetic());
            assert!(!is_formula && (is_arithmetic || !cell.starts_with(['+', '-'])), "{row:?}");
        }
    }
    let all: Vec<&String> = rows.iter().flatten().collect();
    for persona in personas {
        assert!(all.iter().any(|cell| cell == persona), "{persona}");
    }
}

#[tokio::test]
async fn lists_of_customers_hold_no_formula() {
    let shop = shop("=1+1.csv");
    let personas = [FORMULAS[0].1, FORMULAS[1].1];
    let request = Request::get("/api/customers").header(header::ACCEPT, "text/csv");
    let answer = send(&shop.app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    check_list(&answer.body, &personas);

    let [live, other] = [&shop.models[0].version, &shop.models[1].version];
    let path = format!("/api/models/{other}/moves.csv?with={live}");
    let answer = get(&shop.app, &path).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), "attachment; filename=\"moves.csv\"");
    check_list(&answer.body, &[]);
    assert!(
        personas
            .iter()
            .any(|persona| cells(&answer.body).concat().contains(&(*persona).to_owned()))
    );

    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    command.args(["export", "--format", "csv", "--data-dir"]).arg(shop.folder.path()).env_clear();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    check_list(&output.stdout, &personas);
}

#[test]
fn a_report_holds_no_markup_of_the_data() {
    for name in hostile() {
        let shop = shop(name);
        for language in Language::ALL {
            let report = export::report(&shop.renamed(), Some(&shop.customers()), language);
            for markup in ["<script", "<img", "<iframe", "</style></svg>"] {
                assert!(!report.contains(markup), "{markup} of {name:?}");
            }
            // Pages hold no NUL and no control sequences, and text in another direction ends with its element.
            assert!(!report.contains(['\0', '\u{1b}']), "{name:?}");
        }
    }
}

#[tokio::test]
async fn json_holds_every_name_as_it_is() {
    for name in hostile() {
        let shop = shop(name);
        let answer = get(&shop.app, "/api/customers").await;
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
        let row = &answer.json()["data"][0];
        assert!(row.is_object(), "{row}");
        let model: Value = get(&shop.app, "/api/model").await.json();
        assert_eq!(model["data"]["name"].as_str().unwrap_or(name), name);
    }
}

#[tokio::test]
async fn a_header_holds_no_name_of_the_data() {
    let shop = shop(TEXTS[1]);
    let version = &shop.models[0].version;
    let mut names = Vec::new();
    for format in ["html", "onnx", "pmml", "sklearn", "json"] {
        names.push(format!("/api/models/{version}/export?format={format}"));
    }
    names.push(format!("/api/models/{version}/moves.csv"));
    for path in names {
        let answer = get(&shop.app, &path).await;
        check_disposition(&path, &answer);
    }
    for query in ["", "?segment=0", "?segment=%3Dcmd%7C%27%20%2FC%20calc%27%21A0"] {
        let path = format!("/api/customers{query}");
        let request = Request::get(&path).header(header::ACCEPT, "text/csv");
        let answer = send(&shop.app, request.body(Body::empty()).unwrap()).await;
        if answer.status == 200 {
            check_disposition(&path, &answer);
        }
    }
}

/// A file is one to keep, and its name needs no quotation.
fn check_disposition(path: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{path}");
    let told = answer.header(header::CONTENT_DISPOSITION);
    let name = told.strip_prefix("attachment; filename=\"").and_then(|rest| rest.strip_suffix('"'));
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    assert!(name.is_some_and(|name| name.chars().all(is_plain)), "{path}: {told}");
}

#[tokio::test]
async fn an_upload_has_a_name_that_stays_in_its_folder() {
    let shop = shop("shop.csv");
    for name in hostile() {
        let encoded: String = name.bytes().fold(String::new(), |mut text, byte| {
            write!(text, "%{byte:02X}").unwrap();
            text
        });
        let request = Request::post(format!("/api/uploads?name={encoded}"))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let answer = send(&shop.app, request.body(Body::from("a,b\n1,2\n")).unwrap()).await;
        assert_eq!(answer.status, 201, "{name:?}");
        let upload = answer.json();
        let kept = upload["name"].as_str().unwrap();
        let is_forbidden =
            |sign: char| sign.is_control() || "/\\<>:\"|?*\u{202e}\u{200f}".contains(sign);
        assert!(!kept.is_empty() && !kept.contains(is_forbidden), "{name:?} became {kept:?}");
        assert!(!kept.starts_with('.'), "{name:?} became {kept:?}");
        let id = upload["id"].as_str().unwrap();
        let inspection = get(&shop.app, &format!("/api/uploads/{id}/inspection")).await;
        assert_eq!(inspection.status, 200, "{name:?}");
    }
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(shop.folder.path()).unwrap() {
        files.push(entry.unwrap().file_name().into_string().unwrap());
    }
    assert!(files.iter().all(|file| file.bytes().all(|byte| byte.is_ascii_graphic())), "{files:?}");
}
