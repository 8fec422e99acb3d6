//! From tool calls as far as they are said to the pieces that are new.

use ::genai::chat::ToolCall;
use probity_eval::model::ModelEvent;

use crate::outgoing;

/// The tool calls of one answer.
#[derive(Debug, Default)]
pub(super) struct ToolCalls {
    calls: Vec<Told>,
}

/// A call as far as it was told.
#[derive(Debug)]
struct Told {
    id: String,
    has_name: bool,
    arguments: String,
}

impl ToolCalls {
    /// Returns what is new about a call; `None` if nothing is. `genai` tells each call again with all of its arguments
    /// that came so far.
    pub(super) fn add(&mut self, call: &ToolCall) -> Option<ModelEvent> {
        let known = self.calls.iter().position(|told| told.id == call.call_id);
        let index = known.unwrap_or_else(|| {
            let id = call.call_id.clone();
            self.calls.push(Told { id, has_name: false, arguments: String::new() });
            self.calls.len() - 1
        });
        let told = self.calls.get_mut(index)?;
        let arguments = outgoing::text(&call.fn_arguments);
        let new = arguments.strip_prefix(&*told.arguments).unwrap_or_default().to_owned();
        let has_new_name = !told.has_name && !call.fn_name.is_empty();
        if known.is_some() && new.is_empty() && !has_new_name {
            return None;
        }
        told.arguments.push_str(&new);
        told.has_name |= has_new_name;
        Some(ModelEvent::ToolCallDelta {
            index,
            id: known.is_none().then(|| call.call_id.clone()),
            name: has_new_name.then(|| call.fn_name.clone()),
            arguments: new,
        })
    }

    /// Returns a call that was not told while it came; `None` if it was.
    pub(super) fn add_untold(&mut self, call: &ToolCall) -> Option<ModelEvent> {
        let is_told = self.calls.iter().any(|told| told.id == call.call_id);
        if is_told { None } else { self.add(call) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn call(id: &str, arguments: Value) -> ToolCall {
        ToolCall {
            call_id: id.to_owned(),
            fn_name: "f".to_owned(),
            fn_arguments: arguments,
            thought_signatures: None,
        }
    }

    fn piece(index: usize, id: Option<&str>, arguments: &str) -> ModelEvent {
        ModelEvent::ToolCallDelta {
            index,
            id: id.map(str::to_owned),
            name: id.map(|_| "f".to_owned()),
            arguments: arguments.to_owned(),
        }
    }

    #[test]
    fn only_what_is_new_is_told_of_calls_that_grow() {
        let mut calls = ToolCalls::default();
        assert_eq!(calls.add(&call("a", json!(""))), Some(piece(0, Some("a"), "")));
        assert_eq!(calls.add(&call("a", json!("{\"x\""))), Some(piece(0, None, "{\"x\"")));
        assert_eq!(calls.add(&call("b", json!({"y": 2}))), Some(piece(1, Some("b"), "{\"y\":2}")));
        assert_eq!(calls.add(&call("a", json!("{\"x\":1}"))), Some(piece(0, None, ":1}")));
        assert_eq!(calls.add(&call("a", json!("{\"x\":1}"))), None);
    }

    #[test]
    fn a_call_that_was_told_is_not_told_again_at_the_end() {
        let mut calls = ToolCalls::default();
        calls.add(&call("a", json!("{\"x\": 1}")));
        assert_eq!(calls.add_untold(&call("a", json!({"x": 1}))), None);
        assert_eq!(calls.add_untold(&call("b", json!({}))), Some(piece(1, Some("b"), "{}")));
    }
}
