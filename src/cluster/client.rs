//! The machine that learns: it asks the cluster for one pass after another.

use std::sync::Arc;

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use url::Url;

use super::readiness::Scheduler;
use super::{LONGEST_MESSAGE, failed};
use crate::digest::hex;
use crate::engine::{Others, Session, Storage, Waiting, configured, runtime};
use crate::error::{Error, Result};

/// The port of a scheduler when none is given.
const PORT: u16 = 50050;
/// Parts that a pass is made in, unless something else is asked for: more than most clusters have cores.
const PARTS: usize = 16;

/// An engine whose work the machines of a cluster do, by the address of its scheduler: `df://host:50050`, or
/// `df://host:50050?partitions=64` for as many parts of each pass, of which each core makes one at a time.
///
/// # Errors
///
/// [`Error::Engine`] when no scheduler answers there, or the address is none.
pub fn connect(address: &str) -> Result<Session> {
    let refuse = |problem: &str| {
        let form = "write it as df://host:50050, or df://host:50050?partitions=64";
        Error::Engine(format!("--engine {address}: {problem}; {form}"))
    };
    let url = Url::parse(address).map_err(|error| refuse(&error.to_string()))?;
    let host = url.host_str().filter(|_| url.scheme() == "df");
    let host = host.ok_or_else(|| refuse("this is no address of a scheduler"))?;
    let parts = match url.query_pairs().find(|(name, _)| name == "partitions") {
        None => PARTS,
        Some((_, parts)) => parts
            .parse()
            .ok()
            .filter(|&parts| parts > 0)
            .ok_or_else(|| refuse("partitions is a number from 1"))?,
    };
    let scheduler = Scheduler::new(host.to_owned(), url.port().unwrap_or(PORT), job_name()?);

    let runtime = runtime()?;
    runtime.block_on(scheduler.require())?;
    let storage = Arc::new(Storage::default());
    let config = SessionConfig::new_with_ballista()
        .with_target_partitions(parts)
        .with_ballista_job_name(scheduler.job_name())
        .with_ballista_grpc_client_max_message_size(LONGEST_MESSAGE as usize);
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(configured(config))
        .with_runtime_env(Session::environment(&storage)?)
        .build();
    let url = scheduler.url();
    let remote = SessionContext::remote_with_state(&url, state);
    let context = runtime.block_on(remote).map_err(|error| failed(address, error))?;
    Ok(Session::over(runtime, context, storage, Some(Box::new(scheduler))))
}

/// A name that no other process gives its work.
fn job_name() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(format!("segmenta-{}", hex(&bytes)))
}

impl Others for Scheduler {
    fn ready(&self) -> Waiting<'_, Result<()>> {
        Box::pin(self.ready())
    }

    fn lost(&self) -> Waiting<'_, Error> {
        Box::pin(self.lost())
    }

    fn rows_read(&self) -> Waiting<'_, Option<u64>> {
        Box::pin(self.rows_read())
    }
}
