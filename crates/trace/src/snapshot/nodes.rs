//! Owned forms of spans and events.

use super::{EventRef, SpanRef, TraceSnapshot};
use crate::{
    log::{
        decode::EncodedField,
        owned::{SpanParts, merge},
    },
    node::{EventNode, FieldNode, SpanNode},
};

impl SpanRef<'_> {
    /// Makes an owned form of the span, with secrets masked.
    #[must_use]
    pub fn to_node(self) -> SpanNode {
        let parts = SpanParts {
            callsite: self.callsite(),
            id: self.id(),
            parent: self.parent().map(SpanRef::id),
            opened: self.record().map_or(0, |(_, record)| record.opened),
            timing: self.timing(),
        };
        let fields = owned_fields(self.trace(), self.encoded_fields());
        let mut node = self.trace().owner().span(parts, fields);
        node.follows_from = self.follows_from().map(SpanRef::id).collect();
        node
    }
}

impl EventRef<'_> {
    /// Makes an owned form of the event, with secrets masked.
    #[must_use]
    pub fn to_node(self) -> EventNode {
        let owner = self.trace().owner();
        let fields = owned_fields(self.trace(), self.encoded_fields());
        let blank = crate::log::record::EventRecord::blank();
        let record = self.record().map_or(&blank, |(_, record)| record);
        owner.event(self.callsite(), self.span().map(SpanRef::id), record, fields)
    }
}

/// Returns each key once, at its first place, with the value recorded last.
fn owned_fields<'a>(
    trace: &TraceSnapshot,
    all: impl Iterator<Item = EncodedField<'a>>,
) -> Vec<FieldNode> {
    let owner = trace.owner();
    let all = all.map(|field| owner.field(field));
    if trace.is_stored() {
        return all.collect();
    }
    let mut fields = Vec::new();
    merge(&mut fields, all);
    fields
}
