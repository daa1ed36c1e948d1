//! Options of the server from a file: what the command line and the environment do not say.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

use super::failure::Usage;
use super::values;

const OPTION: &str = "--config";
const VARIABLE: &str = "SEGMENTA_CONFIG";
/// What stands for the file itself.
const ID: &str = "config";

/// Options by their ids in the program, each with its values.
#[derive(Debug)]
pub struct ConfigFile {
    path: PathBuf,
    options: BTreeMap<String, Vec<String>>,
}

impl ConfigFile {
    /// The file that the command line or else the environment names, if one does. `serve` knows the options.
    ///
    /// # Errors
    ///
    /// [`Usage`] when it cannot be read, or says something that no option is for.
    pub fn named(arguments: &[OsString], serve: &Command) -> Result<Option<Self>, Usage> {
        let from_environment = || env::var_os(VARIABLE).filter(|value| !value.is_empty());
        let path = named_in(arguments).or_else(from_environment);
        path.map(|path| Self::read(Path::new(&path), serve)).transpose()
    }

    fn read(path: &Path, serve: &Command) -> Result<Self, Usage> {
        let refuse = |problem: &str| Usage(format!("{}: {problem}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| refuse(&error.to_string()))?;
        let table: Table = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            refuse(&format!("line {line} is no TOML: {}", error.message()))
        })?;
        // The environment has no say in whether the file is right.
        let serve = serve.clone().mut_args(|arg| arg.env(Resettable::Reset));
        let mut options = BTreeMap::new();
        for (key, value) in &table {
            let id = key.replace('-', "_");
            let known = serve.get_arguments().find(|arg| arg.get_id() == id.as_str());
            let Some(arg) = known.filter(|arg| arg.get_long().is_some() && id != ID) else {
                return Err(refuse(&format!(
                    "there is no option {key}; `segmenta config` lists those of the server"
                )));
            };
            let values = texts(value).ok_or_else(|| {
                refuse(&format!("{key}: a text, a number, true, false or a list is needed"))
            })?;
            check(arg, &values).map_err(|problem| refuse(&problem))?;
            options.insert(id, values);
        }
        Ok(Self { path: path.to_owned(), options })
    }

    /// A command that takes from the file what nothing else says.
    pub fn apply(&self, command: Command) -> Command {
        command.mut_args(|arg| match self.options.get(arg.get_id().as_str()) {
            Some(values) => arg.default_values(values.clone()),
            None => arg,
        })
    }

    /// Whether an option is in the file.
    pub fn holds(&self, id: &str) -> bool {
        self.options.contains_key(id)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn named_in(arguments: &[OsString]) -> Option<OsString> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == OsStr::new(OPTION) {
            return arguments.next().cloned();
        }
        let text = argument.to_str().unwrap_or_default();
        if let Some(path) = text.strip_prefix(OPTION).and_then(|rest| rest.strip_prefix('=')) {
            return Some(path.into());
        }
    }
    None
}

/// The values of an option, as they would stand on the command line.
fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(is_on) => Some(is_on.to_string()),
        _ => None,
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => text(value).map(|text| vec![text]),
    }
}

/// Lets the option itself look at its values.
fn check(arg: &Arg, values: &[String]) -> Result<(), String> {
    let name = arg.get_long().unwrap_or_default();
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        let is_switch = |value: &String| values::switch(value).is_ok();
        let is_one = matches!(values, [value] if is_switch(value));
        return if is_one { Ok(()) } else { Err(format!("{name}: give true or false")) };
    }
    if values.len() != 1 && !matches!(arg.get_action(), ArgAction::Append) {
        return Err(format!("{name}: give one value"));
    }
    let arguments = values.iter().map(|value| format!("--{name}={value}"));
    let alone = Command::new("serve").no_binary_name(true).arg(arg.clone());
    alone.try_get_matches_from(arguments).map(|_| ()).map_err(|error| {
        let told = error.to_string();
        let told = told.lines().next().unwrap_or_default();
        told.trim_start_matches("error: ").to_owned()
    })
}
