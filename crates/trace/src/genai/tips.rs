//! Where threads can be gone on with.

use std::collections::HashMap;

use super::{
    LlmCall, Part,
    fingerprint::{self, Fingerprint},
};

/// A thread as it was after some of its calls. It is the tip of the thread while it has no more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tip {
    pub(super) thread: usize,
    /// The number of calls that the thread had.
    pub(super) calls: usize,
}

/// Tips by everything by which a later call may refer to them.
#[derive(Debug, Default)]
pub(super) struct Tips<'a> {
    after_answer: HashMap<Fingerprint, Tip>,
    before_answer: HashMap<Fingerprint, Tip>,
    tool_calls: HashMap<(Fingerprint, &'a str), Tip>,
    answers: HashMap<&'a str, Tip>,
    latest: HashMap<Fingerprint, Tip>,
}

impl<'a> Tips<'a> {
    /// Adds a tip, with the call that made it, the start of its conversation, and what was said before
    /// the answer of the call.
    pub(super) fn add(
        &mut self,
        call: &'a LlmCall,
        start: Fingerprint,
        before: &[Fingerprint],
        tip: Tip,
    ) {
        for &before in before {
            let mut all = before;
            for answer in &call.output {
                let answer = fingerprint::of(answer);
                // Of several answers the program may go on with one, or with all.
                self.after_answer.insert(fingerprint::after(before, answer), tip);
                all = fingerprint::after(all, answer);
            }
            self.after_answer.insert(all, tip);
            if !call.output.is_empty() {
                self.before_answer.insert(before, tip);
            }
        }
        let parts = call.output.iter().flat_map(|message| &message.parts);
        let ids = parts.filter_map(|part| match part {
            Part::ToolCall { id, .. } => id.as_deref(),
            _ => None,
        });
        self.tool_calls.extend(ids.map(|id| ((start, id), tip)));
        self.answers.extend(call.response_id.as_deref().map(|id| (id, tip)));
        self.latest.insert(start, tip);
    }

    /// Returns the thread of which this is everything that was said.
    pub(super) fn after_answer(&self, said: Fingerprint) -> Option<Tip> {
        self.after_answer.get(&said).copied()
    }

    /// Returns the thread of which this is what was said before the last answer.
    pub(super) fn before_answer(&self, said: Fingerprint) -> Option<Tip> {
        self.before_answer.get(&said).copied()
    }

    /// Returns the thread of a conversation that asked for this tool call last.
    pub(super) fn with_tool_call(&self, start: Fingerprint, id: &str) -> Option<Tip> {
        self.tool_calls.get(&(start, id)).copied()
    }

    /// Returns the thread whose last answer has this identifier.
    pub(super) fn of_answer(&self, response_id: &str) -> Option<Tip> {
        self.answers.get(response_id).copied()
    }

    /// Returns the thread of a conversation that was gone on with last.
    pub(super) fn latest(&self, start: Fingerprint) -> Option<Tip> {
        self.latest.get(&start).copied()
    }
}
