//! Opens what a provider was sent and what it answered, where an emitter recorded it as it was.

use serde_json::{Map, Value};

use super::provider_usage::{self, Said};

type Object = Map<String, Value>;

/// What a request or an answer says beside its messages.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) model: Option<String>,
    pub(super) response_id: Option<String>,
    pub(super) previous_response_id: Option<String>,
    pub(super) usage: Said,
}

/// Returns the messages in what was recorded: those of a request or an answer of a provider, or a
/// list of them, or a single one; `None` if it is nothing of the kind.
pub(super) fn messages(value: Value) -> Option<Value> {
    match value {
        Value::Object(object) => of_object(object),
        Value::Array(items) => {
            let is_text = items.iter().all(Value::is_string);
            (is_text || items.iter().any(is_message)).then_some(Value::Array(items))
        }
        _ => None,
    }
}

/// Returns what a request says beside its messages.
pub(super) fn request(value: &Value) -> Facts {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Facts {
        model: text("model"),
        previous_response_id: text("previous_response_id"),
        ..Facts::default()
    }
}

/// Returns what an answer says beside its messages.
pub(super) fn answer(value: &Value) -> Facts {
    let keys = ["choices", "output", "stop_reason", "message", "combined_chunk_content"];
    let is_answer = keys.iter().any(|key| value.get(key).is_some());
    if !is_answer {
        return Facts::default();
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let usage = value.get("usage").and_then(Value::as_object);
    Facts {
        model: text("model"),
        response_id: text("id"),
        usage: usage.map(provider_usage::of).unwrap_or_default(),
        ..Facts::default()
    }
}

fn is_message(value: &Value) -> bool {
    ["role", "parts", "message"].iter().any(|key| value.get(key).is_some())
        || value.get("type").is_some_and(Value::is_string)
}

fn of_object(mut object: Object) -> Option<Value> {
    let is_list = |key: &str| object.get(key).is_some_and(Value::is_array);
    let names_model = object.contains_key("model");
    if is_list("choices") {
        return object.remove("choices");
    }
    if is_list("output") && (names_model || object.contains_key("status")) {
        return of_responses(object.remove("output")?, &object);
    }
    if is_list("messages") {
        let messages = object.remove("messages")?;
        return Some(after("system", &mut object, messages));
    }
    if let (true, Some(input)) = (names_model, object.remove("input")) {
        return Some(after("instructions", &mut object, input));
    }
    let is_prompt = names_model || object.keys().all(|key| ["prompt", "system"].contains(&&**key));
    if let (true, Some(prompt @ (Value::String(_) | Value::Array(_)))) =
        (is_prompt, object.remove("prompt"))
    {
        return Some(after("system", &mut object, prompt));
    }
    if let Some(text @ Value::String(_)) = object.remove("combined_chunk_content") {
        return Some(Value::Array(vec![text]));
    }
    if names_model && object.keys().all(|key| ["model", "stream"].contains(&&**key)) {
        return Some(Value::Array(Vec::new()));
    }
    let object = Value::Object(object);
    is_message(&object).then(|| Value::Array(vec![object]))
}

/// Puts what the model is told under a key of its own before the messages.
fn after(key: &str, object: &mut Object, messages: Value) -> Value {
    let mut all = Vec::new();
    if let Some(told @ (Value::String(_) | Value::Array(_))) = object.remove(key) {
        all.push(message("system", told));
    }
    match messages {
        Value::Array(items) => all.extend(items),
        single => all.push(single),
    }
    Value::Array(all)
}

/// Makes one message of the items that `OpenAI` answers with in its Responses API.
fn of_responses(output: Value, answer: &Object) -> Option<Value> {
    let Value::Array(items) = output else { return None };
    if !items.iter().all(|item| item.get("type").is_some_and(Value::is_string)) {
        return None;
    }
    let is_call = |item: &Value| item.get("type").and_then(Value::as_str) == Some("function_call");
    let calls = items.iter().any(is_call);
    let parts = items.into_iter().flat_map(parts_of).collect();
    let status = answer.get("status").and_then(Value::as_str);
    let cut = answer.get("incomplete_details").and_then(|details| details.get("reason")?.as_str());
    let reason = if calls { Some("tool_calls") } else { cut.or(status) };
    let mut message = message("assistant", Value::Array(parts));
    if let (Some(reason), Some(message)) = (reason, message.as_object_mut()) {
        message.insert("finish_reason".to_owned(), reason.into());
    }
    Some(Value::Array(vec![message]))
}

/// Returns the parts of a message, or an item that is a part itself.
fn parts_of(mut item: Value) -> Vec<Value> {
    let is_message = item.get("role").is_some();
    match item.get_mut("content") {
        Some(Value::Array(content)) if is_message => std::mem::take(content),
        _ => vec![item],
    }
}

fn message(role: &str, content: Value) -> Value {
    let entries = [("role".to_owned(), role.into()), ("content".to_owned(), content)];
    Value::Object(entries.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: Value, expected: &Value) {
        assert_eq!(messages(body).as_ref(), Some(expected));
    }

    #[test]
    fn requests_are_their_messages_with_the_instructions_before_them() {
        let said = json!([{"role": "user", "content": "hi"}]);
        let told =
            json!([{"role": "system", "content": "Be terse."}, {"role": "user", "content": "hi"}]);
        check(json!({"model": "m", "messages": said, "stream": true}), &said);
        check(json!({"model": "m", "system": "Be terse.", "messages": said}), &told);
        check(json!({"model": "m", "instructions": "Be terse.", "input": said}), &told);
        check(json!({"model": "m", "input": "hi"}), &json!(["hi"]));
        check(json!({"prompt": "hi"}), &json!(["hi"]));
        check(json!({"model": "m", "stream": true}), &json!([]));
    }

    #[test]
    fn answers_are_their_messages() {
        let choice =
            json!({"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"});
        check(json!({"id": "r", "choices": [choice]}), &json!([choice]));
        check(json!({"combined_chunk_content": "ok", "chunk_count": 2}), &json!(["ok"]));
        let message =
            json!({"id": "r", "role": "assistant", "content": [], "stop_reason": "end_turn"});
        check(message.clone(), &json!([message]));
        check(
            json!({"status": "completed", "output": [
                {"type": "reasoning", "summary": []},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "ok"}]},
            ]}),
            &json!([{"role": "assistant", "finish_reason": "completed", "content": [
                {"type": "reasoning", "summary": []}, {"type": "output_text", "text": "ok"},
            ]}]),
        );
    }

    #[test]
    fn anything_else_is_left_to_be_a_text() {
        for other in
            [json!({"q": "hi"}), json!({"input": "hi"}), json!([1, 2]), json!({}), json!(3)]
        {
            assert_eq!(messages(other), None);
        }
        assert_eq!(messages(json!({"output": [1]})), None);
        assert_eq!(messages(json!({"model": "m", "output": [1]})), None);
    }
}
