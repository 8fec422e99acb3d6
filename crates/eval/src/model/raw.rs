//! Handing what goes over the wire to a raw capture.

use std::sync::atomic::{AtomicU64, Ordering};

use probity_trace::{CaptureHandle, RawPayload};

use super::request::ModelRequest;

/// Which raw entries a model's adapter makes, while a raw capture runs.
///
/// An extension of the [`Llm`](crate::Llm) or of one turn. Without it none are made.
///
/// # Examples
///
/// ```
/// use probity_eval::{Llm, RawTelemetryConfig};
///
/// let llm = Llm::without_model().with_extension(RawTelemetryConfig::all());
/// # drop(llm);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawTelemetryConfig {
    /// Requests as they are sent.
    pub requests: bool,
    /// Heads and bodies of responses, and the payloads of streams.
    pub responses: bool,
    /// What could not be read, requests that failed, and answers that broke off.
    pub errors: bool,
}

impl RawTelemetryConfig {
    /// Makes every kind of entry.
    pub fn all() -> Self {
        Self { requests: true, responses: true, errors: true }
    }

    /// Makes none.
    pub fn none() -> Self {
        Self::default()
    }
}

/// Hands what one request sends and gets to the raw capture around it, if there is one.
///
/// Made when the request starts, on the caller's task, so that it finds its capture and span again
/// wherever the answer is read. Where nobody wants raw entries it does nothing; ask
/// [`is_active`](RawTap::is_active) before making costly ones.
#[derive(Debug, Default)]
pub struct RawTap {
    handle: Option<CaptureHandle>,
    config: RawTelemetryConfig,
    sequence: AtomicU64,
}

impl RawTap {
    /// Finds out whether this request is to be recorded, and where.
    pub fn new(request: &ModelRequest) -> Self {
        let config = request.extensions.get::<RawTelemetryConfig>().copied().unwrap_or_default();
        Self::with_config(config)
    }

    /// The same, where there is no [`ModelRequest`].
    pub fn with_config(config: RawTelemetryConfig) -> Self {
        let wanted = config != RawTelemetryConfig::none();
        let handle = wanted.then(CaptureHandle::current).flatten();
        let handle = handle.filter(CaptureHandle::wants_raw);
        Self { handle, config, sequence: AtomicU64::new(0) }
    }

    /// Returns whether anything is recorded.
    pub fn is_active(&self) -> bool {
        self.handle.is_some()
    }

    /// Records a request. Values of secret headers are masked.
    pub fn request(&self, method: &str, url: &str, headers: Vec<(String, String)>, body: String) {
        self.record(self.config.requests, || RawPayload::Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers,
            body,
        });
    }

    /// Records the head of a response, and its body unless that is streamed.
    pub fn response(&self, status: u16, headers: Vec<(String, String)>, body: Option<String>) {
        self.record(self.config.responses, || RawPayload::Response { status, headers, body });
    }

    /// Records a payload of a stream. They are numbered from 0 in the order of the calls.
    pub fn stream_event(&self, body: &str) {
        self.record(self.config.responses, || RawPayload::StreamEvent {
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed),
            body: body.to_owned(),
        });
    }

    /// Records a payload that could not be read.
    pub fn parse_error(&self, error: &str, body: &str) {
        self.record(self.config.errors, || RawPayload::ParseError {
            error: error.to_owned(),
            body: body.to_owned(),
        });
    }

    /// Records a request that failed: the status and body of the answer, if there was one.
    pub fn request_error(
        &self,
        error: &str,
        status: Option<u16>,
        body: Option<String>,
        retryable: Option<bool>,
    ) {
        self.record(self.config.errors, || RawPayload::RequestError {
            error: error.to_owned(),
            status,
            body,
            retryable,
        });
    }

    /// Records an answer that broke off, with what had come.
    pub fn collect_error(&self, error: &str, partial: Option<String>) {
        self.record(self.config.errors, || RawPayload::CollectError {
            error: error.to_owned(),
            partial,
        });
    }

    fn record(&self, wanted: bool, payload: impl FnOnce() -> RawPayload) {
        if let Some(handle) = self.handle.as_ref().filter(|_| wanted) {
            // What does not fit is counted by the capture.
            handle.record_raw(payload());
        }
    }
}
