//! Makes the messages of a trajectory of a trace.

use super::{Content, Gap, Message, Part, ToolCall, calls::Calls, failure::told, image};
use crate::{
    genai::{self, Conversation, GenAi, LlmCall, Role},
    snapshot::TraceSnapshot,
};

/// Returns the messages of a trace, and what they do not show of it.
pub(super) fn of(trace: &TraceSnapshot) -> (Vec<Message>, Vec<Gap>) {
    let view = trace.genai();
    let conversations = view.conversations();
    let mut transcript = Transcript::new(&view, &conversations);
    transcript.note_losses(trace, &view);
    transcript.note_agents(&view, &conversations);
    for conversation in conversations {
        for message in conversation.messages {
            transcript.add(message);
        }
        transcript.add_last_answers();
    }
    transcript.gaps.extend(transcript.calls.into_gaps());
    (transcript.messages, transcript.gaps)
}

struct Transcript<'a> {
    messages: Vec<Message>,
    gaps: Vec<Gap>,
    calls: Calls<'a>,
}

/// The parts of a message, by where they go.
#[derive(Default)]
struct Sorted {
    content: Vec<Part>,
    calls: Vec<ToolCall>,
    answers: Vec<(Option<String>, Content)>,
}

impl<'a> Transcript<'a> {
    fn new(view: &'a GenAi, conversations: &[Conversation]) -> Self {
        let messages = conversations.iter().flat_map(|conversation| &conversation.messages);
        let answers = messages.flat_map(|message| &message.parts).filter_map(answered_id);
        let calls = Calls::new(view.tool_calls(), answers);
        Self { messages: Vec::new(), gaps: Vec::new(), calls }
    }

    /// Notes what the view does not have.
    fn note_losses(&mut self, trace: &TraceSnapshot, view: &GenAi) {
        let dropped = trace.dropped();
        if !trace.status().is_recorded() {
            self.gaps.push(Gap::new(trace.status().to_string()));
        }
        if !dropped.is_empty() {
            self.gaps.push(Gap::new(format!("the capture dropped {dropped}")));
        }
        let says_nothing = |call: &&LlmCall| call.input.is_empty() && call.output.is_empty();
        for call in view.llm_calls().iter().filter(says_nothing) {
            let reason = "this model call recorded no messages; tell its instrumentation to record \
                          content";
            self.gaps.push(Gap::of(call.span, reason));
        }
        for wrong in view.unreadable() {
            let reason = format!("{}: {}", wrong.key, wrong.reason);
            self.gaps.push(Gap::of(wrong.span, reason));
        }
        for call in view.llm_calls() {
            let failed =
                call.error.iter().map(|error| format!("this model call failed: {}", told(error)));
            self.gaps.extend(failed.map(|reason| Gap::of(call.span, reason)));
        }
    }

    /// Notes what runs of agents recorded and no conversation has.
    fn note_agents(&mut self, view: &GenAi, conversations: &[Conversation]) {
        for agent in view.agents() {
            let failed =
                agent.error.iter().map(|error| format!("this agent failed: {}", told(error)));
            self.gaps.extend(failed.map(|reason| Gap::of(agent.span, reason)));
        }
        for (agent, count) in view.missing_of_agents(conversations) {
            let [messages, are] = if count == 1 { ["message", "is"] } else { ["messages", "are"] };
            let reason = format!(
                "{count} {messages} that this agent recorded {are} in no conversation of its model \
                 calls"
            );
            self.gaps.push(Gap::of(agent.span, reason));
        }
    }

    fn position(&self) -> usize {
        self.messages.len()
    }

    fn note(&mut self, reason: impl Into<String>) {
        self.gaps.push(Gap::at(self.position(), reason));
    }

    /// Adds what spans tell of the answers to the last calls of a conversation: a run may end there.
    fn add_last_answers(&mut self) {
        for (call, answer) in self.calls.left_open() {
            if let Some(error) = &answer.error {
                let reason = format!("the tool {:?} failed: {}", answer.name, told(error));
                self.gaps.push(Gap::of(answer.span, reason));
            }
            let answer = text_of(answer.result.clone().unwrap_or_default());
            self.messages.push(Message::tool(self.position(), answer, call));
        }
    }

    fn add(&mut self, message: genai::Message) {
        let role = message.role;
        if role != Role::Tool {
            self.calls.pass();
        }
        let Sorted { content, calls, answers } = self.sort(message.parts);
        if !calls.is_empty() && role != Role::Assistant {
            self.note(format!("{} tool calls of the role {role} are left out", calls.len()));
        }
        let only_answers = content.is_empty() && calls.is_empty() && !answers.is_empty();
        if !only_answers {
            let content = joined(content);
            match role {
                Role::System => self.messages.push(Message::system(self.position(), content)),
                Role::Assistant => {
                    let message = Message::assistant(self.position(), content, calls);
                    self.messages.push(message);
                }
                Role::Tool => self.answer(None, content),
                Role::User => self.messages.push(Message::user(self.position(), content)),
                Role::Other(role) => {
                    self.note(format!("the role {role:?} is shown as user"));
                    self.messages.push(Message::user(self.position(), content));
                }
            }
        }
        for (id, content) in answers {
            self.answer(id, content);
        }
    }

    fn sort(&mut self, parts: Vec<genai::Part>) -> Sorted {
        let mut sorted = Sorted::default();
        for part in parts {
            match part {
                genai::Part::Text { content } => sorted.content.push(Part::Text { text: content }),
                genai::Part::Reasoning { content } => sorted.content.push(Part::reasoning(content)),
                genai::Part::ToolCall { id, name, arguments } => {
                    sorted.calls.push(self.call(id, name, arguments));
                }
                genai::Part::ToolCallResponse { id, response } => {
                    sorted.answers.push((id, text_of(response).into()));
                }
                genai::Part::Other(part) => match image::of(&part) {
                    Some(image) => sorted.content.push(image),
                    None => self.note(left_out(&part)),
                },
            }
        }
        sorted
    }

    fn call(&mut self, id: Option<String>, name: String, arguments: serde_json::Value) -> ToolCall {
        let arguments = match arguments {
            serde_json::Value::Object(arguments) => arguments,
            serde_json::Value::Null => serde_json::Map::new(),
            _ => {
                self.note(format!("the arguments of {name} are no object"));
                serde_json::Map::new()
            }
        };
        self.calls.ask(id, name, arguments)
    }

    fn answer(&mut self, id: Option<String>, content: Content) {
        let call = self.calls.answered(id.as_deref()).unwrap_or_else(|| {
            self.note("no model call shows the tool call that this answers");
            ToolCall { id: id.unwrap_or_default(), ..ToolCall::default() }
        });
        self.messages.push(Message::tool(self.position(), content, call));
    }
}

/// Makes one text of parts that are nothing but text.
fn joined(parts: Vec<Part>) -> Content {
    let texts: Option<String> = parts.iter().map(Part::as_text).collect();
    texts.map_or(Content::Parts(parts), Content::Text)
}

/// Returns the text of an answer; JSON where it is more than a text.
fn text_of(response: serde_json::Value) -> String {
    match response {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Returns the identifier of the call that a part answers.
fn answered_id(part: &genai::Part) -> Option<&str> {
    match part {
        genai::Part::ToolCallResponse { id, .. } => id.as_deref(),
        _ => None,
    }
}

fn left_out(part: &serde_json::Map<String, serde_json::Value>) -> String {
    let name = part.get("type").and_then(serde_json::Value::as_str).unwrap_or("unknown");
    let name: String = name.chars().take(40).collect();
    format!("a part of the type {name:?} is left out")
}
