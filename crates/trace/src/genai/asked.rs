//! The tool calls that messages show: what models asked for, and what was answered.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::{
    LlmCall, Part, ToolCall,
    fingerprint::{self, Fingerprint},
    json,
    threads::{Entry, Thread},
};

/// A tool call that a message asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) name: &'a str,
    arguments: &'a Value,
    response: Option<&'a Value>,
    /// The model call that asks or, if that is not known, the first that shows it.
    call: usize,
}

/// Collects the tool calls of conversations, each once.
#[derive(Debug, Default)]
struct Collector<'a> {
    asked: Vec<Asked<'a>>,
    /// Positions of calls that are the same if one conversation repeats what another says.
    same: HashMap<Likeness<'a>, Vec<usize>>,
}

/// What makes two mentions of a tool call in different conversations the same.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Likeness<'a> {
    Named(&'a str, &'a str),
    Unnamed(Fingerprint),
}

/// The calls of one conversation that have no answer yet.
#[derive(Debug, Default)]
struct Open<'a> {
    by_id: HashMap<Option<&'a str>, VecDeque<usize>>,
    in_order: VecDeque<usize>,
    answered: HashSet<usize>,
}

/// Returns the tool calls that the threads show, in the order in which they were asked for.
pub(super) fn of<'a>(threads: &[Thread<'a>]) -> Vec<Asked<'a>> {
    let mut collector = Collector::default();
    // What an answer asks for is a call of its own; what is in the history may repeat one of them.
    let answers: Vec<Vec<usize>> =
        threads.iter().map(|thread| collector.add_answers(thread)).collect();
    for (thread, answers) in threads.iter().zip(answers) {
        collector.add_history(thread, answers);
    }
    let mut asked = collector.asked;
    asked.sort_by_key(|asked| asked.call);
    asked
}

impl<'a> Collector<'a> {
    /// Adds what the answers of a thread ask for, and returns the positions.
    fn add_answers(&mut self, thread: &Thread<'a>) -> Vec<usize> {
        let answers = thread.entries.iter().filter(|entry| entry.is_answer);
        let asked = answers.flat_map(|entry| calls(entry));
        asked.map(|asked| self.add(asked)).collect()
    }

    fn add(&mut self, asked: Asked<'a>) -> usize {
        let position = self.asked.len();
        self.same.entry(asked.likeness()).or_default().push(position);
        self.asked.push(asked);
        position
    }

    /// Goes through a thread in order: adds what only the history asks for, and joins the answers.
    fn add_history(&mut self, thread: &Thread<'a>, answers: Vec<usize>) {
        let mut answers = answers.into_iter();
        let mut open = Open::default();
        let mut seen: HashMap<Likeness<'a>, usize> = HashMap::new();
        for entry in &thread.entries {
            for asked in calls(entry) {
                let position = if entry.is_answer {
                    answers.next()
                } else {
                    let count = seen.entry(asked.likeness()).or_default();
                    *count += 1;
                    Some(self.known(asked, *count - 1))
                };
                if let Some(position) = position {
                    open.add(asked.id, position);
                }
            }
            for (id, response) in responses(entry) {
                self.answer(&mut open, id, response);
            }
        }
    }

    /// Returns the position of a call that a history repeats for the `nth` time; adds it if it is new.
    fn known(&mut self, asked: Asked<'a>, nth: usize) -> usize {
        let known = self.same.get(&asked.likeness()).and_then(|same| same.get(nth)).copied();
        known.unwrap_or_else(|| self.add(asked))
    }

    fn answer(&mut self, open: &mut Open<'a>, id: Option<&'a str>, response: &'a Value) {
        let position = open.take(id);
        if let Some(asked) = position.and_then(|position| self.asked.get_mut(position)) {
            asked.response.get_or_insert(response);
        }
    }
}

impl<'a> Open<'a> {
    fn add(&mut self, id: Option<&'a str>, position: usize) {
        self.by_id.entry(id).or_default().push_back(position);
        self.in_order.push_back(position);
    }

    /// Takes the first call that an answer is for: one of its identifier, or where either has none, the
    /// first.
    fn take(&mut self, id: Option<&'a str>) -> Option<usize> {
        let Self { by_id, in_order, answered } = self;
        let mut first = |list: &mut VecDeque<usize>| {
            while let Some(position) = list.pop_front() {
                if answered.insert(position) {
                    return Some(position);
                }
            }
            None
        };
        let found = first(by_id.get_mut(&id).unwrap_or(&mut VecDeque::new()));
        found.or_else(|| match id {
            Some(_) => first(by_id.get_mut(&None)?),
            None => first(in_order),
        })
    }
}

impl<'a> Asked<'a> {
    fn likeness(&self) -> Likeness<'a> {
        match self.id {
            Some(id) => Likeness::Named(id, self.name),
            None => Likeness::Unnamed(self.print()),
        }
    }

    /// Returns what is the same for calls of one tool with the same arguments.
    pub(super) fn print(&self) -> Fingerprint {
        fingerprint::of_call(self.name, self.arguments)
    }

    pub(super) fn is_answered(&self) -> bool {
        self.response.is_some()
    }

    pub(super) fn has_no_arguments(&self) -> bool {
        self.arguments.is_null()
    }

    /// Returns whether the answer may be the result of a call: they are the same, or one is not known.
    pub(super) fn may_answer(&self, call: &ToolCall) -> bool {
        let (Some(response), Some(result)) = (self.response, &call.result) else { return true };
        let print = |answer| fingerprint::of_call(self.name, answer);
        print(response) == print(result)
    }

    /// Gives a tool call what it does not say itself.
    pub(super) fn fill(&self, call: &mut ToolCall) {
        if call.name.is_empty() {
            self.name.clone_into(&mut call.name);
        }
        call.id = call.id.take().or_else(|| self.id.map(str::to_owned));
        call.arguments = call.arguments.take().or_else(|| self.arguments());
        call.result = call.result.take().or_else(|| self.result());
    }

    /// Makes a tool call that no span describes.
    pub(super) fn to_call(self, calls: &[LlmCall]) -> Option<ToolCall> {
        let from = calls.get(self.call)?;
        let mut call = ToolCall::new(from.span, self.name, from.started_at);
        call.agent.clone_from(&from.agent);
        self.fill(&mut call);
        Some(call)
    }

    fn arguments(&self) -> Option<Value> {
        (!self.arguments.is_null()).then(|| json::unquoted(self.arguments.clone()))
    }

    fn result(&self) -> Option<Value> {
        self.response.cloned().map(json::unquoted)
    }
}

/// Returns the tool calls that a message asks for.
fn calls<'a>(entry: &Entry<'a>) -> impl Iterator<Item = Asked<'a>> + use<'a> {
    let call = entry.call;
    entry.message.parts.iter().filter_map(move |part| match part {
        Part::ToolCall { id, name, arguments } => {
            Some(Asked { id: id.as_deref(), name, arguments, response: None, call })
        }
        _ => None,
    })
}

/// Returns the answers of tools in a message.
fn responses<'a>(
    entry: &Entry<'a>,
) -> impl Iterator<Item = (Option<&'a str>, &'a Value)> + use<'a> {
    entry.message.parts.iter().filter_map(|part| match part {
        Part::ToolCallResponse { id, response } => Some((id.as_deref(), response)),
        _ => None,
    })
}
