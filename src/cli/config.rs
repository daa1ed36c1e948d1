//! `segmenta config`: which options of the server are in force, and where each comes from.

use std::fmt::Write;

use anyhow::Result;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use serde_json::json;

use super::config_file::ConfigFile;
use super::options::JsonArgs;
use super::output;
use super::serve::ServeArgs;

/// The options of the server, as `serve` takes them.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    #[command(flatten)]
    _serve: ServeArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// An option, and why it has its value.
struct Setting {
    name: String,
    /// None when it is not set.
    value: Option<toml::Value>,
    from: String,
}

/// Prints the options as a file that `--config` takes, or as JSON.
pub fn run(
    args: &ConfigArgs,
    serve: &Command,
    matches: &ArgMatches,
    file: Option<&ConfigFile>,
) -> Result<()> {
    let is_shown = |arg: &&Arg| {
        let id = arg.get_id().as_str();
        arg.get_long().is_some() && !["help", "version", "config"].contains(&id)
    };
    let settings = serve.get_arguments().filter(is_shown);
    let settings = settings.map(|arg| Setting::of(arg, matches, file));
    if args.json.json {
        let entry = |setting: Setting| {
            let value = json!({ "value": setting.value, "from": setting.from });
            (setting.name, value)
        };
        let all: serde_json::Map<_, _> = settings.map(entry).collect();
        return Ok(output::print_json(&all.into())?);
    }
    let lines: Vec<(String, String)> = settings.map(Setting::line).collect();
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (line, from) in lines {
        // A line can always be written to memory.
        let _ = writeln!(text, "{line:width$}  # {from}");
    }
    Ok(output::print(&text)?)
}

impl Setting {
    fn of(arg: &Arg, matches: &ArgMatches, file: Option<&ConfigFile>) -> Self {
        let id = arg.get_id().as_str();
        let raw = matches.get_raw(id).into_iter().flatten();
        let values: Vec<_> = raw.map(|value| value.to_string_lossy().into_owned()).collect();
        let is_list = matches!(arg.get_action(), ArgAction::Append);
        let value = if is_list {
            (!values.is_empty()).then(|| values.into_iter().map(typed).collect::<Vec<_>>().into())
        } else {
            values.into_iter().next().map(typed)
        };
        let from = match (matches.value_source(id), file) {
            (Some(ValueSource::CommandLine), _) => "command line".to_owned(),
            (Some(ValueSource::EnvVariable), _) => {
                let variable = arg.get_env().unwrap_or_default();
                format!("environment, {}", variable.to_string_lossy())
            }
            (Some(_), Some(file)) if file.holds(id) => file.path().display().to_string(),
            (Some(_), _) => "default".to_owned(),
            (None, _) => "not set".to_owned(),
        };
        Self { name: arg.get_long().unwrap_or(id).to_owned(), value, from }
    }

    fn line(self) -> (String, String) {
        let line = match self.value {
            Some(value) => format!("{} = {value}", self.name),
            None => format!("# {} =", self.name),
        };
        (line, self.from)
    }
}

/// A number or a switch where the text reads as one.
fn typed(text: String) -> toml::Value {
    if let Ok(number) = text.parse::<i64>() {
        return toml::Value::Integer(number);
    }
    text.parse::<bool>().map_or_else(|_| toml::Value::String(text), toml::Value::Boolean)
}
