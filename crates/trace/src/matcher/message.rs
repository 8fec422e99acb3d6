//! Matches by message.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(String);

/// Matches events with exactly this text; also the few spans that have a field `message`.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::message, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().event("retrying").event("done").build();
/// let done = trace.events_matching(message("done")).next().expect("one event");
/// assert_eq!(done.position(), 1);
/// ```
#[must_use]
pub fn message(message: impl Into<String>) -> Message {
    Message(message.into())
}

impl Matcher for Message {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.message() == Some(&self.0)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message({:?})", self.0)
    }
}
