//! What the program tells of its work. The log goes to standard error, as lines
//! for people at a terminal and as JSON for whatever else reads it; traces go
//! to a collector of OpenTelemetry, if there is one.

use std::{io::IsTerminal, time::Duration};

use http::Method;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Metadata, Span};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::filter_fn, fmt, layer::SubscriberExt,
    util::SubscriberInitExt,
};
use uuid::Uuid;

use super::config::CollectorUrl;

/// What is logged if `RUST_LOG` says nothing.
const DEFAULT: &str =
    "info,sqlx=warn,tower_sessions=error,lettre=warn,hyper=warn,opentelemetry=warn";
/// The target of the spans that only a collector is told of.
const TRACED: &str = "atrium::traced";
/// How long a collector may take for a batch.
const COLLECTOR_TIMEOUT: Duration = Duration::from_secs(3);
/// How long it may take for the last one, which the end of the program waits for.
const LAST_TIMEOUT: Duration = Duration::from_secs(2);

/// The telemetry of the process, until it is stopped.
#[derive(Debug)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

/// Starts the log, and the traces if there is a collector for them; once per
/// process, and outside of the runtime.
///
/// # Errors
/// If `RUST_LOG` can't be read, or nothing can be sent to the collector.
pub fn start(collector: Option<&CollectorUrl>) -> Result<Telemetry, Box<dyn std::error::Error>> {
    let log = log()?;
    let traces = collector
        .map(provider)
        .transpose()
        .map_err(|error| format!("OTEL_EXPORTER_OTLP_ENDPOINT: {error}"))?;
    let to_collector = traces.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("atrium"))
            .with_filter(filter_fn(is_traced))
    });
    let started = tracing_subscriber::registry()
        .with(log)
        .with(to_collector)
        .try_init();
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
    Ok(Telemetry { traces })
}

impl Telemetry {
    /// Sends what hasn't been sent yet. Outside of the runtime.
    pub fn stop(self) {
        let Some(traces) = self.traces else { return };
        if let Err(error) = traces.shutdown_with_timeout(LAST_TIMEOUT) {
            tracing::warn!(%error, "the collector didn't take the last traces");
        }
    }
}

/// The span of a request in a trace. Its name is one of few, whatever is asked
/// for: a method, or a server function that there is.
#[must_use]
pub fn request_span(id: Uuid, method: &Method, path: &str) -> Span {
    let is_function = || server_fn::axum::server_fn_paths().any(|(known, _)| known == path);
    let name = match *method {
        Method::POST if is_function() => format!("POST {path}"),
        Method::GET | Method::HEAD | Method::POST | Method::OPTIONS => method.to_string(),
        _ => "_OTHER".to_owned(),
    };
    tracing::info_span!(
        target: TRACED,
        "request",
        otel.name = name,
        otel.kind = "server",
        request.id = %id,
        http.request.method = %method,
        url.path = path,
        http.response.status_code = tracing::field::Empty,
    )
}

/// The span of work that nobody waits for.
#[must_use]
pub fn work_span(name: &'static str) -> Span {
    tracing::info_span!(target: TRACED, "work", otel.name = name, otel.kind = "consumer")
}

fn log() -> Result<impl Layer<Registry>, Box<dyn std::error::Error>> {
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let asked = if asked.is_empty() { DEFAULT } else { &asked };
    let filter = EnvFilter::builder()
        .parse(asked)
        .map_err(|error| format!("RUST_LOG: {error}"))?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = if std::io::stderr().is_terminal() {
        lines.boxed()
    } else {
        lines.json().boxed()
    };
    Ok(lines
        .with_filter(filter)
        .with_filter(filter_fn(|of| of.target() != TRACED)))
}

fn is_traced(of: &Metadata<'_>) -> bool {
    let is_ours = of.target().starts_with("atrium");
    of.target() == TRACED || (of.is_event() && is_ours && *of.level() <= Level::INFO)
}

fn provider(collector: &CollectorUrl) -> Result<SdkTracerProvider, Box<dyn std::error::Error>> {
    // Whoever installed one before has one that is as good.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .timeout(COLLECTOR_TIMEOUT)
        .build()?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(collector.traces())
        .with_timeout(COLLECTOR_TIMEOUT)
        .build()?;
    let resource = Resource::builder();
    let resource = if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource.with_service_name("atrium")
    } else {
        resource
    };
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build())
}
