//! What is wrong with an answer, in words that may quote it and in words that do not.

use std::borrow::Cow;

use jsonschema::{ValidationError, error::ValidationErrorKind, paths::LocationSegment};
use probity_trace::Redaction;
use serde_json::Value;

use crate::excerpt::Excerpt;

/// What stands in the place of a secret text.
const MASK: &str = "[redacted]";

/// What is wrong with an answer that should follow a JSON Schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not what was asked for: {reason}")]
#[non_exhaustive]
pub struct InvalidAnswer {
    /// What is wrong, and where in the JSON. It may quote the beginning of the answer, without secrets.
    pub reason: String,
    content_free: Cow<'static, str>,
}

impl InvalidAnswer {
    /// Returns what is wrong without a word of the answer, for places that shall hold no content.
    pub fn without_content(&self) -> &str {
        &self.content_free
    }

    fn new(reason: &str, content_free: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: Excerpt::of(reason).to_string(), content_free: content_free.into() }
    }

    /// Says what is wrong in words that do not quote the answer.
    pub(crate) fn plain(reason: &str) -> Self {
        Self::new(reason, Excerpt::of(reason).to_string())
    }

    /// Names the key that is answered twice, as `reason` does.
    pub(super) fn repeated(reason: &str) -> Self {
        Self::new(reason, "a key is answered more than once")
    }

    /// Says where an answer does not follow the schema.
    pub(super) fn of_schema(error: &ValidationError<'_>) -> Self {
        let path = error.instance_path();
        let place = if path.as_str().is_empty() { "the whole answer" } else { path.as_str() };
        let found = Excerpt::of_json(&masked(error.instance(), is_secret(error)));
        let wrong = error.masked();
        let schema_path = error.schema_path();
        Self::new(
            &format!("at {place}: {wrong}, found {found}"),
            format!("at {schema_path} of the schema: {}", without_keys(error)),
        )
    }

    /// Says why an answer that follows the schema cannot be read as a type. `serde` quotes what it read, without
    /// its name, so a secret among it is found by what it says.
    pub(super) fn of_type(
        error: &serde_json::Error,
        answer: &Value,
        type_name: &'static str,
    ) -> Self {
        let content_free = format!("it follows the schema and is no {type_name}");
        let reason = error.to_string();
        let is_quoted = |secret: &&str| {
            reason.contains(secret) || reason.contains(&secret.escape_debug().to_string())
        };
        if secrets(answer).iter().any(is_quoted) {
            let reason = format!("{content_free}; why is left out, since it quotes a secret");
            return Self::new(&reason, content_free);
        }
        Self::new(&reason, content_free)
    }
}

/// Says what is wrong with nothing but words of the schema: other kinds of errors name keys of the answer.
fn without_keys(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind::{Enum, Required, Type};
    match error.kind() {
        Type { .. } | Required { .. } | Enum { .. } => {
            Excerpt::of(&error.masked().to_string()).to_string()
        }
        other => format!("{:?} is not met", other.keyword()),
    }
}

/// Returns whether a name on the way to the value is one of a secret.
fn is_secret(error: &ValidationError<'_>) -> bool {
    let redaction = Redaction::new();
    error.instance_path().segments().any(|segment| match segment {
        LocationSegment::Property(name) => redaction.is_secret(&name),
        LocationSegment::Index(_) => false,
    })
}

/// Masks the texts in a value that lies under the name of a secret. The others are masked where they are shown.
fn masked(value: &Value, is_secret: bool) -> Value {
    let redaction = Redaction::new();
    match value {
        Value::String(_) if is_secret => MASK.into(),
        Value::Array(items) => items.iter().map(|item| masked(item, is_secret)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                (name.clone(), masked(value, is_secret || redaction.is_secret(name)))
            });
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// Returns the texts under names of secrets.
fn secrets(answer: &Value) -> Vec<&str> {
    let mut secrets = Vec::new();
    collect(answer, false, &Redaction::new(), &mut secrets);
    secrets
}

fn collect<'a>(
    value: &'a Value,
    is_secret: bool,
    redaction: &Redaction,
    secrets: &mut Vec<&'a str>,
) {
    match value {
        Value::String(text) if is_secret && !text.is_empty() => secrets.push(text),
        Value::Array(items) => {
            for item in items {
                collect(item, is_secret, redaction, secrets);
            }
        }
        Value::Object(entries) => {
            for (name, value) in entries {
                collect(value, is_secret || redaction.is_secret(name), redaction, secrets);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use crate::answer_schema::{AnswerSchema, InvalidAnswer};

    /// What is wrong with an answer to a schema.
    #[track_caller]
    fn wrong<T: serde::de::DeserializeOwned>(
        schema: serde_json::Value,
        answer: &str,
    ) -> InvalidAnswer {
        AnswerSchema::new("answer", schema).unwrap().decode::<T>(answer).map(drop).unwrap_err()
    }

    /// Reads itself from a text, and quotes the text where that fails.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "Raw")]
    struct Account;

    #[derive(Deserialize)]
    struct Raw {
        password: String,
        city: String,
    }

    impl TryFrom<Raw> for Account {
        type Error = String;

        fn try_from(Raw { password, city }: Raw) -> Result<Self, String> {
            Err(if city.is_empty() { format!("{password:?} is short") } else { city })
        }
    }

    #[test]
    fn a_secret_is_not_quoted_wherever_it_lies() {
        let schema = json!({"type": "object", "properties": {
            "api_key": {"type": "integer"}, "n": {"type": "integer"}, "token": {"type": "object",
            "additionalProperties": {"type": "integer"}}}});
        for (answer, place) in [
            (r#"{"api_key": "hunter2"}"#, "at /api_key: "),
            (r#"{"api_key": ["hunter2"]}"#, "at /api_key: "),
            (r#"{"token": {"a": "hunter2"}}"#, "at /token/a: "),
            (r#"{"n": {"password": ["hunter2"]}}"#, "at /n: "),
            (r#"[{"password": {"a": "hunter2"}}]"#, "at the whole answer: "),
            (r#"{"n": "sk-proj-hunter2hunter2hunter2"}"#, "at /n: "),
        ] {
            let wrong = wrong::<serde_json::Value>(schema.clone(), answer);
            assert!(wrong.reason.starts_with(place), "{wrong}");
            assert!(!format!("{wrong} {wrong:?}").contains("hunter2"), "{wrong:?}");
        }
    }

    #[test]
    fn what_a_type_says_of_an_answer_is_left_out_where_it_quotes_a_secret() {
        for (answer, expected) in [
            (r#"{"password": "hunter2", "city": "Oslo"}"#, "Oslo"),
            (
                r#"{"password": "hunter2", "city": ""}"#,
                "it follows the schema and is no Account; why is left out, since it quotes a secret",
            ),
            (
                "{\"password\": \"hunter\\n2\", \"city\": \"\"}",
                "it follows the schema and is no Account; why is left out, since it quotes a secret",
            ),
        ] {
            let wrong = wrong::<Account>(json!({}), answer);
            assert_eq!(wrong.reason, expected);
            assert_eq!(wrong.without_content(), "it follows the schema and is no Account");
        }
    }

    #[test]
    fn what_holds_no_content_quotes_neither_values_nor_keys() {
        let types = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
        let closed = json!({"properties": {}, "additionalProperties": false});
        let names = json!({"propertyNames": {"maxLength": 1}});
        let open = json!({"additionalProperties": {"type": "integer"}});
        let one_of = json!({"properties": {"n": {"enum": ["a"]}}});
        for (schema, answer, expected) in [
            (
                types.clone(),
                r#"{"n": "John"}"#,
                "at /properties/n/type of the schema: value is not of type \"integer\"",
            ),
            (closed, r#"{"John": 1}"#, "\"additionalProperties\" is not met"),
            (names, r#"{"John": 1}"#, "\"propertyNames\" is not met"),
            (open, r#"{"John": "x"}"#, "value is not of type \"integer\""),
            (one_of, r#"{"n": "John"}"#, "value is not one of \"a\""),
            (types.clone(), r#"{"John": 1, "John": 2}"#, "a key is answered more than once"),
            (types, "John", "it is no JSON: expected value at line 1 column 1"),
        ] {
            let wrong = wrong::<serde_json::Value>(schema, answer);
            let told = wrong.without_content();
            assert!(told.contains(expected) && !told.contains("John"), "{told}");
        }
    }

    #[test]
    fn a_schema_that_is_none_is_told_within_bounds_and_without_secrets() {
        let long = format!("sk-proj-abcdefghijklmnop1234 {}", "x".repeat(100_000));
        let error = AnswerSchema::new("answer", json!({"type": long})).unwrap_err().to_string();
        assert!(error.starts_with("not a valid JSON Schema: at /type: "), "{error}");
        assert!(error.len() < 2_000 && !error.contains("sk-proj-abc"), "{error}");
    }
}
