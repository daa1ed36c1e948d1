//! `segmenta cluster`: the machines of a cluster.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use segmenta::cluster::{ExecutorOptions, SchedulerOptions, execute, schedule};

use super::failure::Usage;
use super::serve::logging;
use super::values;

const EXAMPLES: &str = "\
Examples:
  segmenta cluster scheduler
  segmenta cluster executor
  segmenta train 'sales/*.parquet' --engine df://127.0.0.1:50050

  segmenta cluster scheduler --addr 10.0.0.1:50050 --insecure
  segmenta cluster executor --scheduler 10.0.0.1:50050 --addr 10.0.0.2:50051 --insecure

Only in a Segmenta built with the feature cluster. docs/scale.md shows three machines.";

/// Runs a machine of a cluster.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ClusterArgs {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Hand out work to executors
    Scheduler(SchedulerArgs),
    /// Do the work that a scheduler hands out
    Executor(ExecutorArgs),
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// What other machines call this one [default: the host of --addr]
    #[arg(long, env = "SEGMENTA_HOST", value_name = "NAME")]
    host: Option<String>,
    /// Listen at an address that other machines can reach. There are no tokens and there is no encryption among the
    /// machines of a cluster: whoever reaches their ports may read all files that they can
    #[arg(long, env = "SEGMENTA_INSECURE", value_parser = values::switch)]
    insecure: bool,
    /// What to log: a level such as info, or a filter
    #[arg(long, env = "SEGMENTA_LOG", value_name = "FILTER", default_value = "warn,segmenta=info",
          value_parser = logging::filter)]
    log: String,
}

#[derive(Debug, Args)]
struct SchedulerArgs {
    /// The address to listen at
    #[arg(long, env = "SEGMENTA_ADDR", value_name = "IP:PORT", default_value = "127.0.0.1:50050")]
    addr: SocketAddr,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct ExecutorArgs {
    /// The scheduler
    #[arg(long, env = "SEGMENTA_SCHEDULER", value_name = "HOST:PORT", default_value = "127.0.0.1:50050",
          value_parser = scheduler)]
    scheduler: (String, u16),
    /// The address at which results are fetched
    #[arg(long, env = "SEGMENTA_ADDR", value_name = "IP:PORT", default_value = "127.0.0.1:50051")]
    addr: SocketAddr,
    /// The port at which the scheduler brings work [default: the one behind that of --addr]
    #[arg(long, env = "SEGMENTA_TASK_PORT", value_name = "PORT")]
    task_port: Option<u16>,
    /// Tasks at a time [default: one for each core]
    #[arg(long, env = "SEGMENTA_TASKS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    tasks: Option<u16>,
    /// The most memory that tasks may take, such as 8GiB [default: most of the machine's]
    #[arg(long, env = "SEGMENTA_MEMORY_LIMIT", value_name = "SIZE", value_parser = values::size)]
    memory_limit: Option<u64>,
    /// Where results are kept until they are fetched [default: a temporary folder]
    #[arg(long, env = "SEGMENTA_WORK_DIR", value_name = "DIR")]
    work_dir: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArgs,
}

/// A host and its port.
fn scheduler(text: &str) -> Result<(String, u16), String> {
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match parts {
        Some((host, port)) if !host.is_empty() => Ok((host.to_owned(), port)),
        _ => Err("write it as HOST:PORT, such as 10.0.0.1:50050".to_owned()),
    }
}

/// Runs until the process is told to end.
pub fn run(args: &ClusterArgs) -> anyhow::Result<()> {
    match &args.role {
        Role::Scheduler(args) => {
            let host = args.common.start(args.addr.ip())?;
            schedule(&SchedulerOptions { address: args.addr, host })?;
        }
        Role::Executor(args) => {
            let host = args.common.start(args.addr.ip())?;
            let cores = || std::thread::available_parallelism().map_or(1, usize::from);
            let next = || args.addr.port().saturating_add(1);
            execute(&ExecutorOptions {
                scheduler: args.scheduler.clone(),
                address: args.addr,
                task_port: args.task_port.unwrap_or_else(next),
                host,
                n_tasks: args.tasks.map_or_else(cores, usize::from),
                memory: args.memory_limit,
                work_dir: args.work_dir.clone(),
            })?;
        }
    }
    Ok(())
}

impl CommonArgs {
    /// Begins the log. Gives what other machines call this one.
    fn start(&self, ip: IpAddr) -> anyhow::Result<String> {
        if !ip.to_canonical().is_loopback() && !self.insecure {
            let problem = format!(
                "--addr {ip}: other machines could reach this one, and machines of a cluster ask nobody for a token: \
                 whoever reaches it may read all files that it can. Keep its ports to a network of your own, and \
                 give --insecure"
            );
            return Err(Usage(problem).into());
        }
        logging::start(&self.log, None)?;
        match &self.host {
            Some(host) => Ok(host.clone()),
            None if ip.is_unspecified() => {
                let problem =
                    format!("--addr {ip}: say with --host what other machines call this one");
                Err(Usage(problem).into())
            }
            None => Ok(ip.to_string()),
        }
    }
}
