//! Hands one request and its answer to the raw capture, without its secrets.

use std::sync::OnceLock;

use http::{HeaderMap, Method, StatusCode};
use probity_eval::model::{ModelError, RawTap};

use super::{headers::listed, secrets::Secrets};

/// The raw tap of one HTTP request, which masks the secrets of the request in all that it hands on.
///
/// Made on the caller's task, where the tap finds its capture.
#[derive(Debug, Default)]
pub(crate) struct WireTap {
    tap: RawTap,
    secrets: OnceLock<Secrets>,
}

impl WireTap {
    /// Records through `tap`.
    #[cfg(any(feature = "openai", feature = "rig"))]
    pub(crate) fn new(tap: RawTap) -> Self {
        Self { tap, secrets: OnceLock::new() }
    }

    /// Records through `tap`, where the headers of the request are not seen, but its secrets are known.
    #[cfg(feature = "genai")]
    pub(crate) fn with_secrets(tap: RawTap, secrets: Secrets) -> Self {
        Self { tap, secrets: OnceLock::from(secrets) }
    }

    /// Returns whether anything is recorded.
    pub(crate) fn is_active(&self) -> bool {
        self.tap.is_active()
    }

    /// Returns the secrets of the request; none before it was sent.
    pub(crate) fn secrets(&self) -> &Secrets {
        static NONE: OnceLock<Secrets> = OnceLock::new();
        self.secrets.get().unwrap_or_else(|| NONE.get_or_init(Secrets::default))
    }

    /// Records a request, and remembers its secrets whether it is recorded or not.
    pub(crate) fn request(&self, method: &Method, url: &str, headers: &HeaderMap, body: &[u8]) {
        let secrets = self.secrets.get_or_init(|| Secrets::of(headers));
        if self.is_active() {
            let body = String::from_utf8_lossy(body);
            let body = secrets.mask(&body).into_owned();
            self.tap.request(method.as_str(), &secrets.mask_url(url), listed(headers), body);
        }
    }

    /// Records the head of an answer, and its body unless that is streamed.
    pub(crate) fn response(&self, status: StatusCode, headers: &HeaderMap, body: Option<&str>) {
        if self.is_active() {
            let masked = |text: &str| self.secrets().mask(text).into_owned();
            let headers =
                listed(headers).into_iter().map(|(name, value)| (name, masked(&value))).collect();
            self.tap.response(status.as_u16(), headers, body.map(masked));
        }
    }

    /// Records a payload of a stream.
    pub(crate) fn payload(&self, payload: &str) {
        if self.is_active() {
            self.tap.stream_event(&self.secrets().mask(payload));
        }
    }

    /// Records a payload that could not be read.
    pub(crate) fn parse_error(&self, error: &str, payload: &str) {
        if self.is_active() {
            let secrets = self.secrets();
            self.tap.parse_error(&secrets.mask(error), &secrets.mask(payload));
        }
    }

    /// Records a request that failed, with the body of the answer if there was one.
    pub(crate) fn request_error(&self, error: &ModelError, body: Option<&str>) {
        if self.is_active() {
            let body = body.map(|body| self.secrets().mask(body).into_owned());
            let retryable = Some(error.is_retryable());
            self.tap.request_error(&error.to_string(), error.status, body, retryable);
        }
    }

    /// Records an answer that broke off, with what had come.
    #[cfg(feature = "openai")]
    pub(crate) fn collect_error(&self, error: &str, partial: Option<&str>) {
        if self.is_active() {
            let partial = partial.map(|partial| self.secrets().mask(partial).into_owned());
            self.tap.collect_error(error, partial);
        }
    }
}
