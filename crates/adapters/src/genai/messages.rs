//! Messages as `genai` takes them.

use std::collections::HashMap;

use ::genai::chat::{ChatMessage, ChatRole, ContentPart, MessageContent, ToolCall, ToolResponse};
use probity_eval::model::ModelError;
use probity_trace::genai::{Message, Part, Role};

use crate::outgoing::{cannot_send, id_of_answer, id_of_call, invalid, text};

/// Makes the messages that are sent of those that were said. What the model thought is not sent back:
/// providers want it signed, and a transcript has no signatures.
pub(super) fn sent(messages: &[Message]) -> Result<Vec<ChatMessage>, ModelError> {
    // Some providers want an answer to name its tool.
    let names = names_of_calls(messages);
    let mut sent = Vec::with_capacity(messages.len());
    for message in messages {
        let mut own = Vec::new();
        let mut answers = Vec::new();
        for part in &message.parts {
            match part {
                Part::Text { content } => own.push(ContentPart::Text(content.clone())),
                Part::Reasoning { .. } => {}
                Part::ToolCall { id, name, arguments } => {
                    own.push(ContentPart::ToolCall(ToolCall {
                        call_id: id_of_call(id.as_deref(), name)?.to_owned(),
                        fn_name: name.clone(),
                        fn_arguments: arguments.clone(),
                        thought_signatures: None,
                    }));
                }
                Part::ToolCallResponse { id, response } => {
                    let id = id_of_answer(id.as_deref())?;
                    let answer = ToolResponse::new(id, text(response));
                    answers.push(match names.get(id) {
                        Some(name) => answer.with_fn_name(*name),
                        None => answer,
                    });
                }
                other => return Err(cannot_send(other)),
            }
        }
        if !answers.is_empty() {
            sent.push(ChatMessage::from(answers));
        }
        if !own.is_empty() || message.parts.is_empty() {
            sent.push(ChatMessage::new(role(&message.role)?, MessageContent::from_parts(own)));
        }
    }
    Ok(sent)
}

fn names_of_calls(messages: &[Message]) -> HashMap<&str, &str> {
    let parts = messages.iter().flat_map(|message| &message.parts);
    let call = |part| match part {
        &Part::ToolCall { id: Some(ref id), ref name, .. } => Some((id.as_str(), name.as_str())),
        _ => None,
    };
    parts.filter_map(call).collect()
}

fn role(role: &Role) -> Result<ChatRole, ModelError> {
    match role {
        Role::System => Ok(ChatRole::System),
        Role::User => Ok(ChatRole::User),
        Role::Assistant => Ok(ChatRole::Assistant),
        Role::Tool => Ok(ChatRole::Tool),
        other => Err(invalid(format!(
            "genai knows no role {:?}; system, user, assistant and tool are known",
            other.as_str()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_names_the_tool_whose_call_it_answers() {
        let call = Part::ToolCall {
            id: Some("call_1".to_owned()),
            name: "get_weather".to_owned(),
            arguments: json!({"city": "Paris"}),
        };
        let messages = [
            Message::new(Role::Assistant, vec![Part::Reasoning { content: "hm".to_owned() }, call]),
            Message::tool_response("call_1", json!({"temp_c": 18})),
        ];
        let sent = sent(&messages).unwrap();
        assert_eq!(sent[0].content.tool_calls()[0].fn_arguments, json!({"city": "Paris"}));
        assert!(!sent[0].content.contains_reasoning_content());
        let answer = sent[1].content.tool_responses()[0].clone();
        assert_eq!(answer.fn_name.as_deref(), Some("get_weather"));
        assert_eq!(answer.content, r#"{"temp_c":18}"#);
    }

    #[test]
    fn an_unknown_role_is_an_error() {
        let message = Message::text(Role::Other("critic".to_owned()), "x");
        let error = sent(&[message]).unwrap_err();
        assert!(error.message().contains("no role \"critic\""), "{error}");
    }
}
