//! Puts what is read together, and refuses what cannot be.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, hash_map},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tracing_core::Level;

use crate::{
    clock::Ticks,
    ids::SpanId,
    log::{
        record::{EventRecord, SpanKey, SpanRecord, Timing},
        segment::Description,
    },
    node::{EventNode, FieldNode, SpanNode},
    snapshot::{
        TraceSnapshot,
        store::{STARTED, Store, StoredHeader, place},
    },
    wire::whole_nanos,
};

/// Spans and events on their way into a snapshot, in whatever order the lists of them come.
///
/// Until the start of the trace is known, times are ticks since 1970; until all spans are known, who
/// an event belongs to and what a span follows from are identifiers.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    store: Store,
    spans: HashMap<SpanId, SpanKey>,
    links: Vec<(SpanKey, SpanId)>,
    spans_of_events: Vec<Option<SpanId>>,
}

/// Says what is wrong with the spans and events of a trace, and with which one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("spans[{span}]: the identifier {id} is that of spans[{first}] already")]
    TakenId { span: usize, id: SpanId, first: u32 },
    #[error("spans[{span}]: the parent {parent} does not come before it")]
    NoParent { span: usize, parent: SpanId },
    #[error("spans[{span}]: it follows from {cause}, which is no span of the trace")]
    NoCause { span: u32, cause: SpanId },
    #[error("events[{event}]: it is in {span}, which is no span of the trace")]
    NoSpan { event: usize, span: SpanId },
    #[error("{list}[{number}]: the field {key:?} is there twice")]
    TwoFields { list: &'static str, number: usize, key: String },
    #[error("{list}[{number}]: its time is before the start of the trace")]
    BeforeStart { list: &'static str, number: usize },
    #[error("{list}[{number}]: its time is out of range")]
    OutOfRange { list: &'static str, number: usize },
    #[error("{list}: there are more than can be counted")]
    TooMany { list: &'static str },
}

type Text = Cow<'static, str>;

const SPANS: &str = "spans";
const EVENTS: &str = "events";

impl Assembly {
    pub(super) fn push_span(&mut self, node: SpanNode) -> Result<(), Fault> {
        let number = self.store.span_count();
        let key = checked_place(number, SPANS)?;
        check_fields(&node.fields, SPANS, number)?;
        let parent = match node.parent {
            None => SpanKey::NONE,
            Some(parent) => {
                *self.spans.get(&parent).ok_or(Fault::NoParent { span: number, parent })?
            }
        };
        match self.spans.entry(node.id) {
            hash_map::Entry::Vacant(entry) => entry.insert(key),
            hash_map::Entry::Occupied(entry) => {
                return Err(Fault::TakenId { span: number, id: node.id, first: entry.get().index });
            }
        };
        let out_of_range = || Fault::OutOfRange { list: SPANS, number };
        let opened = ticks_since_1970(node.started_at).ok_or_else(out_of_range)?;
        let record = SpanRecord {
            opened,
            timing: timing(&node, opened).ok_or_else(out_of_range)?,
            parent,
            ..SpanRecord::blank()
        };
        self.links.extend(node.follows_from.iter().map(|&cause| (key, cause)));
        let description = describe(node.name, node.target, node.level, (node.file, node.line));
        self.store.push_span(node.id, description, record, &node.fields);
        Ok(())
    }

    pub(super) fn push_event(&mut self, node: EventNode) -> Result<(), Fault> {
        let number = self.store.event_count();
        checked_place(number, EVENTS)?;
        check_fields(&node.fields, EVENTS, number)?;
        let at = ticks_since_1970(node.at).ok_or(Fault::OutOfRange { list: EVENTS, number })?;
        let record = EventRecord { at, ..EventRecord::blank() };
        self.spans_of_events.push(node.span);
        let description = describe(node.name, node.target, node.level, (node.file, node.line));
        self.store.push_event(description, record, &node.fields);
        Ok(())
    }

    /// Settles what had to wait for the whole.
    pub(super) fn finish(mut self, header: StoredHeader) -> Result<TraceSnapshot, Fault> {
        for &(span, cause) in &self.links {
            let known = self.spans.get(&cause).ok_or(Fault::NoCause { span: span.index, cause })?;
            self.store.link(span, *known);
        }
        let start = header.started_at.unwrap_or(UNIX_EPOCH);
        let start = ticks_since_1970(start).unwrap_or(STARTED) - STARTED;
        self.store.change_spans(|number, record| {
            let before = |_| Fault::BeforeStart { list: SPANS, number };
            record.settle(start).map_err(before)
        })?;
        let (spans, spans_of_events) = (&self.spans, &self.spans_of_events);
        self.store.change_events(|number, record| {
            let list = EVENTS;
            record.at = since(record.at, start).map_err(|_| Fault::BeforeStart { list, number })?;
            if let Some(span) = spans_of_events.get(number).copied().flatten() {
                record.parent = *spans.get(&span).ok_or(Fault::NoSpan { event: number, span })?;
            }
            Ok(())
        })?;
        Ok(self.store.into_snapshot(header))
    }
}

/// The time is before the start of the trace.
struct Before;

impl SpanRecord {
    /// Turns ticks since 1970 into ticks of the trace.
    fn settle(&mut self, start: u64) -> Result<(), Before> {
        self.opened = since(self.opened, start)?;
        for edge in [&mut self.timing.closed, &mut self.timing.last_exit] {
            if *edge != 0 {
                *edge = since(*edge, start)?;
            }
        }
        Ok(())
    }
}

fn since(ticks: Ticks, start: u64) -> Result<Ticks, Before> {
    ticks.checked_sub(start).filter(|&ticks| ticks >= STARTED).ok_or(Before)
}

/// Returns nanoseconds since 1970, counted from [`STARTED`] so that none is 0.
pub(super) fn ticks_since_1970(at: SystemTime) -> Option<Ticks> {
    let since = at.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    u64::try_from(since).ok()?.checked_add(STARTED)
}

fn describe(
    name: Text,
    target: Text,
    level: Level,
    (file, line): (Option<Text>, Option<u32>),
) -> Description {
    let file = file.map(Into::into);
    Description { name: name.into(), target: target.into(), level, file, line }
}

fn timing(node: &SpanNode, opened: Ticks) -> Option<Timing> {
    let after =
        |edge: Option<Duration>| edge.map_or(Some(0), |edge| opened.checked_add(whole_nanos(edge)));
    Some(Timing {
        closed: after(node.duration)?,
        last_exit: after(node.last_exit)?,
        busy: whole_nanos(node.busy),
    })
}

fn checked_place(number: usize, list: &'static str) -> Result<SpanKey, Fault> {
    let place = place(number);
    // The greatest number stands for none.
    if place.index == u32::MAX {
        return Err(Fault::TooMany { list });
    }
    Ok(place)
}

fn check_fields(fields: &[FieldNode], list: &'static str, number: usize) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    match fields.iter().find(|field| !seen.insert(&*field.key)) {
        None => Ok(()),
        Some(field) => {
            Err(Fault::TwoFields { list, number, key: field.key.chars().take(60).collect() })
        }
    }
}
