//! Finds the call that a tool answers.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::ToolCall;
use crate::genai;

/// The calls that models asked for so far, and those that spans describe.
pub(super) struct Calls<'a> {
    asked: Vec<ToolCall>,
    /// Those with an identifier, by it.
    named: HashMap<String, Named>,
    /// Those without one that are not answered.
    nameless: VecDeque<usize>,
    nameless_count: usize,
    recorded: HashMap<&'a str, &'a genai::ToolCall>,
}

/// The calls of one identifier, which may be used again.
#[derive(Default)]
struct Named {
    waiting: VecDeque<usize>,
    last: usize,
}

impl<'a> Calls<'a> {
    pub(super) fn new(recorded: &'a [genai::ToolCall]) -> Self {
        let recorded =
            recorded.iter().filter_map(|call| Some((call.id.as_deref()?, call))).collect();
        Self {
            asked: Vec::new(),
            named: HashMap::new(),
            nameless: VecDeque::new(),
            nameless_count: 0,
            recorded,
        }
    }

    /// Adds a call. One without an identifier gets one, since a trajectory cannot do without.
    pub(super) fn ask(
        &mut self,
        id: Option<String>,
        name: String,
        arguments: Map<String, Value>,
    ) -> ToolCall {
        let place = self.asked.len();
        let id = if let Some(id) = id {
            let named = self.named.entry(id.clone()).or_default();
            named.waiting.push_back(place);
            named.last = place;
            id
        } else {
            self.nameless.push_back(place);
            self.nameless_count += 1;
            format!("probity_call_{}", self.nameless_count)
        };
        let call = ToolCall { id, function: name, arguments };
        self.asked.push(call.clone());
        call
    }

    /// Returns the call that an answer refers to: the first of this identifier that waits for one, and
    /// for an answer without an identifier the first such call. Where no model asked for it, a span may tell
    /// of it.
    pub(super) fn answered(&mut self, id: Option<&str>) -> Option<ToolCall> {
        let place = match id {
            Some(id) => self.named.get_mut(id).map(Named::answer),
            None => self.nameless.pop_front(),
        };
        let asked = place.and_then(|place| self.asked.get(place)).cloned();
        asked.or_else(|| self.recorded.get(id?).copied().map(of_span))
    }
}

impl Named {
    fn answer(&mut self) -> usize {
        self.waiting.pop_front().unwrap_or(self.last)
    }
}

fn of_span(call: &genai::ToolCall) -> ToolCall {
    let arguments = call.arguments.as_ref().and_then(Value::as_object).cloned();
    ToolCall {
        id: call.id.clone().unwrap_or_default(),
        function: call.name.clone(),
        arguments: arguments.unwrap_or_default(),
    }
}
