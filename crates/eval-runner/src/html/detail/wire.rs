//! What went over the wire in a trial.

use probity_trace::{RawPayload, RawTraceSnapshot};
use serde::Serialize;

use crate::{
    date,
    html::shown::{Shower, Shown},
};

/// One raw entry.
#[derive(Debug, Serialize)]
pub(super) struct WireEntry {
    kind: &'static str,
    /// What it is, in a line.
    title: Shown,
    at: String,
    headers: Vec<(String, Shown)>,
    body: Option<Shown>,
}

impl WireEntry {
    /// Takes all entries.
    pub(super) fn all(raw: &RawTraceSnapshot, show: Shower<'_>) -> Vec<Self> {
        let entry = |entry: &probity_trace::RawEntry| {
            let mut shown = of_payload(&entry.payload, show);
            shown.at = date::utc(entry.at);
            shown
        };
        raw.entries.iter().map(entry).collect()
    }

    fn new(kind: &'static str, title: &str, body: Option<&str>, show: Shower<'_>) -> Self {
        let body = body.map(|body| body_of(body, show));
        Self { kind, title: show.text(title), at: String::new(), headers: Vec::new(), body }
    }

    fn with_headers(mut self, headers: &[(String, String)], show: Shower<'_>) -> Self {
        let shown =
            |(name, value): &(String, String)| (show.text(name).text, show.named(name, value));
        self.headers = headers.iter().map(shown).collect();
        self
    }
}

fn of_payload(payload: &RawPayload, show: Shower<'_>) -> WireEntry {
    let entry = |kind, title: &str, body: Option<&str>| WireEntry::new(kind, title, body, show);
    match payload {
        RawPayload::Request { method, url, headers, body } => {
            entry("request", &format!("{method} {url}"), Some(body)).with_headers(headers, show)
        }
        RawPayload::Response { status, headers, body } => {
            entry("response", &status.to_string(), body.as_deref()).with_headers(headers, show)
        }
        RawPayload::StreamEvent { sequence, body } => {
            entry("stream event", &format!("{sequence}"), Some(body))
        }
        RawPayload::ParseError { error, body } => entry("parse error", error, Some(body)),
        RawPayload::RequestError { error, status, body, .. } => {
            let status = status.map_or(String::new(), |status| format!("{status} "));
            entry("request error", &format!("{status}{error}"), body.as_deref())
        }
        RawPayload::CollectError { error, partial } => {
            entry("broken stream", error, partial.as_deref())
        }
        _ => entry("other", "an entry of a kind that this page does not know", None),
    }
}

/// A body that is JSON is shown on several lines.
fn body_of(body: &str, show: Shower<'_>) -> Shown {
    match serde_json::from_str(body) {
        Ok(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) => {
            show.value(&value)
        }
        _ => show.text(body),
    }
}
