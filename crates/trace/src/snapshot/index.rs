//! What belongs to which span; made when a snapshot is first asked.

use super::{csr::Csr, order::Order};
use crate::log::{record::SpanKey, segment::Buffer};

#[derive(Debug)]
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
}

impl Index {
    pub(super) fn of(buffers: &[Buffer]) -> Self {
        let order = Order::of(buffers);
        let span_count = total(buffers, |buffer| buffer.spans.len());
        let event_count = total(buffers, |buffer| buffer.events.len());
        let owners = span_count as usize + 1;
        let children = Csr::group(owners, || {
            records(
                buffers,
                &order,
                span_count,
                Order::span_key,
                |buffer, index| buffer.spans.get(index).map(|record| record.parent),
            )
            // A parent comes before its children; anything else is damage, and makes a root.
            .map(|(owner, item)| (if owner < item { owner } else { span_count }, item))
        });
        let events = Csr::group(owners, || {
            records(
                buffers,
                &order,
                event_count,
                Order::event_key,
                |buffer, index| buffer.events.get(index).map(|record| record.parent),
            )
            .map(|(owner, item)| (owner.min(span_count), item))
        });
        let late_bases = bases(buffers);
        let lates = group_lates(buffers, &order, owners, &late_bases);
        let links = group_links(buffers, &order, owners);
        Self {
            order,
            span_count,
            event_count,
            children,
            events,
            lates,
            late_bases,
            links,
        }
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
            let buffer = self
                .late_bases
                .partition_point(|&base| base <= position)
                .saturating_sub(1);
            let base = self.late_bases.get(buffer).copied().unwrap_or_default();
            (buffer, (position - base) as usize)
        })
    }
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

/// Returns the owner of each record in order; no owner is `u32::MAX`.
fn records<'a>(
    buffers: &'a [Buffer],
    order: &'a Order,
    count: u32,
    key: fn(&Order, u32) -> SpanKey,
    parent: fn(&Buffer, usize) -> Option<SpanKey>,
) -> impl Iterator<Item = (u32, u32)> + use<'a> {
    (0..count).map(move |rank| {
        let key = key(order, rank);
        let buffer = buffers.get(usize::from(key.segment));
        let parent = buffer.and_then(|buffer| parent(buffer, key.index as usize));
        (
            parent
                .and_then(|parent| order.rank(parent))
                .unwrap_or(u32::MAX),
            rank,
        )
    })
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
        return Csr::group(owners, || {
            all().map(|(_, owner, position)| (owner, position))
        });
    }
    let mut sorted: Vec<(u32, u32, u32)> = all().collect();
    sorted.sort_unstable();
    Csr::group(owners, || {
        sorted.iter().map(|&(_, owner, position)| (owner, position))
    })
}

fn group_links(buffers: &[Buffer], order: &Order, owners: usize) -> Csr {
    if buffers.iter().all(|buffer| buffer.links.is_empty()) {
        return Csr::default();
    }
    Csr::group(owners, || {
        buffers
            .iter()
            .flat_map(|buffer| &buffer.links)
            .filter_map(|link| Some((order.rank(link.span)?, order.rank(link.cause)?)))
    })
}
