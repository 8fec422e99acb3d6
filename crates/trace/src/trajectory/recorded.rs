//! The tool calls that spans and messages tell of, and which of them the messages of a trajectory show.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use super::{Gap, ToolCall, failure::told};
use crate::genai;

/// The tool calls of a view.
pub(super) struct Recorded<'a> {
    calls: &'a [genai::ToolCall],
    is_shown: Vec<bool>,
    by_id: HashMap<&'a str, VecDeque<usize>>,
    /// All of them, by name and arguments.
    by_call: HashMap<(String, String), VecDeque<usize>>,
    /// The names of calls that messages show and that were not found by their arguments.
    other_shown: Vec<String>,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(calls: &'a [genai::ToolCall]) -> Self {
        let mut recorded = Self {
            calls,
            is_shown: vec![false; calls.len()],
            by_id: HashMap::new(),
            by_call: HashMap::new(),
            other_shown: Vec::new(),
        };
        for (place, call) in calls.iter().enumerate() {
            if let Some(id) = call.id.as_deref() {
                recorded.by_id.entry(id).or_default().push_back(place);
            }
            let arguments = call.arguments.as_ref().and_then(Value::as_object);
            let key = (call.name.clone(), written(arguments));
            recorded.by_call.entry(key).or_default().push_back(place);
        }
        recorded
    }

    /// Returns the next call of an identifier that no message shows, and notes that one does now. Where all
    /// are shown, it is the last of them once more.
    pub(super) fn show_id(&mut self, id: &str) -> Option<&'a genai::ToolCall> {
        let place = self.next_of_id(id)?;
        *self.is_shown.get_mut(place)? = true;
        self.calls.get(place)
    }

    /// Returns the place of the first call of an identifier that no message shows, or else of the last.
    fn next_of_id(&mut self, id: &str) -> Option<usize> {
        let list = self.by_id.get_mut(id)?;
        while list.len() > 1
            && list.front().and_then(|place| self.is_shown.get(*place)) == Some(&true)
        {
            list.pop_front();
        }
        list.front().copied()
    }

    /// Notes that a message shows the answer of a call that a model asked for without an identifier.
    pub(super) fn show_nameless(&mut self, call: &ToolCall) {
        if self.take_nameless(call).is_none() {
            self.other_shown.push(call.function.clone());
        }
    }

    /// Returns the call that tells the answer to one that a model asked for, if no message shows it, and notes
    /// that one does now.
    pub(super) fn take_answer(
        &mut self,
        call: &ToolCall,
        has_id: bool,
    ) -> Option<&'a genai::ToolCall> {
        let place = if has_id { self.next_of_id(&call.id)? } else { self.next_nameless(call)? };
        let found = self.calls.get(place).filter(|found| found.result.is_some())?;
        let is_shown = self.is_shown.get_mut(place).filter(|is_shown| !**is_shown)?;
        *is_shown = true;
        Some(found)
    }

    fn take_nameless(&mut self, call: &ToolCall) -> Option<&'a genai::ToolCall> {
        let place = self.next_nameless(call)?;
        *self.is_shown.get_mut(place)? = true;
        self.calls.get(place)
    }

    /// Returns the place of the first call of this name and with these arguments that no message shows.
    fn next_nameless(&mut self, call: &ToolCall) -> Option<usize> {
        let list = self.by_call.get_mut(&key(call))?;
        while let Some(place) = list.front().copied() {
            if self.is_shown.get(place) == Some(&false) {
                return Some(place);
            }
            list.pop_front();
        }
        None
    }

    /// Says what messages do not show of the calls, given which identifiers and, of calls without one, which
    /// names models asked for.
    pub(super) fn gaps(
        mut self,
        asked_ids: &HashSet<&str>,
        asked_names: &HashSet<&str>,
    ) -> Vec<Gap> {
        self.pass_over_others();
        let unshown = self.calls.iter().zip(&self.is_shown).filter(|(_, is_shown)| !**is_shown);
        let gap = |call: &genai::ToolCall| {
            let name = call.name.as_str();
            let reason = match (&call.error, &call.result) {
                (Some(error), _) => {
                    format!("no message says that the tool {name:?} failed: {}", told(error))
                }
                (None, Some(_)) => format!("no message shows what the tool {name:?} answered"),
                (None, None) => {
                    let has_asked_id = call.id.as_deref().is_some_and(|id| asked_ids.contains(id));
                    if has_asked_id || asked_names.contains(name) {
                        return None;
                    }
                    format!("no message shows this call of the tool {name:?}")
                }
            };
            Some(Gap::of(call.span, reason))
        };
        unshown.filter_map(|(call, _)| gap(call)).collect()
    }

    /// Takes the first calls of the names that messages show with other arguments for those calls.
    fn pass_over_others(&mut self) {
        let mut by_name: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (place, call) in self.calls.iter().enumerate() {
            if self.is_shown.get(place) == Some(&false) {
                by_name.entry(&call.name).or_default().push_back(place);
            }
        }
        for name in &self.other_shown {
            let place = by_name.get_mut(name.as_str()).and_then(VecDeque::pop_front);
            if let Some(is_shown) = place.and_then(|place| self.is_shown.get_mut(place)) {
                *is_shown = true;
            }
        }
    }
}

fn key(call: &ToolCall) -> (String, String) {
    (call.function.clone(), written(Some(&call.arguments)))
}

/// Writes arguments; those that are no object are none, as in the messages.
fn written(arguments: Option<&Map<String, Value>>) -> String {
    match arguments.filter(|arguments| !arguments.is_empty()) {
        Some(arguments) => serde_json::to_string(arguments).unwrap_or_default(),
        None => String::new(),
    }
}
