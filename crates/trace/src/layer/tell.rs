//! Makes what listeners and observers are told, where a capture has any.

use std::sync::Arc;

use crate::{
    local::Place,
    log::{
        Log,
        decode::Fields,
        owned::{Kinship, merge},
        record::{SpanKey, Timing},
        segment::{Buffer, Segment},
    },
    node::{SpanNode, TraceEvent},
};

/// An event and the log whose listeners it is for.
pub(super) type Told = Option<(Arc<Log>, TraceEvent)>;

/// Tells the listeners; nothing may be borrowed and no lock held.
#[inline]
pub(super) fn deliver(told: Told) {
    if let Some((log, event)) = told
        && let Some(delivery) = &log.delivery
    {
        delivery.deliver(event);
    }
}

#[inline]
pub(super) fn event(segment: &Segment, index: u32) -> Told {
    let log = &segment.log;
    log.delivery.as_ref()?;
    segment.read(|buffer| {
        let record = buffer.events.get(index as usize)?;
        let fields = log
            .owner(&log.redaction())
            .fields(buffer.event_fields(record));
        let callsite = buffer.event_callsite(index);
        let span = log.span_id(record.parent);
        let node = log
            .owner(&log.redaction())
            .event(callsite, span, record, fields);
        Some((Arc::clone(log), TraceEvent::Event(node)))
    })
}

#[inline]
pub(super) fn opened(place: &Place) -> Told {
    place.home.log.delivery.as_ref()?;
    let node = place
        .home
        .read(|buffer| node(&place.home, buffer, place.key, Timing::default()))?;
    Some((Arc::clone(&place.home.log), TraceEvent::SpanOpened(node)))
}

/// Tells the fields that were written last into this segment, which are of this span.
#[inline]
pub(super) fn recorded(segment: &Segment, span: SpanKey) -> Told {
    let log = &segment.log;
    let delivery = log.delivery.as_ref()?;
    let callsite = log.callsite_of(span);
    segment.read(|buffer| {
        let record = buffer.lates.get(buffer.lates.len().checked_sub(1)?)?;
        let fields = Fields::new(buffer, callsite, buffer.bytes.get(record.fields));
        let fields = log.owner(&log.redaction()).fields(fields);
        delivery.note_late_fields(span, &fields);
        Some((
            Arc::clone(log),
            TraceEvent::FieldsRecorded {
                span: log.span_id(span)?,
                fields,
            },
        ))
    })
}

#[inline]
pub(super) fn closed(place: &Place) -> Told {
    let log = &place.home.log;
    let delivery = log.delivery.as_ref()?;
    let elsewhere = log.foreign_timing(place.key);
    let mut node = place
        .home
        .read(|buffer| node(&place.home, buffer, place.key, elsewhere))?;
    merge(&mut node.fields, delivery.take_late_fields(place.key));
    Some((Arc::clone(log), TraceEvent::SpanClosed(node)))
}

fn node(segment: &Segment, buffer: &Buffer, key: SpanKey, elsewhere: Timing) -> Option<SpanNode> {
    let log = &segment.log;
    let record = buffer.spans.get(key.index as usize)?;
    let redaction = log.redaction();
    let owner = log.owner(&redaction);
    let fields = owner.fields(buffer.span_fields(record));
    let kinship = Kinship {
        id: log.span_id(key)?,
        parent: log.span_id(record.parent),
    };
    let mut timing = record.timing;
    timing.merge(elsewhere);
    Some(owner.span(
        buffer.span_callsite(key.index),
        kinship,
        record,
        timing,
        fields,
    ))
}
