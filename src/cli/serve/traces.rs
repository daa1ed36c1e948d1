//! Traces of requests, sent to a collector of OpenTelemetry.

use anyhow::{Context, Result};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// Where spans of requests come from.
const TARGET: &str = "segmenta::request";

/// Sends what it has when it is dropped.
pub struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        // Nobody can be told any more.
        let _ = self.0.shutdown();
    }
}

/// What sends spans to the collector at an address, over HTTP.
///
/// # Errors
///
/// An address that is none.
pub fn layer<S>(endpoint: &str) -> Result<(impl Layer<S> + use<S>, Traces)>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(&endpoint).build();
    let exporter =
        exporter.with_context(|| format!("--otlp-endpoint: {endpoint} cannot be used"))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name("segmenta").build())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("segmenta"));
    // Also the spans of requests that are not logged.
    let filter = Targets::new().with_target(TARGET, tracing::Level::DEBUG);
    Ok((layer.with_filter(filter), Traces(provider)))
}
