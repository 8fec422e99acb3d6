//! Matches by any of the spans that something is in.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`ancestor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ancestor<M>(M);

/// Matches spans one of whose ancestors matches, and events one of whose enclosing spans does.
///
/// Each question walks up the tree, so that it takes time in proportion to the depth.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::{ancestor, name}, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("a", |a| a.span("b", |b| b.span("c", |c| c))).build();
/// let within_a = trace.find_all(ancestor(name("a"))).map(|span| span.name());
/// assert!(within_a.eq(["b", "c"]));
/// ```
#[must_use]
pub fn ancestor<M: Matcher>(matcher: M) -> Ancestor<M> {
    Ancestor(matcher)
}

impl<M: Matcher> Matcher for Ancestor<M> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.ancestors().any(|ancestor| self.0.matches(ancestor.into()))
    }
}

impl<M: Matcher> fmt::Display for Ancestor<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ancestor({})", self.0)
    }
}
