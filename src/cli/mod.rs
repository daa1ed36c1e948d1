//! The command line: one file a subcommand, and what they share.

mod cluster;
mod config;
mod config_file;
mod data;
mod elbow;
mod erase;
mod export;
pub mod failure;
mod healthcheck;
mod input;
mod inspect;
mod lineage;
mod memory;
mod models;
mod options;
mod out_of_core;
mod output;
#[cfg_attr(not(feature = "parquet"), path = "parquet_rows_disabled.rs")]
mod parquet_rows;
mod plot;
mod predict;
mod preparation;
mod progress;
mod queries;
mod record;
mod report;
mod rfm;
mod rows;
mod serve;
mod table;
mod token;
mod train;
mod values;

use std::env;
use std::ffi::OsString;

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use config_file::ConfigFile;
use failure::Usage;

/// What the program can be asked for.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, about = ABOUT, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, mut_args(|arg| arg.hide_env(true)))]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten, next_help_heading = "Options of serve (the default)")]
    serve: serve::ServeArgs,
}

// The short form of the description holds all of it, so that the options are listed in few lines.
const ABOUT: &str = "\
Learns customer segments, names them as personas, and tells which one a new customer belongs to.

Without a command it serves the dashboard and the API, as `segmenta serve` does.";

const EXAMPLES: &str = "\
Examples:
  segmenta train customers.csv     learn segments and put them to use
  segmenta serve                   open http://127.0.0.1:8000 in a browser
  segmenta predict --set annual_income=50 --set spending_score=50";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard and the REST API (the default)
    ///
    /// Where the data folder holds no model, one is learned from the bundled Mall Customers.
    #[command(after_help = "\
Examples:
  segmenta serve
  segmenta serve --addr 0.0.0.0:8000 --data-dir /srv/segmenta --cors-origin https://shop.example")]
    Serve(serve::ServeArgs),
    /// Print the options of the server that are in force, and where each comes from
    ///
    /// An option has its value from the command line, else from the environment, else from the file that
    /// --config names, else its default. What is printed is such a file.
    #[command(after_help = "\
Examples:
  segmenta config
  segmenta config --max-connections 500 > segmenta.toml
  segmenta serve --config segmenta.toml")]
    Config(config::ConfigArgs),
    /// Tell whether a server on this machine is ready, by the exit code: for containers
    #[command(after_help = "\
Examples:
  segmenta healthcheck
  segmenta healthcheck --addr 127.0.0.1:8000 --timeout 2")]
    Healthcheck(healthcheck::HealthcheckArgs),
    /// Tell what is in the columns of customer files, and which may serve as features
    Inspect(inspect::InspectArgs),
    /// Learn segments from files of customers
    Train(train::TrainArgs),
    /// Make one row a customer from a log of transactions: recency, frequency, monetary value
    Rfm(rfm::RfmArgs),
    /// Tell how many segments the customers of a file fall into
    Elbow(elbow::ElbowArgs),
    /// Tell which segments new customers belong to
    Predict(predict::PredictArgs),
    /// List the models that were learned, show one, or put one to use
    Models(models::ModelsArgs),
    /// Make, list and revoke the tokens of those who may use the server
    Token(token::TokenArgs),
    /// Erase a customer from all data that are kept, and say what remains
    Erase(erase::EraseArgs),
    /// Run a machine of a cluster that learns from more than one machine can
    Cluster(cluster::ClusterArgs),
    /// Write customers with the segment of each, or a model as a report, ONNX, PMML or arrays
    Export(export::ExportArgs),
}

/// Parses the command line and runs what it asks for.
///
/// # Errors
///
/// Whatever keeps the command from being done; [`failure::report`] makes an exit code of it. Wrong
/// options and `--help` end the process here, as clap does.
pub fn run() -> anyhow::Result<()> {
    let arguments: Vec<OsString> = env::args_os().collect();
    let file = config_file(&arguments)?;
    let matches = command(file.as_ref()).get_matches_from(arguments);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match cli.command {
        None => serve::run(&cli.serve),
        Some(Command::Serve(args)) => serve::run(&args),
        Some(Command::Config(args)) => {
            let found = matches.subcommand_matches("config").unwrap_or(&matches);
            config::run(&args, &serve_command(), found, file.as_ref())
        }
        Some(Command::Healthcheck(args)) => healthcheck::run(&args),
        Some(Command::Inspect(args)) => inspect::run(&args),
        Some(Command::Train(args)) => train::run(&args),
        Some(Command::Rfm(args)) => rfm::run(&args),
        Some(Command::Elbow(args)) => elbow::run(&args),
        Some(Command::Predict(args)) => predict::run(&args, is_from_variable(&matches, "set")),
        Some(Command::Models(args)) => models::run(&args),
        Some(Command::Token(args)) => token::run(&args),
        Some(Command::Erase(args)) => erase::run(&args),
        Some(Command::Cluster(args)) => cluster::run(&args),
        Some(Command::Export(args)) => export::run(&args),
    }
}

/// The subcommands that take the server's options from a file.
const OF_THE_SERVER: [&str; 3] = ["serve", "config", "healthcheck"];

fn serve_command() -> clap::Command {
    serve::ServeArgs::augment_args(clap::Command::new("serve"))
}

/// The file with the server's options, where one is named to a command that has them.
fn config_file(arguments: &[OsString]) -> Result<Option<ConfigFile>, Usage> {
    let first = arguments.get(1).and_then(|first| first.to_str()).unwrap_or_default();
    if !first.is_empty() && !first.starts_with('-') && !OF_THE_SERVER.contains(&first) {
        return Ok(None);
    }
    ConfigFile::named(arguments, &serve_command())
}

/// The command line, with the variables and the file that count.
fn command(file: Option<&ConfigFile>) -> clap::Command {
    let command = without_empty_variables(Cli::command());
    let command = match file {
        None => command,
        Some(file) => OF_THE_SERVER.into_iter().fold(file.apply(command), |command, name| {
            command.mut_subcommand(name, |command| file.apply(command))
        }),
    };
    let first = env::args_os().nth(1);
    if first.is_some_and(|first| command.find_subcommand(first).is_some()) {
        // What serve's variables hold is no business of another command.
        return command.mut_args(|arg| arg.env(Resettable::Reset));
    }
    command
}

/// A variable that holds nothing counts as not set: compose files hand on those that are not.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &Arg| {
        let value = arg.get_env().and_then(env::var_os);
        value.is_some_and(|value| value.is_empty())
    };
    command
        .mut_args(|arg| if is_empty(&arg) { arg.env(Resettable::Reset) } else { arg })
        .mut_subcommands(without_empty_variables)
}

/// Whether an option of the subcommand has its value from the environment.
fn is_from_variable(matches: &ArgMatches, option: &str) -> bool {
    matches
        .subcommand()
        .is_some_and(|(_, matches)| matches.value_source(option) == Some(ValueSource::EnvVariable))
}
