//! An HTTP client for rig that shows what goes through it.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderMap, Method, Request, Response, header};
use probity_eval::RawTelemetryConfig;
use rig_core::{
    http_client::{self, BoxedStream, HttpClientExt, LazyBody, MultipartForm, StreamingResponse},
    wasm_compat::WasmCompatSend,
};

use super::{
    call::Call,
    exchange::Exchange,
    framing::{Framer, is_of_type},
    host,
    payloads::Payloads,
};
use crate::http::Admitted;

/// How much of an answer of the wrong type is read, in bytes.
const WRONG_BODY_LIMIT: usize = 1 << 20;

/// An HTTP client for rig that shows what goes through it.
///
/// [`RigModel::new`](crate::rig::RigModel::new) puts it around the client of its model by itself. Build the clients of
/// an agent that is written with rig on it, and the agent needs to know nothing of probity:
///
/// - Under [`capture_raw`](probity_trace::capture_raw) it makes raw entries of requests, of heads and
///   bodies of answers, of every payload of a stream, and of what went wrong. They belong to the span
///   of the model call.
/// - It records on the span of the model call what rig leaves out: `error.type`, `otel.status_code` and
///   `otel.status_description` where the call failed, and
///   `gen_ai.response.finish_reasons` in the dialects of OpenAI and Anthropic.
///
/// Where a [`RateLimiter`](probity_eval::RateLimiter) is current, a request asks it before it is sent, and tells it
/// what came of it. The limits are those of the provider that has the host, such as `openai` for `api.openai.com`;
/// another host stands for itself, with its port, unless [`with_provider`](Self::with_provider) says its name.
///
/// Values of secret headers appear in none of this, also where a provider repeats them. What the client
/// itself adds to a request is not seen.
///
/// # Examples
///
/// ```
/// use probity_adapters::rig::TappedClient;
/// use rig_core::{Model, http_client::HttpClientExt, providers::openai::{OpenAIConfig, wire::Chat}};
///
/// /// Makes a model for an agent of rig; `http` is `rig_reqwest::ReqwestClient`, say.
/// fn model(key: &str, http: impl HttpClientExt + Clone + 'static) -> Model<Chat> {
///     OpenAIConfig::new(key).connect(TappedClient::new(http)).chat("gpt-5")
/// }
/// ```
#[derive(Clone)]
pub struct TappedClient<H> {
    http: H,
    raw: RawTelemetryConfig,
    provider: Option<Arc<str>>,
}

/// Marks a request that a tap has seen, so that one tap within another leaves it alone.
#[derive(Clone, Copy)]
struct Seen;

impl<H> TappedClient<H> {
    /// Makes a client that sends through `http`, and makes raw entries of every kind.
    pub fn new(http: H) -> Self {
        Self { http, raw: RawTelemetryConfig::all(), provider: None }
    }

    /// Sets which raw entries are made. For the requests of a [`RigModel`](crate::rig::RigModel) its own
    /// setting counts instead.
    #[must_use]
    pub fn with_raw(mut self, raw: RawTelemetryConfig) -> Self {
        self.raw = raw;
        self
    }

    /// Sets the name of the provider, as limits of rates have it, in place of that of the host.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<Arc<str>>) -> Self {
        self.provider = Some(provider.into());
        self
    }

    /// Waits until a request may be sent, and begins to watch it, unless another tap around this one does.
    async fn watch(&self, request: &mut Request<Bytes>) -> Option<Arc<Exchange>>
    where
        H: Sync,
    {
        if request.extensions_mut().insert(Seen).is_some() {
            return None;
        }
        let call = Call::current();
        let admitted = admit(self.provider.clone(), request).await;
        let raw = call.as_ref().map_or(self.raw, |call| call.raw());
        let exchange = Exchange::begin(request, raw, admitted);
        if let Some(call) = call {
            call.set_exchange(&exchange);
        }
        Some(exchange)
    }
}

impl<H> HttpClientExt for TappedClient<H>
where
    H: HttpClientExt + Clone + 'static,
{
    fn send<T, U>(
        &self,
        request: Request<T>,
    ) -> impl Future<Output = http_client::Result<Response<LazyBody<U>>>> + WasmCompatSend + 'static
    where
        T: Into<Bytes> + WasmCompatSend,
        U: From<Bytes> + WasmCompatSend + 'static,
    {
        let tap = self.clone();
        let mut request: Request<Bytes> = request.map(Into::into);
        // Watched from the first poll on, which is made in the span of the call.
        async move {
            let exchange = tap.watch(&mut request).await;
            let response = tap.http.send::<Bytes, Bytes>(request).await;
            answered(response, exchange)
        }
    }

    fn send_multipart<U>(
        &self,
        request: Request<MultipartForm>,
    ) -> impl Future<Output = http_client::Result<Response<LazyBody<U>>>> + WasmCompatSend + 'static
    where
        U: From<Bytes> + WasmCompatSend + 'static,
    {
        let tap = self.clone();
        async move {
            let (parts, form) = request.into_parts();
            // The form is binary, and is left out of the raw entry.
            let mut shown = Request::from_parts(parts, Bytes::new());
            let exchange = tap.watch(&mut shown).await;
            let (parts, _) = shown.into_parts();
            let response = tap.http.send_multipart::<Bytes>(Request::from_parts(parts, form)).await;
            answered(response, exchange)
        }
    }

    async fn send_streaming<T>(&self, request: Request<T>) -> http_client::Result<StreamingResponse>
    where
        T: Into<Bytes> + WasmCompatSend,
    {
        let mut request: Request<Bytes> = request.map(Into::into);
        let wants_events = accepts_events(request.headers());
        let Some(exchange) = self.watch(&mut request).await else {
            return self.http.send_streaming(request).await;
        };
        let response = self.http.send_streaming(request).await;
        let response = response.map_err(|error| exchange.break_off(error, None))?;
        let (parts, body) = response.into_parts();
        let is_refused = !parts.status.is_success();
        let is_wrong = wants_events && !is_of_type(&parts.headers, &["", "text/event-stream"]);
        if !(is_refused || is_wrong) {
            exchange.begin_stream(parts.status, &parts.headers);
            let payloads = Payloads::new(body, Framer::of(&parts.headers), exchange);
            return Ok(Response::from_parts(parts, Box::pin(payloads)));
        }
        // Rig reads nothing of a body of the wrong type, which yet tells best what happened.
        let body = read(body, WRONG_BODY_LIMIT).await;
        let text = String::from_utf8_lossy(&body);
        if is_refused {
            exchange.whole(parts.status, &parts.headers, &text);
        } else {
            exchange.of_wrong_type(parts.status, &parts.headers, &text);
        }
        let body = exchange.bytes_without_secrets(body);
        Ok(Response::from_parts(parts, Box::pin(stream::iter([Ok(body)]))))
    }
}

/// Shows an answer that is not streamed, once its body is read.
#[expect(clippy::result_large_err, reason = "the error is rig's")]
fn answered<U: From<Bytes> + WasmCompatSend + 'static>(
    response: http_client::Result<Response<LazyBody<Bytes>>>,
    exchange: Option<Arc<Exchange>>,
) -> http_client::Result<Response<LazyBody<U>>> {
    let Some(exchange) = exchange else {
        return response.map(|response| {
            response.map(|body| -> LazyBody<U> { Box::pin(async { body.await.map(U::from) }) })
        });
    };
    let response = response.map_err(|error| exchange.break_off(error, None))?;
    let (parts, body) = response.into_parts();
    let (status, headers) = (parts.status, parts.headers.clone());
    let body: LazyBody<U> = Box::pin(async move {
        exchange.begin_body(status, &headers);
        let body = body.await.map_err(|error| exchange.break_off(error, None))?;
        let failed = exchange.whole(status, &headers, &String::from_utf8_lossy(&body));
        Ok(U::from(if failed { exchange.bytes_without_secrets(body) } else { body }))
    });
    Ok(Response::from_parts(parts, body))
}

/// Waits until a request may be sent. Only what asks for work counts: a list of models does not.
async fn admit(provider: Option<Arc<str>>, request: &Request<Bytes>) -> Admitted {
    if *request.method() != Method::POST {
        return Admitted::default();
    }
    let provider = provider.unwrap_or_else(|| host::provider(request.uri()).into());
    Admitted::admit(&provider, request.body()).await
}

fn accepts_events(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accepted| accepted == "text/event-stream")
}

/// Reads a body, but not much more than so many bytes, up to where it breaks.
async fn read(mut body: BoxedStream, limit: usize) -> Bytes {
    let mut read = Vec::new();
    while let Some(Ok(chunk)) = body.next().await {
        read.extend_from_slice(&chunk);
        if read.len() >= limit {
            break;
        }
    }
    read.into()
}

impl<H> fmt::Debug for TappedClient<H> {
    /// Leaves the client out, which may hold keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TappedClient").field("raw", &self.raw).finish_non_exhaustive()
    }
}
