//! The builder of traces.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tracing_core::Level;

use super::draft::Draft;
use crate::{
    clock::Ticks,
    ids::{SpanId, TraceId},
    limits::Dropped,
    log::record::{EventRecord, SpanKey, SpanRecord},
    snapshot::{
        TraceSnapshot,
        store::{STARTED, Store, StoredHeader, place},
    },
    status::CaptureStatus,
    value::Value,
};

/// What a span or event takes if no time is said to pass: one millisecond.
const STEP: u64 = 1_000_000;

/// The greatest time that a trace may last: half of what a record can say, so that sums cannot
/// overflow.
const END: u64 = u64::MAX / 2;

/// Builds a trace by hand, without `tracing`.
///
/// Calls follow the program that one has in mind: a span is opened, things happen in it, it is
/// closed. [`span`](Self::span) does it with a closure, [`open`](Self::open) and
/// [`close`](Self::close) without. [`field`](Self::field), [`level`](Self::level) and the like speak of
/// the span or event that was added or closed last.
///
/// Time is the builder's own: it goes on with [`wait`](Self::wait), and by one millisecond at each
/// step that no time was waited for, so that the order of things is plain. Identifiers are always the
/// same, so that equal calls build equal traces. A span that is never closed is an open span.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new()
///     .span("agent", |agent| {
///         agent
///             .field("task", "weather")
///             .span("chat", |chat| {
///                 chat.field("tokens", 7).wait(Duration::from_millis(300))
///             })
///             .event("done")
///     })
///     .build();
/// let chat = trace.span("chat").expect("the chat");
/// assert_eq!(chat.duration(), Duration::from_millis(300));
/// assert_eq!(chat.field("tokens").expect("a count"), 7);
/// assert!(trace.has_event_message("done"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder makes a trace when `build` is called"]
pub struct TraceBuilder {
    spans: Vec<Draft>,
    events: Vec<Draft>,
    /// Positions of the spans that are open, outermost first.
    open: Vec<usize>,
    links: Vec<(usize, usize)>,
    last: Last,
    now: Ticks,
    /// No time has passed since the last step.
    stands: bool,
    trace_id: Option<TraceId>,
    started_at: SystemTime,
    status: CaptureStatus,
    dropped: Dropped,
}

/// What was added last.
#[derive(Debug, Clone, Copy)]
enum Last {
    Nothing,
    Span(usize),
    Event,
}

impl Default for TraceBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl TraceBuilder {
    /// Begins an empty trace that starts at the beginning of 1970 and was recorded as it should.
    pub fn new() -> Self {
        Self {
            spans: Vec::new(),
            events: Vec::new(),
            open: Vec::new(),
            links: Vec::new(),
            last: Last::Nothing,
            now: STARTED,
            stands: false,
            trace_id: TraceId::from_bytes([1; 16]),
            started_at: UNIX_EPOCH,
            status: CaptureStatus::Recorded,
            dropped: Dropped::default(),
        }
    }

    /// Sets when the trace starts; what lies before 1970 or after 2262 counts as 1970.
    pub fn started_at(mut self, at: SystemTime) -> Self {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let fits = since <= Duration::from_nanos(END);
        self.started_at = if fits { at.max(UNIX_EPOCH) } else { UNIX_EPOCH };
        self
    }

    /// Sets the identifier of the trace.
    pub fn trace_id(mut self, id: TraceId) -> Self {
        self.trace_id = Some(id);
        self
    }

    /// Sets the status of the capture.
    pub fn status(mut self, status: CaptureStatus) -> Self {
        self.status = status;
        self
    }

    /// Sets the counts of what the capture dropped.
    pub fn dropped(mut self, dropped: Dropped) -> Self {
        self.dropped = dropped;
        self
    }

    /// Adds a span with everything that `fill` adds to it, and closes it.
    pub fn span(self, name: &str, fill: impl FnOnce(Self) -> Self) -> Self {
        let depth = self.open.len();
        let mut filled = fill(self.open(name));
        while filled.open.len() > depth {
            filled = filled.close();
        }
        filled
    }

    /// Opens a span, in the one that is open or else at the root.
    pub fn open(mut self, name: &str) -> Self {
        self.step();
        let draft = self.draft(name);
        self.last = Last::Span(self.spans.len());
        self.open.push(self.spans.len());
        self.spans.push(draft);
        self
    }

    /// Closes the span that was opened last; does nothing if none is open.
    pub fn close(mut self) -> Self {
        let Some(position) = self.open.pop() else {
            return self;
        };
        let lasts = self.spans.get(position).and_then(|draft| draft.lasts);
        if lasts.is_none() {
            self.step();
        }
        self.stands = true;
        let now = self.now;
        if let Some(draft) = self.spans.get_mut(position) {
            let closed = lasts.map_or(now, |lasts| draft.at.saturating_add(lasts).min(END));
            draft.closed = Some(closed);
            self.pass_until(closed);
        }
        self.last = Last::Span(position);
        self
    }

    /// Adds an event, in the span that is open or else at the root.
    pub fn event(mut self, message: &str) -> Self {
        self.step();
        let mut draft = self.draft("event by hand");
        draft.set("message", message.into());
        self.last = Last::Event;
        self.events.push(draft);
        self
    }

    /// Sets a field of what was added last; a key that it has already gets the new value.
    pub fn field(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Some(draft) = self.latest() {
            draft.set(key, value.into());
        }
        self
    }

    /// Marks the field that was set last as cut by the capture.
    pub fn cut(mut self) -> Self {
        if let Some(field) = self.latest().and_then(|draft| draft.fields.last_mut()) {
            field.cut = true;
        }
        self
    }

    /// Sets the level of what was added last; `INFO` if it is not said.
    pub fn level(mut self, level: Level) -> Self {
        if let Some(draft) = self.latest() {
            draft.description.level = level;
        }
        self
    }

    /// Sets the target of what was added last; `test` if it is not said.
    pub fn target(mut self, target: &str) -> Self {
        if let Some(draft) = self.latest() {
            draft.description.target = target.into();
        }
        self
    }

    /// Names what was added last, as events rarely are.
    pub fn name(mut self, name: &str) -> Self {
        if let Some(draft) = self.latest() {
            draft.description.name = name.into();
        }
        self
    }

    /// Sets the place in the source of what was added last.
    pub fn source(mut self, file: &str, line: u32) -> Self {
        if let Some(draft) = self.latest() {
            draft.description.file = Some(file.into());
            draft.description.line = Some(line);
        }
        self
    }

    /// Says that the span that was added last follows from the latest span of this name before it;
    /// does nothing where there is none.
    pub fn follows_from(mut self, name: &str) -> Self {
        if let Last::Span(position) = self.last {
            let mut before = self.spans.iter().take(position);
            let cause = before.rposition(|draft| *draft.description.name == *name);
            self.links.extend(cause.map(|cause| (position, cause)));
        }
        self
    }

    /// Lets time pass.
    pub fn wait(mut self, time: Duration) -> Self {
        let until = self.now.saturating_add(nanos(time));
        self.pass_until(until);
        self.stands = false;
        self
    }

    /// Sets how long the span that was added last lasts in all, whatever happens in it.
    pub fn lasts(mut self, time: Duration) -> Self {
        if let Some(draft) = self.latest() {
            draft.lasts = Some(nanos(time));
        }
        self
    }

    /// Sets for how long the span that was added last was entered; all the time if it is not said.
    pub fn busy(mut self, time: Duration) -> Self {
        if let Some(draft) = self.latest() {
            draft.busy = Some(nanos(time));
        }
        self
    }

    /// Makes the trace. What is open stays open.
    #[must_use]
    pub fn build(self) -> TraceSnapshot {
        let mut store = Store::default();
        for (draft, number) in self.spans.into_iter().zip(1..) {
            let record = SpanRecord {
                opened: draft.at,
                timing: draft.timing(),
                parent: draft.parent.map_or(SpanKey::NONE, place),
                ..SpanRecord::blank()
            };
            let id = SpanId::derive(0, number);
            store.push_span(id, draft.description, record, &draft.fields);
        }
        for draft in self.events {
            let record = EventRecord {
                at: draft.at,
                parent: draft.parent.map_or(SpanKey::NONE, place),
                ..EventRecord::blank()
            };
            store.push_event(draft.description, record, &draft.fields);
        }
        for (span, cause) in self.links {
            store.link(place(span), place(cause));
        }
        store.into_snapshot(StoredHeader {
            trace_id: self.trace_id,
            started_at: Some(self.started_at),
            duration: self.now - STARTED,
            status: self.status,
            dropped: self.dropped,
        })
    }

    fn draft(&self, name: &str) -> Draft {
        Draft::new(name, self.open.last().copied(), self.now)
    }

    fn latest(&mut self) -> Option<&mut Draft> {
        match self.last {
            Last::Nothing => None,
            Last::Span(position) => self.spans.get_mut(position),
            Last::Event => self.events.last_mut(),
        }
    }

    /// Goes on to the next step, which is not at the time of the one before.
    fn step(&mut self) {
        if self.stands {
            self.pass_until(self.now.saturating_add(STEP));
        }
        self.stands = true;
    }

    fn pass_until(&mut self, time: Ticks) {
        self.now = self.now.max(time.min(END));
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).min(END)
}
