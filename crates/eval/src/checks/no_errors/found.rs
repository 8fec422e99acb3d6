//! The errors that a trace tells of.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use probity_trace::{
    EventRef, SpanId, SpanOrEvent, SpanRef, TraceSnapshot, ValueRef,
    genai::{CallError, GenAi},
};
use serde::{Deserialize, Serialize};
use tracing::Level;

use crate::excerpt::Excerpt;

/// An error that a trace tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FoundError {
    /// What tells of it.
    pub kind: ErrorKind,
    /// The names of the spans around it, outermost first, and of its own span: `agent > chat`; empty for an
    /// event outside of all spans.
    pub path: Excerpt,
    /// What it says.
    pub message: Excerpt,
}

/// What tells of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// An event of the level ERROR.
    Event,
    /// A span that is marked as failed.
    Span,
    /// The call of a model.
    ModelCall,
    /// The call of a tool.
    ToolCall,
    /// The run of an agent.
    Agent,
}

impl fmt::Display for FoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ErrorKind::Event => "event",
            ErrorKind::Span => "span",
            ErrorKind::ModelCall => "model call",
            ErrorKind::ToolCall => "tool call",
            ErrorKind::Agent => "agent",
        })?;
        if !self.path.text.is_empty() {
            write!(f, " in {}", self.path)?;
        }
        write!(f, ": {}", self.message.quoted())
    }
}

/// An error with what it is an error of.
pub(super) struct Origin<'a> {
    /// The span or event; `None` where a call names a span that the trace does not have.
    pub(super) item: Option<SpanOrEvent<'a>>,
    kind: ErrorKind,
    message: String,
}

impl Origin<'_> {
    pub(super) fn found(&self) -> FoundError {
        let path = self.item.map(path).unwrap_or_default();
        FoundError {
            kind: self.kind,
            path: Excerpt::of(&path),
            message: Excerpt::of(&self.message),
        }
    }
}

/// Returns the errors of a trace: those of calls, those of other spans, then those of events, each in
/// the order in which they began.
pub(super) fn errors<'a>(trace: &'a TraceSnapshot, view: &GenAi) -> Vec<Origin<'a>> {
    let calls = failed_calls(view);
    let ids: HashSet<SpanId> = calls.iter().map(|(id, ..)| *id).collect();
    let of_calls: HashMap<SpanId, SpanRef<'a>> = trace
        .all_spans()
        .filter(|span| !ids.is_empty() && ids.contains(&span.id()))
        .map(|span| (span.id(), span))
        .collect();
    let mut errors = Vec::new();
    for (id, kind, error) in calls {
        let item = of_calls.get(&id).map(|span| SpanOrEvent::from(*span));
        errors.push(Origin { item, kind, message: of_call(error) });
    }
    // What is known of the span of a call is told already.
    for span in trace.all_spans().filter(|span| ids.is_empty() || !ids.contains(&span.id())) {
        if let Some(message) = of_span(span) {
            errors.push(Origin { item: Some(span.into()), kind: ErrorKind::Span, message });
        }
    }
    for event in trace.all_events().filter(|event| event.level() == Level::ERROR) {
        let message = of_event(event);
        errors.push(Origin { item: Some(event.into()), kind: ErrorKind::Event, message });
    }
    errors
}

fn failed_calls(view: &GenAi) -> Vec<(SpanId, ErrorKind, &CallError)> {
    let models = view.llm_calls().iter().map(|c| (c.span, ErrorKind::ModelCall, &c.error));
    let tools = view.tool_calls().iter().map(|c| (c.span, ErrorKind::ToolCall, &c.error));
    let agents = view.agents().iter().map(|c| (c.span, ErrorKind::Agent, &c.error));
    let calls = models.chain(tools).chain(agents);
    calls.filter_map(|(span, kind, error)| Some((span, kind, error.as_ref()?))).collect()
}

fn of_call(error: &CallError) -> String {
    match &error.message {
        Some(message) => format!("{}: {message}", error.error_type),
        None => error.error_type.clone(),
    }
}

/// Returns what the error of a span says; `None` if the span is not marked as failed.
///
/// The keys are those of the OpenTelemetry conventions and of `tracing-opentelemetry`, and `error`,
/// which programs record by habit.
fn of_span(span: SpanRef<'_>) -> Option<String> {
    let text = |key: &str| span.field(key).map(text_of).filter(|text| !text.is_empty());
    let by_status = text("otel.status_code").filter(|code| code.eq_ignore_ascii_case("error"));
    let by_field = text("error").filter(|error| error != "false");
    let marked = text("error.type").or(by_field).or(by_status)?;
    let more =
        ["otel.status_description", "otel.status_message", "error.message", "exception.message"];
    Some(match more.into_iter().find_map(text) {
        Some(message) => format!("{marked}: {message}"),
        None => marked,
    })
}

fn of_event(event: EventRef<'_>) -> String {
    let texts =
        ["message", "error", "exception.message"].into_iter().filter_map(|key| event.field(key));
    let texts: Vec<String> = texts.map(text_of).filter(|text| !text.is_empty()).collect();
    if texts.is_empty() { event.name().to_owned() } else { texts.join(": ") }
}

fn text_of(value: ValueRef<'_>) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the names of the spans that lead there.
fn path(item: SpanOrEvent<'_>) -> String {
    let own = item.as_span().map(SpanRef::name);
    let mut names: Vec<_> = own.into_iter().chain(item.ancestors().map(SpanRef::name)).collect();
    names.reverse();
    names.join(" > ")
}
