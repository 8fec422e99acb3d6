//! Reads messages, in the shapes that conventions and providers give them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    FinishReason, Message, Part, Role,
    parts::{self, answer, kind, listed_tool_call, part},
};

type Object = Map<String, Value>;

/// The keys of which a message has one.
const KEYS: &[&str] = &[
    "role",
    "parts",
    "content",
    "contents",
    "text",
    "tool_calls",
    "function_call",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "refusal",
    "audio",
];

/// Messages that were read, and what went wrong meanwhile.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    pub(super) messages: Vec<Message>,
    /// The reasons that messages carry, in their order.
    pub(super) finish_reasons: Vec<FinishReason>,
    /// How many things could not be read.
    wrong: usize,
    /// The first of them.
    first_wrong: Option<String>,
}

impl Transcript {
    /// Reads a list of messages, a single one, a text, or parts without messages around them; `role` is
    /// that of what names none.
    pub(super) fn of(value: Value, role: &Role) -> Self {
        let items = match value {
            Value::Array(items) => items,
            single => vec![single],
        };
        let mut transcript = Self::default();
        let mut loose = Vec::new();
        for item in items {
            if is_loose_part(&item) {
                loose.extend(transcript.kept(part(item)));
            } else {
                transcript.gather(std::mem::take(&mut loose), role);
                transcript.read(item, role);
            }
        }
        transcript.gather(loose, role);
        transcript
    }

    /// Returns whether nothing was there to be read.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.finish_reasons.is_empty() && self.wrong == 0
    }

    /// Says what could not be read; `None` if everything was.
    pub(super) fn problem(&self) -> Option<String> {
        let first = self.first_wrong.as_ref()?;
        let more = self.wrong.saturating_sub(1);
        Some(if more == 0 { first.clone() } else { format!("{first}; and {more} more") })
    }

    fn read(&mut self, value: Value, role: &Role) {
        match value {
            Value::String(text) => self.messages.push(Message::text(role.clone(), text)),
            Value::Object(object) => self.read_object(object, role),
            other => self.complain(format!("a message is {}, not an object", kind(&other))),
        }
    }

    /// Reads a message, or a choice that has one.
    fn read_object(&mut self, mut object: Object, role: &Role) {
        let reason = object.get("finish_reason").or_else(|| object.get("stop_reason"));
        let reason = reason.and_then(Value::as_str).filter(|reason| !reason.is_empty());
        let is_reason = reason.is_some();
        // rig writes `unknown` where it was told none.
        let known = reason.filter(|reason| *reason != "unknown").map(FinishReason::from);
        self.finish_reasons.extend(known);
        for around in ["message", "prompt", "completion"] {
            if let Some(Value::Object(inner)) = object.get_mut(around) {
                object = std::mem::take(inner);
            }
        }
        if !KEYS.iter().any(|key| object.contains_key(*key)) {
            // An answer without its content may have its reason to stop.
            if !is_reason {
                self.complain("a message has neither a role nor parts nor content".to_owned());
            }
            return;
        }
        let role = match object.get("role") {
            Some(Value::String(role)) => Role::from(role.as_str()),
            Some(Value::Null) | None => role.clone(),
            Some(other) => {
                self.complain(format!("a role is {}, not a text", kind(other)));
                role.clone()
            }
        };
        let name = object.get("name").and_then(Value::as_str).map(str::to_owned);
        let parts = self.parts_of(&mut object, &role);
        self.add(Message { role, parts, name });
    }

    fn parts_of(&mut self, object: &mut Object, role: &Role) -> Vec<Part> {
        let mut all = self.listed(object.remove("parts"), "parts", part);
        for key in ["reasoning", "reasoning_content", "reasoning_details"] {
            let thought = object.remove(key).and_then(|thought| parts::any_thought(key, thought));
            // The details repeat what is said beside them.
            all.extend(thought.filter(|thought| !all.contains(thought)));
        }
        let call = parts::id(object, &["tool_call_id", "id"]);
        let content = ["content", "contents", "text"].iter().find_map(|key| object.remove(*key));
        match content {
            Some(content) if *role == Role::Tool && all.is_empty() && !has_answers(&content) => {
                all.push(Part::ToolCallResponse { id: call, response: answer(content) });
            }
            Some(single @ (Value::String(_) | Value::Object(_))) => {
                all.extend(self.kept(part(single)));
            }
            content => all.extend(self.listed(content, "content", part)),
        }
        all.extend(object.remove("refusal").and_then(parts::refusal));
        all.extend(object.remove("audio").and_then(|audio| parts::apart("audio", audio)));
        let calls = self.listed(object.remove("tool_calls"), "tool calls", listed_tool_call);
        let called = object.remove("function_call").filter(Value::is_object);
        let called = called.and_then(|call| self.kept(listed_tool_call(call)));
        // Some emitters say what is asked of tools in the content and beside it.
        let known = all.iter().filter_map(call_id).map(str::to_owned).collect::<HashSet<_>>();
        let is_new = |part: &Part| call_id(part).is_none_or(|id| !known.contains(id));
        all.extend(calls.into_iter().chain(called).filter(is_new));
        all
    }

    /// Reads a list that may be missing.
    fn listed(
        &mut self,
        list: Option<Value>,
        what: &str,
        read: fn(Value) -> Result<Part, String>,
    ) -> Vec<Part> {
        match list {
            Some(Value::Array(items)) => {
                items.into_iter().filter_map(|item| self.kept(read(item))).collect()
            }
            Some(Value::Null) | None => Vec::new(),
            Some(other) => {
                self.complain(format!("the {what} of a message: {}, not a list", kind(&other)));
                Vec::new()
            }
        }
    }

    fn kept(&mut self, read: Result<Part, String>) -> Option<Part> {
        read.map_err(|wrong| self.complain(wrong)).ok()
    }

    /// Makes messages of parts that no message was around.
    fn gather(&mut self, parts: Vec<Part>, default: &Role) {
        let mut gathered: Vec<Message> = Vec::new();
        for part in parts {
            let role = match &part {
                Part::ToolCall { .. } | Part::Reasoning { .. } => &Role::Assistant,
                _ => default,
            };
            match gathered.last_mut() {
                Some(last) if last.role == *role => last.parts.push(part),
                _ => gathered.push(Message::new(role.clone(), vec![part])),
            }
        }
        for message in gathered {
            self.add(message);
        }
    }

    /// Adds a message. Each answer of a tool becomes a message of its own, of the role of a tool,
    /// whoever was said to have sent it.
    fn add(&mut self, message: Message) {
        let is_answer = |part: &Part| matches!(part, Part::ToolCallResponse { .. });
        if !message.parts.iter().any(is_answer) {
            return self.messages.push(message);
        }
        let Message { role, parts, name } = message;
        let mut rest = Vec::new();
        for part in parts {
            if is_answer(&part) {
                self.push_rest(&role, std::mem::take(&mut rest), name.as_ref());
                let parts = vec![part];
                self.messages.push(Message { role: Role::Tool, parts, name: name.clone() });
            } else {
                rest.push(part);
            }
        }
        self.push_rest(&role, rest, name.as_ref());
    }

    fn push_rest(&mut self, role: &Role, parts: Vec<Part>, name: Option<&String>) {
        if !parts.is_empty() {
            self.messages.push(Message { role: role.clone(), parts, name: name.cloned() });
        }
    }

    fn complain(&mut self, wrong: String) {
        self.wrong += 1;
        self.first_wrong.get_or_insert(wrong);
    }
}

/// Returns the identifier of a part that asks for a tool call.
fn call_id(part: &Part) -> Option<&str> {
    match part {
        Part::ToolCall { id, .. } => id.as_deref(),
        _ => None,
    }
}

/// Returns whether an item of a list of messages is a part without a message around it.
fn is_loose_part(item: &Value) -> bool {
    let has = |key| item.get(key).is_some();
    has("type") && !["role", "parts", "message", "tool_calls"].into_iter().any(has)
}

/// Returns whether the content of a message is a list with answers of tools in it.
fn has_answers(content: &Value) -> bool {
    let is_answer = |item: &Value| {
        let kind = item.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| {
            ["tool_result", "tool-result", "tool_call_response"].contains(&kind)
        })
    };
    content.as_array().is_some_and(|items| items.iter().any(is_answer))
}
