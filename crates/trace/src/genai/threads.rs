//! Puts model calls into threads: conversations that each call goes on with.

use std::collections::HashSet;

use super::{
    LlmCall, Message, Part, Role,
    fingerprint::{self, Fingerprint},
    tips::{Tip, Tips},
};

/// A conversation, each message once.
#[derive(Debug)]
pub(super) struct Thread<'a> {
    /// The positions of its calls.
    pub(super) calls: Vec<usize>,
    pub(super) entries: Vec<Entry<'a>>,
    /// The fingerprint of all entries but instructions.
    spoken: Fingerprint,
    instructions: HashSet<Fingerprint>,
}

/// A message of a thread.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) message: &'a Message,
    /// The position of the call that shows it first.
    pub(super) call: usize,
    /// It is the answer of that call.
    pub(super) is_answer: bool,
}

/// What a call says before its answer, instructions apart.
struct Input<'a> {
    messages: Vec<&'a Message>,
    /// The fingerprints of the conversation before the first message, after it, after the second and
    /// so on.
    chain: Vec<Fingerprint>,
}

/// Puts calls into threads, in the order in which these began. Calls of which no message is known are
/// in none.
pub(super) fn of(calls: &[LlmCall]) -> Vec<Thread<'_>> {
    let mut threads: Vec<Thread<'_>> = Vec::new();
    let mut tips = Tips::default();
    for (position, call) in calls.iter().enumerate() {
        if call.input.is_empty() && call.output.is_empty() {
            continue;
        }
        let input = Input::of(call);
        let is_tip = |tip: Tip| {
            threads.get(tip.thread).is_some_and(|thread| thread.calls.len() == tip.calls)
        };
        let (number, known) = input.find(call, &tips, is_tip).unwrap_or((threads.len(), 0));
        if number == threads.len() {
            threads.push(Thread::new(input.start()));
        }
        if let Some(thread) = threads.get_mut(number) {
            let before = thread.go_on(position, call, known);
            let tip = Tip { thread: number, calls: thread.calls.len() };
            tips.add(call, input.start(), &[input.end(), before], tip);
        }
    }
    threads
}

impl<'a> Input<'a> {
    fn of(call: &'a LlmCall) -> Self {
        let messages: Vec<_> = call.input.iter().filter(|message| is_spoken(message)).collect();
        let mut end =
            fingerprint::of_nothing(call.conversation_id.as_deref(), call.agent.as_deref());
        let mut chain = vec![end];
        for message in &messages {
            end = fingerprint::after(end, fingerprint::of(message));
            chain.push(end);
        }
        Self { messages, chain }
    }

    fn start(&self) -> Fingerprint {
        self.chain.first().copied().unwrap_or_default()
    }

    fn end(&self) -> Fingerprint {
        self.chain.last().copied().unwrap_or_default()
    }

    /// Returns the thread that a call goes on with, and how many of the messages it has already.
    fn find(
        &self,
        call: &LlmCall,
        tips: &Tips<'_>,
        is_tip: impl Fn(Tip) -> bool,
    ) -> Option<(usize, usize)> {
        for (known, print) in self.chain.iter().enumerate().skip(1).rev() {
            if let Some(tip) = tips.after_answer(*print).filter(|tip| is_tip(*tip)) {
                return Some((tip.thread, known));
            }
            // An answer that the program changed before it sent it back.
            let next_is_answer =
                self.messages.get(known).is_some_and(|next| next.role == Role::Assistant);
            if let Some(tip) =
                tips.before_answer(*print).filter(|tip| next_is_answer && is_tip(*tip))
            {
                return Some((tip.thread, known + 1));
            }
        }
        let answered = self.messages.first().and_then(|first| answered_call(first));
        let of_tool = answered.and_then(|id| tips.with_tool_call(self.start(), id));
        let of_answer = || tips.of_answer(call.previous_response_id.as_deref()?);
        let of_agent = || tips.latest(self.start()).filter(|_| self.messages.is_empty());
        let tip =
            of_tool.filter(|tip| is_tip(*tip)).or_else(|| of_answer().filter(|tip| is_tip(*tip)));
        tip.or_else(of_agent).map(|tip| (tip.thread, 0))
    }
}

impl<'a> Thread<'a> {
    fn new(start: Fingerprint) -> Self {
        Self { calls: Vec::new(), entries: Vec::new(), spoken: start, instructions: HashSet::new() }
    }

    /// Adds what a call says: its messages but the first `known` ones, and its answer. Returns the
    /// fingerprint of the thread before the answer.
    fn go_on(&mut self, call: usize, said: &'a LlmCall, known: usize) -> Fingerprint {
        self.calls.push(call);
        let mut position = 0;
        for message in &said.input {
            let print = fingerprint::of(message);
            let is_new = if is_spoken(message) {
                position += 1;
                position > known
            } else {
                self.instructions.insert(print)
            };
            if is_new {
                self.add(message, print, call, false);
            }
        }
        let before = self.spoken;
        for message in &said.output {
            self.add(message, fingerprint::of(message), call, true);
        }
        before
    }

    fn add(&mut self, message: &'a Message, print: Fingerprint, call: usize, is_answer: bool) {
        if is_spoken(message) {
            self.spoken = fingerprint::after(self.spoken, print);
        }
        self.entries.push(Entry { message, call, is_answer });
    }
}

/// Returns whether a message is not an instruction. Instructions move between attributes, and programs
/// change them while a conversation goes on.
fn is_spoken(message: &Message) -> bool {
    message.role != Role::System
}

/// Returns the identifier of the tool call that a message answers.
fn answered_call(message: &Message) -> Option<&str> {
    message.parts.iter().find_map(|part| match part {
        Part::ToolCallResponse { id, .. } => id.as_deref(),
        _ => None,
    })
}
