//! `GET /api/drift`: whether the customers that are scored are like those of training.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::language::Wanted;
use super::state::{AppState, Served};
use crate::drift::{Bin, Compared, LEAST, Reference, Report, Subject, Verdict, Window};
use crate::model::{Customers, Model, Prediction};
use crate::personas::Language;
use crate::preparation::Steps;

/// The latest predictions of a model beside its training.
pub(super) struct Drift {
    reference: Reference,
    /// Held for some ten nanoseconds by who has predicted, and as long as the counts take to copy by who looks.
    window: Mutex<Window>,
    most: usize,
    since: Timestamp,
}

impl Drift {
    pub(super) fn new(model: &Model, customers: Option<&Customers>, most: usize) -> Self {
        let reference = Reference::new(model, customers).or_else(|error| {
            tracing::warn!(%error, "drift of features is not watched");
            Reference::new(model, None)
        });
        // Without customers nothing can fail.
        let reference = reference.unwrap_or_default();
        let window = Mutex::new(reference.window(most));
        let now = Timestamp::now();
        let since = now.round(jiff::Unit::Second).unwrap_or(now);
        Self { reference, window, most, since }
    }

    /// Appends the bins of a prediction to those that are recorded later.
    pub(super) fn see(&self, customer: &[f64], prediction: &Prediction, bins: &mut Vec<u16>) {
        self.reference.bins(customer, prediction.segment, prediction.distance, bins);
    }

    /// Records predictions.
    pub(super) fn record(&self, bins: &[u16]) {
        self.window().push(bins);
    }

    /// What the latest predictions show.
    pub(super) fn report(&self) -> Report {
        let counts = self.window().counts();
        Report::new(&self.reference, &counts)
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        // Counts that a panic has left are off by one prediction.
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The latest predictions beside the training customers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DriftResponse {
    /// The model that predicted.
    model_version: String,
    /// When counting began (RFC 3339): with the server's start, or when this model was put to use.
    since: String,
    /// The predictions looked at, from `/predict` and `/predict/batch`.
    predictions: usize,
    /// The most predictions that are looked at; older ones are forgotten.
    window: usize,
    /// The predictions that are needed for a verdict.
    least: usize,
    /// `too_few`, `steady`, `shifting` or `drifted`: the worst of all figures below.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// The verdict in words: what has moved, and whether it is time to retrain.
    sentence: String,
    /// What is not available and why; absent where everything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    remark: Option<&'static str>,
    /// Feature by feature.
    features: Vec<FeatureDrift>,
    /// How customers divide over the segments.
    segments: SegmentsDrift,
    /// How far customers are from their segment's centre; null when the training customers are not at hand.
    distance: Option<DistanceDrift>,
}

/// The population stability index of a figure, and what it says.
#[derive(Debug, Serialize, ToSchema)]
struct Index {
    /// The population stability index: 0 where recent customers divide over the bins as those of training, by
    /// convention little below 0.1 and much above 0.25. Null where it is not available.
    psi: Option<f64>,
    /// What the index may be by chance alone. A verdict beyond `steady` needs an index above the threshold by more
    /// than this.
    noise: f64,
    /// What this figure says of its own.
    #[schema(value_type = String)]
    verdict: Verdict,
}

/// A feature of recent customers beside training.
#[derive(Debug, Serialize, ToSchema)]
struct FeatureDrift {
    /// The feature's short name.
    feature: String,
    /// The feature's header.
    column: String,
    #[serde(flatten)]
    index: Index,
    /// The bins in which anybody is; none where they are not available.
    bins: Vec<BinShares>,
}

/// A bin of a figure.
#[derive(Debug, Serialize, ToSchema)]
struct BinShares {
    /// `numbers`, `category`, `unknown` for categories that training did not have, or `missing`.
    kind: &'static str,
    /// The number that those in the bin are above; absent where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    above: Option<f64>,
    /// The largest number in the bin; absent where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    up_to: Option<f64>,
    /// The category.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    value: Option<String>,
    /// The share of training customers, from 0 to 1.
    expected: f64,
    /// The share of recent customers, from 0 to 1.
    observed: f64,
}

/// The sizes of segments.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentsDrift {
    #[serde(flatten)]
    index: Index,
    /// Segment by segment.
    shares: Vec<SegmentShare>,
}

/// The size of a segment.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentShare {
    cluster_id: usize,
    persona: String,
    /// The share of training customers, from 0 to 1.
    expected: f64,
    /// The share of recent customers, from 0 to 1.
    observed: f64,
}

/// Distances to the centre, in standard deviations.
#[derive(Debug, Serialize, ToSchema)]
struct DistanceDrift {
    #[serde(flatten)]
    index: Index,
    /// The median of training customers.
    expected_median: Option<f64>,
    /// The median of recent customers, as far as bins tell; null where there are none, or where it lies beyond
    /// nine tenths of the training customers.
    observed_median: Option<f64>,
    /// The bins in which anybody is.
    bins: Vec<BinShares>,
}

/// Tells whether the customers that are scored are still like those that the model was learned from, and whether it
/// is time to retrain. Recent customers are counted in memory and as bins only: no value of any customer is kept.
#[utoipa::path(
    get,
    path = "/api/drift",
    tag = "segments",
    params(("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise")),
    responses((status = 200, description = "Recent customers beside those of training", body = DriftResponse))
)]
pub(super) async fn drift(
    State(state): State<AppState>,
    Wanted(language): Wanted,
) -> ([(HeaderName, &'static str); 2], Json<DriftResponse>) {
    let response = response(&state.served(), language);
    ([(CONTENT_LANGUAGE, language.tag()), (CACHE_CONTROL, "no-store")], Json(response))
}

fn response(served: &Served, language: Language) -> DriftResponse {
    let (model, drift) = (&served.model, &served.drift);
    let report = drift.report();
    let segment = |(place, segment): (usize, &crate::model::Segment)| {
        let bins = report.of(Subject::Segments).map(|compared| compared.bins.as_slice());
        let (_, expected, observed) = bins.and_then(|bins| bins.get(place)).copied()?;
        let (cluster_id, persona) = (segment.cluster_id, segment.persona(language).to_owned());
        Some(SegmentShare { cluster_id, persona, expected, observed })
    };
    let distance = report.of(Subject::Distance);
    let remark = distance.is_none().then_some(match language {
        Language::English => {
            "The training customers are not at hand, so only the sizes of segments are compared."
        }
        Language::Indonesian => {
            "Data pelanggan latih tidak tersedia, sehingga hanya ukuran segmen yang dibandingkan."
        }
    });
    DriftResponse {
        model_version: model.version.clone(),
        since: drift.since.to_string(),
        predictions: report.n,
        window: drift.most,
        least: LEAST,
        verdict: report.verdict,
        sentence: report.sentence(model, language),
        remark,
        features: (0..model.features.len()).map(|place| feature(model, &report, place)).collect(),
        segments: SegmentsDrift {
            index: Index::of(report.of(Subject::Segments)),
            shares: model
                .segments
                .iter()
                .enumerate()
                .filter_map(|at| segment((at.0, at.1)))
                .collect(),
        },
        distance: distance.map(|compared| DistanceDrift {
            index: Index::of(Some(compared)),
            expected_median: compared.median.map(|median| median.expected),
            observed_median: compared.median.and_then(|median| median.observed),
            bins: bins(compared, &[]),
        }),
    }
}

fn feature(model: &Model, report: &Report, place: usize) -> FeatureDrift {
    let compared = report.of(Subject::Feature(place));
    let categories = match &model.preparation.features()[place].steps {
        Steps::Categorical(categorical) => categorical.categories.as_slice(),
        Steps::Numeric(_) => &[],
    };
    FeatureDrift {
        feature: model.features[place].name.clone(),
        column: model.features[place].column.clone(),
        index: Index::of(compared),
        bins: compared.map(|compared| bins(compared, categories)).unwrap_or_default(),
    }
}

fn bins(compared: &Compared, categories: &[String]) -> Vec<BinShares> {
    let shares = |&(bin, expected, observed): &(Bin, f64, f64)| {
        let (mut above, mut up_to, mut value) = (None, None, None);
        let kind = match bin {
            Bin::Numbers { above: lower, up_to: upper } => {
                (above, up_to) = (lower, upper);
                "numbers"
            }
            Bin::Place(place) => {
                value = categories.get(place).cloned();
                "category"
            }
            Bin::Unknown => "unknown",
            Bin::Missing => "missing",
        };
        BinShares { kind, above, up_to, value, expected, observed }
    };
    compared.bins.iter().map(shares).collect()
}

impl Index {
    fn of(compared: Option<&Compared>) -> Self {
        Self {
            psi: compared.and_then(|compared| compared.psi),
            noise: compared.map_or(0.0, |compared| compared.noise),
            verdict: compared.map_or(Verdict::TooFew, |compared| compared.verdict),
        }
    }
}
