//! What agents and models were given and answered, as messages of the OpenTelemetry GenAI conventions.

use serde_json::Value as Json;

/// Returns JSON as messages: messages stay as they are, a text is the content of one message of this
/// role, `null` is no message, and anything else is the content as JSON.
pub(super) fn messages(json: &str, role: &str) -> String {
    if json == "null" {
        return "[]".to_owned();
    }
    if json.starts_with(['[', '{']) {
        match serde_json::from_str::<Json>(json) {
            Ok(Json::Array(list)) if !list.is_empty() && list.iter().all(is_message) => {
                return json.to_owned();
            }
            Ok(message) if is_message(&message) => return format!("[{json}]"),
            _ => {}
        }
    }
    let content =
        if json.starts_with('"') { json.to_owned() } else { Json::from(json).to_string() };
    format!(r#"[{{"role":"{role}","parts":[{{"type":"text","content":{content}}}]}}]"#)
}

/// Joins JSON strings to one.
#[cfg(feature = "macros")]
pub(super) fn joined(texts: &[String]) -> String {
    let parts = texts.iter().filter_map(|text| serde_json::from_str::<String>(text).ok());
    Json::from(parts.collect::<String>()).to_string()
}

fn is_message(json: &Json) -> bool {
    let has = |key: &str| json.get(key).is_some();
    json.get("role").is_some_and(Json::is_string)
        && (has("parts") || has("content") || has("tool_calls"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let written: Json = serde_json::from_str(&messages(json, "user")).unwrap();
        assert_eq!(written, serde_json::from_str::<Json>(expected).unwrap());
    }

    #[test]
    fn texts_and_data_become_one_message_and_messages_stay() {
        check(r#""hi""#, r#"[{"role":"user","parts":[{"type":"text","content":"hi"}]}]"#);
        check(r#"{"a":1}"#, r#"[{"role":"user","parts":[{"type":"text","content":"{\"a\":1}"}]}]"#);
        check("3", r#"[{"role":"user","parts":[{"type":"text","content":"3"}]}]"#);
        check("[]", r#"[{"role":"user","parts":[{"type":"text","content":"[]"}]}]"#);
        check("null", "[]");
        let one = r#"{"role":"system","content":"x"}"#;
        check(one, &format!("[{one}]"));
        check(&format!("[{one},{one}]"), &format!("[{one},{one}]"));
    }
}
