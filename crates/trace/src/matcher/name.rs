//! Matches by name.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`name`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// Matches spans and events whose callsite has this name.
///
/// Events are rarely named; see [`message`](super::message).
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::name, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("plan", |s| s).span("act", |s| s).build();
/// let act = trace.find_all(name("act")).next().expect("one span");
/// assert_eq!(act.position(), 1);
/// ```
#[must_use]
pub fn name(name: impl Into<String>) -> Name {
    Name(name.into())
}

impl Matcher for Name {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.name() == self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "name({:?})", self.0)
    }
}
