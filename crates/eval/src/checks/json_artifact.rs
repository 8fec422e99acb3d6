//! Artifacts that are JSON.

use std::borrow::Cow;

use serde_json::Value;

/// An artifact that is JSON: a value, or a text with one JSON value in it and nothing else.
///
/// Text around the JSON, such as a Markdown fence, makes it no JSON; take it off with
/// [`contramap_artifact`](crate::PureEvalExt::contramap_artifact). What implements `Serialize` is
/// judged through
/// [`contramap_artifact_owned`](crate::PureEvalExt::contramap_artifact_owned) and `serde_json::to_value`.
pub trait JsonArtifact {
    /// Returns the value.
    ///
    /// # Errors
    ///
    /// Errs where a text is no JSON.
    fn json(&self) -> Result<Cow<'_, Value>, NotJson>;
}

/// Says why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotJson {
    reason: String,
}

impl JsonArtifact for Value {
    fn json(&self) -> Result<Cow<'_, Value>, NotJson> {
        Ok(Cow::Borrowed(self))
    }
}

impl JsonArtifact for str {
    fn json(&self) -> Result<Cow<'_, Value>, NotJson> {
        let value = serde_json::from_str(self);
        value.map(Cow::Owned).map_err(|error| NotJson { reason: error.to_string() })
    }
}

impl JsonArtifact for String {
    fn json(&self) -> Result<Cow<'_, Value>, NotJson> {
        self.as_str().json()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_read_and_values_are_taken() {
        let value = json!({"a": [1, null]});
        assert_eq!(*value.json().unwrap(), value);
        assert_eq!(*" {\"a\": [1, null]}\n".json().unwrap(), value);
        assert_eq!(*"\"é\"".to_owned().json().unwrap(), json!("é"));
    }

    #[test]
    fn a_text_with_anything_else_in_it_is_refused_with_the_place() {
        for text in ["", "Paris", "{} and", "```json\n{}\n```", "{'a': 1}", "NaN"] {
            let error = text.json().unwrap_err().to_string();
            assert!(error.contains("line 1 column"), "{text:?}: {error}");
        }
    }
}
