//! What the stand-in for a model knows: what the customer wrote, and what the tools answered so far.

use probity::trace::genai::{Message, Part, Role};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::shop::Order;

/// A transcript, read.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// What the customer wrote.
    pub(crate) letter: String,
    /// The calls of tools, oldest first.
    pub(crate) calls: Vec<Call>,
}

/// A call of a tool, and its answer.
#[derive(Debug)]
pub(crate) struct Call {
    id: Option<String>,
    pub(crate) tool: String,
    pub(crate) arguments: Value,
    answer: Value,
}

impl Transcript {
    /// Reads the messages of a request.
    pub(crate) fn of(messages: &[Message]) -> Self {
        let mut seen = Self { letter: String::new(), calls: Vec::new() };
        for message in messages {
            if message.role == Role::User {
                seen.letter.push_str(&message.content());
            }
            message.parts.iter().for_each(|part| seen.read(part));
        }
        seen
    }

    fn read(&mut self, part: &Part) {
        match part {
            Part::ToolCall { id, name, arguments } => self.calls.push(Call {
                id: id.clone(),
                tool: name.clone(),
                arguments: arguments.clone(),
                answer: Value::Null,
            }),
            Part::ToolCallResponse { id, response } => {
                if let Some(call) = self.calls.iter_mut().find(|call| call.id == *id) {
                    call.answer = response.clone();
                }
            }
            _ => {}
        }
    }

    /// Returns the orders that were found, none before they were looked for.
    pub(crate) fn orders(&self) -> Vec<Order> {
        let found = self.calls.iter().find(|call| call.tool == "find_orders");
        found.and_then(Call::answered).unwrap_or_default()
    }

    /// Returns the calls that changed something.
    pub(crate) fn done(&self) -> impl Iterator<Item = &Call> {
        let changes = |call: &&Call| matches!(&*call.tool, "refund" | "send_again");
        self.calls.iter().filter(changes).filter(|call| call.error().is_none())
    }
}

impl Call {
    /// Returns the answer, unless it is of another shape.
    pub(crate) fn answered<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.answer.clone()).ok()
    }

    /// Returns what went wrong, if anything did.
    pub(crate) fn error(&self) -> Option<&str> {
        self.answer.get("error")?.as_str()
    }

    /// Returns a number of the arguments; 0 where there is none.
    pub(crate) fn argument(&self, key: &str) -> u32 {
        let number = self.arguments.get(key).and_then(Value::as_u64);
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    }

    /// Returns a number of the answer, where there is one.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.answer.get(key)?.as_u64()
    }
}
