//! The command line: one file a subcommand, and what they share.

mod elbow;
mod export;
pub mod failure;
mod models;
mod options;
mod output;
mod plot;
mod predict;
mod progress;
mod report;
mod rows;
mod serve;
mod table;
mod train;

use clap::{Parser, Subcommand};

/// Learns customer segments, names them as personas, and tells which one a new customer belongs to.
///
/// Without a command it serves the dashboard and the API, as `segmenta serve` does.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  segmenta train customers.csv     learn segments and put them to use
  segmenta serve                   open http://127.0.0.1:8000 in a browser
  segmenta predict --set annual_income=50 --set spending_score=50";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard and the REST API (the default)
    #[command(after_help = "\
Examples:
  segmenta serve
  segmenta serve --addr 0.0.0.0:8000 --data-dir /srv/segmenta --cors-origin https://shop.example")]
    Serve(serve::ServeArgs),
    /// Learn segments from a file of customers
    Train(train::TrainArgs),
    /// Tell how many segments the customers of a file fall into
    Elbow(elbow::ElbowArgs),
    /// Tell which segments new customers belong to
    Predict(predict::PredictArgs),
    /// List the models that were learned, show one, or put one to use
    Models(models::ModelsArgs),
    /// Write the customers of the model in use with the segment of each
    Export(export::ExportArgs),
}

/// Parses the command line and runs what it asks for.
///
/// # Errors
///
/// Whatever keeps the command from being done; [`failure::report`] makes an exit code of it. Wrong
/// options and `--help` end the process here, as clap does.
pub fn run() -> anyhow::Result<()> {
    let command = match Cli::parse().command {
        Some(command) => command,
        // Parsed anew, so that the options' environment variables count here too.
        None => match Cli::parse_from(["segmenta", "serve"]).command {
            Some(command) => command,
            None => return Ok(()),
        },
    };
    match command {
        Command::Serve(args) => serve::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Elbow(args) => elbow::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Export(args) => export::run(&args),
    }
}
