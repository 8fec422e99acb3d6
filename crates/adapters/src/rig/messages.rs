//! Turns the messages of a request into those of rig.

use probity_eval::model::ModelError;
use probity_trace::genai::{self, Part, Role};
use rig_core::message::{
    AssistantContent, AssistantMessage, CallId, Message, Reasoning, Text, ToolCall, ToolFunction,
    ToolName, ToolResult, ToolResultContent, UserContent,
};
use serde_json::Value;

use crate::outgoing::{cannot_send, id_of_answer, id_of_call, invalid};

/// Turns a conversation into rig's.
///
/// # Errors
///
/// If a message has a part or a role that rig has no place for, or answers a tool call that is not in the
/// conversation.
pub(super) fn messages(conversation: &[genai::Message]) -> Result<Vec<Message>, ModelError> {
    let mut calls = Calls::default();
    conversation.iter().map(|message| calls.message(message)).collect()
}

/// The names of the tools that were asked for so far; an answer repeats only the identifier.
#[derive(Default)]
struct Calls<'a> {
    names: Vec<(&'a str, &'a str)>,
}

impl<'a> Calls<'a> {
    fn message(&mut self, message: &'a genai::Message) -> Result<Message, ModelError> {
        let parts = message.parts.iter();
        match &message.role {
            Role::System => {
                let texts =
                    parts.map(|part| part.as_text().ok_or_else(|| misplaced(part, "system")));
                Ok(Message::System { content: texts.collect::<Result<Vec<_>, _>>()?.join("\n") })
            }
            Role::User | Role::Tool => {
                let content = parts.map(|part| self.user_part(part)).collect::<Result<_, _>>()?;
                Ok(Message::User { content })
            }
            Role::Assistant => {
                let content =
                    parts.map(|part| self.assistant_part(part)).collect::<Result<_, _>>()?;
                Ok(Message::Assistant(AssistantMessage::new(content)))
            }
            other => Err(invalid(format!("rig knows no role {:?}", other.as_str()))),
        }
    }

    fn user_part(&self, part: &Part) -> Result<UserContent, ModelError> {
        match part {
            Part::Text { content } => Ok(UserContent::Text(Text::new(content))),
            Part::ToolCallResponse { id, response } => {
                self.tool_result(id.as_deref(), response).map(UserContent::ToolResult)
            }
            other => Err(misplaced(other, "user")),
        }
    }

    fn assistant_part(&mut self, part: &'a Part) -> Result<AssistantContent, ModelError> {
        match part {
            Part::Text { content } => Ok(AssistantContent::Text(Text::new(content))),
            Part::Reasoning { content } => Ok(AssistantContent::Reasoning(Reasoning::new(content))),
            Part::ToolCall { id, name, arguments } => {
                let id = id_of_call(id.as_deref(), name)?;
                self.names.push((id, name));
                let function = ToolFunction::new(tool_name(name)?, arguments.clone());
                Ok(AssistantContent::ToolCall(ToolCall::from_wire(id, function)))
            }
            other => Err(misplaced(other, "assistant")),
        }
    }

    fn tool_result(&self, id: Option<&str>, response: &Value) -> Result<ToolResult, ModelError> {
        let id = id_of_answer(id)?;
        let asked = self.names.iter().rfind(|(asked, _)| *asked == id);
        let (_, name) = asked.ok_or_else(|| {
            invalid(format!("the answer of a tool names the call {id:?}, which nobody asked for"))
        })?;
        let content = match response {
            Value::String(text) => ToolResultContent::Text(Text::new(text)),
            value => ToolResultContent::Json { value: value.clone() },
        };
        Ok(ToolResult {
            call: CallId::from_wire(id),
            name: tool_name(name)?,
            content: vec![content],
            is_error: false,
        })
    }
}

/// Returns a name as rig's.
///
/// # Errors
///
/// If it is empty.
pub(super) fn tool_name(name: &str) -> Result<ToolName, ModelError> {
    ToolName::new(name).map_err(|error| invalid(error.to_string()))
}

/// Makes the error of a part that a message of this role cannot have.
fn misplaced(part: &Part, role: &str) -> ModelError {
    let kind = match part {
        Part::Text { .. } => "text",
        Part::Reasoning { .. } => "reasoning",
        Part::ToolCall { .. } => "tool_call",
        Part::ToolCallResponse { .. } => "tool_call_response",
        other => return cannot_send(other),
    };
    invalid(format!("a part of type {kind:?} cannot be sent in a message of role {role:?}"))
}

#[cfg(test)]
mod tests {
    use probity_eval::model::ModelErrorKind;
    use serde_json::json;

    use super::*;

    fn call(id: &str) -> genai::Message {
        let part = json!({"type": "tool_call", "id": id, "name": "get_weather", "arguments": {"city": "Oslo"}});
        genai::Message::new(Role::Assistant, vec![serde_json::from_value(part).unwrap()])
    }

    #[test]
    fn a_conversation_with_a_tool_keeps_its_order_and_its_names() {
        let conversation = [
            genai::Message::text(Role::System, "Be terse."),
            genai::Message::text(Role::User, "How warm is Oslo?"),
            call("call_1"),
            genai::Message::tool_response("call_1", json!({"temp_c": 7})),
            genai::Message::text(Role::Assistant, "7 degrees."),
        ];
        let [
            Message::System { content },
            Message::User { .. },
            Message::Assistant(asked),
            Message::User { content: answer },
            Message::Assistant(_),
        ] = &messages(&conversation).unwrap()[..]
        else {
            panic!("another order")
        };
        assert_eq!(content, "Be terse.");
        let [AssistantContent::ToolCall(asked)] = &asked.content[..] else { panic!("no call") };
        assert_eq!(asked.function.arguments_value(), json!({"city": "Oslo"}));
        let [UserContent::ToolResult(result)] = &answer[..] else { panic!("no result") };
        assert_eq!((result.call.to_string(), &*result.name), ("call_1".into(), "get_weather"));
        assert_eq!(result.content, [ToolResultContent::Json { value: json!({"temp_c": 7}) }]);
    }

    #[test]
    fn what_rig_has_no_place_for_is_refused_by_name() {
        let image = json!({"type": "blob", "modality": "image", "content": "aGk="});
        let image = serde_json::from_value::<Part>(image).unwrap();
        let answer = genai::Message::tool_response("call_2", "sunny");
        let table = [
            (
                genai::Message::new(Role::User, vec![image]),
                "a part of type \"blob\" cannot be sent",
            ),
            (
                genai::Message::text(Role::Other("critic".into()), "No."),
                "rig knows no role \"critic\"",
            ),
            (answer, "the answer of a tool names the call \"call_2\", which nobody asked for"),
        ];
        for (message, expected) in table {
            let error = messages(&[call("call_1"), message]).unwrap_err();
            assert_eq!(error.kind, ModelErrorKind::InvalidRequest);
            assert!(error.message().starts_with(expected), "{error}");
        }
    }
}
