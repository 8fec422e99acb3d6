//! Reads the parts of messages, in the shapes that conventions and providers give them.

use serde_json::{Map, Value};

use super::{Part, json};

type Object = Map<String, Value>;

/// Where a tool call has its identifier. `OpenAI`'s Responses API has one of the item beside it.
const CALL_IDS: &[&str] = &["call_id", "id", "tool_call_id", "toolCallId"];

/// Reads one part.
///
/// # Errors
///
/// If it is neither a text nor an object; the text says what it is.
pub(super) fn part(value: Value) -> Result<Part, String> {
    match value {
        Value::String(content) => Ok(Part::Text { content }),
        Value::Object(object) => Ok(of_object(object)),
        other => Err(format!("a part is {}, not a text or an object", kind(&other))),
    }
}

fn of_object(object: Object) -> Part {
    let object = inner(object, "message_content");
    let read = match object.get("type").and_then(Value::as_str) {
        Some("text" | "input_text" | "output_text") => text(&object),
        Some("refusal") => first_text(&object, &["refusal"]).map(Part::text),
        Some("reasoning" | "thinking") => reasoning(&object),
        Some("tool_call" | "tool-call" | "tool_use" | "function_call" | "function") => {
            tool_call(&object)
        }
        Some("tool_call_response" | "tool_result" | "tool-result" | "function_call_output") => {
            Some(tool_response(&object))
        }
        Some(_) => None,
        None => text(&object).or_else(|| tool_call(&object)),
    };
    read.unwrap_or_else(|| Part::from(object))
}

/// Reads a tool call of a list of them, such as `tool_calls` of `OpenAI`.
pub(super) fn listed_tool_call(value: Value) -> Result<Part, String> {
    match value {
        Value::Object(object) => {
            let object = inner(object, "tool_call");
            Ok(tool_call(&object).unwrap_or_else(|| Part::from(object)))
        }
        other => Err(format!("a tool call is {}, not an object", kind(&other))),
    }
}

fn text(object: &Object) -> Option<Part> {
    first_text(object, &["content", "text"]).map(Part::text)
}

fn reasoning(object: &Object) -> Option<Part> {
    let content = first_text(object, &["content", "thinking", "reasoning", "text"]);
    let of_list = || ["content", "summary"].iter().find_map(|key| texts(object.get(*key)?));
    content.map(thought).or_else(|| of_list().map(|content| Part::Reasoning { content }))
}

/// Makes a part of reasoning of a text, or of the texts in a list that was written as JSON.
pub(super) fn thought(text: &str) -> Part {
    let listed = if text.starts_with("[{") { json::parse(text).ok() } else { None };
    let content = listed.as_ref().and_then(texts);
    Part::Reasoning { content: content.unwrap_or_else(|| text.to_owned()) }
}

/// Reads reasoning that a message has beside its content, in any form; `None` if there is none.
pub(super) fn any_thought(key: &str, value: Value) -> Option<Part> {
    let read = match &value {
        Value::String(text) if !text.is_empty() => Some(thought(text)),
        Value::Object(object) => reasoning(object),
        list => texts(list).map(|content| Part::Reasoning { content }),
    };
    read.or_else(|| apart(key, value))
}

/// Reads that a model refused to answer, which is a text; `None` if it did not.
pub(super) fn refusal(value: Value) -> Option<Part> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Part::Text { content: text }),
        other => apart("refusal", other),
    }
}

/// Makes a part of what a message has under a key of its own; `None` of what says nothing.
pub(super) fn apart(key: &str, value: Value) -> Option<Part> {
    let says_nothing = match &value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    };
    let part = || [("type".to_owned(), key.into()), (key.to_owned(), value)].into_iter().collect();
    (!says_nothing).then(|| Part::Other(part()))
}

/// Returns the texts of a list of them, joined; `None` if it is no such list.
fn texts(list: &Value) -> Option<String> {
    let items = list.as_array().filter(|items| !items.is_empty())?;
    items.iter().map(|item| item.get("text")?.as_str()).collect()
}

/// Returns the object that is all there is in another, or else this one.
fn inner(mut object: Object, key: &str) -> Object {
    match object.get_mut(key) {
        Some(Value::Object(inner)) => std::mem::take(inner),
        _ => object,
    }
}

/// Reads a call whose name and arguments are its own or, as in `OpenAI`'s form, those of its function.
fn tool_call(object: &Object) -> Option<Part> {
    let function = object.get("function").and_then(Value::as_object).unwrap_or(object);
    let name = first_text(function, &["name", "toolName"])?.to_owned();
    let arguments = first(function, &["arguments", "input", "args"]);
    let arguments = json::unquoted(arguments.cloned().unwrap_or_default());
    Some(Part::ToolCall { id: id(object, CALL_IDS), name, arguments })
}

fn tool_response(object: &Object) -> Part {
    let id = id(object, &["call_id", "tool_use_id", "id", "tool_call_id", "toolCallId"]);
    let response = first(object, &["response", "result", "content", "output"]);
    let response = response.cloned().map(opened).unwrap_or_default();
    Part::ToolCallResponse { id, response: answer(response) }
}

/// Returns what Vercel's AI SDK wraps into an object of a type and a value.
fn opened(mut output: Value) -> Value {
    const TYPES: &[&str] = &["json", "text", "content", "error-json", "error-text"];
    let known = output.get("type").and_then(Value::as_str).is_some_and(|it| TYPES.contains(&it));
    match output.get_mut("value") {
        Some(value) if known => value.take(),
        _ => output,
    }
}

/// Returns what a tool answered: the texts of a list of texts, joined, and anything else as it is. A text that is
/// JSON is read, as it is where a span records what the tool answered.
pub(super) fn answer(content: Value) -> Value {
    let text = |item: &Value| {
        let is_text = item.get("type").and_then(Value::as_str) == Some("text");
        is_text.then(|| item.get("text")?.as_str().map(str::to_owned))?
    };
    let texts = match &content {
        Value::Array(items) if !items.is_empty() => items.iter().map(text).collect(),
        _ => None::<Vec<String>>,
    };
    json::unquoted(texts.map_or(content, |texts| Value::String(texts.concat())))
}

/// Returns the identifier under the first of these keys that has one; numbers are identifiers too.
pub(super) fn id(object: &Object, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match object.get(*key)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    })
}

fn first<'a>(object: &'a Object, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| object.get(*key))
}

fn first_text<'a>(object: &'a Object, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| object.get(*key)?.as_str())
}

/// Names the type of a value.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(written: Value, expected: &Part) {
        assert_eq!(&part(written).unwrap(), expected);
    }

    fn call(id: Option<&str>, arguments: Value) -> Part {
        Part::ToolCall { id: id.map(str::to_owned), name: "weather".to_owned(), arguments }
    }

    #[test]
    fn texts_and_reasoning_are_read_in_every_shape() {
        check(json!("hi"), &Part::text("hi"));
        check(json!({"type": "text", "content": "hi"}), &Part::text("hi"));
        check(json!({"type": "text", "text": "hi"}), &Part::text("hi"));
        check(json!({"content": "hi"}), &Part::text("hi"));
        let thought = Part::Reasoning { content: "hm".to_owned() };
        check(json!({"type": "reasoning", "content": "hm"}), &thought);
        check(json!({"type": "thinking", "thinking": "hm", "signature": "x"}), &thought);
    }

    #[test]
    fn tool_calls_are_read_in_every_shape() {
        let city = json!({"city": "Oslo"});
        check(
            json!({"type": "tool_call", "id": "c1", "name": "weather", "arguments": city}),
            &call(Some("c1"), city.clone()),
        );
        check(
            json!({"type": "tool_use", "id": "c1", "name": "weather", "input": city}),
            &call(Some("c1"), city.clone()),
        );
        check(
            json!({"id": 1, "type": "function",
                   "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}}),
            &call(Some("1"), city),
        );
        check(json!({"type": "tool_call", "name": "weather"}), &call(None, Value::Null));
        check(
            json!({"type": "tool_call", "name": "weather", "arguments": "{\"city"}),
            &call(None, json!("{\"city")),
        );
    }

    #[test]
    fn answers_of_tools_are_read_in_every_shape() {
        let answer =
            Part::ToolCallResponse { id: Some("c1".to_owned()), response: json!({"temp": 18}) };
        for (id, response) in [("id", "response"), ("id", "result"), ("tool_use_id", "content")] {
            check(json!({"type": "tool_call_response", id: "c1", response: {"temp": 18}}), &answer);
        }
        check(
            json!({"type": "tool_result", "tool_use_id": "c2",
                   "content": [{"type": "text", "text": "18 "}, {"type": "text", "text": "degrees"}]}),
            &Part::ToolCallResponse { id: Some("c2".to_owned()), response: json!("18 degrees") },
        );
        check(
            json!({"type": "tool_result"}),
            &Part::ToolCallResponse { id: None, response: Value::Null },
        );
    }

    #[test]
    fn parts_of_other_kinds_stay_as_they_are() {
        for other in
            [json!({"type": "blob", "content": "aGk="}), json!({"type": "text"}), json!({})]
        {
            assert_eq!(
                part(other.clone()).unwrap(),
                Part::Other(other.as_object().unwrap().clone())
            );
        }
        assert!(part(json!(3)).unwrap_err().contains("a number"));
    }

    #[test]
    fn every_part_comes_back_from_its_own_json() {
        for written in [
            json!({"type": "text", "content": 3}),
            json!({"type": "tool_call", "name": 3}),
            json!({"type": "tool_call", "name": "x", "id": {}}),
            json!({"type": "tool_call_response", "id": 3, "response": 1, "result": 2}),
            json!({"type": "reasoning"}),
            json!({"type": 3, "content": "x"}),
            json!({"type": "tool_call", "name": "x", "function": {"foo": 1}}),
            json!({"type": "refusal", "refusal": "no"}),
            json!({"type": "refusal", "refusal": 3}),
        ] {
            comes_back(&part(written).unwrap());
        }
        for listed in [json!({"type": "text", "content": "hi"}), json!({"tool_call": {}})] {
            comes_back(&listed_tool_call(listed).unwrap());
        }
        for beside in [json!("hm"), json!({"text": "hm"}), json!({"effort": 3}), json!([1])] {
            comes_back(&any_thought("reasoning", beside).unwrap());
        }
    }

    #[track_caller]
    fn comes_back(read: &Part) {
        let again: Part = serde_json::from_value(serde_json::to_value(read).unwrap()).unwrap();
        assert_eq!(&again, read);
    }
}
