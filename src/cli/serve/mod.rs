//! `segmenta serve`: learn from the bundled customers when there is no model yet, then answer.

mod limits;
pub mod logging;
mod open_files;
mod reach;
mod stop;
#[cfg_attr(not(feature = "otel"), path = "traces_disabled.rs")]
mod traces;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use axum::http::HeaderValue;
use clap::Args;
use segmenta::Error;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::model::store::Store;
use segmenta::model::{Model, TrainOptions, Trained, train};
use segmenta::server::{AppState, Listener, Settings, Tls, app, listen};
use tokio::net::TcpListener;

use self::limits::LimitArgs;
use crate::cli::failure::Usage;
use crate::cli::options::DataDirArgs;
use crate::cli::values;

/// How and where to serve.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The address to listen at; port 0 takes any that is free
    #[arg(long, env = "SEGMENTA_ADDR", default_value = "127.0.0.1:8000", value_parser = values::address, value_name = "HOST:PORT")]
    addr: String,
    #[command(flatten)]
    data_dir: DataDirArgs,
    /// Let pages of this origin call the API from a browser (may be given more than once)
    #[arg(long, env = "SEGMENTA_CORS_ORIGIN", value_delimiter = ',', value_parser = origin, value_name = "ORIGIN")]
    cors_origin: Vec<HeaderValue>,
    /// The longest body that a request may have, in bytes
    #[arg(long, env = "SEGMENTA_BODY_LIMIT", default_value_t = Settings::default().body_limit, value_parser = values::at_least_1, value_name = "BYTES")]
    body_limit: usize,
    /// The longest file that may be uploaded, such as 500MB or 2GiB
    #[arg(long, env = "SEGMENTA_UPLOAD_LIMIT", default_value = "2GiB", value_parser = values::size, value_name = "SIZE")]
    upload_limit: u64,
    /// The longest list of customers that may be sent to /predict/batch, such as 500MB or 1GiB
    #[arg(long, env = "SEGMENTA_BATCH_LIMIT", default_value = "1GiB", value_parser = values::size, value_name = "SIZE")]
    batch_limit: u64,
    /// The longest that a request may take, in seconds
    #[arg(long, env = "SEGMENTA_REQUEST_TIMEOUT", default_value_t = 30, value_parser = values::seconds, value_name = "SECONDS")]
    request_timeout: u64,
    /// The longest that a client may take to send its headers, in seconds
    #[arg(long, env = "SEGMENTA_HEADER_TIMEOUT", default_value_t = 10, value_parser = values::seconds, value_name = "SECONDS")]
    header_timeout: u64,
    /// The longest that a stopping server waits for the requests in flight, in seconds
    #[arg(long, env = "SEGMENTA_SHUTDOWN_TIMEOUT", default_value_t = 10, value_parser = values::seconds, value_name = "SECONDS")]
    shutdown_timeout: u64,
    /// The most customers that /stats lists
    #[arg(long, env = "SEGMENTA_STATS_ROWS", default_value_t = Settings::default().stats_rows, value_parser = values::at_least_1, value_name = "ROWS")]
    stats_rows: usize,
    /// How many of the latest predictions are compared with the training customers
    #[arg(long, env = "SEGMENTA_DRIFT_WINDOW", default_value_t = Settings::default().drift_window, value_parser = values::at_least_1, value_name = "N")]
    drift_window: usize,
    /// What to log: error, warn, info, debug, or a filter such as `info,segmenta::request=off`
    #[arg(long, env = "SEGMENTA_LOG", default_value = "info", value_parser = logging::filter, value_name = "FILTER")]
    log: String,
    /// The longest that a server goes on to answer after SIGTERM, while /readyz already says no, in seconds
    #[arg(long, env = "SEGMENTA_DRAIN_TIME", default_value_t = 2, value_parser = values::any_seconds, value_name = "SECONDS")]
    drain_time: u64,
    /// The address of a proxy whose X-Forwarded-For and X-Forwarded-Proto are believed (may be given more than once)
    #[arg(long, env = "SEGMENTA_TRUSTED_PROXY", value_delimiter = ',', value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    /// Let everybody who reaches the server do everything, also from other machines
    #[arg(long, env = "SEGMENTA_INSECURE", value_parser = values::switch)]
    insecure: bool,
    /// A name that the server goes by, where it asks for no tokens (may be given more than once)
    #[arg(long, env = "SEGMENTA_ALLOWED_HOST", value_delimiter = ',', value_name = "NAME")]
    allowed_host: Vec<String>,
    /// Encrypt connections with this certificate in PEM, and those between it and a known authority behind it; it is
    /// read again when it changes
    #[arg(long, env = "SEGMENTA_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, env = "SEGMENTA_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Send traces of requests to the collector of OpenTelemetry at this address, such as `http://127.0.0.1:4318`; only in
    /// a program that is built with the feature otel
    #[arg(long, env = "SEGMENTA_OTLP_ENDPOINT", value_name = "URL")]
    otlp_endpoint: Option<String>,
    /// A file in TOML with options that are given neither here nor in the environment; see `segmenta config`
    #[arg(long, env = "SEGMENTA_CONFIG", value_name = "FILE")]
    #[allow(dead_code)] // read before the command line is
    config: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Serves until the process is told to stop.
pub fn run(args: &ServeArgs) -> Result<()> {
    let store = args.data_dir.store()?;
    let _traces = logging::start(&args.log, args.otlp_endpoint.as_deref())?;
    open_files::raise_limit();
    reach::check(&args.addr, &store, args.insecure)?;
    let settings = args.settings();
    let tls = args.tls()?;
    let (model, customers) = if let Some(model) = saved(&store)? {
        tracing::info!(version = model.version, "loaded the model");
        let customers = store.customers(&model).inspect_err(|error| {
            tracing::warn!(%error, "the list of customers is not available");
        });
        (model, customers.ok())
    } else {
        let Trained { model, customers } = learn(&store)?;
        (model, Some(customers))
    };
    let state = AppState::new(model, customers.as_ref(), settings).with_store(store)?;
    drop(customers);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args, tls, state))
}

async fn serve(args: &ServeArgs, tls: Option<Tls>, state: AppState) -> Result<()> {
    let addr = &args.addr;
    let listener = TcpListener::bind(addr).await.with_context(|| {
        format!("cannot listen at {addr}; free the address or give another with --addr")
    })?;
    let address = listener.local_addr()?;
    let model = state.model();
    let (customers, segments) = (model.data.rows, model.segments.len());
    let stop = stop::told_to_stop(Duration::from_secs(args.drain_time))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    tracing::info!(customers, segments, "Segmenta is at {scheme}://{address}");
    let listener = Listener::from(listener);
    let listener = if let Some(tls) = tls { listener.with_tls(tls) } else { listener };
    listen(listener, state.clone(), app(state), stop).await;
    tracing::info!("stopped");
    Ok(())
}

/// The model in use, if there is one. Texts that were changed and cannot be read stand in nobody's way; but no other
/// model answers in the place of one that cannot be read.
fn saved(store: &Store) -> Result<Option<Model>> {
    let read = || {
        let Some(version) = store.active_version()? else { return Ok(None) };
        match store.model(&version) {
            Err(error @ Error::Texts { .. }) => {
                tracing::warn!(%error, "segments go by the texts that they were learned with");
                store.model_as_learned(&version).map(Some)
            }
            model => model.map(Some),
        }
    };
    read().map_err(|error| match error {
        Error::ModelFile { .. } | Error::UnknownModel { .. } => {
            let folder = store.path().display();
            anyhow!(Usage(format!(
                "{error}\nThis is the model in use, and no other answers in its place. To put another one to use:\n  \
                 segmenta models rollback --data-dir {folder}\n  \
                 segmenta models activate VERSION --data-dir {folder}\n  \
                 segmenta train --data-dir {folder} FILE"
            )))
        }
        error => error.into(),
    })
}

/// Learns the bundled customers' segments and keeps them as the model in use. Where they cannot be kept, the server
/// can still predict.
fn learn(store: &Store) -> Result<Trained> {
    let source = Source::mall_customers();
    tracing::info!(data = source.name(), "no model yet: learning from the bundled customers");
    let data = Dataset::read(&source, OnError::Fail)?;
    let trained = train(data, &TrainOptions::new()?, |_| ())?;
    let version = &trained.model.version;
    match store.keep(&trained.model, &source).and_then(|()| store.activate(version)) {
        Ok(()) => tracing::info!(version, folder = %store.path().display(), "kept the model"),
        Err(error) => {
            tracing::warn!(%error, "the model is not kept: it lasts until the server stops");
        }
    }
    Ok(trained)
}

impl ServeArgs {
    fn tls(&self) -> Result<Option<Tls>> {
        match (&self.tls_cert, &self.tls_key) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(Tls::open(certificate, key)?)),
            _ => {
                let problem =
                    "a certificate and its key belong together; give both --tls-cert and --tls-key";
                Err(Usage(problem.to_owned()).into())
            }
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            body_limit: self.body_limit,
            upload_limit: self.upload_limit,
            batch_limit: self.batch_limit,
            request_timeout: Duration::from_secs(self.request_timeout),
            header_timeout: Duration::from_secs(self.header_timeout),
            shutdown_timeout: Duration::from_secs(self.shutdown_timeout),
            cors_origins: self.cors_origin.clone(),
            stats_rows: self.stats_rows,
            allowed_hosts: self.allowed_host.clone(),
            drift_window: self.drift_window,
            trusted_proxies: self.trusted_proxy.clone(),
            limits: self.limits.limits(),
        }
    }
}

/// An origin as browsers send it: scheme, host and port, nothing behind.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match (host, HeaderValue::from_str(text)) {
        (Some(host), Ok(value)) if !host.is_empty() && !host.contains(['/', '*']) => Ok(value),
        _ => Err("an origin is like https://shop.example, without a path".to_owned()),
    }
}
