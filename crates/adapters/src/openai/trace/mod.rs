//! Records what a program's own `async-openai` client does.

mod asked;
mod body;
mod request;
mod span;
mod watch;

use std::{
    mem,
    task::{Context, Poll},
};

use async_openai::{
    Client,
    config::Config,
    error::OpenAIError,
    middleware::{HttpRequestFactory, ReqwestService, retry::OpenAIRetryLayer},
};
use futures::future::BoxFuture;
use probity_eval::RawTelemetryConfig;
use reqwest::Response;
use tower::{Layer, Service};

/// Makes a client that sends and retries as `async-openai` does by itself, and whose requests are
/// recorded by a [`TraceLayer`].
///
/// # Examples
///
/// ```no_run
/// use async_openai::config::OpenAIConfig;
///
/// let client = probity_adapters::openai::traced_client(OpenAIConfig::new());
/// # drop(client);
/// ```
pub fn traced_client<C: Config>(config: C) -> Client<C> {
    let service = TraceLayer::new().layer(ReqwestService::default());
    // The retries lie around the layer, so that each request is a span.
    Client::with_config(config).with_http_service(OpenAIRetryLayer::default().layer(service))
}

/// Opens a span `chat` around each chat completion that an `async-openai` client asks for, and hands what
/// goes over the wire to the raw capture.
///
/// The span carries the GenAI attributes of OpenTelemetry: model, settings, identifiers, finish reason,
/// usage, time to the first chunk, and the error if there is one. It ends with the answer, also
/// where a stream is read in another task. Nothing of the request or the answer is changed.
///
/// Where a [`RateLimiter`](probity_eval::RateLimiter) is current, a request asks it before it is sent, under the name of
/// the [provider](Self::with_provider), and tells it what came of it. The span begins when the request may be sent,
/// and `probity.rate_limit_wait_ms` on it says how long that took.
///
/// Requests for other things than chat completions get no span; their raw entries are made, without
/// bodies that are neither JSON nor server-sent events.
///
/// # Examples
///
/// ```no_run
/// use async_openai::{Client, config::OpenAIConfig, middleware::ReqwestService};
/// use probity_adapters::openai::TraceLayer;
/// use tower::Layer as _;
///
/// let service = TraceLayer::new().with_content_capture(true).layer(ReqwestService::default());
/// let client = Client::with_config(OpenAIConfig::new()).with_http_service(service);
/// # drop(client);
/// ```
#[derive(Debug, Clone)]
pub struct TraceLayer {
    pub(super) provider: String,
    pub(super) captures_content: bool,
    pub(super) raw: RawTelemetryConfig,
}

impl TraceLayer {
    /// Records no messages, and every kind of raw entry where a raw capture runs.
    pub fn new() -> Self {
        Self {
            provider: "openai".to_owned(),
            captures_content: false,
            raw: RawTelemetryConfig::all(),
        }
    }

    /// Sets the name of the provider, as `gen_ai.provider.name` and limits of rates have it; `openai` without it.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = provider.into();
        self
    }

    /// Sets whether spans record what the model is told and answers.
    #[must_use]
    pub fn with_content_capture(mut self, captures: bool) -> Self {
        self.captures_content = captures;
        self
    }

    /// Sets which raw entries are made where a raw capture runs.
    #[must_use]
    pub fn with_raw(mut self, config: RawTelemetryConfig) -> Self {
        self.raw = config;
        self
    }
}

impl Default for TraceLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = TraceService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TraceService { inner, settings: self.clone() }
    }
}

/// Service of [`TraceLayer`].
#[derive(Debug, Clone)]
pub struct TraceService<S> {
    inner: S,
    settings: TraceLayer,
}

impl<S> Service<HttpRequestFactory> for TraceService<S>
where
    S: Service<HttpRequestFactory, Response = Response> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<OpenAIError>,
{
    type Response = Response;
    type Error = OpenAIError;
    type Future = BoxFuture<'static, Result<Response, OpenAIError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let next = self.inner.clone();
        // The one that was made ready is the one to call.
        let inner = mem::replace(&mut self.inner, next);
        Box::pin(request::send(inner, factory, self.settings.clone()))
    }
}
