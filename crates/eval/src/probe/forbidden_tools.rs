//! Ends a run that calls a forbidden tool.

use probity_trace::{
    FieldNode, TraceEvent,
    genai::{LlmCall, Part, ToolCall, tool_name},
};

use super::{Probe, StopReason};

/// Probe made by [`forbidden_tools`].
#[derive(Debug, Clone)]
pub struct ForbiddenTools {
    names: Vec<String>,
    reason: Option<String>,
}

/// Ends a run that calls one of these tools.
///
/// It ends it at the earliest sign: an answer that asks for the tool, where messages are recorded; else the
/// opening of a span with the tool's name; else the end of the call.
///
/// # Examples
///
/// See [`CaptureProbeExt::probe`](super::CaptureProbeExt::probe).
pub fn forbidden_tools<N: Into<String>>(names: impl IntoIterator<Item = N>) -> ForbiddenTools {
    ForbiddenTools { names: names.into_iter().map(Into::into).collect(), reason: None }
}

impl ForbiddenTools {
    fn see(&mut self, name: &str, what: &str) {
        if self.reason.is_none() && self.names.iter().any(|forbidden| forbidden == name) {
            self.reason = Some(format!("`{name}` was {what}"));
        }
    }
}

impl Probe for ForbiddenTools {
    fn on_trace_event(&mut self, event: &TraceEvent) {
        let fields: &[FieldNode] = match event {
            TraceEvent::SpanOpened(span) => &span.fields,
            TraceEvent::FieldsRecorded { fields, .. } => fields,
            _ => return,
        };
        if let Some(name) = tool_name(fields) {
            self.see(&name, "called");
        }
    }

    fn on_tool_call(&mut self, call: &ToolCall) {
        self.see(&call.name, "called");
    }

    fn on_turn_finished(&mut self, call: &LlmCall) {
        for part in call.output.iter().flat_map(|message| &message.parts) {
            if let Part::ToolCall { name, .. } = part {
                self.see(name, "asked for");
            }
        }
    }

    fn stop(&self) -> Option<StopReason> {
        self.reason.as_ref().map(StopReason::new)
    }

    fn name(&self) -> &'static str {
        "forbidden_tools"
    }
}
