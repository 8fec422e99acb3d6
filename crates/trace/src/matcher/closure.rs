//! Matches by closures, which have names so that they can be printed.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::{EventRef, SpanOrEvent, SpanRef};

/// Matcher of [`span_where`].
#[derive(Clone, Copy)]
pub struct SpanWhere<F> {
    name: &'static str,
    answer: F,
}

/// Matcher of [`event_where`].
#[derive(Clone, Copy)]
pub struct EventWhere<F> {
    name: &'static str,
    answer: F,
}

/// Matches spans for which `answer` returns true, and no events. It prints as `name`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use probity_trace::{matcher::{name, span_where}, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new()
///     .span("chat", |chat| chat.wait(Duration::from_millis(20)))
///     .build();
/// let slow = span_where("over a second", |span| span.duration() > Duration::from_secs(1));
/// trace.scan_spans().none(name("chat") & slow);
/// ```
#[must_use]
pub fn span_where<F>(name: &'static str, answer: F) -> SpanWhere<F>
where
    F: Fn(SpanRef<'_>) -> bool,
{
    SpanWhere { name, answer }
}

/// Matches events for which `answer` returns true, and no spans. It prints as `name`.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::event_where, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().event("retry 1").event("retry 2").build();
/// let retry = event_where("a retry", |event| {
///     event.message().is_some_and(|message| message.starts_with("retry"))
/// });
/// assert_eq!(trace.events_matching(retry).count(), 2);
/// ```
#[must_use]
pub fn event_where<F>(name: &'static str, answer: F) -> EventWhere<F>
where
    F: Fn(EventRef<'_>) -> bool,
{
    EventWhere { name, answer }
}

impl<F: Fn(SpanRef<'_>) -> bool> Matcher for SpanWhere<F> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.as_span().is_some_and(&self.answer)
    }
}

impl<F: Fn(EventRef<'_>) -> bool> Matcher for EventWhere<F> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.as_event().is_some_and(&self.answer)
    }
}

impl<F> fmt::Display for SpanWhere<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<F> fmt::Display for EventWhere<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<F> fmt::Debug for SpanWhere<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SpanWhere").field(&self.name).finish()
    }
}

impl<F> fmt::Debug for EventWhere<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventWhere").field(&self.name).finish()
    }
}
