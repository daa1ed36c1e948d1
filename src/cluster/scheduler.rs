//! The machine that hands out work.

use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;

use super::options::SchedulerOptions;
use super::{LONGEST_MESSAGE, PATIENCE, TIMEOUT, failed};
use crate::engine::{Counter, Session, Storage, fold_rows, runtime, segment};
use crate::error::Result;

/// Seconds between two looks for lost executors.
const LOOK: u64 = 2;

/// Hands out work until the process is told to end.
///
/// # Errors
///
/// [`crate::Error::Engine`] when the address is taken, and the like.
pub fn schedule(options: &SchedulerOptions) -> Result<()> {
    let SchedulerOptions { address, host } = options;
    let storage = Arc::new(Storage::default());
    let build = move |config: SessionConfig| session(config, &storage);
    let config = SchedulerConfig {
        external_host: host.clone(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        executor_timeout_seconds: TIMEOUT,
        expire_dead_executor_interval_seconds: LOOK,
        no_executors_grace_period_seconds: PATIENCE,
        min_ready_executors: 1,
        grpc_server_max_decoding_message_size: LONGEST_MESSAGE,
        grpc_server_max_encoding_message_size: LONGEST_MESSAGE,
        grpc_client_max_message_size: LONGEST_MESSAGE,
        override_session_builder: Some(Arc::new(build)),
        // By default pages of Ballista's site may ask what goes on, and end it.
        cors_allowed_origins: format!("http://{host}:{}", address.port()),
        cors_allowed_methods: "GET".to_owned(),
        ..SchedulerConfig::default()
    };
    let serve = async {
        let cluster = BallistaCluster::new_from_config(&config).await?;
        start_server(cluster, *address, Arc::new(config)).await
    };
    let served = runtime()?.block_on(serve);
    served.map_err(|error| failed(&format!("the scheduler at {address}"), error))
}

/// What plans are made in: with the function that makes passes, and with all storage.
fn session(
    config: SessionConfig,
    storage: &Arc<Storage>,
) -> datafusion::error::Result<SessionState> {
    let environment = Session::environment(storage)
        .map_err(|error| datafusion::error::DataFusionError::Execution(error.to_string()))?;
    let functions = ballista_core::extension::ballista_aggregate_functions();
    let own = Arc::new(fold_rows(Counter::default()));
    let scalars = ballista_core::extension::ballista_scalar_functions();
    Ok(SessionStateBuilder::new()
        .with_default_features()
        .with_config(config.upgrade_for_ballista())
        .with_runtime_env(environment)
        .with_scalar_functions(scalars.into_iter().chain([Arc::new(segment())]).collect())
        .with_aggregate_functions(functions.into_iter().chain([own]).collect())
        .build())
}
