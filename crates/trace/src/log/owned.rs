//! Makes owned nodes of records, with secrets masked.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use super::{
    callsite::CallsiteRef,
    decode::{EncodedField, Fields},
    record::{EventRecord, SpanRecord, Timing},
    segment::Buffer,
};
use crate::{
    clock::Ticks,
    ids::SpanId,
    node::{EventNode, FieldNode, SpanNode},
    redact::Redaction,
    value::{Value, ValueRef},
};

/// What turns the records of one capture into nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) started_at: SystemTime,
    pub(crate) started: Ticks,
    pub(crate) redaction: &'a Redaction,
}

/// What a node of a span says besides its fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanParts<'a> {
    pub(crate) callsite: CallsiteRef<'a>,
    pub(crate) id: SpanId,
    pub(crate) parent: Option<SpanId>,
    pub(crate) opened: Ticks,
    pub(crate) timing: Timing,
}

impl Owner<'_> {
    pub(crate) fn wall_clock(&self, at: Ticks) -> SystemTime {
        let since = Duration::from_nanos(at.saturating_sub(self.started));
        self.started_at.checked_add(since).unwrap_or(self.started_at)
    }

    /// Masks what has the shape of a secret.
    pub(crate) fn value(&self, value: ValueRef<'_>) -> Value {
        match value {
            ValueRef::Str(text) => Value::Str(self.redaction.scrub(text).into_owned()),
            ValueRef::Debug(text) => Value::Debug(self.redaction.scrub(text).into_owned()),
            other => other.to_value(),
        }
    }

    pub(crate) fn field(&self, field: EncodedField<'_>) -> FieldNode {
        FieldNode {
            key: Cow::Owned(field.key.to_owned()),
            value: self.value(field.value),
            cut: field.cut,
        }
    }

    pub(crate) fn fields(&self, fields: Fields<'_>) -> Vec<FieldNode> {
        let mut nodes = Vec::new();
        merge(&mut nodes, fields.map(|field| self.field(field)));
        nodes
    }

    /// Makes a node without links.
    pub(crate) fn span(&self, parts: SpanParts<'_>, fields: Vec<FieldNode>) -> SpanNode {
        let SpanParts { callsite, id, parent, opened, timing } = parts;
        let since = |at: Ticks| Duration::from_nanos(at.saturating_sub(opened));
        SpanNode {
            id,
            parent,
            name: callsite.owned_name(),
            target: callsite.owned_target(),
            level: callsite.level(),
            file: callsite.owned_file(),
            line: callsite.line(),
            started_at: self.wall_clock(opened),
            duration: (timing.closed != 0).then(|| since(timing.closed)),
            busy: Duration::from_nanos(timing.busy),
            last_exit: (timing.last_exit != 0).then(|| since(timing.last_exit)),
            fields,
            follows_from: Vec::new(),
        }
    }

    pub(crate) fn event(
        &self,
        callsite: CallsiteRef<'_>,
        span: Option<SpanId>,
        record: &EventRecord,
        fields: Vec<FieldNode>,
    ) -> EventNode {
        EventNode {
            span,
            name: callsite.owned_name(),
            target: callsite.owned_target(),
            level: callsite.level(),
            file: callsite.owned_file(),
            line: callsite.line(),
            at: self.wall_clock(record.at),
            fields,
        }
    }
}

/// Adds fields; a key that is there already keeps its place and gets the new value.
pub(crate) fn merge(nodes: &mut Vec<FieldNode>, fields: impl IntoIterator<Item = FieldNode>) {
    for field in fields {
        match nodes.iter_mut().find(|known| known.key == field.key) {
            Some(known) => *known = field,
            None => nodes.push(field),
        }
    }
}

impl Buffer {
    pub(crate) fn span_fields(&self, record: &SpanRecord) -> Fields<'_> {
        Fields::new(self, record.callsite, self.bytes.get(record.fields))
    }

    pub(crate) fn event_fields(&self, record: &EventRecord) -> Fields<'_> {
        Fields::new(self, record.callsite, self.bytes.get(record.fields))
    }
}
