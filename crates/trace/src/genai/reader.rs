//! Reads the attributes of one span, and notes what cannot be read.

use std::time::Duration;

use serde_json::Value as Json;

use super::{
    FinishReason, Role, Unreadable,
    aliases::{Attribute, Key},
    messages::Transcript,
    values::{self, Outcome},
};
use crate::{
    node::{FieldNode, SpanNode},
    value::Value,
};

/// Reads the attributes of one span.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    span: &'a SpanNode,
    /// Fields that events of the span add to it.
    more: &'a [FieldNode],
    unreadable: Vec<Unreadable>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(span: &'a SpanNode, more: &'a [FieldNode]) -> Self {
        Self { span, more, unreadable: Vec::new() }
    }

    pub(super) fn span(&self) -> &'a SpanNode {
        self.span
    }

    pub(super) fn into_unreadable(self) -> Vec<Unreadable> {
        self.unreadable
    }

    /// Reads a text; an integer is taken by its digits.
    pub(super) fn text(&mut self, attribute: Attribute) -> Option<String> {
        self.first(attribute, |_, value| values::text(value))
    }

    /// Reads a count of things.
    pub(super) fn count(&mut self, attribute: Attribute) -> Option<u64> {
        self.first(attribute, |_, value| values::count(value))
    }

    /// Reads a duration in seconds.
    pub(super) fn seconds(&mut self, attribute: Attribute) -> Option<Duration> {
        self.first(attribute, |_, value| values::seconds(value))
    }

    /// Reads what may be JSON or a text.
    pub(super) fn json(&mut self, attribute: Attribute) -> Option<Json> {
        self.first(attribute, |_, value| values::json(value))
    }

    /// Reads the reasons for which a model stopped: a list in JSON, or one name.
    pub(super) fn finish_reasons(&mut self) -> Option<Vec<FinishReason>> {
        self.first(Attribute::FinishReasons, |_, value| values::finish_reasons(value))
    }

    /// Reads messages; `role` is that of those which name none.
    pub(super) fn messages(&mut self, attribute: Attribute, role: &Role) -> Transcript {
        let mut problem = None;
        let read = self.first(attribute, |key, value| {
            let Some(content) = values::content(key, value)? else { return Ok(None) };
            let transcript = Transcript::of(content, role);
            match transcript.problem() {
                Some(wrong) if transcript.messages.is_empty() => Err(wrong.into()),
                wrong => {
                    problem = wrong.map(|wrong| (key.name, wrong));
                    Ok(Some(transcript))
                }
            }
        });
        if let Some((key, wrong)) = problem {
            self.note_key(key, wrong, false);
        }
        read.unwrap_or_default()
    }

    /// Notes that something is wrong with an attribute, under the key by which the span has it.
    pub(super) fn note(&mut self, attribute: Attribute, reason: impl Into<String>) {
        let keys = || attribute.keys().iter().map(|key| key.name);
        let key = keys().find(|key| self.fields(key).next().is_some()).or_else(|| keys().next());
        if let Some(key) = key {
            self.note_key(key, reason, false);
        }
    }

    fn note_key(&mut self, key: &'static str, reason: impl Into<String>, cut: bool) {
        let (span, key, reason) = (self.span.id, key.into(), reason.into());
        self.unreadable.push(Unreadable { span, key, reason, cut });
    }

    /// Returns the first value of an attribute that can be read, by the order of its keys, and notes
    /// those before it that cannot.
    fn first<T>(
        &mut self,
        attribute: Attribute,
        mut read: impl FnMut(&Key, &Value) -> Outcome<T>,
    ) -> Option<T> {
        for key in attribute.keys() {
            for field in self.fields(key.name) {
                match read(key, &field.value) {
                    Ok(Some(value)) => {
                        if field.cut {
                            self.note_key(
                                key.name,
                                "was cut by a limit of the capture; its end is missing",
                                true,
                            );
                        }
                        return Some(value);
                    }
                    Ok(None) => {}
                    Err(wrong) if field.cut => {
                        self.note_key(
                            key.name,
                            format!("{wrong} (it was cut by a limit of the capture)"),
                            true,
                        );
                    }
                    Err(wrong) => self.note_key(key.name, wrong, false),
                }
            }
        }
        None
    }

    /// Returns the fields of this name: the span's own, then those of its events.
    fn fields(&self, name: &'static str) -> impl Iterator<Item = &'a FieldNode> + use<'a> {
        let own = self.span.fields.iter().find(move |field| field.key == name);
        own.into_iter().chain(self.more.iter().filter(move |field| field.key == name))
    }
}
