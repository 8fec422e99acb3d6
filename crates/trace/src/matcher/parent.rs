//! Matches by the span that something is in.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`parent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent<M>(M);

/// Matches spans whose parent matches, and events whose span does; nothing at the root.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::{name, parent}, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("a", |a| a.span("b", |b| b.span("c", |c| c))).build();
/// let below_a = trace.find_all(parent(name("a"))).map(|span| span.name());
/// assert!(below_a.eq(["b"]));
/// ```
#[must_use]
pub fn parent<M: Matcher>(matcher: M) -> Parent<M> {
    Parent(matcher)
}

impl<M: Matcher> Matcher for Parent<M> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.parent().is_some_and(|parent| self.0.matches(parent.into()))
    }
}

impl<M: Matcher> fmt::Display for Parent<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parent({})", self.0)
    }
}
