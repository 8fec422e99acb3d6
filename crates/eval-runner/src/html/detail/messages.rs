//! The messages of a trial, and what its model calls used.

use probity_trace::{
    TraceSnapshot,
    genai::{Conversation, GenAi, Message, Part, Usage},
};
use serde::Serialize;
use serde_json::Value;

use crate::html::shown::{Shower, Shown};

/// What was said in a trial.
#[derive(Debug, Serialize)]
pub(super) struct Talk {
    calls: usize,
    tools: usize,
    models: Vec<String>,
    usage: Usage,
    conversations: Vec<TalkOf>,
    /// Attributes that could not be read.
    unreadable: usize,
}

/// One conversation.
#[derive(Debug, Serialize)]
struct TalkOf {
    agent: Option<String>,
    messages: Vec<Said>,
}

/// One message.
#[derive(Debug, Serialize)]
struct Said {
    role: String,
    name: Option<String>,
    parts: Vec<SaidPart>,
}

/// A part of a message.
#[derive(Debug, Serialize)]
struct SaidPart {
    kind: &'static str,
    /// The tool, of a call.
    name: Option<String>,
    #[serde(flatten)]
    shown: Shown,
}

impl Talk {
    /// Reads what was said; `None` where there was neither a model call nor a tool call.
    pub(super) fn of(trace: &TraceSnapshot, show: Shower<'_>) -> Option<Self> {
        let view = trace.genai();
        if view.llm_calls().is_empty() && view.tool_calls().is_empty() && view.agents().is_empty() {
            return None;
        }
        Some(Self {
            calls: view.llm_calls().len(),
            tools: view.tool_calls().len(),
            models: models(&view, show),
            usage: view.usage(),
            conversations: view
                .conversations()
                .iter()
                .map(|talk| conversation(talk, show))
                .collect(),
            unreadable: view.unreadable().len(),
        })
    }
}

/// The models that answered, or else were asked, each once.
fn models(view: &GenAi, show: Shower<'_>) -> Vec<String> {
    let of_call = |call: &probity_trace::genai::LlmCall| {
        let model = call.response_model.as_ref().or(call.request_model.as_ref())?;
        Some(show.text(model).text)
    };
    let mut models: Vec<String> = view.llm_calls().iter().filter_map(of_call).collect();
    models.sort_unstable();
    models.dedup();
    models
}

fn conversation(talk: &Conversation, show: Shower<'_>) -> TalkOf {
    TalkOf {
        agent: talk.agent.as_ref().map(|agent| show.text(agent).text),
        messages: talk.messages.iter().map(|message| said(message, show)).collect(),
    }
}

fn said(message: &Message, show: Shower<'_>) -> Said {
    Said {
        role: show.text(message.role.as_str()).text,
        name: message.name.as_ref().map(|name| show.text(name).text),
        parts: message.parts.iter().map(|part| said_part(part, show)).collect(),
    }
}

fn said_part(part: &Part, show: Shower<'_>) -> SaidPart {
    let (kind, name, shown) = match part {
        Part::Text { content } => ("text", None, show.text(content)),
        Part::Reasoning { content } => ("reasoning", None, show.text(content)),
        Part::ToolCall { name, arguments, .. } => ("call", Some(name), show.value(arguments)),
        Part::ToolCallResponse { response, .. } => ("answer", None, show.value(response)),
        Part::Other(other) => ("other", None, show.value(&Value::Object(other.clone()))),
        _ => ("other", None, show.text("a part of a kind that this page does not know")),
    };
    SaidPart { kind, name: name.map(|name| show.text(name).text), shown }
}
