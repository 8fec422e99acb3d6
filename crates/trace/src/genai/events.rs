//! What the events of a span add to its fields: content that is kept apart, and exceptions.

use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::json;
use crate::{
    node::{EventNode, FieldNode},
    snapshot::{EventRef, SpanRef},
    value::{Value, ValueRef},
};

/// Events whose fields are attributes of the span that they are in.
const CARRIERS: &[&str] = &[
    "gen_ai.client.inference.operation.details",
    "gen_ai.content.prompt",
    "gen_ai.content.completion",
];

/// Events of the older conventions that each carry one message, with the key of the messages that it is
/// one of, and its role.
const MESSAGES: &[(&str, &str, &str)] = &[
    ("gen_ai.system.message", INPUT, "system"),
    ("gen_ai.user.message", INPUT, "user"),
    ("gen_ai.assistant.message", INPUT, "assistant"),
    ("gen_ai.tool.message", INPUT, "tool"),
    ("gen_ai.choice", OUTPUT, "assistant"),
];

const INPUT: &str = "gen_ai.input.messages";
const OUTPUT: &str = "gen_ai.output.messages";

/// What the events of a span add to it.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// Fields, with secrets masked.
    pub(super) fields: Vec<FieldNode>,
    /// The fields of events that cannot be read, with what is wrong with them.
    pub(super) wrong: Vec<(&'static str, String)>,
}

/// Returns what the events of a span add to it.
pub(super) fn of(span: SpanRef<'_>) -> Added {
    let Added { mut fields, mut wrong } = Added::default();
    let mut messages: [(&str, Vec<Json>, bool); 2] =
        [(INPUT, Vec::new(), false), (OUTPUT, Vec::new(), false)];
    let mut exception = None;
    for event in span.events() {
        let name = name(&event);
        if CARRIERS.contains(&name) {
            fields.extend(event.to_node().fields);
        } else if let Some((_, key, role)) = MESSAGES.iter().find(|(known, ..)| *known == name) {
            let list = messages.iter_mut().find(|(known, ..)| known == key);
            if let Some((_, list, cut)) = list {
                let event = event.to_node();
                *cut |= event.fields.iter().any(|field| field.cut);
                list.push(message(&event, role, &mut wrong));
            }
        } else if is_exception(event) {
            exception = Some(event);
        }
    }
    for (key, list, cut) in messages.into_iter().filter(|(_, list, _)| !list.is_empty()) {
        let value = Value::Str(Json::Array(list).to_string());
        fields.push(FieldNode { key: key.into(), value, cut });
    }
    fields.extend(exception.into_iter().flat_map(|event| event.to_node().fields));
    Added { fields, wrong }
}

/// Events that tell when the first part of an answer came.
const FIRST_TOKENS: &[&str] = &[
    "First Token Stream Event",
    "gen_ai.content.completion.chunk",
    "llm.content.completion.chunk",
];

/// Returns the time from the opening of a span to the first part of the answer, if an event tells it.
pub(super) fn first_token(span: SpanRef<'_>) -> Option<Duration> {
    let first = span.events().find(|event| FIRST_TOKENS.contains(&name(event)))?;
    first.at().duration_since(span.started_at()).ok()
}

/// Returns those events of a list that are an answer, or those that are not.
pub(super) fn listed(events: Json, answers: bool) -> Json {
    let Json::Array(events) = events else { return events };
    let is_answer = |event: &Json| {
        let name = event.get("event.name").and_then(Json::as_str);
        let known = MESSAGES.iter().find(|(known, ..)| Some(*known) == name);
        known.is_some_and(|(_, key, _)| *key == OUTPUT)
    };
    Json::Array(events.into_iter().filter(|event| is_answer(event) == answers).collect())
}

/// Returns the name of an event: emitters that cannot name theirs record it as a field.
fn name<'a>(event: &EventRef<'a>) -> &'a str {
    event.field("event.name").and_then(ValueRef::as_str).unwrap_or(event.name())
}

fn is_exception(event: EventRef<'_>) -> bool {
    event.field("exception.type").is_some() || event.field("exception.message").is_some()
}

/// Makes the message that an event carries: in its fields, or as JSON in its body. A body that is no JSON is the
/// content, as it is.
fn message(event: &EventNode, role: &str, wrong: &mut Vec<(&'static str, String)>) -> Json {
    let text = |key| Some((key, event.field(key)?.as_ref().as_str()?));
    let body = ["body", "event_body"].into_iter().find_map(text);
    let mut message = match body.map(|(_, body)| json::parse(body)) {
        Some(Ok(Json::Object(body))) => body,
        None | Some(Ok(Json::Null)) => of_fields(event, wrong),
        Some(read) => {
            let mut message = of_fields(event, wrong);
            let (key, body) = body.unwrap_or_default();
            if let (Err(problem), true) = (&read, body.starts_with(['{', '['])) {
                wrong.push((key, format!("{problem}; it is read as a text")));
            }
            let text = match read {
                Ok(Json::String(text)) => text,
                _ => body.to_owned(),
            };
            message.entry("content").or_insert(Json::String(text));
            message
        }
    };
    message.entry("role").or_insert_with(|| role.into());
    Json::Object(message)
}

fn of_fields(event: &EventNode, wrong: &mut Vec<(&'static str, String)>) -> Map<String, Json> {
    let text = |key: &str| Some(event.field(key)?.to_string());
    let texts = ["role", "content", "id", "name", "finish_reason"].into_iter();
    let texts = texts.filter_map(|key| Some((key.to_owned(), text(key)?.into())));
    let mut message: Map<String, Json> = texts.collect();
    for key in ["tool_calls", "message"] {
        let Some(text) = text(key).filter(|text| !text.is_empty()) else { continue };
        match json::parse(&text) {
            Ok(nested) => {
                message.insert(key.to_owned(), nested);
            }
            // The message of an event may also be what is logged.
            Err(problem) if key == "tool_calls" || text.starts_with('{') => {
                wrong.push((key, problem));
            }
            Err(_) => {}
        }
    }
    message
}
