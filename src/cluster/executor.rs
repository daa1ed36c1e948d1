//! A machine that does work.

use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::error::DataFusionError;

use super::options::ExecutorOptions;
use super::{HEARTBEAT, LONGEST_MESSAGE, failed};
use crate::engine::{Counter, Session, Storage, fold_rows, runtime, segment};
use crate::error::Result;

/// Seconds for which a scheduler may be away when an executor starts.
const CONNECT: u16 = 30;
/// Seconds between two looks for results that nobody fetches any more, and how old these are.
const CLEAN: u64 = 300;
const OLD: u64 = 3600;

/// Does work until the process is told to end.
///
/// # Errors
///
/// [`crate::Error::Engine`] when the scheduler does not answer, and the like.
pub fn execute(options: &ExecutorOptions) -> Result<()> {
    let storage = Arc::new(Storage::default());
    let environment = Session::environment(&storage)?;
    let mut functions = BallistaFunctionRegistry::default();
    let fold = fold_rows(Counter::default());
    functions.aggregate_functions.insert(fold.name().to_owned(), Arc::new(fold));
    functions.scalar_functions.insert(segment().name().to_owned(), Arc::new(segment()));
    let (scheduler, port) = &options.scheduler;
    let temporary = tempfile::Builder::new().prefix("segmenta-executor-").tempdir();
    let temporary = temporary.map_err(|error| failed("the temporary folder", error))?;
    let work_dir = options.work_dir.as_deref().unwrap_or(temporary.path());
    let config = ExecutorProcessConfig {
        bind_host: options.address.ip().to_string(),
        external_host: Some(options.host.clone()),
        port: options.address.port(),
        grpc_port: options.task_port,
        scheduler_host: scheduler.clone(),
        scheduler_port: *port,
        scheduler_connect_timeout_seconds: CONNECT,
        vcores: options.n_tasks,
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: Some(work_dir.to_string_lossy().into_owned()),
        job_data_ttl_seconds: OLD,
        job_data_clean_up_interval_seconds: CLEAN,
        grpc_max_decoding_message_size: LONGEST_MESSAGE,
        grpc_max_encoding_message_size: LONGEST_MESSAGE,
        executor_heartbeat_interval_seconds: HEARTBEAT,
        memory_pool_size: options.memory,
        override_function_registry: Some(Arc::new(functions)),
        override_runtime_producer: Some(Arc::new(move |_| {
            Ok::<_, DataFusionError>(Arc::clone(&environment))
        })),
        ..ExecutorProcessConfig::default()
    };
    let what = format!("the executor at {}", options.address);
    runtime()?
        .block_on(start_executor_process(Arc::new(config)))
        .map_err(|error| failed(&what, error))
}
