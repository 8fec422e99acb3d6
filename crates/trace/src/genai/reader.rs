//! Reads the attributes of one span, and notes what cannot be read.

use std::{borrow::Cow, time::Duration};

use serde_json::Value as Json;

use super::{
    FinishReason, Role, Unreadable,
    aliases::{Attribute, Form, Key},
    bodies, events, indexed,
    kind::DIALECTS,
    messages::Transcript,
    values::{self, Outcome},
};
use crate::{
    node::{FieldNode, SpanNode},
    value::Value,
};

/// The keys of the dialects that name a span after the function that it describes.
const BY_FUNCTION: &[&str] = &["openinference.span.kind", "judgment.span_kind"];

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

    /// Reads a duration.
    pub(super) fn duration(&mut self, attribute: Attribute) -> Option<Duration> {
        self.first(attribute, values::duration)
    }

    /// Reads what may be JSON or a text.
    pub(super) fn json(&mut self, attribute: Attribute) -> Option<Json> {
        self.first(attribute, |_, value| values::json(value))
    }

    /// Reads a list or an object.
    pub(super) fn content(&mut self, attribute: Attribute) -> Option<Json> {
        self.first(attribute, values::content)
    }

    /// Reads an object.
    pub(super) fn object(&mut self, attribute: Attribute) -> Option<Json> {
        self.first(attribute, |key, value| match values::content(key, value)? {
            Some(object @ Json::Object(_)) => Ok(Some(object)),
            Some(_) => Err("is no object".into()),
            None => Ok(None),
        })
    }

    /// Reads the reasons for which a model stopped: a list in JSON, or one name.
    pub(super) fn finish_reasons(&mut self) -> Option<Vec<FinishReason>> {
        self.first(Attribute::FinishReasons, |_, value| values::finish_reasons(value))
    }

    /// Reads messages; `role` is that of those which name none. An empty list does not hide those under another key.
    pub(super) fn messages(&mut self, attribute: Attribute, role: &Role) -> Transcript {
        let mut keys = attribute.keys().iter();
        let read = keys.find_map(|key| match key.form {
            Form::Indexed => self.indexed(*key, role),
            _ => self.transcript(attribute, key, role).filter(|read| !read.is_empty()),
        });
        read.unwrap_or_default()
    }

    /// Reads the first thing of an attribute that an emitter recorded as it was sent to a provider or
    /// came from one.
    pub(super) fn body(&mut self, attribute: Attribute) -> Option<Json> {
        let mut bodies = attribute.keys().iter().filter(|key| key.form == Form::Body);
        let body = bodies.find_map(|key| self.under(key, values::content))?;
        body.is_object().then_some(body)
    }

    /// Notes which of the names that dialects have for the span are no texts.
    pub(super) fn check_names(&mut self) {
        for (name, _) in &DIALECTS {
            for field in self.fields(name) {
                if let Err(wrong) = values::text(&field.value) {
                    self.note_key(*name, wrong, field.cut);
                }
            }
        }
    }

    /// Returns whether a dialect has a name for the span.
    pub(super) fn is_named(&self) -> bool {
        DIALECTS.iter().any(|(name, _)| self.fields(name).next().is_some())
    }

    /// Returns whether the span has the name of the function that it describes.
    pub(super) fn is_function(&self) -> bool {
        BY_FUNCTION.iter().any(|name| self.fields(name).next().is_some())
    }

    /// Reads messages of which each piece is an attribute; `None` if there is none.
    fn indexed(&mut self, key: Key, role: &Role) -> Option<Transcript> {
        let all = self.span.fields.iter().chain(self.more);
        let found = indexed::gather(key, all);
        let first = found.first?;
        if let Some((key, wrong)) = found.wrong.told() {
            self.note_key(key.to_owned(), wrong, false);
        }
        if let Some((key, wrong)) = found.cut.told() {
            self.note_key(key.to_owned(), wrong, true);
        }
        let transcript = Transcript::of(Json::Array(found.messages), role);
        if let Some(wrong) = transcript.problem() {
            self.note_key(first.to_owned(), wrong, false);
        }
        Some(transcript)
    }

    /// Reads messages that one key holds.
    fn transcript(
        &mut self,
        attribute: Attribute,
        key: &'static Key,
        role: &Role,
    ) -> Option<Transcript> {
        let mut problem = None;
        let read = self.under(key, |key, value| {
            let Some(content) = values::content(key, value)? else { return Ok(None) };
            let content = match key.form {
                Form::Body if !content.is_string() => {
                    bodies::messages(content).unwrap_or_else(|| Json::String(value.to_string()))
                }
                Form::Events => events::listed(content, attribute == Attribute::OutputMessages),
                _ => content,
            };
            let transcript = Transcript::of(content, role);
            match transcript.problem() {
                Some(wrong) if transcript.messages.is_empty() => Err(wrong.into()),
                wrong => {
                    problem = wrong;
                    Ok(Some(transcript))
                }
            }
        });
        if let Some(wrong) = problem {
            self.note_key(key.name, wrong, false);
        }
        read
    }

    /// Notes that something is wrong with an attribute, under the key by which the span has it.
    pub(super) fn note(&mut self, attribute: Attribute, reason: impl Into<String>) {
        self.note_first(&[attribute], reason);
    }

    /// Notes that something is wrong with the first of several attributes that the span has.
    pub(super) fn note_first(&mut self, attributes: &[Attribute], reason: impl Into<String>) {
        let mut keys = attributes.iter().flat_map(|attribute| attribute.keys()).map(|key| key.name);
        if let Some(key) = self.first_key(attributes).or_else(|| keys.next()) {
            self.note_key(key, reason, false);
        }
    }

    /// Returns the key of the first of several attributes that the span has.
    pub(super) fn first_key(&self, attributes: &[Attribute]) -> Option<&'static str> {
        let mut keys = attributes.iter().flat_map(|attribute| attribute.keys()).map(|key| key.name);
        keys.find(|key| self.fields(key).next().is_some())
    }

    /// Notes that something is wrong with a field of an event in the span.
    pub(super) fn note_of_event(&mut self, key: &'static str, reason: String) {
        self.note_key(key, reason, false);
    }

    fn note_key(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
        cut: bool,
    ) {
        let noted = Unreadable { span: self.span.id, key: key.into(), reason: reason.into(), cut };
        // What holds several things is read for each of them.
        if !self.unreadable.contains(&noted) {
            self.unreadable.push(noted);
        }
    }

    /// Returns the first value of an attribute that can be read, by the order of its keys, and notes
    /// those before it that cannot.
    fn first<T>(
        &mut self,
        attribute: Attribute,
        mut read: impl FnMut(&Key, &Value) -> Outcome<T>,
    ) -> Option<T> {
        attribute.keys().iter().find_map(|key| self.under(key, &mut read))
    }

    /// Returns the first value under a key that can be read, and notes those that cannot.
    fn under<T>(
        &mut self,
        key: &'static Key,
        mut read: impl FnMut(&Key, &Value) -> Outcome<T>,
    ) -> Option<T> {
        for field in self.fields(key.name) {
            match read(key, &field.value) {
                Ok(Some(value)) => {
                    if field.cut {
                        let reason = "was cut by a limit of the capture; its end is missing";
                        self.note_key(key.name, reason, true);
                    }
                    return Some(value);
                }
                Ok(None) => {}
                Err(wrong) if field.cut => {
                    let reason = format!("{wrong} (it was cut by a limit of the capture)");
                    self.note_key(key.name, reason, true);
                }
                Err(wrong) => self.note_key(key.name, wrong, false),
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
