//! What a view says, as plain values that can be compared field by field.

use probity_trace::genai::{GenAi, LlmCall, Message, Part};
use serde_json::{Map, Value, json};

/// Returns each field by its name. Those of calls are of the calls that succeeded, in order.
pub(super) fn facts(genai: &GenAi) -> Map<String, Value> {
    let answered: Vec<&LlmCall> =
        genai.llm_calls().iter().filter(|call| call.error.is_none()).collect();
    let each = |field: fn(&LlmCall) -> Value| -> Value {
        answered.iter().map(|call| field(call)).collect()
    };
    let failed = genai.llm_calls().iter().find_map(|call| call.error.as_ref());
    let tool = genai.tool_calls().first();
    let messages = genai.messages();
    let facts = json!({
        "calls": genai.llm_calls().len(),
        "operations": each(|call| json!(call.operation)),
        "provider": each(|call| json!(call.provider)),
        "request_model": each(|call| json!(call.request_model)),
        "response_model": each(|call| json!(call.response_model)),
        "response_id": each(|call| json!(call.response_id)),
        "messages": messages.iter().map(message).collect::<Value>(),
        "finish": each(|call| json!(call.finish_reasons.first())),
        "input": each(|call| json!(call.usage.input_tokens)),
        "output": each(|call| json!(call.usage.output_tokens)),
        "cache_read": each(|call| json!(call.usage.cache_read_input_tokens)),
        "cache_write": each(|call| json!(call.usage.cache_write_input_tokens)),
        "reasoning": each(|call| json!(call.usage.reasoning_output_tokens)),
        "first_token_ms": answered.first().map_or(Value::Null, |call| {
            json!(call.time_to_first_token.map(|time| time.as_millis()))
        }),
        "conversation": genai.conversation_id(),
        "agents": genai.agents().iter().map(|agent| json!(agent.name)).collect::<Value>(),
        "agent_answer": genai.agents().first().map_or(Value::Null, |agent| {
            agent.output.iter().map(message).collect()
        }),
        "agent_of_call": answered.first().map_or(Value::Null, |call| json!(call.agent)),
        "tools": genai.tool_calls().len(),
        "tool_name": tool.map_or(Value::Null, |tool| json!(tool.name)),
        "tool_id": tool.map_or(Value::Null, |tool| json!(tool.id)),
        "tool_arguments": tool.map_or(Value::Null, |tool| json!(tool.arguments)),
        "tool_result": tool.map_or(Value::Null, |tool| json!(tool.result)),
        "tool_span": tool.and_then(|tool| tool.duration.map(|_| true)),
        "error_type": failed.map(|error| error.error_type.clone()),
        "error_message": failed.map(|error| error.message.clone()),
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// Writes a message as its role and parts: texts as they are, calls by name.
fn message(message: &Message) -> Value {
    let parts = message.parts.iter().map(|part| match part {
        Part::Text { content } => json!(content),
        Part::Reasoning { content } => json!({"thought": content}),
        Part::ToolCall { id, name, arguments } => {
            json!({"call": name, "id": id, "with": arguments})
        }
        Part::ToolCallResponse { id, response } => json!({"id": id, "answer": response}),
        other => json!(other),
    });
    json!({message.role.as_str(): parts.collect::<Value>()})
}
