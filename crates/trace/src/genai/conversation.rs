//! The conversations of a trace, each message once.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{AgentCall, GenAi, LlmCall, Message, fingerprint, kind, threads};
use crate::ids::SpanId;

/// Messages that follow one another, each once, with the model calls that they come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Conversation {
    /// The identifier that the calls name, or a span around them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The agent that makes the calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The spans of the model calls, in order.
    pub calls: Vec<SpanId>,
    /// The messages, in order: instructions, input, answers and what tools answered.
    pub messages: Vec<Message>,
}

impl GenAi {
    /// Returns the conversations, in the order in which they began. They are found anew at each call.
    ///
    /// Each model call repeats what was said before it; a call goes on with the conversation whose
    /// messages its input begins with, and what is new is added. Calls of other agents and with other
    /// conversation identifiers stay apart, and so does a call that goes back and answers anew. A
    /// window that leaves out the beginning of its conversation is a conversation of its own.
    ///
    /// Messages are compared leniently: reasoning, blanks around a text and the order of keys do not
    /// count; instructions are added where they appear first; an answer that was changed before it was
    /// sent back is the answer that the model gave. Without the history, a call goes on from the
    /// answer that it names ([`LlmCall::previous_response_id`]) or from the tool calls that it
    /// answers, and a call of which only the answer is known goes on with what its agent said last.
    ///
    /// Where no model call that generates has messages, those that runs of agents recorded are returned,
    /// one conversation for each run, before those of the calls that embed, rank, transcribe, draw or speak.
    #[must_use]
    pub fn conversations(&self) -> Vec<Conversation> {
        let calls = self.llm_calls();
        let found = threads::of(calls);
        let is_generating =
            |call: &usize| calls.get(*call).is_some_and(|call| kind::generates(&call.operation));
        let has_answers = found.iter().flat_map(|thread| &thread.calls).any(is_generating);
        let of_agents = self.agents().iter().filter(|_| !has_answers).filter_map(of_agent);
        let of_thread = |thread: &threads::Thread<'_>| {
            let in_thread = || thread.calls.iter().filter_map(|call| calls.get(*call));
            let first: Option<&LlmCall> = in_thread().next();
            Conversation {
                id: first.and_then(|call| call.conversation_id.clone()),
                agent: first.and_then(|call| call.agent.clone()),
                calls: in_thread().map(|call| call.span).collect(),
                messages: thread.entries.iter().map(|entry| entry.message.clone()).collect(),
            }
        };
        of_agents.chain(found.iter().map(of_thread)).collect()
    }

    /// Returns the messages of all [conversations](Self::conversations), one conversation after the
    /// other.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.conversations().into_iter().flat_map(|conversation| conversation.messages).collect()
    }

    /// Returns the runs of agents which recorded messages that no conversation has, with how many.
    pub(crate) fn missing_of_agents(
        &self,
        conversations: &[Conversation],
    ) -> impl Iterator<Item = (&AgentCall, usize)> {
        let messages = conversations.iter().flat_map(|conversation| &conversation.messages);
        let known: HashSet<_> = messages.map(fingerprint::of).collect();
        let missing = move |agent: &AgentCall| {
            let messages = agent.input.iter().chain(&agent.output);
            messages.filter(|message| !known.contains(&fingerprint::of(message))).count()
        };
        let missing = self.agents().iter().map(move |agent| (agent, missing(agent)));
        missing.filter(|(_, count)| *count > 0)
    }
}

fn of_agent(agent: &AgentCall) -> Option<Conversation> {
    let messages: Vec<_> = agent.input.iter().chain(&agent.output).cloned().collect();
    (!messages.is_empty()).then(|| Conversation {
        id: agent.conversation_id.clone(),
        agent: agent.name.clone(),
        calls: Vec::new(),
        messages,
    })
}
