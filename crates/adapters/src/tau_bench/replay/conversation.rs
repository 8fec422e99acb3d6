//! The state of a conversation while it is replayed.

use std::mem;

use super::{
    Replay,
    messages::{self, History},
    spans,
};
use crate::tau_bench::message::{Message, ToolCall};

pub(super) struct Conversation<'a, 'r> {
    replay: &'r Replay,
    id: &'r str,
    history: History,
    /// What the customer said since the model was asked last.
    unanswered: Vec<&'a str>,
    /// The calls of the last message of the model.
    calls: &'a [ToolCall],
    last_reply: Option<&'a str>,
}

impl<'a, 'r> Conversation<'a, 'r> {
    pub(super) fn new(replay: &'r Replay, id: &'r str) -> Self {
        Self {
            replay,
            id,
            history: History::default(),
            unanswered: Vec::new(),
            calls: &[],
            last_reply: None,
        }
    }

    /// Emits what an instrumented agent would have emitted at this message.
    pub(super) fn play(&mut self, message: &'a Message) {
        match message {
            // The root span carries them.
            Message::System { .. } => {}
            Message::User { content } => {
                self.unanswered.push(content);
                self.history.push(&messages::user(content));
            }
            Message::Assistant { content, tool_calls } => self.chat(content.as_deref(), tool_calls),
            Message::Tool { tool_call_id, name, content } => {
                self.execute_tool(tool_call_id, name, content);
            }
        }
    }

    fn chat(&mut self, content: Option<&'a str>, tool_calls: &'a [ToolCall]) {
        let reply = messages::assistant(content, tool_calls);
        let output = History::of(&reply);
        let span = spans::chat(self.replay, self.id, self.history.json(), output.json());
        span.in_scope(|| self.tell_unanswered());
        self.history.push(&reply);
        self.calls = tool_calls;
        self.last_reply = content.or(self.last_reply);
    }

    fn execute_tool(&mut self, id: &str, name: &str, result: &str) {
        let call = self.calls.iter().find(|call| call.id == id);
        let arguments = call.map(|call| call.arguments.as_str());
        let call = spans::Call { id, name, arguments, result };
        spans::execute_tool(self.replay, self.id, &call);
        self.history.push(&messages::tool(id, result));
    }

    fn tell_unanswered(&mut self) {
        for content in mem::take(&mut self.unanswered) {
            spans::user_message(content);
        }
    }

    pub(super) fn finish(mut self) -> Option<&'a str> {
        self.tell_unanswered();
        self.last_reply
    }
}
