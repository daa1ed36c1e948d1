//! Running the program, and the folders it runs in.

use std::path::Path;
use std::sync::OnceLock;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

pub const HEADER: &str = "Annual Income (k$),Spending Score (1-100)";
pub const MALL: &str = include_str!("../../data/mall_customers.csv");

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

pub fn segmenta(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("segmenta"));
    command.current_dir(folder).env_remove("COLUMNS");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SEGMENTA_") {
            command.env_remove(name);
        }
    }
    command
}

pub fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    let ran = Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    ran
}

pub fn run(folder: &Path, args: &[&str]) -> Ran {
    let mut command = segmenta(folder);
    command.args(args);
    finish(command)
}

pub fn run_with_input(folder: &Path, args: &[&str], input: &str) -> Ran {
    let mut command = segmenta(folder);
    command.args(args).write_stdin(input);
    finish(command)
}

/// A folder with a data folder that holds the bundled customers' model, and with that model in a
/// file of its own. Tests may read it but not change it.
pub fn trained() -> &'static Path {
    static TRAINED: OnceLock<TempDir> = OnceLock::new();
    let folder = TRAINED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let args = ["train", "--out", "model.json", "--data-dir", "segmenta-data"];
        run(folder.path(), &args).ok();
        folder
    });
    folder.path()
}

/// A new folder with that model and a file of customers in it.
pub fn folder_with(file: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(trained().join("model.json"), folder.path().join("model.json")).unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    folder
}

/// Versions and times change; what takes their place is as wide.
pub fn redacted(text: &str) -> String {
    let model = &run(trained(), &["models", "--json"]).json()[0];
    text.replace(model["version"].as_str().unwrap(), "[ version  ]")
        .replace(model["created_at"].as_str().unwrap(), "[     created      ]")
}

/// The text with no more than nine decimals in any number: rounding may move the last ones.
pub fn nine_decimals(text: &str) -> String {
    let mut decimals = None;
    text.chars()
        .filter(|&character| {
            decimals = match (character, decimals) {
                ('.' | ',', _) => Some(0),
                ('0'..='9', Some(count)) => Some(count + 1),
                _ => None,
            };
            decimals.is_none_or(|count| count <= 9)
        })
        .collect()
}
