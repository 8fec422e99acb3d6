//! Either a span or an event, for what can be asked of both.

use std::time::Duration;

use tracing_core::Level;

use super::{EventRef, FieldRef, SpanRef, TraceSnapshot};
use crate::value::ValueRef;

/// A span or an event of a snapshot: what a [`Matcher`](crate::matcher::Matcher) looks at and a
/// [`Change`](crate::Change) is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanOrEvent<'a> {
    /// A span.
    Span(SpanRef<'a>),
    /// An event.
    Event(EventRef<'a>),
}

impl<'a> SpanOrEvent<'a> {
    /// Returns the span, if it is one.
    #[must_use]
    pub fn as_span(self) -> Option<SpanRef<'a>> {
        match self {
            Self::Span(span) => Some(span),
            Self::Event(_) => None,
        }
    }

    /// Returns the event, if it is one.
    #[must_use]
    pub fn as_event(self) -> Option<EventRef<'a>> {
        match self {
            Self::Span(_) => None,
            Self::Event(event) => Some(event),
        }
    }

    /// Returns the trace that it is in.
    #[must_use]
    pub fn trace(self) -> &'a TraceSnapshot {
        match self {
            Self::Span(span) => span.trace(),
            Self::Event(event) => event.trace(),
        }
    }

    /// Returns the name that the callsite gives.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::Span(span) => span.name(),
            Self::Event(event) => event.name(),
        }
    }

    /// Returns the target, by default the module that the callsite is in.
    #[must_use]
    pub fn target(self) -> &'a str {
        match self {
            Self::Span(span) => span.target(),
            Self::Event(event) => event.target(),
        }
    }

    /// Returns the level.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Span(span) => span.level(),
            Self::Event(event) => event.level(),
        }
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn field(self, key: &str) -> Option<ValueRef<'a>> {
        match self {
            Self::Span(span) => span.field(key),
            Self::Event(event) => event.field(key),
        }
    }

    /// Returns the fields, each key once.
    pub fn fields(self) -> impl Iterator<Item = FieldRef<'a>> + Clone {
        let of_span = self.as_span().map(SpanRef::fields);
        let of_event = self.as_event().map(EventRef::fields);
        let of_span = of_span.into_iter().flatten();
        of_span.chain(of_event.into_iter().flatten())
    }

    /// Returns the text of the field `message`, which events have and few spans.
    #[must_use]
    pub fn message(self) -> Option<&'a str> {
        self.field("message").and_then(ValueRef::as_str)
    }

    /// Returns the span that it is in: the parent of a span, the span of an event.
    #[must_use]
    pub fn parent(self) -> Option<SpanRef<'a>> {
        match self {
            Self::Span(span) => span.parent(),
            Self::Event(event) => event.span(),
        }
    }

    /// Returns the span that it is in, the span which that is in, and so on.
    pub fn ancestors(self) -> impl Iterator<Item = SpanRef<'a>> + Clone {
        std::iter::successors(self.parent(), |span| span.parent())
    }

    /// Returns the time from the start of the capture to the opening of the span or to the event.
    #[must_use]
    pub fn start(self) -> Duration {
        match self {
            Self::Span(span) => span.start(),
            Self::Event(event) => event.start(),
        }
    }
}

impl<'a> From<SpanRef<'a>> for SpanOrEvent<'a> {
    fn from(span: SpanRef<'a>) -> Self {
        Self::Span(span)
    }
}

impl<'a> From<EventRef<'a>> for SpanOrEvent<'a> {
    fn from(event: EventRef<'a>) -> Self {
        Self::Event(event)
    }
}
