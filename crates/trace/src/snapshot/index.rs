//! What belongs to which span; made when a snapshot is first asked.

use std::collections::BTreeMap;

use super::{csr::Csr, order::Order};
use crate::log::{
    record::{SpanKey, Timing},
    segment::Buffer,
};

#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) order: Order,
    pub(super) span_count: u32,
    pub(super) event_count: u32,
    /// Spans by parent; the owner after the last span owns the roots.
    children: Csr,
    /// Events by span; the owner after the last span owns the root events.
    events: Csr,
    /// Late fields by span, oldest first, by their positions in all buffers one after the other.
    lates: Csr,
    /// The number of late fields in the buffers before each.
    late_bases: Vec<u32>,
    /// Spans that a span follows from.
    links: Csr,
    /// What threads other than a span's own saw of its timing.
    foreign: BTreeMap<SpanKey, Timing>,
}

impl Index {
    pub(super) fn of(buffers: &[Buffer]) -> Self {
        let span_count = total(buffers, |buffer| buffer.spans.len());
        let event_count = total(buffers, |buffer| buffer.events.len());
        if span_count == 0 && event_count == 0 {
            return Self::default();
        }
        let order = Order::of(buffers);
        let owners = span_count as usize + 1;
        let children = group_spans(buffers, &order, span_count);
        let events = group_events(buffers, &order, event_count, span_count);
        let late_bases = bases(buffers);
        let lates = group_lates(buffers, &order, owners, &late_bases);
        let links = group_links(buffers, &order, span_count);
        let foreign = merge_foreign(buffers);
        Self { order, span_count, event_count, children, events, lates, late_bases, links, foreign }
    }

    pub(super) fn foreign_timing(&self, key: SpanKey) -> Option<Timing> {
        self.foreign.get(&key).copied()
    }

    pub(super) fn roots(&self) -> &[u32] {
        self.children.row(self.span_count)
    }

    pub(super) fn children(&self, rank: u32) -> &[u32] {
        self.children.row(rank)
    }

    pub(super) fn root_events(&self) -> &[u32] {
        self.events.row(self.span_count)
    }

    pub(super) fn events(&self, rank: u32) -> &[u32] {
        self.events.row(rank)
    }

    pub(super) fn links(&self, rank: u32) -> &[u32] {
        self.links.row(rank)
    }

    /// Returns the late fields of a span by buffer and position there, oldest first.
    pub(super) fn lates(
        &self,
        rank: u32,
    ) -> impl DoubleEndedIterator<Item = (usize, usize)> + Clone {
        self.lates.row(rank).iter().map(|&position| {
            let buffer =
                self.late_bases.partition_point(|&base| base <= position).saturating_sub(1);
            let base = self.late_bases.get(buffer).copied().unwrap_or_default();
            (buffer, (position - base) as usize)
        })
    }
}

fn merge_foreign(buffers: &[Buffer]) -> BTreeMap<SpanKey, Timing> {
    let mut merged: BTreeMap<SpanKey, Timing> = BTreeMap::new();
    for (&key, &seen) in buffers.iter().flat_map(|buffer| &buffer.foreign) {
        merged.entry(key).or_default().merge(seen);
    }
    merged
}

fn total(buffers: &[Buffer], len: impl Fn(&Buffer) -> usize) -> u32 {
    let total = buffers.iter().map(len).sum::<usize>();
    u32::try_from(total).unwrap_or(u32::MAX)
}

fn bases(buffers: &[Buffer]) -> Vec<u32> {
    let mut base = 0;
    let next = |buffer: &Buffer| {
        let start = base;
        base += u32::try_from(buffer.lates.len()).unwrap_or(u32::MAX);
        start
    };
    buffers.iter().map(next).collect()
}

/// Groups spans by parent. A parent comes before its children; anything else is damage, and makes a
/// root.
fn group_spans(buffers: &[Buffer], order: &Order, count: u32) -> Csr {
    let owners = count as usize + 1;
    let owner = |parent: SpanKey, rank: u32| {
        order.rank(parent).filter(|&parent| parent < rank).unwrap_or(count)
    };
    match (buffers, order) {
        ([buffer], Order::OneBuffer) => Csr::group(owners, || {
            buffer.spans.iter().zip(0..).map(|(span, rank)| (owner(span.parent, rank), rank))
        }),
        _ => Csr::group(owners, || {
            (0..count).map(|rank| {
                let key = order.span_key(rank);
                let buffer = buffers.get(key.segment as usize);
                let span = buffer.and_then(|buffer| buffer.spans.get(key.index as usize));
                (span.map_or(count, |span| owner(span.parent, rank)), rank)
            })
        }),
    }
}

/// Groups events by the span that they are in.
fn group_events(buffers: &[Buffer], order: &Order, count: u32, spans: u32) -> Csr {
    let owners = spans as usize + 1;
    let owner =
        |parent: SpanKey| order.rank(parent).filter(|&parent| parent < spans).unwrap_or(spans);
    match (buffers, order) {
        ([buffer], Order::OneBuffer) => Csr::group(owners, || {
            buffer.events.iter().zip(0..).map(|(event, rank)| (owner(event.parent), rank))
        }),
        _ => Csr::group(owners, || {
            (0..count).map(|rank| {
                let key = order.event_key(rank);
                let buffer = buffers.get(key.segment as usize);
                let event = buffer.and_then(|buffer| buffer.events.get(key.index as usize));
                (event.map_or(spans, |event| owner(event.parent)), rank)
            })
        }),
    }
}

fn group_lates(buffers: &[Buffer], order: &Order, owners: usize, bases: &[u32]) -> Csr {
    let all = || {
        buffers.iter().zip(bases).flat_map(|(buffer, &base)| {
            buffer.lates.iter().zip(base..).map(|(record, position)| {
                let owner = order.rank(record.span).unwrap_or(u32::MAX);
                (record.sequence, owner, position)
            })
        })
    };
    if buffers.len() <= 1 {
        return Csr::group(owners, || all().map(|(_, owner, position)| (owner, position)));
    }
    let mut sorted: Vec<(u32, u32, u32)> = all().collect();
    sorted.sort_unstable();
    Csr::group(owners, || sorted.iter().map(|&(_, owner, position)| (owner, position)))
}

fn group_links(buffers: &[Buffer], order: &Order, count: u32) -> Csr {
    if buffers.iter().all(|buffer| buffer.links.is_empty()) {
        return Csr::default();
    }
    let rank = |key: SpanKey| order.rank(key).filter(|&rank| rank < count);
    Csr::group(count as usize, || {
        buffers
            .iter()
            .flat_map(|buffer| &buffer.links)
            .filter_map(|link| Some((rank(link.span)?, rank(link.cause)?)))
    })
}
