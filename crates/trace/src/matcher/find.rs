//! Searches and assertions that start at a snapshot or a span.

use super::{question::Matcher, scan::Scan};
use crate::snapshot::{EventRef, SpanRef, TraceSnapshot};

impl TraceSnapshot {
    /// Returns the spans that match, in the order in which they were opened.
    pub fn find_all<'a>(
        &'a self,
        matcher: impl Matcher + 'a,
    ) -> impl Iterator<Item = SpanRef<'a>> + 'a {
        self.all_spans().filter(move |span| matcher.matches((*span).into()))
    }

    /// Returns the events that match, in any span or none, in the order in which they happened.
    pub fn events_matching<'a>(
        &'a self,
        matcher: impl Matcher + 'a,
    ) -> impl Iterator<Item = EventRef<'a>> + 'a {
        self.all_events().filter(move |event| matcher.matches((*event).into()))
    }

    /// Returns assertions about all spans.
    pub fn scan_spans(&self) -> Scan<'_, impl Iterator<Item = SpanRef<'_>> + Clone> {
        Scan::new(self, "span", self.all_spans())
    }

    /// Returns assertions about all events, in any span or none.
    pub fn scan_events(&self) -> Scan<'_, impl Iterator<Item = EventRef<'_>> + Clone> {
        Scan::new(self, "event", self.all_events())
    }
}

impl<'a> SpanRef<'a> {
    /// Returns assertions about the children.
    pub fn scan_children(self) -> Scan<'a, impl Iterator<Item = Self> + Clone> {
        Scan::new(self.trace(), "child", self.children())
    }

    /// Returns assertions about the descendants, each span before those in it.
    pub fn scan_descendants(self) -> Scan<'a, impl Iterator<Item = Self> + Clone> {
        Scan::new(self.trace(), "descendant", self.descendants())
    }

    /// Returns assertions about the events in this span.
    pub fn scan_events(self) -> Scan<'a, impl Iterator<Item = EventRef<'a>> + Clone> {
        Scan::new(self.trace(), "event", self.events())
    }
}
