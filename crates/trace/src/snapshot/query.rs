//! Asking a snapshot.

use super::{EventRef, SpanRef, TraceSnapshot};

impl TraceSnapshot {
    /// Returns the first span of this name.
    #[must_use]
    pub fn span(&self, name: &str) -> Option<SpanRef<'_>> {
        self.all_spans().find(|span| span.name() == name)
    }

    /// Returns the spans of this name, in the order in which they were opened.
    pub fn spans<'a>(&'a self, name: &'a str) -> impl Iterator<Item = SpanRef<'a>> + Clone {
        self.all_spans().filter(move |span| span.name() == name)
    }

    /// Returns all spans, in the order in which they were opened.
    pub fn all_spans(
        &self,
    ) -> impl DoubleEndedIterator<Item = SpanRef<'_>> + ExactSizeIterator + Clone {
        (0..self.index().span_count as usize).map(|rank| SpanRef::new(self, rank))
    }

    /// Returns the spans that have no parent, in the order in which they were opened.
    pub fn roots(
        &self,
    ) -> impl DoubleEndedIterator<Item = SpanRef<'_>> + ExactSizeIterator + Clone {
        self.index().roots().iter().map(|&rank| SpanRef::new(self, rank as usize))
    }

    /// Returns the events that are in no span, in the order in which they happened.
    pub fn events(
        &self,
    ) -> impl DoubleEndedIterator<Item = EventRef<'_>> + ExactSizeIterator + Clone {
        self.index().root_events().iter().map(|&rank| EventRef::new(self, rank as usize))
    }

    /// Returns all events, in the order in which they happened.
    pub fn all_events(
        &self,
    ) -> impl DoubleEndedIterator<Item = EventRef<'_>> + ExactSizeIterator + Clone {
        (0..self.index().event_count as usize).map(|rank| EventRef::new(self, rank))
    }

    /// Returns the first event with this message, in any span or none.
    #[must_use]
    pub fn event(&self, message: &str) -> Option<EventRef<'_>> {
        self.all_events().find(|event| event.message() == Some(message))
    }

    /// Returns whether a span of this name exists.
    #[must_use]
    pub fn span_exists(&self, name: &str) -> bool {
        self.span(name).is_some()
    }

    /// Returns whether an event with this message exists, in any span or none.
    #[must_use]
    pub fn has_event_message(&self, message: &str) -> bool {
        self.event(message).is_some()
    }

    /// Returns whether spans of these names were opened in this order, others among them allowed.
    #[must_use]
    pub fn spans_ordered(&self, names: &[&str]) -> bool {
        let mut spans = self.all_spans();
        names.iter().all(|name| spans.any(|span| span.name() == *name))
    }
}
