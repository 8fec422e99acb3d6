//! One of the two traces that are compared.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::align::Token;
use crate::{
    snapshot::{SpanOrEvent, TraceSnapshot},
    value::ValueRef,
};

/// A trace, what is compared of its spans and events, and what was found of them in the other.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) trace: &'a TraceSnapshot,
    pub(super) spans: Items,
    pub(super) events: Items,
}

/// The spans or events of a trace, by position.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) tokens: Vec<Token>,
    pub(super) partners: Vec<Option<u32>>,
}

/// Numbers for the names of spans and the messages of events, the same on both sides.
#[derive(Debug, Default)]
pub(super) struct Labels<'a> {
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Labels<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(text).or_insert(next)
    }
}

impl<'a> Side<'a> {
    pub(super) fn new(trace: &'a TraceSnapshot, labels: &mut Labels<'a>) -> Self {
        let mut events = Vec::new();
        for event in trace.all_events() {
            let print = content(event.into()).finish();
            let label = labels.number(event.message().unwrap_or(event.target()));
            events.push(Token { label, print });
        }
        let mut spans = vec![Token { label: 0, print: 0 }; trace.len()];
        // Children come after their parents, so that from the end every child is there already.
        for span in trace.all_spans().rev() {
            let mut hasher = content(span.into());
            let index = trace.index();
            let rank = u32::try_from(span.position()).unwrap_or(u32::MAX);
            for (items, ranks) in [(&events, index.events(rank)), (&spans, index.children(rank))] {
                hasher.write_usize(ranks.len());
                for &rank in ranks {
                    items.get(rank as usize).hash(&mut hasher);
                }
            }
            let label = labels.number(span.name());
            if let Some(place) = spans.get_mut(span.position()) {
                let print = hasher.finish();
                *place = Token { label, print };
            }
        }
        Self { trace, spans: Items::new(spans), events: Items::new(events) }
    }
}

impl Items {
    fn new(tokens: Vec<Token>) -> Self {
        Self { partners: vec![None; tokens.len()], tokens }
    }

    pub(super) fn token(&self, position: u32) -> Option<Token> {
        self.tokens.get(position as usize).copied()
    }

    pub(super) fn partner(&self, position: u32) -> Option<u32> {
        self.partners.get(position as usize).copied().flatten()
    }

    pub(super) fn set_partner(&mut self, position: u32, partner: u32) {
        if let Some(place) = self.partners.get_mut(position as usize) {
            *place = Some(partner);
        }
    }

    /// Returns those of some positions that have no partner, with their tokens.
    pub(super) fn single(&self, positions: &[u32]) -> (Vec<u32>, Vec<Token>) {
        let singles = positions.iter().copied();
        let singles = singles.filter(|&position| self.partner(position).is_none());
        singles.filter_map(|position| Some((position, self.token(position)?))).unzip()
    }

    /// Returns the positions of all that have no partner.
    pub(super) fn all_single(&self) -> impl Iterator<Item = u32> {
        let single =
            |(position, partner): (u32, &Option<u32>)| partner.is_none().then_some(position);
        (0..).zip(&self.partners).filter_map(single)
    }
}

/// Hashes what counts of a span or event itself. Equal hashes only decide what is compared with what,
/// so a collision cannot hide a difference.
fn content(item: SpanOrEvent<'_>) -> DefaultHasher {
    let mut hasher = DefaultHasher::new();
    if item.as_span().is_some() {
        item.name().hash(&mut hasher);
    }
    item.level().hash(&mut hasher);
    for field in item.fields() {
        field.key().hash(&mut hasher);
        match field.value() {
            ValueRef::F64(number) => hasher.write_u64(number.to_bits()),
            ValueRef::Str(text) | ValueRef::Debug(text) => text.hash(&mut hasher),
            other => other.to_string().hash(&mut hasher),
        }
    }
    hasher
}
