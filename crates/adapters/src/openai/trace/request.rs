//! Sends one request of a traced client.

use std::sync::{Arc, Mutex, PoisonError};

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use http::{HeaderMap, Method, header};
use probity_eval::model::RawTap;
use reqwest::{Request, Response, ResponseBuilderExt as _};
use serde_json::Value;
use tower::Service;
use tracing::{Instrument as _, Span};

use super::{TraceLayer, asked::Asked, body, span, watch::Watch};
use crate::{
    http::{Admitted, WireTap, not_connected},
    openai::{answering, model::unsent},
};

/// Sends a request through `inner`, and records it and its answer.
pub(super) async fn send<S>(
    mut inner: S,
    factory: HttpRequestFactory,
    settings: TraceLayer,
) -> Result<Response, OpenAIError>
where
    S: Service<HttpRequestFactory, Response = Response>,
    S::Error: Into<OpenAIError>,
{
    let request = factory.build().await?;
    let is_chat = is_chat(&request);
    let mut admitted = admit(&request, &settings).await;
    let span = if is_chat { open(&request, &settings) } else { Span::none() };
    span::record_wait(&span, &admitted);
    let tap = span.in_scope(|| WireTap::new(RawTap::with_config(settings.raw)));
    let sent = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    tap.request(request.method(), request.url().as_str(), request.headers(), sent);
    let call = inner.call(reusing(request, factory)).instrument(span.clone());
    match call.await.map_err(Into::into) {
        Ok(response) if !response.status().is_success() => {
            refused(response, &span, &tap, &mut admitted).await
        }
        Ok(response) if is_chat => {
            admitted.accepted();
            let watch = Watch::begin(&response, span, tap, settings.captures_content);
            let watch = watch.with_admitted(admitted);
            Ok(with_body(response, |response| body::watched(response, watch)))
        }
        Ok(response) if is_text(response.headers()) => {
            admitted.accepted();
            let watch = Watch::begin_raw(&response, tap);
            Ok(with_body(response, |response| body::watched(response, watch)))
        }
        Ok(response) => {
            admitted.accepted();
            tap.response(response.status(), response.headers(), None);
            Ok(response)
        }
        Err(error) => {
            let failure = unsent(&error, tap.secrets());
            tap.request_error(&failure, None);
            span::record_error(&span, &failure);
            admitted.failed(&failure);
            admitted.end(Some(0));
            Err(error)
        }
    }
}

/// Waits until a request may be sent. Only what asks for work counts: a list of models does not.
async fn admit(request: &Request, settings: &TraceLayer) -> Admitted {
    if *request.method() != Method::POST {
        return Admitted::default();
    }
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    Admitted::admit(&settings.provider, body).await
}

fn is_chat(request: &Request) -> bool {
    let path = request.url().path().trim_end_matches('/');
    *request.method() == Method::POST && path.ends_with("/chat/completions")
}

fn open(request: &Request, settings: &TraceLayer) -> Span {
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    span::open(settings, &Asked::of(&body))
}

/// Makes a factory that gives the request which was made already before it makes more: making one
/// may mean to read files.
fn reusing(request: Request, factory: HttpRequestFactory) -> HttpRequestFactory {
    let first = Arc::new(Mutex::new(Some(request)));
    HttpRequestFactory::new(move || {
        let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let factory = factory.clone();
        async move {
            match first {
                Some(request) => Ok(request),
                None => factory.build().await,
            }
        }
    })
}

async fn refused(
    mut response: Response,
    span: &Span,
    tap: &WireTap,
    admitted: &mut Admitted,
) -> Result<Response, OpenAIError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(bytes)) => body.extend_from_slice(&bytes),
            Ok(None) => break,
            Err(error) => {
                let mut failure = not_connected(&error, tap.secrets());
                failure.status = Some(status.as_u16());
                tap.request_error(&failure, Some(&String::from_utf8_lossy(&body)));
                span::record_error(span, &failure);
                admitted.failed(&failure);
                return Err(OpenAIError::Reqwest(error));
            }
        }
    }
    let error = answering::refusal(status, &headers, &body, tap);
    span::record_error(span, &error);
    admitted.failed(&error);
    admitted.end(Some(0));
    Ok(with_body(response, |_| body.into()))
}

/// Puts another body into a response.
fn with_body(mut response: Response, body: impl FnOnce(Response) -> reqwest::Body) -> Response {
    let mut rebuilt = http::Response::builder()
        .url(response.url().clone())
        .status(response.status())
        .version(response.version());
    if let Some(headers) = rebuilt.headers_mut() {
        headers.clone_from(response.headers());
    }
    if let Some(extensions) = rebuilt.extensions_mut() {
        extensions.extend(std::mem::take(response.extensions_mut()));
    }
    let body = body(response);
    // The head was that of a response, and so is one.
    rebuilt.body(body).map_or_else(|_| Response::from(http::Response::new("")), Response::from)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json") || kind.starts_with("text/event-stream"))
}
