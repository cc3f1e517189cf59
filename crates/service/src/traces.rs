//! Traces: what a request, or a message on its way, spent its time on; told to a collector by OTLP where the operator names one.
//!
//! A trace consists of the spans that are made here and of nothing else: no line of the log gets into it, and all that a span says is a
//! word of the program, apart from the request's id. Nobody's trace is taken from outside, and none is handed to the outside parties.

use std::{pin::Pin, time::Duration};

use mostik_store::outbox::Kind;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{Span, Subscriber, field::Empty, info_span};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};
use url::Url;

use crate::metrics::{CallOutcome, Provider, kind_name};

/// What the spans of this file, and no others, are filed under.
pub const TARGET: &str = "mostik_service::traces";

/// How long the collector may take for one delivery.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why no traces can be told.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// TLS, for the collector.
    #[error("traces.otlp_url: the client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The exporter.
    #[error("traces.otlp_url: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// The way to the collector.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Tells the collector at this address, in the background and in batches; what it does not take is lost. Within a runtime.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn to(collector: &Url) -> Result<Self, TracesError> {
        let mut client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        if crate::config::is_loopback(collector) {
            client = client.no_proxy();
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(OnRuntime { client: client.build()?, runtime: Handle::current() })
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", collector.as_str().trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()?;
        let resource = Resource::builder_empty()
            .with_service_name("mostik-service")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What takes the spans out of the program.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("mostik-service"))
            // Where in the sources it was, and on which thread, is the program's own business.
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(Targets::new().with_target(TARGET, tracing::Level::INFO))
    }

    /// Tells what is left.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last traces were not told");
        }
    }
}

/// A request, from its first to its last octet of work.
pub(crate) fn request(method: &'static str, route: &'static str, id: &str) -> Span {
    info_span!(target: TARGET, parent: None, "request", otel.name = format!("{method} {route}"), otel.kind = "server",
        otel.status_code = Empty, http.request.method = method, http.route = route, http.response.status_code = Empty,
        request_id = id)
}

/// What became of the request of a span.
pub(crate) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A message on its way out: a trace of its own, as nobody waits for it.
pub(crate) fn delivery(kind: Kind) -> Span {
    info_span!(target: TARGET, parent: None, "delivery", otel.name = format!("deliver {}", kind_name(kind)),
        otel.kind = "consumer", channel = kind_name(kind))
}

/// A call to an outside party.
pub(crate) fn call(provider: Provider) -> Span {
    info_span!(target: TARGET, "call", otel.name = format!("call {}", provider.name()), otel.kind = "client",
        otel.status_code = Empty, provider = provider.name(), outcome = Empty)
}

/// How the call of a span went.
pub(crate) fn called(span: &Span, outcome: CallOutcome) {
    span.record("outcome", outcome.name());
    if outcome == CallOutcome::Failed {
        span.record("otel.status_code", "ERROR");
    }
}

/// The exporter has a thread of its own, where our client finds no runtime: it is sent over to this one.
#[derive(Debug)]
struct OnRuntime {
    client: reqwest::Client,
    runtime: Handle,
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for OnRuntime {
    fn send_bytes<'a, 'f>(&'a self, request: Request<Bytes>) -> Sending<'f>
    where
        'a: 'f,
        Self: 'f,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let mut response = Response::builder().status(answer.status()).body(Bytes::new())?;
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await?;
            Ok::<_, HttpError>(response)
        });
        Box::pin(async move { sent.await? })
    }
}
