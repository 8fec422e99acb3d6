//! Owned forms of spans and events.

use super::{EventRef, SpanRef};
use crate::{
    log::owned::{Kinship, merge},
    node::{EventNode, FieldNode, SpanNode},
};

impl SpanRef<'_> {
    /// Makes an owned form of the span, with secrets masked.
    #[must_use]
    pub fn to_node(self) -> SpanNode {
        let owner = self.trace().owner();
        let fields = self.field_nodes();
        let kinship = Kinship {
            id: self.id(),
            parent: self.parent().map(SpanRef::id),
        };
        let blank = crate::log::record::SpanRecord::blank();
        let record = self.record().map_or(&blank, |(_, record)| record);
        let mut node = owner.span(self.callsite(), kinship, record, self.timing(), fields);
        node.follows_from = self.follows_from().map(SpanRef::id).collect();
        node
    }

    fn field_nodes(self) -> Vec<FieldNode> {
        let owner = self.trace().owner();
        let mut fields = Vec::new();
        merge(
            &mut fields,
            self.encoded_fields().map(|field| owner.field(field)),
        );
        fields
    }
}

impl EventRef<'_> {
    /// Makes an owned form of the event, with secrets masked.
    #[must_use]
    pub fn to_node(self) -> EventNode {
        let owner = self.trace().owner();
        let mut fields = Vec::new();
        merge(
            &mut fields,
            self.encoded_fields().map(|field| owner.field(field)),
        );
        let blank = crate::log::record::EventRecord::blank();
        let record = self.record().map_or(&blank, |(_, record)| record);
        owner.event(
            self.callsite(),
            self.span().map(SpanRef::id),
            record,
            fields,
        )
    }
}
