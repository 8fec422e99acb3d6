//! Reading of texts that may be JSON, with a bound on their depth.

use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

/// The number of levels that what is kept may have. A call with its messages is a few levels more, and
/// readers of JSON commonly stop at 128.
const MAX_DEPTH: usize = 50;

/// Reads a text as JSON.
///
/// # Errors
///
/// If it is no JSON, or nested too deep; the text says what is wrong.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    if is_deeper(&value, MAX_DEPTH) {
        return Err(format!("is nested deeper than {MAX_DEPTH} levels"));
    }
    Ok(value)
}

/// Reads a text as JSON where it is JSON and nothing is lost by it; otherwise it stays a text.
pub(super) fn parse_or_text(text: String) -> Value {
    match parse(&text) {
        // A number that JSON readers round is an identifier in digits rather than a number.
        Ok(Value::Number(number)) if number.to_string() != text.trim() => Value::String(text),
        Ok(value) => value,
        Err(_) => Value::String(text),
    }
}

/// Returns a value as it is, but for a text, which is read as JSON where it is JSON.
pub(super) fn unquoted(value: Value) -> Value {
    match value {
        Value::String(text) => parse_or_text(text),
        other => other,
    }
}

/// Deserializes a value that is there, so that `null` is not taken for one that is missing.
pub(super) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let below = |value: &Value| levels == 0 || is_deeper(value, levels - 1);
    match value {
        Value::Array(items) => items.iter().any(below),
        Value::Object(map) => map.values().any(below),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_read_as_json_only_where_nothing_is_lost() {
        let read = |text: &str| parse_or_text(text.to_owned());
        assert_eq!(read(r#"{"city":"Paris"}"#), json!({"city": "Paris"}));
        assert_eq!(read("17"), json!(17));
        assert_eq!(read(" true "), json!(true));
        assert_eq!(read("sunny"), json!("sunny"));
        assert_eq!(read(""), json!(""));
        assert_eq!(read("12345678901234567890123"), json!("12345678901234567890123"));
        assert_eq!(read("1.50"), json!("1.50"));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).unwrap_err().contains("deeper"));
        assert!(parse(&nested(100_000)).unwrap_err().starts_with("is no JSON"));
    }
}
