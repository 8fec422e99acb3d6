//! JSON values as they are compared: numbers by what they mean, and not at all where something is masked.

use probity_trace::Redaction;
use serde_json::{Number, Value};

/// Returns whether two numbers are the same, however they are written.
pub(crate) fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// Returns the value with each number in one form, so that values which mean the same are equal.
pub(crate) fn in_one_form(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number_in_one_form(number)),
        Value::Array(items) => items.iter().map(in_one_form).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), in_one_form(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// Writes 1.0 as 1; beyond 2^53, where not every whole number is a float, numbers stay.
fn number_in_one_form(number: &Number) -> Number {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number
        .as_f64()
        .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and in range")]
    whole.map_or_else(|| number.clone(), |float| Number::from(float as i64))
}

/// Returns whether a secret in the value is masked, so that the value cannot be compared.
pub(crate) fn holds_mask(value: &Value) -> bool {
    match value {
        Value::String(text) => Redaction::is_masked(text),
        Value::Array(items) => items.iter().any(holds_mask),
        Value::Object(entries) => {
            entries.iter().any(|(key, value)| Redaction::is_masked(key) || holds_mask(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_in_one_form_are_equal_where_their_numbers_are_the_same() {
        for (a, b, expected) in [
            (json!({"n": [1, -2.0]}), json!({"n": [1.0, -2]}), true),
            (json!(0.0), json!(-0.0), true),
            (json!(1.5), json!(1), false),
            (json!("1"), json!(1), false),
        ] {
            assert_eq!(in_one_form(&a) == in_one_form(&b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_mask_is_found_at_any_depth() {
        assert!(holds_mask(&json!({"a": [{"key": "[redacted]"}]})));
        assert!(!holds_mask(&json!({"a": [{"key": "redacted"}, 1, null]})));
    }
}
