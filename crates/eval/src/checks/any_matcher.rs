//! A matcher that a check holds, whatever its type.

use std::{fmt, sync::Arc};

use probity_trace::{SpanOrEvent, SpanRef, TraceSnapshot, matcher::Matcher};

/// A matcher whose type is erased; it prints as what it asks.
#[derive(Clone)]
pub(super) struct AnyMatcher(Arc<dyn Matcher + Send + Sync>);

impl AnyMatcher {
    pub(super) fn new(matcher: impl Matcher + Send + Sync + 'static) -> Self {
        Self(Arc::new(matcher))
    }

    /// Returns the spans that match, in the order in which they were opened.
    pub(super) fn spans<'a>(
        &'a self,
        trace: &'a TraceSnapshot,
    ) -> impl Iterator<Item = SpanRef<'a>> {
        trace.find_all(&*self.0)
    }

    pub(super) fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        self.0.matches(item)
    }
}

impl fmt::Display for AnyMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AnyMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
