//! Texts and JSON as the page shows them: masked, and cut to a size.

use std::borrow::Cow;

use probity_trace::Redaction;
use serde::Serialize;
use serde_json::{Map, Value};

/// What stands in the place of a secret, as in a trace.
const MASK: &str = "[redacted]";

/// A text that the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Shown {
    /// The text, masked and cut.
    #[serde(rename = "t")]
    pub(super) text: String,
    /// Whether it is JSON.
    #[serde(rename = "j", skip_serializing_if = "is_false")]
    pub(super) json: bool,
    /// How many bytes were left out at the end.
    #[serde(rename = "x", skip_serializing_if = "is_zero")]
    pub(super) left_out: usize,
}

/// Masks what is secret, and cuts what is too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shower<'a> {
    pub(super) redaction: &'a Redaction,
    pub(super) max_bytes: usize,
}

impl Shower<'_> {
    /// Shows a text.
    pub(super) fn text(self, text: &str) -> Shown {
        // A secret that is cut through has no longer its shape, so it is masked before.
        self.cut(self.redaction.scrub(text), false)
    }

    /// Shows a text under a name that may tell it a secret.
    pub(super) fn named(self, name: &str, text: &str) -> Shown {
        if self.redaction.is_secret(name) && !is_count(name, text) {
            return self.cut(Cow::Borrowed(MASK), false);
        }
        self.text(text)
    }

    /// Shows a value: a text as it is, anything else as JSON on several lines.
    pub(super) fn value(self, value: &Value) -> Shown {
        match value {
            Value::String(text) => self.text(text),
            other => {
                let masked = mask(other, self.redaction);
                // The alternate form of a value is its JSON on several lines.
                self.cut(Cow::Owned(format!("{masked:#}")), true)
            }
        }
    }

    fn cut(self, text: Cow<'_, str>, json: bool) -> Shown {
        let mut end = self.max_bytes.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let left_out = text.len() - end;
        let mut text = text.into_owned();
        text.truncate(end);
        Shown { text, json, left_out }
    }
}

/// Masks the texts of a value, and whatever is under a secret name.
fn mask(value: &Value, redaction: &Redaction) -> Value {
    match value {
        Value::String(text) => Value::String(redaction.scrub(text).into_owned()),
        Value::Array(items) => items.iter().map(|item| mask(item, redaction)).collect(),
        Value::Object(fields) => Value::Object(mask_fields(fields, redaction)),
        other => other.clone(),
    }
}

fn mask_fields(fields: &Map<String, Value>, redaction: &Redaction) -> Map<String, Value> {
    let masked = |(name, value): (&String, &Value)| {
        let is_kept = value.is_null() || (!value.is_string() && is_count(name, &value.to_string()));
        let is_secret = !is_kept && redaction.is_secret(name);
        let value = if is_secret { MASK.into() } else { mask(value, redaction) };
        (redaction.scrub(name).into_owned(), value)
    };
    fields.iter().map(masked).collect()
}

/// Whether it is a number of tokens and no token, as [`Redaction`] says.
fn is_count(name: &str, text: &str) -> bool {
    let is_plain = text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok();
    is_plain && name.to_lowercase().ends_with("token")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(value: &usize) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn show(value: &Value, max_bytes: usize) -> Shown {
        Shower { redaction: &Redaction::new(), max_bytes }.value(value)
    }

    #[test]
    fn secrets_are_masked_by_name_and_by_shape_at_any_depth() {
        let value = json!({
            "headers": [{"authorization": "xyz", "accept": "json"}],
            "password": 12345,
            "credentials": {"user": "bob"},
            "note": "use sk-abcdefghijklmnopqrst here",
            "per_token": 3,
            "token": null,
            "max_tokens": 7,
        });
        let shown = show(&value, 1 << 20);
        let read: Value = serde_json::from_str(&shown.text).unwrap();
        let want = json!({
            "headers": [{"authorization": MASK, "accept": "json"}],
            "password": MASK,
            "credentials": MASK,
            "note": format!("use {MASK} here"),
            "per_token": 3,
            "token": null,
            "max_tokens": 7,
        });
        assert_eq!((read, shown.json, shown.left_out), (want, true, 0));
    }

    #[test]
    fn a_long_text_is_cut_between_letters_and_the_rest_is_counted() {
        let shown = show(&json!("aöö"), 2);
        assert_eq!(shown, Shown { text: "a".to_owned(), json: false, left_out: 4 });
        assert_eq!(show(&json!("aöö"), 5).left_out, 0);
        assert_eq!(show(&json!([1, 2]), 0).left_out, "[\n  1,\n  2\n]".len());
    }

    #[test]
    fn a_secret_at_the_cut_is_masked_whole() {
        let shown = show(&json!("key sk-abcdefghijklmnopqrst"), 12);
        assert_eq!(shown.text, "key [redacte");
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(show(&json!({"id": u64::MAX}), 99).text, "{\n  \"id\": 18446744073709551615\n}");
    }
}
