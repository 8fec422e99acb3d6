//! Raw entries: what a provider was sent and what it answered, as it went over the wire.
//!
//! Raw entries are kept only under [`capture_raw`](crate::capture_raw). Code that depends on probity
//! hands them to [`CaptureHandle::record_raw`](crate::CaptureHandle::record_raw). Code that does not
//! can emit a `tracing` event instead:
//!
//! | | |
//! |---|---|
//! | target | `probity::raw` |
//! | level | `DEBUG` |
//! | `kind` | `request`, `response`, `stream_event`, `parse_error`, `request_error` or `collect_error` |
//! | `body` | the request body, response body, payload, bad payload, error body or partial result |
//! | `method`, `url`, `headers` | of a request or response; headers as text, one per line |
//! | `status` | the HTTP status, of a response or request error |
//! | `sequence` | of a stream event, from 0 |
//! | `error` | what went wrong, of the three errors |
//! | `retryable` | whether trying again may help, of a request error |
//!
//! Other layers see such an event too, so its emitter must leave out what is secret. The layer masks
//! the values of secret headers either way.

use std::{borrow::Cow, fmt::Write as _, time::SystemTime};

use serde::{Deserialize, Serialize};
use tracing_core::{Field, field::Visit};

use crate::{
    ids::SpanId,
    redact::{MASK, Redaction},
    wire,
};

/// The raw entries of a capture, in the order in which they were recorded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RawTraceSnapshot {
    /// The entries.
    pub entries: Vec<RawEntry>,
    /// Entries that were left out because a bound of the capture was reached.
    pub dropped: u64,
}

/// One raw entry: when it was recorded, the span it belongs to, and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RawEntry {
    /// When it was recorded.
    #[serde(rename = "unix_nano", with = "wire::unix_nanos")]
    pub at: SystemTime,
    /// The span that was current when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanId>,
    /// What it says.
    #[serde(flatten)]
    pub payload: RawPayload,
}

/// What a raw entry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum RawPayload {
    /// A request as it was sent.
    Request {
        /// The HTTP method.
        #[serde(default)]
        method: String,
        /// The URL.
        #[serde(default)]
        url: String,
        /// Names and values of the headers; values of secret ones are masked.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// The head and, unless it was streamed, the body of a response.
    Response {
        /// The HTTP status.
        status: u16,
        /// Names and values of the headers; values of secret ones are masked.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body; `None` if it was streamed.
        #[serde(default)]
        body: Option<String>,
    },
    /// One payload of a stream of server-sent events.
    StreamEvent {
        /// Its position in the stream, from 0.
        sequence: u64,
        /// The payload.
        body: String,
    },
    /// A payload that could not be read.
    ParseError {
        /// What was wrong with it.
        error: String,
        /// The payload.
        body: String,
    },
    /// A request that failed.
    RequestError {
        /// What went wrong.
        error: String,
        /// The HTTP status, if there was an answer.
        #[serde(default)]
        status: Option<u16>,
        /// The body of the answer.
        #[serde(default)]
        body: Option<String>,
        /// Whether trying again may help, if that is known.
        #[serde(default)]
        retryable: Option<bool>,
    },
    /// A stream that broke off.
    CollectError {
        /// What went wrong.
        error: String,
        /// What had come until then.
        #[serde(default)]
        partial: Option<String>,
    },
}

impl RawPayload {
    /// Masks the values of secret headers, and what has the shape of a secret anywhere else. Unlike the
    /// fields of a trace, raw entries are masked when they are recorded: they are all values.
    pub(crate) fn redact(&mut self, redaction: &Redaction) {
        let scrub = |text: &mut String| {
            if let Cow::Owned(scrubbed) = redaction.scrub(text) {
                *text = scrubbed;
            }
        };
        if let Self::Request { headers, .. } | Self::Response { headers, .. } = self {
            for (name, value) in headers {
                if redaction.is_secret(name) {
                    MASK.clone_into(value);
                }
                scrub(value);
            }
        }
        match self {
            Self::Request { url, body, .. } => {
                scrub(url);
                scrub(body);
            }
            Self::Response { body, .. } => body.iter_mut().for_each(scrub),
            Self::StreamEvent { body, .. } => scrub(body),
            Self::ParseError { error, body } => {
                scrub(error);
                scrub(body);
            }
            Self::RequestError { error, body: text, .. }
            | Self::CollectError { error, partial: text } => {
                scrub(error);
                text.iter_mut().for_each(scrub);
            }
        }
    }

    pub(crate) fn weight(&self) -> u64 {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let pairs = |headers: &[(String, String)]| {
            headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
        };
        let bytes = match self {
            Self::Request { method, url, headers, body } => {
                method.len() + url.len() + pairs(headers) + body.len()
            }
            Self::Response { headers, body, .. } => pairs(headers) + text(body),
            Self::StreamEvent { body, .. } => body.len(),
            Self::ParseError { error, body } => error.len() + body.len(),
            Self::RequestError { error, body, .. } => error.len() + text(body),
            Self::CollectError { error, partial } => error.len() + text(partial),
        };
        (bytes + size_of::<RawEntry>()) as u64
    }
}

/// Reads the event form of a raw entry.
#[derive(Debug, Default)]
pub(crate) struct RawVisitor {
    kind: String,
    body: Option<String>,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    status: Option<u16>,
    sequence: u64,
    error: String,
    retryable: Option<bool>,
}

impl RawVisitor {
    /// Returns what the event says. An unknown kind is a parse error, so that nothing is lost.
    pub(crate) fn finish(self) -> RawPayload {
        let body = self.body.clone().unwrap_or_default();
        match self.kind.as_str() {
            "request" => RawPayload::Request {
                method: self.method,
                url: self.url,
                headers: self.headers,
                body,
            },
            "response" => RawPayload::Response {
                status: self.status.unwrap_or_default(),
                headers: self.headers,
                body: self.body,
            },
            "stream_event" => RawPayload::StreamEvent { sequence: self.sequence, body },
            "parse_error" => RawPayload::ParseError { error: self.error, body },
            "request_error" => RawPayload::RequestError {
                error: self.error,
                status: self.status,
                body: self.body,
                retryable: self.retryable,
            },
            "collect_error" => RawPayload::CollectError { error: self.error, partial: self.body },
            kind => RawPayload::ParseError { error: format!("unknown raw kind {kind:?}"), body },
        }
    }
}

fn parse_headers(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

impl Visit for RawVisitor {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "kind" => value.clone_into(&mut self.kind),
            "body" => self.body = Some(value.to_owned()),
            "method" => value.clone_into(&mut self.method),
            "url" => value.clone_into(&mut self.url),
            "headers" => self.headers = parse_headers(value),
            "error" => value.clone_into(&mut self.error),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "status" => self.status = u16::try_from(value).ok(),
            "sequence" => self.sequence = value,
            _ => {}
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            self.record_u64(field, value);
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == "retryable" {
            self.retryable = Some(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let mut text = String::new();
        // An implementation of `Debug` that fails has still written what it wrote.
        let _ = write!(text, "{value:?}");
        self.record_str(field, &text);
    }
}
