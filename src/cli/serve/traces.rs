//! Traces of requests, sent to a collector of OpenTelemetry.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use opentelemetry::trace::{SpanKind, Status, TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter as Export};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::cli::failure::Usage;

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
/// [`Usage`] for an address that is none, or one over TLS: the client of HTTP that comes with the exporter has none, and
/// collectors usually run beside what they collect from.
pub fn layer<S>(endpoint: &str) -> Result<(impl Layer<S> + use<S>, Traces)>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    if !endpoint.starts_with("http://") {
        return Err(Usage(format!(
            "--otlp-endpoint {endpoint}: a collector's address is like http://127.0.0.1:4318; one that wants an encrypted \
             connection is reached through another on this machine"
        ))
        .into());
    }
    let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(&endpoint).build();
    let exporter =
        exporter.with_context(|| format!("--otlp-endpoint: {endpoint} cannot be used"))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(Named { exporter, is_failing: AtomicBool::new(false) })
        .with_resource(Resource::builder().with_service_name("segmenta").build())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("segmenta"));
    // Also the spans of requests that are not logged.
    let filter = Targets::new().with_target(TARGET, tracing::Level::DEBUG);
    Ok((layer.with_filter(filter), Traces(provider)))
}

/// Sends spans in the words that collectors know, and tells in the log when they do not arrive.
#[derive(Debug)]
struct Named {
    exporter: SpanExporter,
    is_failing: AtomicBool,
}

impl Export for Named {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(name);
        let sent = self.exporter.export(batch).await;
        // Told once and not for each batch: a collector may be away for long.
        match (&sent, self.is_failing.swap(sent.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => {
                tracing::warn!(%error, "traces do not arrive at --otlp-endpoint");
            }
            (Ok(()), true) => tracing::info!("traces arrive again"),
            _ => {}
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Puts a span into the terms of OpenTelemetry's conventions for servers of HTTP, by which collectors group and draw
/// spans; the log has words of its own.
fn name(span: &mut SpanData) {
    span.span_kind = SpanKind::Server;
    let mut name = String::new();
    span.attributes.retain_mut(|attribute| {
        let value = attribute.value.as_str();
        let key = match attribute.key.as_str() {
            "method" => {
                name.insert_str(0, &value);
                "http.request.method"
            }
            // A path that no route has could be any, and names nothing.
            "route" if !value.starts_with('/') => return false,
            "route" => {
                name = format!("{name} {value}");
                "http.route"
            }
            "status" => {
                // Unsigned numbers arrive as text.
                let Ok(status) = value.parse::<i64>() else { return false };
                if status >= 500 {
                    span.status = Status::error("");
                }
                attribute.value = status.into();
                "http.response.status_code"
            }
            _ => return true,
        };
        attribute.key = key.into();
        true
    });
    span.name = name.into();
}
