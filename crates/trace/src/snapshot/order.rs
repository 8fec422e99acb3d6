//! The order of all records of a capture, whichever thread wrote them.

use crate::{
    clock::Ticks,
    log::{record::SpanKey, segment::Buffer},
};

/// Spans in the order of their starts, events in the order of their times.
///
/// What one thread wrote is in order already; only where several wrote is anything sorted or stored.
#[derive(Debug, Default)]
pub(super) enum Order {
    #[default]
    OneBuffer,
    Merged {
        spans: Vec<SpanKey>,
        /// The rank of each span, by buffer and position.
        ranks: Vec<Vec<u32>>,
        events: Vec<SpanKey>,
    },
}

impl Order {
    pub(super) fn of(buffers: &[Buffer]) -> Self {
        if let [] | [Buffer { is_mixed: false, .. }] = buffers {
            return Self::OneBuffer;
        }
        let spans = ordered_spans(buffers);
        let mut ranks: Vec<Vec<u32>> =
            buffers.iter().map(|buffer| vec![u32::MAX; buffer.spans.len()]).collect();
        for (key, rank) in spans.iter().zip(0..) {
            let of_buffer = ranks.get_mut(key.segment as usize);
            if let Some(place) = of_buffer.and_then(|ranks| ranks.get_mut(key.index as usize)) {
                *place = rank;
            }
        }
        let mut events: Vec<(Ticks, SpanKey)> = Vec::new();
        for (buffer, segment) in buffers.iter().zip(0..) {
            events.extend(
                buffer.events.iter().zip(0..).map(|(e, index)| (e.at, SpanKey { index, segment })),
            );
        }
        events.sort_by_key(|(at, _)| *at);
        let events = events.into_iter().map(|(_, key)| key).collect();
        Self::Merged { spans, ranks, events }
    }

    pub(super) fn span_key(&self, rank: u32) -> SpanKey {
        match self {
            Self::OneBuffer => SpanKey { index: rank, segment: 0 },
            Self::Merged { spans, .. } => {
                spans.get(rank as usize).copied().unwrap_or(SpanKey::NONE)
            }
        }
    }

    pub(super) fn event_key(&self, rank: u32) -> SpanKey {
        match self {
            Self::OneBuffer => SpanKey { index: rank, segment: 0 },
            Self::Merged { events, .. } => {
                events.get(rank as usize).copied().unwrap_or(SpanKey::NONE)
            }
        }
    }

    /// Returns the rank of a span; `None` for no span.
    pub(super) fn rank(&self, key: SpanKey) -> Option<u32> {
        let key = key.some()?;
        match self {
            Self::OneBuffer => (key.segment == 0).then_some(key.index),
            Self::Merged { ranks, .. } => {
                let ranks = ranks.get(key.segment as usize)?;
                ranks.get(key.index as usize).copied().filter(|&rank| rank != u32::MAX)
            }
        }
    }
}

/// Sorts spans by their starts, parents before their children.
///
/// Clocks of two cores may differ by a little, so that a child seems to start before its parent: then
/// it counts as started with its parent.
fn ordered_spans(buffers: &[Buffer]) -> Vec<SpanKey> {
    let mut settling = Settling {
        buffers,
        starts: buffers.iter().map(|buffer| vec![Start::default(); buffer.spans.len()]).collect(),
        count: buffers.iter().map(|buffer| buffer.spans.len()).sum(),
        path: Vec::new(),
    };
    let mut spans = Vec::with_capacity(settling.count);
    for (buffer, segment) in buffers.iter().zip(0..) {
        for index in 0..u32::try_from(buffer.spans.len()).unwrap_or(u32::MAX) {
            let key = SpanKey { index, segment };
            settling.settle(key);
            spans.push(key);
        }
    }
    spans.sort_by_key(|key| {
        let start = settling.start(*key).unwrap_or_default();
        (start.at, start.depth)
    });
    spans
}

/// When a span starts, as far as order goes; settled if its depth is not 0.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    at: Ticks,
    depth: u32,
}

/// Finds the starts of all spans.
struct Settling<'a> {
    buffers: &'a [Buffer],
    starts: Vec<Vec<Start>>,
    /// The number of spans.
    count: usize,
    /// The spans between the one that is asked for and the nearest one that is settled.
    path: Vec<(SpanKey, Ticks)>,
}

impl Settling<'_> {
    fn start(&self, key: SpanKey) -> Option<Start> {
        self.starts.get(key.segment as usize)?.get(key.index as usize).copied()
    }

    /// Finds the start of a span and of its ancestors, without recursion: a trace may be deep.
    fn settle(&mut self, key: SpanKey) {
        let mut next = key;
        let mut settled = Start::default();
        // A chain longer than all spans together is a circle, which only a damaged buffer has.
        while self.path.len() <= self.count {
            let record = self
                .buffers
                .get(next.segment as usize)
                .and_then(|b| b.spans.get(next.index as usize));
            let Some(record) = record else { break };
            if let Some(known) = self.start(next).filter(|known| known.depth > 0) {
                settled = known;
                break;
            }
            self.path.push((next, record.opened));
            next = record.parent;
        }
        for (key, opened) in self.path.drain(..).rev() {
            settled = Start { at: settled.at.max(opened), depth: settled.depth.saturating_add(1) };
            let starts = self.starts.get_mut(key.segment as usize);
            if let Some(place) = starts.and_then(|starts| starts.get_mut(key.index as usize)) {
                *place = settled;
            }
        }
    }
}
