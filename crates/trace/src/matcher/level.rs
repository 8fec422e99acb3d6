//! Matches by level.

use std::fmt;

use tracing_core::Level;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`level`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsLevel(Level);

/// Matches spans and events of exactly this level.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::level, testing::TraceBuilder};
/// use tracing::Level;
///
/// let trace = TraceBuilder::new().event("done").build();
/// trace.scan_events().none(level(Level::WARN) | level(Level::ERROR));
/// ```
#[must_use]
pub fn level(level: Level) -> IsLevel {
    IsLevel(level)
}

impl Matcher for IsLevel {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.level() == self.0
    }
}

impl fmt::Display for IsLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level({})", self.0)
    }
}
