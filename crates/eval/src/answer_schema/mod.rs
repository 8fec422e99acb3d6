//! The JSON Schema that an answer shall follow.

mod repeated;

use std::{fmt, sync::Arc};

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{excerpt::Excerpt, model::OutputFormat, type_name::short_name};

/// The JSON Schema of an answer, ready to check answers with.
#[derive(Clone)]
pub struct AnswerSchema {
    name: String,
    schema: Value,
    validator: Arc<Validator>,
}

/// Says why a JSON Schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid JSON Schema: {reason}")]
pub struct InvalidSchema {
    reason: String,
}

/// What is wrong with an answer that should follow a JSON Schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not what was asked for: {reason}")]
#[non_exhaustive]
pub struct InvalidAnswer {
    /// What is wrong, and where in the JSON.
    pub reason: String,
}

impl AnswerSchema {
    /// Makes the schema of a type.
    ///
    /// # Errors
    ///
    /// If the type's own `JsonSchema` implementation makes no valid schema.
    pub fn of<T: JsonSchema>() -> Result<Self, InvalidSchema> {
        Self::new(short_name::<T>(), schemars::schema_for!(T).to_value())
    }

    /// Uses a JSON Schema under a name of letters, digits, `_` and `-`, as providers want it; other
    /// characters of the name become `_`.
    ///
    /// # Errors
    ///
    /// If `schema` is not a valid JSON Schema.
    pub fn new(name: impl AsRef<str>, schema: Value) -> Result<Self, InvalidSchema> {
        let validator = compile(&schema)?;
        let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let name = name.as_ref().chars().map(allowed).take(64).collect();
        Ok(Self { name, schema, validator: Arc::new(validator) })
    }

    /// Returns the schema.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// Reads an answer. One Markdown code fence around it is taken off.
    ///
    /// # Errors
    ///
    /// If the answer is no JSON, names a key twice, does not follow the schema, or is no `T`. The error says where.
    pub fn decode<T: DeserializeOwned>(&self, answer: &str) -> Result<T, InvalidAnswer> {
        let text = unfenced(answer.trim());
        // What is wrong may quote the answer.
        let invalid = |reason: String| InvalidAnswer { reason: Excerpt::of(&reason).to_string() };
        if text.is_empty() {
            return Err(invalid("it is empty; JSON was asked for".to_owned()));
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|error| invalid(format!("it is no JSON: {error}")))?;
        if let Some(reason) = repeated::find(text) {
            return Err(invalid(reason));
        }
        self.validator.validate(&value).map_err(|error| {
            let path = error.instance_path().to_string();
            let place = if path.is_empty() { "the whole answer".to_owned() } else { path };
            invalid(format!("at {place}: {error}"))
        })?;
        serde_json::from_value(value).map_err(|error| invalid(error.to_string()))
    }

    pub(crate) fn output_format(&self) -> OutputFormat {
        OutputFormat::JsonSchema { name: self.name.clone(), schema: self.schema.clone() }
    }
}

/// Makes of a JSON Schema what checks values with it.
pub(crate) fn compile(schema: &Value) -> Result<Validator, InvalidSchema> {
    jsonschema::validator_for(schema).map_err(|error| {
        let path = error.instance_path().to_string();
        let place = if path.is_empty() { "the whole schema".to_owned() } else { path };
        InvalidSchema { reason: format!("at {place}: {error}") }
    })
}

impl fmt::Debug for AnswerSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerSchema")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

fn unfenced(text: &str) -> &str {
    let Some(inner) = text.strip_prefix("```").and_then(|text| text.strip_suffix("```")) else {
        return text;
    };
    // The first line names the language.
    inner.split_once('\n').map_or(inner, |(_, body)| body).trim()
}
