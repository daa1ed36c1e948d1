//! `GET /metrics`: figures for Prometheus.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::RwLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::drift::Drift;
use super::jobs::JobState;
use super::limits::Limit;
use super::state::AppState;
use crate::drift::{Report, Subject};
use crate::model::{Model, Segment};

/// The upper bounds of the latency buckets, in seconds.
const LATENCY_BUCKETS: [f64; 12] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// The figures, and the registry that writes them. It belongs to one state, so that two of them in a
/// process do not mix.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram>,
    /// The same by route, as each request needs them: without making labels of texts.
    routes: RwLock<HashMap<Box<str>, RouteMetrics>>,
    predictions: Family<SegmentLabels, Counter>,
    customers: Gauge,
    models: Family<ModelLabels, Gauge>,
    /// One counter a limit, in the order of [`Limit::ALL`].
    limited: Vec<Counter>,
    connections: Gauge,
    drift: DriftGauges,
    trainings: Family<TrainingLabels, Gauge>,
}

/// Recent customers beside those of training. They are worked out when somebody asks.
#[derive(Default)]
struct DriftGauges {
    psi: Family<FeatureLabels, Gauge<f64, AtomicU64>>,
    shares: Family<SegmentLabels, Gauge<f64, AtomicU64>>,
    predictions: Gauge,
    verdict: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FeatureLabels {
    feature: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TrainingLabels {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    limit: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ModelLabels {
    version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SegmentLabels {
    cluster_id: usize,
    persona: String,
}

struct RouteMetrics {
    latency: Histogram,
    /// A counter for each method and status.
    answers: Vec<((&'static str, u16), Counter)>,
}

/// A client may invent methods; they must not make the label's values endless.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("segmenta");
        let requests = Family::<RequestLabels, Counter>::default();
        let latency = Family::<RouteLabels, Histogram>::new_with_constructor(|| {
            Histogram::new(LATENCY_BUCKETS)
        });
        let predictions = Family::<SegmentLabels, Counter>::default();
        let customers = Gauge::default();
        let models = Family::<ModelLabels, Gauge>::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's headers to the start of its answer",
            Unit::Seconds,
            latency.clone(),
        );
        registry.register("predictions", "Customers assigned to a segment", predictions.clone());
        registry.register(
            "model_customers",
            "Customers the model was learned from",
            customers.clone(),
        );
        registry.register("model_info", "The model that answers", models.clone());
        let limits = Family::<LimitLabels, Counter>::default();
        registry.register("limited", "Requests and connections that met a limit", limits.clone());
        // Each is there from the start, so that a rise from nothing is seen.
        let limit = |limit: Limit| limits.get_or_create_owned(&LimitLabels { limit: limit.name() });
        let limited = Limit::ALL.map(limit).into();
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        let routes = RwLock::default();
        let trainings = Family::<TrainingLabels, Gauge>::default();
        let about = "Trainings that wait, run, or have ended lately, by their state";
        registry.register("trainings", about, trainings.clone());
        let drift = DriftGauges::default();
        drift.register(&mut registry);
        Self {
            registry,
            requests,
            latency,
            routes,
            predictions,
            customers,
            models,
            limited,
            connections,
            drift,
            trainings,
        }
    }

    /// Tells of the model that answers from now on, and gives the counters of its segments.
    pub(super) fn served(&self, model: &Model) -> Vec<Counter> {
        self.customers.set(i64::try_from(model.data.rows).unwrap_or(i64::MAX));
        self.models.clear();
        self.drift.psi.clear();
        self.drift.shares.clear();
        self.models.get_or_create(&ModelLabels { version: model.version.clone() }).set(1);
        let counter = |segment: &Segment| {
            let (cluster_id, persona) = (segment.cluster_id, segment.persona.clone());
            self.predictions.get_or_create_owned(&SegmentLabels { cluster_id, persona })
        };
        model.segments.iter().map(counter).collect()
    }

    /// Counts something that met a limit.
    pub(super) fn limited(&self, limit: Limit) {
        if let Some(counter) = self.limited.get(limit as usize) {
            counter.inc();
        }
    }

    /// How many connections there are.
    pub(super) fn connections(&self) -> Gauge {
        self.connections.clone()
    }

    /// Counts a request to a route and its answer.
    pub(super) fn requested(&self, method: &Method, route: &str, status: u16, elapsed: Duration) {
        let kind = (method_name(method), status);
        let found = self.routes.read().ok().and_then(|routes| {
            let route = routes.get(route)?;
            let (_, counter) = route.answers.iter().find(|(other, _)| *other == kind)?;
            counter.inc();
            route.latency.observe(elapsed.as_secs_f64());
            Some(())
        });
        if found.is_none() {
            self.requested_first(route, kind, elapsed);
        }
    }

    /// The first answer of its kind to a route.
    fn requested_first(&self, route: &str, kind: (&'static str, u16), elapsed: Duration) {
        let (method, status) = kind;
        let labels = RequestLabels { method, route: route.to_owned(), status };
        let counter = self.requests.get_or_create_owned(&labels);
        let latency = self.latency.get_or_create_owned(&RouteLabels { route: route.to_owned() });
        counter.inc();
        latency.observe(elapsed.as_secs_f64());
        // A route whose thread panicked is looked up each time.
        if let Ok(mut routes) = self.routes.write() {
            let route = routes
                .entry(route.into())
                .or_insert_with(|| RouteMetrics { latency, answers: Vec::new() });
            if !route.answers.iter().any(|(other, _)| *other == kind) {
                route.answers.push((kind, counter));
            }
        }
    }

    /// Tells of the trainings, each by its state.
    fn count_trainings(&self, states: &[JobState]) {
        for state in JobState::ALL {
            let count = states.iter().filter(|&&other| other == state).count();
            let gauge = self.trainings.get_or_create(&TrainingLabels { state: state.name() });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    fn write(&self, model: &Model, drift: &Drift) -> String {
        self.drift.set(model, &drift.report());
        let mut text = String::new();
        if text::encode(&mut text, &self.registry).is_err() {
            // Writing to a String cannot fail; should it do so, the scrape says what it has.
            let _ = writeln!(text, "# incomplete");
        }
        text
    }
}

impl DriftGauges {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "drift_psi",
            "Population stability index of recent customers against training",
            self.psi.clone(),
        );
        registry.register(
            "drift_segment_share",
            "The part of recent customers in a segment",
            self.shares.clone(),
        );
        registry.register(
            "drift_predictions",
            "Recent customers that are compared with training",
            self.predictions.clone(),
        );
        registry.register(
            "drift_verdict",
            "0 too few predictions, 1 steady, 2 shifting, 3 drifted",
            self.verdict.clone(),
        );
    }

    fn set(&self, model: &Model, report: &Report) {
        self.predictions.set(i64::try_from(report.n).unwrap_or(i64::MAX));
        self.verdict.set(report.verdict as i64);
        for compared in &report.compared {
            match compared.subject {
                Subject::Feature(place) => {
                    if let (Some(feature), Some(psi)) = (model.features.get(place), compared.psi) {
                        let feature = feature.name.clone();
                        self.psi.get_or_create(&FeatureLabels { feature }).set(psi);
                    }
                }
                Subject::Segments => {
                    for (segment, (_, _, observed)) in model.segments.iter().zip(&compared.bins) {
                        let (cluster_id, persona) = (segment.cluster_id, segment.persona.clone());
                        let labels = SegmentLabels { cluster_id, persona };
                        self.shares.get_or_create(&labels).set(*observed);
                    }
                }
                Subject::Distance => {}
            }
        }
    }
}

/// Figures for Prometheus, in the text format of OpenMetrics.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operation",
    responses((status = 200, description = "The figures", body = String,
        content_type = "application/openmetrics-text"))
)]
pub(super) async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let served = state.served();
    if let Ok(workshop) = state.workshop() {
        let jobs = workshop.jobs.list();
        state.metrics().count_trainings(&jobs.iter().map(|job| job.state).collect::<Vec<_>>());
    }
    ([(CONTENT_TYPE, kind)], state.metrics().write(&served.model, &served.drift))
}
