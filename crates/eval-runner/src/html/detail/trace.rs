//! The spans and events of a trace, compact.

use std::time::Duration;

use probity_trace::{EventRef, FieldNode, SpanRef, TraceSnapshot};
use serde::Serialize;

use crate::html::shown::{Shower, Shown};

/// A trace: times are nanoseconds since its start.
#[derive(Debug, Serialize)]
pub(super) struct TraceData {
    duration: u64,
    spans: Vec<SpanData>,
    events: Vec<EventData>,
    /// Why nothing was recorded.
    status: Option<String>,
    /// What the capture dropped.
    dropped: Option<String>,
    /// How many spans and events are not on the page.
    left_out: [usize; 2],
}

/// A span; they are in the order in which they were opened.
#[derive(Debug, Serialize)]
struct SpanData {
    /// The position of the parent.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
    #[serde(rename = "n")]
    name: Shown,
    #[serde(rename = "m")]
    target: String,
    #[serde(rename = "l")]
    level: &'static str,
    #[serde(rename = "s")]
    start: u64,
    /// `None` for a span that was open at the end.
    #[serde(rename = "d")]
    duration: Option<u64>,
    #[serde(rename = "f")]
    fields: Vec<(String, Shown)>,
}

/// An event; they are in the order in which they happened.
#[derive(Debug, Serialize)]
struct EventData {
    /// The position of the span.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    span: Option<usize>,
    #[serde(rename = "n")]
    message: Shown,
    #[serde(rename = "m")]
    target: String,
    #[serde(rename = "l")]
    level: &'static str,
    #[serde(rename = "s")]
    at: u64,
    #[serde(rename = "f")]
    fields: Vec<(String, Shown)>,
}

impl TraceData {
    /// Takes the first `most` spans and events of a trace.
    pub(super) fn of(trace: &TraceSnapshot, show: Shower<'_>, most: usize) -> Self {
        let (spans, events) = (trace.all_spans(), trace.all_events());
        let dropped = trace.dropped();
        Self {
            duration: nanos(trace.duration()),
            left_out: [spans.len(), events.len()].map(|count| count.saturating_sub(most)),
            spans: spans.take(most).map(|span| span_data(span, show)).collect(),
            events: events.take(most).map(|event| event_data(event, show, most)).collect(),
            status: (!trace.status().is_recorded()).then(|| trace.status().to_string()),
            dropped: (!dropped.is_empty()).then(|| dropped.to_string()),
        }
    }
}

fn span_data(span: SpanRef<'_>, show: Shower<'_>) -> SpanData {
    SpanData {
        // A parent is opened before its children, so it is on the page if they are.
        parent: span.parent().map(SpanRef::position),
        name: show.text(span.name()),
        target: show.text(span.target()).text,
        level: span.level().as_str(),
        start: nanos(span.start()),
        duration: (!span.is_open()).then(|| nanos(span.duration())),
        fields: fields(&span.to_node().fields, show),
    }
}

fn event_data(event: EventRef<'_>, show: Shower<'_>, most: usize) -> EventData {
    let node = event.to_node();
    let name = || show.text(event.name());
    EventData {
        span: event.span().map(SpanRef::position).filter(|position| *position < most),
        message: node.message().map_or_else(name, |message| show.text(message)),
        target: show.text(event.target()).text,
        level: event.level().as_str(),
        at: nanos(event.start()),
        fields: fields(node.fields.iter().filter(|field| field.key != "message"), show),
    }
}

/// The nodes hold values that are masked already, as the capture was told to.
fn fields<'a>(
    fields: impl IntoIterator<Item = &'a FieldNode>,
    show: Shower<'_>,
) -> Vec<(String, Shown)> {
    let shown = |field: &FieldNode| {
        let value = show.named(&field.key, &field.value.as_ref().to_string());
        (show.text(&field.key).text, value)
    };
    fields.into_iter().map(shown).collect()
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
