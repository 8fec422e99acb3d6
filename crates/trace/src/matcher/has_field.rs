//! Matches by the presence of a field.

use std::fmt;

use super::question::Matcher;
use crate::snapshot::SpanOrEvent;

/// Matcher of [`has_field`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HasField(String);

/// Matches spans and events that have a field of this key, whatever its value.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::has_field, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("chat", |chat| chat.field("tokens", 7)).build();
/// trace.scan_spans().none(has_field("error"));
/// trace.scan_spans().all(has_field("tokens"));
/// ```
#[must_use]
pub fn has_field(key: impl Into<String>) -> HasField {
    HasField(key.into())
}

impl Matcher for HasField {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.field(&self.0).is_some()
    }
}

impl fmt::Display for HasField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "has_field({:?})", self.0)
    }
}
