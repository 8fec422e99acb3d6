//! Matches everything.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`any`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Any;

/// Matches every span and event.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::any, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("a", |a| a.span("b", |b| b)).build();
/// assert_eq!(trace.find_all(any()).count(), 2);
/// ```
#[must_use]
pub fn any() -> Any {
    Any
}

impl Matcher for Any {
    fn matches(&self, _: SpanOrEvent<'_>) -> bool {
        true
    }
}

impl fmt::Display for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any()")
    }
}
