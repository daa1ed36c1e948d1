//! What somebody wants to be learned.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::dataset::OnError;
use crate::elbow::MinSegmentSize;
use crate::error::Error;
use crate::model::{NClusters, TrainOptions};
use crate::preparation::Choices;
use crate::rfm::{AmountColumns, LogColumns, RfmOptions};
use crate::server::error::{ApiError, FieldError};

/// What to learn from, and how. What is left out is chosen as `segmenta train` does.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct JobRequest {
    /// The upload to learn from.
    pub(super) upload: Option<String>,
    /// The kept model from whose customers to learn anew, instead of an upload.
    pub(super) model: Option<String>,
    /// Headers or short names of the columns to learn from; without them they are proposed.
    #[serde(default)]
    features: Vec<String>,
    /// How features are prepared: `income=log1p,robust` or `*=missing:refuse`.
    #[serde(default)]
    preparation: Vec<String>,
    /// A number, or `auto` for what the elbow advises.
    #[schema(value_type = Option<Object>)]
    n_clusters: Option<Value>,
    /// The largest number of clusters to try.
    #[schema(minimum = 1)]
    k_max: Option<usize>,
    /// The number of starts.
    #[schema(minimum = 1)]
    n_init: Option<usize>,
    /// The most steps of a start.
    #[schema(minimum = 1)]
    max_iter: Option<usize>,
    /// The seed.
    #[schema(minimum = 0)]
    random_state: Option<u64>,
    /// How many customers a segment must have: a number, or a share such as `"5%"`.
    #[schema(value_type = Option<Object>)]
    min_segment_size: Option<Value>,
    /// What to do with a row that cannot be used.
    #[serde(default)]
    on_error: OnErrorRequest,
    /// If the file is a log of transactions: where what stands.
    pub(super) rfm: Option<RfmRequest>,
    /// The model whose segments keep their ids and names where they are found again: `active`, which it is if
    /// nothing is said, a version, or `none`.
    follow: Option<String>,
}

/// What to do with a row that cannot be used.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum OnErrorRequest {
    /// Stop and name it.
    #[default]
    Fail,
    /// Leave it out and count it.
    Skip,
}

/// The columns of a log of transactions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct RfmRequest {
    /// The column of customers' ids.
    customer: String,
    /// The column of dates.
    date: String,
    /// The column of amounts; else quantity and price are given.
    amount: Option<String>,
    /// The column of quantities.
    quantity: Option<String>,
    /// The column of prices of a piece.
    price: Option<String>,
    /// The column of orders' ids.
    order: Option<String>,
    /// The day as of which customers are described: `2026-11-25`.
    #[schema(format = Date)]
    as_of: Option<String>,
}

/// A request that can be carried out, as far as that shows without the file.
#[derive(Debug, Clone)]
pub(in crate::server) struct Order {
    pub(super) source: OrderSource,
    pub(super) options: TrainOptions,
    pub(super) rfm: Option<RfmOptions>,
    pub(super) follow: Follow,
}

/// Whose segments keep their ids and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Follow {
    /// Those of the model in use.
    Active,
    /// Those of a kept model.
    Version(String),
    /// Nobody's.
    None,
}

/// What to learn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OrderSource {
    /// An upload, by its id.
    Upload(String),
    /// The customers of a kept model, by its version.
    Model(String),
}

impl JobRequest {
    pub(super) fn check(self) -> Result<Order, ApiError> {
        let source = match (self.upload, self.model) {
            (Some(upload), None) => OrderSource::Upload(upload),
            (None, Some(model)) => OrderSource::Model(model),
            _ => return Err(refuse("upload", "give either an upload or a model to learn from")),
        };
        let on_error = match self.on_error {
            OnErrorRequest::Fail => OnError::Fail,
            OnErrorRequest::Skip => OnError::Skip,
        };
        let mut options = TrainOptions::new().map_err(|error| {
            tracing::error!(%error, "the personas that come with the program cannot be read");
            ApiError::Internal
        })?;
        options.features = self.features;
        options.on_error = on_error;
        options.n_clusters = n_clusters(self.n_clusters.as_ref())?;
        options.min_segment_size =
            self.min_segment_size.as_ref().map(min_segment_size).transpose()?;
        options.preparation = Choices::parse(&self.preparation)
            .map_err(|error| refuse("preparation", &error.to_string()))?;
        options.k_max = self.k_max.unwrap_or(options.k_max);
        let kmeans = &mut options.kmeans;
        kmeans.n_init = self.n_init.unwrap_or(kmeans.n_init);
        kmeans.max_iter = self.max_iter.unwrap_or(kmeans.max_iter);
        kmeans.random_state = self.random_state.unwrap_or(kmeans.random_state);
        let checks = match options.n_clusters {
            NClusters::Fixed(k) => vec![("n_clusters", k), ("k_max", options.k_max)],
            NClusters::Auto => vec![("k_max", options.k_max)],
        };
        for (field, k) in checks {
            options.kmeans.with_n_clusters(k).check().map_err(|error| parameter(field, error))?;
        }
        let rfm = self.rfm.map(|rfm| rfm.check(on_error)).transpose()?;
        let follow = match self.follow {
            None => Follow::Active,
            Some(text) if text == "active" => Follow::Active,
            Some(text) if text == "none" => Follow::None,
            Some(version) => Follow::Version(version),
        };
        Ok(Order { source, options, rfm, follow })
    }
}

impl RfmRequest {
    fn check(self, on_error: OnError) -> Result<RfmOptions, ApiError> {
        let amount = match (self.amount, self.quantity, self.price) {
            (Some(amount), None, None) => AmountColumns::Amount(amount),
            (None, Some(quantity), Some(price)) => AmountColumns::Product { quantity, price },
            _ => return Err(refuse("rfm", "give either amount, or quantity and price")),
        };
        let as_of: Option<Date> = self
            .as_of
            .map(|day| day.parse().map_err(|_| refuse("rfm", "as_of: a day such as 2026-11-25")))
            .transpose()?;
        let (customer, date, order) = (self.customer, self.date, self.order);
        let columns = LogColumns { customer, date, amount, order };
        Ok(RfmOptions { as_of, on_error, ..RfmOptions::new(columns) })
    }
}

fn n_clusters(value: Option<&Value>) -> Result<NClusters, ApiError> {
    let count = |value: &Value| value.as_u64().and_then(|k| usize::try_from(k).ok());
    match value {
        None => Ok(NClusters::Auto),
        Some(Value::String(text)) if text == "auto" => Ok(NClusters::Auto),
        Some(value) => count(value)
            .map(NClusters::Fixed)
            .ok_or_else(|| refuse("n_clusters", "a whole number from 1 up is needed, or \"auto\"")),
    }
}

fn min_segment_size(value: &Value) -> Result<MinSegmentSize, ApiError> {
    let share = |text: &str| {
        let percent: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
        (0.0..=100.0).contains(&percent).then_some(MinSegmentSize::Share(percent / 100.0))
    };
    let size = match value {
        Value::String(text) => share(text),
        value => value
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .filter(|&count| count > 0)
            .map(MinSegmentSize::Count),
    };
    size.ok_or_else(|| {
        refuse(
            "min_segment_size",
            "a number of customers from 1 up is needed, or a share such as \"5%\"",
        )
    })
}

/// The field that an error of the library is about, which calls parameters as the API does.
fn parameter(field: &'static str, error: Error) -> ApiError {
    match error {
        Error::Parameter { name, problem, .. } => {
            refuse(if name == "n_clusters" { field } else { name }, problem)
        }
        other => refuse(field, &other.to_string()),
    }
}

fn refuse(field: &str, problem: &str) -> ApiError {
    ApiError::invalid(FieldError::body(field, "value_error", problem))
}
