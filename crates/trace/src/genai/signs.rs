//! What the fields of a span say about what it describes, read in one pass over them.

use super::{
    aliases::Attribute,
    kind::{self, Called, DIALECTS, Kind, Task},
};
use crate::{node::SpanNode, snapshot::SpanRef, value::ValueRef};

/// The position of the conventions among the dialects.
const CONVENTIONS: usize = 0;

/// The name of the span that describes a turn of ours, whatever requests it takes.
const TURN: &str = "llm_turn";

/// A span whose fields can be gone through.
pub(super) trait Described {
    /// Returns the name and the target of the span.
    fn callsite(&self) -> (&str, &str);

    /// Shows each field, in the order in which they were recorded.
    fn each(&self, see: impl FnMut(&str, ValueRef<'_>));
}

/// What a kind is known by.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Signs {
    /// What each dialect calls the span, in the order of the dialects.
    called: [Called; DIALECTS.len()],
    /// What a dialect calls it is no text.
    has_strange_name: bool,
    names_agent: bool,
    names_conversation: bool,
    names_model: bool,
    names_provider: bool,
    names_tool: bool,
    /// It has what only runs of agents have.
    has_run: bool,
    /// It was sent no request.
    is_unsent: bool,
}

/// Notes that a span has an attribute.
type Note = fn(&mut Signs, ValueRef<'_>);

/// The attributes of which it matters whether a span has them.
const SOUGHT: &[(Attribute, Note)] = &[
    (Attribute::ConversationId, |signs, _| signs.names_conversation = true),
    (Attribute::RequestModel, |signs, _| signs.names_model = true),
    (Attribute::ResponseModel, |signs, _| signs.names_model = true),
    (Attribute::Model, |signs, _| signs.names_model = true),
    (Attribute::Provider, |signs, _| signs.names_provider = true),
    (Attribute::ToolName, |signs, _| signs.names_tool = true),
    (Attribute::AgentName, |signs, _| signs.names_agent = true),
    (Attribute::AllMessages, |signs, _| signs.has_run = true),
    (Attribute::RunModel, |signs, _| signs.has_run = true),
    (Attribute::RunResult, |signs, _| signs.has_run = true),
    (Attribute::Attempts, |signs, value| signs.is_unsent = value.as_u64() == Some(0)),
];

impl Signs {
    pub(super) fn of(span: &impl Described) -> Self {
        let mut signs = Self::default();
        span.each(|key, value| signs.see(key, value));
        signs
    }

    fn see(&mut self, key: &str, value: ValueRef<'_>) {
        // Every key that matters has one of these; many others have neither.
        if !key.bytes().any(|byte| byte == b'.' || byte == b'_') {
            return;
        }
        if let Some(dialect) = DIALECTS.iter().position(|(name, _)| *name == key) {
            let called = value.as_str().map(|name| kind::called(dialect, name));
            self.has_strange_name |= called.is_none();
            if let Some(known) = self.called.get_mut(dialect) {
                *known = called.unwrap_or_default();
            }
        } else if let Some((_, note)) = SOUGHT.iter().find(|(attribute, _)| attribute.has_key(key))
        {
            note(self, value);
        }
    }
}

impl Signs {
    /// Returns whether the span says what matters although it is no call.
    pub(super) fn say_more(&self) -> bool {
        self.names_conversation || self.has_strange_name
    }

    /// Returns what the span describes.
    pub(super) fn kind(&self, is_turn: bool) -> Option<Kind> {
        if is_turn {
            // A turn that was refused by its budget, or never polled, has asked no model.
            return (!self.is_unsent).then_some(Kind::Model(Task::Generate));
        }
        let known = self.called.iter().find_map(|called| match called {
            Called::Known(kind) => Some(*kind),
            _ => None,
        });
        known.unwrap_or_else(|| self.guess())
    }

    /// Returns what a span describes that no dialect calls by a name that is known.
    fn guess(&self) -> Option<Kind> {
        let names_operation = self.called.get(CONVENTIONS).is_some_and(|it| *it != Called::Nothing);
        if !names_operation && self.names_tool {
            return Some(Kind::Tool);
        }
        if !names_operation && self.names_agent && self.has_run {
            return Some(Kind::Agent);
        }
        (self.names_model && self.names_provider).then_some(Kind::Model(Task::Generate))
    }
}

impl Kind {
    /// Returns what a span describes.
    pub(super) fn of(span: &impl Described) -> Option<Self> {
        Signs::of(span).kind(is_turn(span))
    }
}

/// Returns whether a span is one of our turns, which is the call whatever lies in it.
pub(super) fn is_turn(span: &impl Described) -> bool {
    let (name, target) = span.callsite();
    name == TURN && target.starts_with("probity")
}

impl Described for SpanRef<'_> {
    fn callsite(&self) -> (&str, &str) {
        (self.name(), self.target())
    }

    fn each(&self, mut see: impl FnMut(&str, ValueRef<'_>)) {
        for field in self.encoded_fields() {
            see(field.key, field.value);
        }
    }
}

impl Described for SpanNode {
    fn callsite(&self) -> (&str, &str) {
        (&self.name, &self.target)
    }

    fn each(&self, mut see: impl FnMut(&str, ValueRef<'_>)) {
        for field in &self.fields {
            see(&field.key, field.value.as_ref());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_matters_is_seen() {
        for (attribute, _) in SOUGHT {
            for key in attribute.keys() {
                let is_seen = key.name.contains(['.', '_']);
                assert!(is_seen, "{} is passed over", key.name);
            }
        }
        for (dialect, (key, names)) in DIALECTS.iter().enumerate() {
            for (name, kind) in *names {
                let mut signs = Signs::default();
                signs.see(key, ValueRef::Str(name));
                assert_eq!(signs.called.get(dialect), Some(&Called::Known(*kind)), "{name}");
            }
        }
    }
}
