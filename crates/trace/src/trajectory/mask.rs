//! Masks what a program says of a trajectory, as what it records is masked.

use serde_json::{Map, Value};

use crate::redact::{MASK, Redaction};

/// Masks values under secret names, and what has the shape of a secret anywhere else.
pub(super) fn map(redaction: &Redaction, metadata: Map<String, Value>) -> Map<String, Value> {
    let masked = |(key, value): (String, Value)| {
        let value = if is_secret(redaction, &key, &value) {
            Value::String(MASK.to_owned())
        } else {
            of_value(redaction, value)
        };
        (key, value)
    };
    metadata.into_iter().map(masked).collect()
}

/// Masks what has the shape of a secret in a text.
pub(super) fn text(redaction: &Redaction, text: &str) -> String {
    redaction.scrub(text).into_owned()
}

fn of_value(redaction: &Redaction, value: Value) -> Value {
    match value {
        Value::String(string) => Value::String(text(redaction, &string)),
        Value::Array(list) => list.into_iter().map(|item| of_value(redaction, item)).collect(),
        Value::Object(object) => Value::Object(map(redaction, object)),
        other => other,
    }
}

fn is_secret(redaction: &Redaction, key: &str, value: &Value) -> bool {
    let is_plain = value.is_number() || value.is_boolean() || value.is_null();
    redaction.is_secret(key) && !(is_plain && Redaction::is_harmless_number(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_by_name_and_by_shape_however_deep() {
        let metadata = json!({
            "api_key": "abc",
            "nested": [{"password": {"of": "me"}}, "use sk-abcdefghijklmnopqrst"],
            "seed": 1,
            "first_token": 17,
            "note": "harmless",
        });
        let Value::Object(metadata) = metadata else { unreachable!() };
        assert_eq!(
            Value::Object(map(&Redaction::new(), metadata)),
            json!({
                "api_key": MASK,
                "nested": [{"password": MASK}, format!("use {MASK}")],
                "seed": 1,
                "first_token": 17,
                "note": "harmless",
            }),
        );
    }
}
