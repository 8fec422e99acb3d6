//! Tells whether two messages are the same, whoever wrote them down.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value};

use super::{Message, Part, json};

/// What is the same for messages that say the same.
///
/// Reasoning, names of participants, blanks around a text, and whether an argument was written as JSON
/// or as a text of JSON make no difference.
pub(super) type Fingerprint = u64;

/// Returns the fingerprint of a message.
pub(super) fn of(message: &Message) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    message.role.hash(&mut hasher);
    message.content().trim().hash(&mut hasher);
    for part in &message.parts {
        hash_part(part, &mut hasher);
    }
    hasher.finish()
}

/// Returns the fingerprint of a conversation that has not begun.
pub(super) fn of_nothing(conversation: Option<&str>, agent: Option<&str>) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    (conversation, agent).hash(&mut hasher);
    hasher.finish()
}

/// Returns the fingerprint of a conversation that goes on with one more message.
pub(super) fn after(before: Fingerprint, message: Fingerprint) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    (before, message).hash(&mut hasher);
    hasher.finish()
}

/// Returns the fingerprint of the name of a tool.
pub(super) fn of_name(name: &str) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// Returns the fingerprint of a tool call that is asked for.
pub(super) fn of_call(name: &str, arguments: &Value) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hash_opened(arguments, &mut hasher);
    hasher.finish()
}

fn hash_part(part: &Part, hasher: &mut DefaultHasher) {
    match part {
        Part::Text { .. } | Part::Reasoning { .. } => {}
        Part::ToolCall { id, name, arguments } => {
            ("call", id, of_call(name, arguments)).hash(hasher);
        }
        Part::ToolCallResponse { id, response } => {
            ("response", id).hash(hasher);
            hash_opened(response, hasher);
        }
        Part::Other(map) => hash_map(map, hasher),
    }
}

/// Hashes a value; a text of JSON like what it says.
fn hash_opened(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::String(text) => hash_value(&json::parse_or_text(text.trim().to_owned()), hasher),
        other => hash_value(other, hasher),
    }
}

fn hash_value(value: &Value, hasher: &mut DefaultHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Null => {}
        Value::Bool(value) => value.hash(hasher),
        Value::Number(number) => number.hash(hasher),
        Value::String(text) => text.hash(hasher),
        Value::Array(items) => {
            items.len().hash(hasher);
            for item in items {
                hash_value(item, hasher);
            }
        }
        Value::Object(map) => hash_map(map, hasher),
    }
}

/// Hashes an object, whatever the order of its keys.
fn hash_map(map: &Map<String, Value>, hasher: &mut DefaultHasher) {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries.len().hash(hasher);
    for (key, value) in entries {
        key.hash(hasher);
        hash_value(value, hasher);
    }
}
