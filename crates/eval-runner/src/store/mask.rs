//! Keeps secrets out of what is stored beside the traces, which mask their own.

use std::{borrow::Cow, sync::LazyLock};

use probity_trace::Redaction;
use serde_json::{Map, Value};

/// What stands in the place of a secret.
const MASK: &str = "[redacted]";

static REDACTION: LazyLock<Redaction> = LazyLock::new(Redaction::new);

/// Masks texts that look like secrets.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    // Masking is costly, and no secret is that short.
    if text.len() < 8 { Cow::Borrowed(text) } else { REDACTION.scrub(text) }
}

/// Masks texts that look like secrets, and those under the names of secrets.
pub(super) fn json(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::String(string) => match text(string) {
            Cow::Borrowed(_) => Cow::Borrowed(value),
            Cow::Owned(masked) => Cow::Owned(Value::String(masked)),
        },
        Value::Array(items) => {
            let masked: Vec<_> = items.iter().map(json).collect();
            if masked.iter().all(|item| matches!(item, Cow::Borrowed(_))) {
                return Cow::Borrowed(value);
            }
            Cow::Owned(masked.into_iter().map(Cow::into_owned).collect())
        }
        Value::Object(entries) => object(value, entries),
        Value::Null | Value::Bool(_) | Value::Number(_) => Cow::Borrowed(value),
    }
}

fn object<'a>(whole: &'a Value, entries: &'a Map<String, Value>) -> Cow<'a, Value> {
    let masked: Vec<_> = entries
        .iter()
        .map(|(name, value)| match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => (name, Cow::Borrowed(value)),
            _ if REDACTION.is_secret(name) => (name, Cow::Owned(Value::String(MASK.to_owned()))),
            _ => (name, json(value)),
        })
        .collect();
    if masked.iter().all(|(_, value)| matches!(value, Cow::Borrowed(_))) {
        return Cow::Borrowed(whole);
    }
    Cow::Owned(masked.into_iter().map(|(name, value)| (name.clone(), value.into_owned())).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_by_name_and_by_shape_at_any_depth() {
        let value = json!({
            "api_key": "abc",
            "tokens": 7,
            "steps": [{"said": "use sk-abcdefghijklmnopqrstuv now"}, "plain"],
        });
        let masked = json(&value);
        assert_eq!(masked["api_key"], "[redacted]");
        assert_eq!(masked["tokens"], 7);
        let said = masked["steps"][0]["said"].as_str().unwrap();
        assert!(!said.contains("abcdefghij"), "{said}");
        assert_eq!(masked["steps"][1], "plain");
    }

    #[test]
    fn what_has_no_secrets_is_not_copied() {
        assert!(matches!(json(&json!({"a": ["plain", 1, null]})), Cow::Borrowed(_)));
    }
}
