//! What a span describes: a model call, a tool call, the run of an agent, or none of them.

use super::aliases::Attribute;
use crate::{node::SpanNode, snapshot::SpanRef, value::ValueRef};

/// What a span describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A call of a model.
    Model(Task),
    /// A call of a tool.
    Tool,
    /// A run of an agent.
    Agent,
}

/// What a model was asked to do. A call within another is a part of it only if the task is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Task {
    /// To write text or to call tools.
    Generate,
    /// To turn a text into a vector.
    Embed,
    /// To order documents.
    Rerank,
    /// To write down speech.
    Transcribe,
    /// To make an image.
    Draw,
    /// To speak.
    Speak,
}

impl Task {
    /// The number of tasks.
    pub(super) const COUNT: usize = Self::Speak as usize + 1;
}

/// The operations that are known, each with what a span of it describes. Those of the conventions
/// that are neither a model call nor a tool call nor a run are here too, since a span of an operation
/// that is not here counts as a model call if it names a provider and a model.
const OPERATIONS: &[(&str, Option<Kind>)] = &[
    ("chat", Some(Kind::Model(Task::Generate))),
    ("text_completion", Some(Kind::Model(Task::Generate))),
    ("generate_content", Some(Kind::Model(Task::Generate))),
    ("embeddings", Some(Kind::Model(Task::Embed))),
    ("rerank", Some(Kind::Model(Task::Rerank))),
    ("transcription", Some(Kind::Model(Task::Transcribe))),
    ("image_generation", Some(Kind::Model(Task::Draw))),
    ("audio_generation", Some(Kind::Model(Task::Speak))),
    ("execute_tool", Some(Kind::Tool)),
    ("invoke_agent", Some(Kind::Agent)),
    ("create_agent", None),
    ("create_memory", None),
    ("create_memory_store", None),
    ("delete_memory", None),
    ("delete_memory_store", None),
    ("evaluation", None),
    ("fetch_response", None),
    ("invoke_workflow", None),
    ("plan", None),
    ("retrieval", None),
    ("search_memory", None),
    ("update_memory", None),
    ("upsert_memory", None),
];

/// The name of the span that describes a turn of ours, whatever requests it takes.
const TURN: &str = "llm_turn";

/// A span whose fields can be asked for.
pub(super) trait Described {
    /// Returns the name and the target of the span.
    fn callsite(&self) -> (&str, &str);

    /// Returns the value of a field.
    fn value(&self, key: &str) -> Option<ValueRef<'_>>;

    /// Returns the value of an attribute under the first key that has one.
    fn attribute(&self, attribute: Attribute) -> Option<ValueRef<'_>> {
        attribute.keys().iter().find_map(|key| self.value(key.name))
    }
}

impl Described for SpanRef<'_> {
    fn callsite(&self) -> (&str, &str) {
        (self.name(), self.target())
    }

    fn value(&self, key: &str) -> Option<ValueRef<'_>> {
        self.field(key)
    }

    /// Reads the fields once for all keys.
    fn attribute(&self, attribute: Attribute) -> Option<ValueRef<'_>> {
        let keys = attribute.keys();
        let mut found: Option<(usize, ValueRef<'_>)> = None;
        for field in self.encoded_fields() {
            let Some(place) = keys.iter().position(|key| key.name == field.key) else { continue };
            if found.is_none_or(|(before, _)| place <= before) {
                found = Some((place, field.value));
            }
        }
        found.map(|(_, value)| value)
    }
}

impl Described for SpanNode {
    fn callsite(&self) -> (&str, &str) {
        (&self.name, &self.target)
    }

    fn value(&self, key: &str) -> Option<ValueRef<'_>> {
        self.field(key).map(crate::Value::as_ref)
    }
}

impl Kind {
    /// Returns what a span describes.
    pub(super) fn of(span: &impl Described) -> Option<Self> {
        if is_turn(span) {
            // A turn that was refused by its budget, or never polled, has asked no model.
            let is_unsent = span.value("probity.attempts").and_then(ValueRef::as_u64) == Some(0);
            return (!is_unsent).then_some(Self::Model(Task::Generate));
        }
        let operation = span.attribute(Attribute::Operation).and_then(ValueRef::as_str);
        let known = operation.and_then(|operation| {
            OPERATIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(operation))
        });
        match known {
            Some((_, kind)) => *kind,
            None => Self::guess(span, operation.is_some()),
        }
    }

    /// Returns what a span describes that names no operation, or one that is not known.
    fn guess(span: &impl Described, names_operation: bool) -> Option<Self> {
        let has = |attribute| span.attribute(attribute).is_some();
        if !names_operation && has(Attribute::ToolName) {
            return Some(Self::Tool);
        }
        let names_model = has(Attribute::RequestModel) || has(Attribute::ResponseModel);
        (names_model && has(Attribute::Provider)).then_some(Self::Model(Task::Generate))
    }
}

/// Returns whether a span is one of our turns, which is the call whatever lies in it.
pub(super) fn is_turn(span: &impl Described) -> bool {
    let (name, target) = span.callsite();
    name == TURN && target.starts_with("probity")
}
