//! Goes through a trace in the order in which it is printed.

use std::slice::Iter;

use super::{EventRef, SpanOrEvent, SpanRef, TraceSnapshot};

/// Visits spans and events depth first; within a span, events and children by their times.
///
/// It keeps its own stack, so that a trace may be as deep as memory allows.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    trace: &'a TraceSnapshot,
    stack: Vec<Frame<'a>>,
}

/// What a walk comes to next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) item: SpanOrEvent<'a>,
    /// The number of spans that it is in.
    pub(super) depth: usize,
    /// Nothing comes after it in the span that it is in.
    pub(super) is_last: bool,
}

/// What is left of one span, or of the root.
#[derive(Debug)]
struct Frame<'a> {
    spans: Iter<'a, u32>,
    events: Iter<'a, u32>,
}

impl<'a> Walk<'a> {
    pub(super) fn of(trace: &'a TraceSnapshot) -> Self {
        let index = trace.index();
        let root = Frame { spans: index.roots().iter(), events: index.root_events().iter() };
        Self { trace, stack: vec![root] }
    }

    fn enter(&mut self, span: SpanRef<'_>) {
        let index = self.trace.index();
        let rank = u32::try_from(span.position()).unwrap_or(u32::MAX);
        self.stack
            .push(Frame { spans: index.children(rank).iter(), events: index.events(rank).iter() });
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        loop {
            let depth = self.stack.len().checked_sub(1)?;
            let frame = self.stack.last_mut()?;
            let Some(item) = frame.take(self.trace) else {
                self.stack.pop();
                continue;
            };
            let is_last = frame.is_empty();
            if let SpanOrEvent::Span(span) = item {
                self.enter(span);
            }
            return Some(Step { item, depth, is_last });
        }
    }
}

impl<'a> Frame<'a> {
    fn is_empty(&self) -> bool {
        self.spans.len() + self.events.len() == 0
    }

    /// Takes the earlier of the next span and the next event; the span where both are at one time.
    fn take(&mut self, trace: &'a TraceSnapshot) -> Option<SpanOrEvent<'a>> {
        let span = |&rank: &u32| SpanRef::new(trace, rank as usize);
        let event = |&rank: &u32| EventRef::new(trace, rank as usize);
        let next_span = self.spans.as_slice().first().map(span);
        let next_event = self.events.as_slice().first().map(event);
        let event_is_next = match (next_span, next_event) {
            (Some(span), Some(event)) => event.start() < span.start(),
            (None, Some(_)) => true,
            _ => false,
        };
        if event_is_next {
            self.events.next().map(|rank| event(rank).into())
        } else {
            self.spans.next().map(|rank| span(rank).into())
        }
    }
}
