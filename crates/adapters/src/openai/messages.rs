//! Messages as chat completions take them.

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls,
    ChatCompletionRequestAssistantMessage, ChatCompletionRequestAssistantMessageContent,
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestSystemMessageContent, ChatCompletionRequestToolMessage,
    ChatCompletionRequestToolMessageContent, ChatCompletionRequestUserMessage,
    ChatCompletionRequestUserMessageContent, FunctionCall,
};
use probity_eval::model::ModelError;
use probity_trace::genai::{Message, Part, Role};
use serde_json::Value;

use crate::outgoing::{cannot_send, id_of_answer, id_of_call, invalid, text};

/// Makes the messages that are sent of those that were said.
///
/// Answers of tools become messages of their own. What the model thought is not sent back: chat
/// completions have no place for it.
pub(super) fn sent(messages: &[Message]) -> Result<Vec<ChatCompletionRequestMessage>, ModelError> {
    let mut sent = Vec::with_capacity(messages.len());
    for message in messages {
        let parts = Parts::of(message)?;
        sent.extend(parts.answers.into_iter().map(ChatCompletionRequestMessage::Tool));
        let is_empty = parts.text.is_none() && parts.calls.is_empty();
        if message.role == Role::Tool || (is_empty && !message.parts.is_empty()) {
            continue;
        }
        sent.push(own(&message.role, parts.text, parts.calls, message.name.clone())?);
    }
    Ok(sent)
}

/// What a message says, by kind.
#[derive(Default)]
struct Parts {
    text: Option<String>,
    calls: Vec<ChatCompletionMessageToolCalls>,
    answers: Vec<ChatCompletionRequestToolMessage>,
}

impl Parts {
    fn of(message: &Message) -> Result<Self, ModelError> {
        let mut parts = Self::default();
        for part in &message.parts {
            match part {
                Part::Text { content } => parts.text.get_or_insert_default().push_str(content),
                Part::Reasoning { .. } => {}
                Part::ToolCall { id, name, arguments } => {
                    parts.calls.push(call(id.as_deref(), name, arguments)?);
                }
                Part::ToolCallResponse { id, response } => {
                    parts.answers.push(answer(id.as_deref(), response)?);
                }
                other => return Err(cannot_send(other)),
            }
        }
        Ok(parts)
    }
}

fn own(
    role: &Role,
    text: Option<String>,
    calls: Vec<ChatCompletionMessageToolCalls>,
    name: Option<String>,
) -> Result<ChatCompletionRequestMessage, ModelError> {
    Ok(match role {
        Role::System => {
            let content = ChatCompletionRequestSystemMessageContent::Text(text.unwrap_or_default());
            ChatCompletionRequestMessage::System(ChatCompletionRequestSystemMessage {
                content,
                name,
            })
        }
        Role::User => {
            let content = ChatCompletionRequestUserMessageContent::Text(text.unwrap_or_default());
            ChatCompletionRequestMessage::User(ChatCompletionRequestUserMessage { content, name })
        }
        Role::Assistant => {
            let has_calls = !calls.is_empty();
            let text = text.or_else(|| (!has_calls).then(String::new));
            ChatCompletionRequestMessage::Assistant(ChatCompletionRequestAssistantMessage {
                content: text.map(ChatCompletionRequestAssistantMessageContent::Text),
                tool_calls: has_calls.then_some(calls),
                name,
                ..ChatCompletionRequestAssistantMessage::default()
            })
        }
        other => {
            return Err(invalid(format!(
                "chat completions know no role {:?}; system, user, assistant and tool are known",
                other.as_str()
            )));
        }
    })
}

fn call(
    id: Option<&str>,
    name: &str,
    arguments: &Value,
) -> Result<ChatCompletionMessageToolCalls, ModelError> {
    let id = id_of_call(id, name)?;
    let function = FunctionCall { name: name.to_owned(), arguments: text(arguments) };
    let call = ChatCompletionMessageToolCall { id: id.to_owned(), function };
    Ok(ChatCompletionMessageToolCalls::Function(call))
}

fn answer(
    id: Option<&str>,
    response: &Value,
) -> Result<ChatCompletionRequestToolMessage, ModelError> {
    let id = id_of_answer(id)?;
    let content = ChatCompletionRequestToolMessageContent::Text(text(response));
    Ok(ChatCompletionRequestToolMessage { content, tool_call_id: id.to_owned() })
}

#[cfg(test)]
mod tests {
    use probity_eval::model::ModelErrorKind;
    use serde_json::json;

    use super::*;

    fn json_of(messages: &[Message]) -> Value {
        serde_json::to_value(sent(messages).unwrap()).unwrap()
    }

    #[test]
    fn a_conversation_with_a_tool_is_sent_in_the_provider_s_form() {
        let call = Part::ToolCall {
            id: Some("call_1".to_owned()),
            name: "get_weather".to_owned(),
            arguments: json!({"city": "Paris"}),
        };
        let thought = Part::Reasoning { content: "hm".to_owned() };
        let messages = [
            Message::text(Role::System, "Be brief."),
            Message::text(Role::User, "Weather?"),
            Message::new(Role::Assistant, vec![thought, call]),
            Message::tool_response("call_1", json!({"temp_c": 18})),
        ];
        assert_eq!(
            json_of(&messages),
            json!([
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Weather?"},
                {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function",
                    "function": {"name": "get_weather", "arguments": "{\"city\":\"Paris\"}"}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": "{\"temp_c\":18}"},
            ])
        );
    }

    #[test]
    fn what_cannot_be_sent_is_an_error_that_says_so() {
        let image = Part::Other(json!({"type": "blob"}).as_object().unwrap().clone());
        let nameless = Part::ToolCallResponse { id: None, response: json!(1) };
        for (message, expected) in [
            (Message::new(Role::User, vec![image]), "a part of type \"blob\""),
            (Message::new(Role::Tool, vec![nameless]), "has no id of the call"),
            (Message::text(Role::Other("critic".to_owned()), "x"), "no role \"critic\""),
        ] {
            let error = sent(&[message]).unwrap_err();
            assert_eq!(error.kind, ModelErrorKind::InvalidRequest);
            assert!(error.message().contains(expected), "{error}");
        }
    }
}
