//! Makes the messages of a trajectory of a trace.

use super::{Content, Gap, Message, Part, ToolCall, calls::Calls, image};
use crate::{
    genai::{self, GenAi, LlmCall, Role},
    snapshot::TraceSnapshot,
};

/// Returns the messages of a trace, and what they do not show of it.
pub(super) fn of(trace: &TraceSnapshot) -> (Vec<Message>, Vec<Gap>) {
    let view = trace.genai();
    let mut transcript = Transcript::new(&view);
    transcript.note_losses(trace, &view);
    for message in view.messages() {
        transcript.add(message);
    }
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
    fn new(view: &'a GenAi) -> Self {
        let calls = Calls::new(view.tool_calls());
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
    }

    fn position(&self) -> usize {
        self.messages.len()
    }

    fn note(&mut self, reason: impl Into<String>) {
        self.gaps.push(Gap::at(self.position(), reason));
    }

    fn add(&mut self, message: genai::Message) {
        let role = message.role;
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

fn left_out(part: &serde_json::Map<String, serde_json::Value>) -> String {
    let name = part.get("type").and_then(serde_json::Value::as_str).unwrap_or("unknown");
    let name: String = name.chars().take(40).collect();
    format!("a part of the type {name:?} is left out")
}
