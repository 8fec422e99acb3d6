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

/// Returns the fields that the events of a span add to its own, with secrets masked.
pub(super) fn fields(span: SpanRef<'_>) -> Vec<FieldNode> {
    let mut fields = Vec::new();
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
                list.push(message(&event, role));
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
    fields
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

/// Makes the message that an event carries: in its fields, or as JSON in its body.
fn message(event: &EventNode, role: &str) -> Json {
    let body = ["body", "event_body"].iter().find_map(|key| event.field(key)?.as_ref().as_str());
    let mut message = match body.map(json::parse) {
        Some(Ok(Json::Object(body))) => body,
        _ => of_fields(event),
    };
    message.entry("role").or_insert_with(|| role.into());
    Json::Object(message)
}

fn of_fields(event: &EventNode) -> Map<String, Json> {
    let text = |key: &str| Some(event.field(key)?.to_string());
    let texts = ["role", "content", "id", "name", "finish_reason"].into_iter();
    let texts = texts.filter_map(|key| Some((key.to_owned(), text(key)?.into())));
    let nested = ["tool_calls", "message"].into_iter();
    let nested = nested.filter_map(|key| Some((key.to_owned(), json::parse(&text(key)?).ok()?)));
    texts.chain(nested).collect()
}
