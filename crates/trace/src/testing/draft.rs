//! A span or event of a trace that is being built.

use tracing_core::Level;

use crate::{
    clock::Ticks,
    log::{record::Timing, segment::Description},
    node::FieldNode,
    value::Value,
};

/// A span or event that may still change.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) description: Description,
    pub(super) fields: Vec<FieldNode>,
    pub(super) parent: Option<usize>,
    pub(super) at: Ticks,
    pub(super) closed: Option<Ticks>,
    /// How long the span is to last, if that was said.
    pub(super) lasts: Option<u64>,
    pub(super) busy: Option<u64>,
}

impl Draft {
    pub(super) fn new(name: &str, parent: Option<usize>, at: Ticks) -> Self {
        Self {
            description: Description {
                name: name.into(),
                target: "test".into(),
                level: Level::INFO,
                file: None,
                line: None,
            },
            fields: Vec::new(),
            parent,
            at,
            closed: None,
            lasts: None,
            busy: None,
        }
    }

    /// Sets a field; a key that is there already keeps its place and gets the new value.
    pub(super) fn set(&mut self, key: &str, value: Value) {
        let field = FieldNode { key: key.to_owned().into(), value, cut: false };
        match self.fields.iter_mut().find(|known| known.key == field.key) {
            Some(known) => *known = field,
            None => self.fields.push(field),
        }
    }

    pub(super) fn timing(&self) -> Timing {
        let closed = self.closed.unwrap_or_default();
        Timing {
            closed,
            last_exit: closed,
            busy: self.busy.unwrap_or(closed.saturating_sub(self.at)),
        }
    }
}
