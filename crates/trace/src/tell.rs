//! Makes what listeners and observers are told, where a capture has any.

use std::sync::Arc;

use crate::{
    local::Place,
    log::delivery::Delivery,
    log::{
        decode::Fields,
        owned::{SpanParts, merge},
        record::{SpanKey, Timing},
        segment::{Buffer, Segment},
    },
    node::{SpanNode, TraceEvent},
};

/// What happened, and who is to be told. Almost always no one, so that it must be cheap to pass on.
pub(crate) type Told = Option<Box<Telling>>;

pub(crate) struct Telling {
    delivery: Arc<Delivery>,
    event: TraceEvent,
}

/// Tells the listeners; nothing may be borrowed and no lock held.
#[inline]
pub(crate) fn deliver(told: Told) {
    if let Some(telling) = told {
        telling.delivery.deliver(telling.event);
    }
}

/// Tells of an event that was written into this segment.
#[inline]
pub(crate) fn event(segment: &Segment, index: u32) -> Told {
    segment.log.has_delivery().then(|| tell_event(segment, index))?
}

/// Tells of a span that was opened.
#[inline]
pub(crate) fn opened(place: &Place) -> Told {
    place.home.log.has_delivery().then(|| tell_opened(place))?
}

/// Tells the fields that were written last into this segment, which are of this span.
#[inline]
pub(crate) fn recorded(segment: &Segment, span: SpanKey) -> Told {
    segment.log.has_delivery().then(|| tell_recorded(segment, span))?
}

/// Tells of a span that closed.
#[inline]
pub(crate) fn closed(place: &Place) -> Told {
    place.home.log.has_delivery().then(|| tell_closed(place))?
}

#[cold]
fn tell_event(segment: &Segment, index: u32) -> Told {
    let log = &segment.log;
    let delivery = log.delivery()?;
    let redaction = log.redaction();
    let owner = log.owner(&redaction);
    let event = segment.read(|buffer| {
        let record = buffer.events.get(index as usize)?;
        let fields = owner.fields(buffer.event_fields(record));
        let span = log.span_id(record.parent);
        Some(owner.event(buffer.event_callsite(index), span, record, fields))
    })?;
    Some(Box::new(Telling { delivery, event: TraceEvent::Event(event) }))
}

#[cold]
fn tell_opened(place: &Place) -> Told {
    let delivery = place.home.log.delivery()?;
    let home = &place.home;
    let node = home.read(|buffer| node(home, buffer, place.key, Timing::default()))?;
    Some(Box::new(Telling { delivery, event: TraceEvent::SpanOpened(node) }))
}

#[cold]
fn tell_recorded(segment: &Segment, span: SpanKey) -> Told {
    let log = &segment.log;
    let delivery = log.delivery()?;
    let callsite = log.callsite_of(span);
    let redaction = log.redaction();
    let owner = log.owner(&redaction);
    let fields = segment.read(|buffer| {
        let record = buffer.lates.get(buffer.lates.len().checked_sub(1)?)?;
        Some(owner.fields(Fields::new(buffer, callsite, buffer.bytes.get(record.fields))))
    })?;
    delivery.note_late_fields(span, &fields);
    let event = TraceEvent::FieldsRecorded { span: log.span_id(span)?, fields };
    Some(Box::new(Telling { delivery, event }))
}

#[cold]
fn tell_closed(place: &Place) -> Told {
    let log = &place.home.log;
    let delivery = log.delivery()?;
    let elsewhere = log.foreign_timing(place.key);
    let mut node = place.home.read(|buffer| node(&place.home, buffer, place.key, elsewhere))?;
    merge(&mut node.fields, delivery.take_late_fields(place.key));
    node.follows_from = log.links_of(place.key);
    Some(Box::new(Telling { delivery, event: TraceEvent::SpanClosed(node) }))
}

fn node(segment: &Segment, buffer: &Buffer, key: SpanKey, elsewhere: Timing) -> Option<SpanNode> {
    let log = &segment.log;
    let record = buffer.spans.get(key.index as usize)?;
    let redaction = log.redaction();
    let owner = log.owner(&redaction);
    let fields = owner.fields(buffer.span_fields(record));
    let mut timing = record.timing;
    timing.merge(elsewhere);
    let parts = SpanParts {
        callsite: buffer.span_callsite(key.index),
        id: log.span_id(key)?,
        parent: log.span_id(record.parent),
        opened: record.opened,
        timing,
    };
    Some(owner.span(parts, fields))
}
