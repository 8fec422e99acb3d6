//! Finds the call that a tool answers.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use super::{Gap, ToolCall, recorded::Recorded};
use crate::genai;

/// The calls that models asked for so far, and those that the view has.
pub(super) struct Calls<'a> {
    asked: Vec<Asked>,
    /// Those with an identifier, by it.
    named: HashMap<String, Named>,
    /// Those without one that are not answered.
    nameless: VecDeque<usize>,
    nameless_count: usize,
    /// All that are not answered.
    in_order: VecDeque<usize>,
    /// Those that the last message of the model asked for.
    last: Vec<usize>,
    /// How many answers of each identifier are in messages that are yet to come.
    to_come: HashMap<String, usize>,
    recorded: Recorded<'a>,
}

/// A call that a model asked for.
struct Asked {
    call: ToolCall,
    /// The model gave it an identifier.
    has_id: bool,
    is_answered: bool,
}

/// The calls of one identifier, which may be used again.
#[derive(Default)]
struct Named {
    waiting: VecDeque<usize>,
    last: usize,
}

impl<'a> Calls<'a> {
    /// Knows of the calls of the view, and of the identifiers that messages will answer.
    pub(super) fn new<'b>(
        recorded: &'a [genai::ToolCall],
        to_come: impl Iterator<Item = &'b str>,
    ) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for id in to_come {
            *counts.entry(id.to_owned()).or_default() += 1;
        }
        Self {
            asked: Vec::new(),
            named: HashMap::new(),
            nameless: VecDeque::new(),
            nameless_count: 0,
            in_order: VecDeque::new(),
            last: Vec::new(),
            to_come: counts,
            recorded: Recorded::new(recorded),
        }
    }

    /// Notes that a message begins after which no answer belongs to what models asked for so far.
    pub(super) fn pass(&mut self) {
        self.last.clear();
    }

    /// Adds a call. One without an identifier gets one, since a trajectory cannot do without.
    pub(super) fn ask(
        &mut self,
        id: Option<String>,
        name: String,
        arguments: Map<String, Value>,
    ) -> ToolCall {
        let place = self.asked.len();
        let has_id = id.is_some();
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
        self.in_order.push_back(place);
        self.last.push(place);
        let call = ToolCall { id, function: name, arguments };
        self.asked.push(Asked { call: call.clone(), has_id, is_answered: false });
        call
    }

    /// Returns the call that an answer refers to: the first of this identifier that waits for one, and for an
    /// answer without an identifier the first call without one, or else the first of all. Where no model asked
    /// for it, a span may tell of it.
    pub(super) fn answered(&mut self, id: Option<&str>) -> Option<ToolCall> {
        if let Some(left) = id.and_then(|id| self.to_come.get_mut(id)) {
            *left = left.saturating_sub(1);
        }
        let asked = &self.asked;
        let place = match id {
            Some(id) => self.named.get_mut(id).map(|named| named.answer(asked)),
            None => first(&mut self.nameless, asked).or_else(|| first(&mut self.in_order, asked)),
        };
        let Some(asked) = place.and_then(|place| self.asked.get_mut(place)) else {
            return self.recorded.show_id(id?).map(of_span);
        };
        asked.is_answered = true;
        if asked.has_id {
            self.recorded.show_id(&asked.call.id);
        } else {
            self.recorded.show_nameless(&asked.call);
        }
        Some(asked.call.clone())
    }

    /// Returns the calls that the last message of the model asked for and that no message answers, with the
    /// calls of the view that tell the answers.
    pub(super) fn left_open(&mut self) -> Vec<(ToolCall, &'a genai::ToolCall)> {
        let mut open = Vec::new();
        for place in std::mem::take(&mut self.last) {
            let Some(asked) = self.asked.get_mut(place).filter(|asked| !asked.is_answered) else {
                continue;
            };
            let is_to_come = self.to_come.get(&asked.call.id).is_some_and(|left| *left > 0);
            if asked.has_id && is_to_come {
                continue;
            }
            if let Some(answer) = self.recorded.take_answer(&asked.call, asked.has_id) {
                asked.is_answered = true;
                open.push((asked.call.clone(), answer));
            }
        }
        open
    }

    /// Says what the messages do not show of the calls that the view has.
    pub(super) fn into_gaps(self) -> Vec<Gap> {
        let ids: HashSet<&str> = self.named.keys().map(String::as_str).collect();
        let nameless = self.asked.iter().filter(|asked| !asked.has_id);
        let names: HashSet<&str> = nameless.map(|asked| asked.call.function.as_str()).collect();
        self.recorded.gaps(&ids, &names)
    }
}

impl Named {
    fn answer(&mut self, asked: &[Asked]) -> usize {
        first(&mut self.waiting, asked).unwrap_or(self.last)
    }
}

/// Takes the first that is not answered.
fn first(waiting: &mut VecDeque<usize>, asked: &[Asked]) -> Option<usize> {
    while let Some(place) = waiting.pop_front() {
        if asked.get(place).is_some_and(|asked| !asked.is_answered) {
            return Some(place);
        }
    }
    None
}

fn of_span(call: &genai::ToolCall) -> ToolCall {
    let arguments = call.arguments.as_ref().and_then(Value::as_object).cloned();
    ToolCall {
        id: call.id.clone().unwrap_or_default(),
        function: call.name.clone(),
        arguments: arguments.unwrap_or_default(),
    }
}
