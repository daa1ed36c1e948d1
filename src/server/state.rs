//! What the handlers share.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::http::HeaderValue;
use foldhash::HashMap;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;

use super::access::Guard;
use super::document::{Document, Documents};
use super::drift::Drift;
use super::error::ApiError;
use super::gates::{Gates, Work};
use super::limits::Limits;
use super::metrics::Metrics;
use super::rates::Rates;
use super::texts::Texts;
use super::workshop::Workshop;
use super::{model, projection, stats};
use crate::audit::Audit;
use crate::dataset::names::short_name;
use crate::error::Error;
use crate::model::store::Store;
use crate::model::{Customers, Layout, Model, Prediction};
use crate::scatter::Scatter;

/// How the server protects itself.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The longest body that a request may have, in bytes, where nothing else is said.
    pub body_limit: usize,
    /// The longest file that may be uploaded, in bytes.
    pub upload_limit: u64,
    /// The longest body of customers to score at once, in bytes.
    pub batch_limit: u64,
    /// The longest that a request may take, from its last header to the start of its answer.
    pub request_timeout: Duration,
    /// The longest that a client may take to send its headers.
    pub header_timeout: Duration,
    /// The longest that requests in flight are waited for when the server stops.
    pub shutdown_timeout: Duration,
    /// The origins whose pages may call the API from a browser; none by default.
    pub cors_origins: Vec<HeaderValue>,
    /// The most customers that `/stats` lists.
    pub stats_rows: usize,
    /// The names that the server is known by, where it asks for no tokens: others may have been led here.
    pub allowed_hosts: Vec<String>,
    /// The latest predictions that are compared with training.
    pub drift_window: usize,
    /// Proxies that say for whom they speak.
    pub trusted_proxies: Vec<IpAddr>,
    /// What one client may take of the server.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_limit: 1024 * 1024,
            upload_limit: 2 << 30,
            batch_limit: 1 << 30,
            request_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(10),
            cors_origins: Vec::new(),
            stats_rows: 10_000,
            allowed_hosts: Vec::new(),
            drift_window: 10_000,
            trusted_proxies: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// The state of the API. Clones share it.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    served: ArcSwap<Served>,
    settings: Settings,
    metrics: Metrics,
    stopping: watch::Sender<bool>,
    workshop: OnceLock<Workshop>,
    /// Held by who changes which model answers.
    changing: Mutex<()>,
    gates: Gates,
    rates: Rates,
    guard: OnceLock<Arc<Guard>>,
}

/// A model and all that is worked out from it once rather than at every request. A request that has got one
/// keeps it to its end, whatever model is put to use meanwhile.
pub(super) struct Served {
    pub(super) model: Arc<Model>,
    columns: HashMap<String, usize>,
    pub(super) texts: Texts,
    pub(super) overview: Documents,
    /// None when the customers are not at hand.
    pub(super) stats: Option<Documents>,
    /// None when the customers are not at hand, or need no projection.
    pub(super) projection: Option<Document>,
    /// How the customers are read from their file; none when they are not at hand.
    pub(super) layout: Option<Layout>,
    /// The customers of each segment that are still at hand.
    pub(super) sizes: Vec<usize>,
    /// None when the customers are not at hand.
    pub(super) scatter: Option<Arc<Scatter>>,
    /// The description of the API, once somebody has asked for it.
    pub(super) description: OnceLock<Document>,
    /// One counter a segment.
    predictions: Vec<Counter>,
    /// Whether customers are still like those of training.
    pub(super) drift: Arc<Drift>,
}

/// Predictions that are recorded together, since what they are recorded in is shared by all.
#[derive(Default)]
pub(super) struct Seen {
    bins: Vec<u16>,
    /// How many customers each segment got.
    segments: Vec<u64>,
}

impl AppState {
    /// The state for a model. Without the customers it was learned from, `/stats` answers 503 and
    /// everything else works.
    pub fn new(model: Model, customers: Option<&Customers>, settings: Settings) -> Self {
        let metrics = Metrics::new();
        let drift = Drift::new(&model, customers, settings.drift_window).into();
        let served = Served::new(model, customers, drift, &settings, &metrics);
        let gates = Gates::new(&settings.limits);
        let rates = Rates::new(&settings.limits);
        Self(Arc::new(Shared {
            served: ArcSwap::from_pointee(served),
            settings,
            metrics,
            stopping: watch::Sender::new(false),
            workshop: OnceLock::new(),
            changing: Mutex::new(()),
            gates,
            rates,
            guard: OnceLock::new(),
        }))
    }

    /// Keeps uploads and models in a data folder, and learns new ones. Once only; without it the state has one
    /// model and no more.
    ///
    /// # Errors
    ///
    /// [`Error::Threads`].
    pub fn with_store(self, store: Store) -> Result<Self, Error> {
        let workshop = Workshop::open(store).map_err(|error| Error::Threads(error.to_string()))?;
        if let Err(error) = workshop.hold() {
            tracing::warn!(%error, "the data folder cannot be changed for now; predictions work");
        }
        let _ = self.0.guard.set(Guard::new(workshop.store.tokens_path()));
        let _ = self.0.workshop.set(workshop);
        Ok(self)
    }

    /// Puts another model to use. Requests that have begun are answered by the model they began with.
    pub fn put_to_use(&self, model: Model, customers: Option<&Customers>) {
        let Shared { settings, metrics, .. } = &*self.0;
        let former = self.served();
        // Other texts are no other model.
        let drift = if former.model.version == model.version {
            Arc::clone(&former.drift)
        } else {
            Drift::new(&model, customers, settings.drift_window).into()
        };
        let served = Served::new(model, customers, drift, settings, metrics);
        self.0.served.store(Arc::new(served));
    }

    /// The model that answers.
    pub fn model(&self) -> Arc<Model> {
        Arc::clone(&self.served().model)
    }

    /// How the server protects itself.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What one client may take of the server.
    pub(super) fn limits(&self) -> &Limits {
        &self.0.settings.limits
    }

    /// Whether new requests are welcome; not any more once the server is stopping.
    pub fn is_ready(&self) -> bool {
        !*self.0.stopping.borrow()
    }

    /// Says that no new requests are welcome: `/readyz` answers 503 from now on, trainings are cancelled and
    /// streams without end are ended.
    pub fn stop_being_ready(&self) {
        self.0.stopping.send_replace(true);
        if let Some(workshop) = self.0.workshop.get() {
            workshop.jobs.stop();
        }
    }

    /// Becomes true when the server stops.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// Where models are made.
    ///
    /// # Errors
    ///
    /// 503 when there is no data folder.
    pub(super) fn workshop(&self) -> Result<&Workshop, ApiError> {
        self.0.workshop.get().ok_or(ApiError::Unavailable(
            "this server has no data folder, so nothing can be kept or learned",
        ))
    }

    /// Where models are made, for who is about to change something there.
    ///
    /// # Errors
    ///
    /// As [`AppState::workshop`]; 409 while another server is at work in the folder, 503 and 507 when nothing can
    /// be written there.
    pub(super) async fn workshop_to_change(&self) -> Result<&Workshop, ApiError> {
        let workshop = self.workshop()?;
        let own = workshop.clone();
        self.work().run(move || own.hold().map_err(ApiError::of_folder)).await?;
        Ok(workshop)
    }

    /// What answers. A handler asks once and answers by what it got.
    pub(super) fn served(&self) -> Arc<Served> {
        self.0.served.load_full()
    }

    /// Held by who changes which model answers.
    pub(super) fn changing(&self) -> &Mutex<()> {
        &self.0.changing
    }

    pub(super) fn gates(&self) -> &Gates {
        &self.0.gates
    }

    /// Who keeps watch; nobody where there is no data folder.
    pub(super) fn guard(&self) -> Option<&Arc<Guard>> {
        self.0.guard.get()
    }

    /// Where changes are recorded.
    ///
    /// # Errors
    ///
    /// 503 when there is no data folder.
    pub(super) fn audit(&self) -> Result<Audit, ApiError> {
        Ok(Audit::within(self.workshop()?.store.path()))
    }

    pub(super) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// Where work is done that takes its time.
    pub(super) fn work(&self) -> Work {
        self.0.gates.work.clone()
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

impl Served {
    fn new(
        model: Model,
        customers: Option<&Customers>,
        drift: Arc<Drift>,
        settings: &Settings,
        metrics: &Metrics,
    ) -> Self {
        Self {
            columns: columns_by_name(&model),
            texts: Texts::new(&model),
            overview: Documents::new(|language| model::overview(&model, language)),
            stats: customers.map(|customers| {
                Documents::new(|language| {
                    stats::list(&model, customers, settings.stats_rows, language)
                })
            }),
            projection: customers.and_then(|customers| {
                let points = projection::list(&model, customers, settings.stats_rows)?;
                Some(Document::json(&points))
            }),
            layout: customers.map(Customers::layout),
            sizes: sizes(&model, customers),
            scatter: customers.and_then(|customers| customers.scatter(&model).ok()).map(Arc::new),
            description: OnceLock::new(),
            predictions: metrics.served(&model),
            drift,
            model: Arc::new(model),
        }
    }

    /// Notes a customer that was assigned to a segment.
    pub(super) fn predicted(&self, customer: &[f64], prediction: &Prediction, seen: &mut Seen) {
        if seen.segments.is_empty() {
            seen.segments.resize(self.predictions.len(), 0);
        }
        if let Some(count) = seen.segments.get_mut(prediction.segment) {
            *count += 1;
        }
        self.drift.see(customer, prediction, &mut seen.bins);
    }

    /// Counts all that was noted.
    pub(super) fn record(&self, seen: &Seen) {
        for (counter, &count) in self.predictions.iter().zip(&seen.segments) {
            if count > 0 {
                counter.inc_by(count);
            }
        }
        self.drift.record(&seen.bins);
    }

    /// The place of the column with this name or header among [`Model::columns`].
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let known = |name: &str| self.columns.get(name).copied();
        // Names as people vary them: other letters' case, a unit, an older header.
        known(name).or_else(|| known(&short_name(name)))
    }
}

fn sizes(model: &Model, customers: Option<&Customers>) -> Vec<usize> {
    let mut sizes = vec![0; model.segments.len()];
    for &label in customers.iter().flat_map(|customers| &customers.labels) {
        if let Some(size) = sizes.get_mut(label as usize) {
            *size += 1;
        }
    }
    sizes
}

/// Each column by its name, which no other column has, and by its header.
fn columns_by_name(model: &Model) -> HashMap<String, usize> {
    let headers = model.columns().map(|column| &column.column);
    let names = model.columns().map(|column| &column.name);
    headers.cloned().zip(0..).chain(names.cloned().zip(0..)).collect()
}
