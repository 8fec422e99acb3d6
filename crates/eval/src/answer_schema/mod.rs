//! The JSON Schema that an answer shall follow.

mod fenced;
mod invalid;
mod repeated;

use std::{fmt, sync::Arc};

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use self::invalid::InvalidAnswer;
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

    /// Reads an answer: JSON and nothing else.
    ///
    /// Blanks, a byte order mark and one Markdown code fence around the JSON are taken off. An answer with text
    /// before or after that is an error, since it may quote JSON that it does not mean.
    ///
    /// # Errors
    ///
    /// If the answer is no JSON, names a key twice, does not follow the schema, or is no `T`. The error says where
    /// in the JSON an answer does not follow the schema.
    pub fn decode<T: DeserializeOwned>(&self, answer: &str) -> Result<T, InvalidAnswer> {
        let text = fenced::unfenced(answer);
        if text.is_empty() {
            return Err(InvalidAnswer::plain("it is empty; JSON was asked for"));
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|error| InvalidAnswer::plain(&format!("it is no JSON: {error}")))?;
        if let Some(reason) = repeated::find(text) {
            return Err(InvalidAnswer::repeated(&reason));
        }
        self.validator.validate(&value).map_err(|error| InvalidAnswer::of_schema(&error))?;
        read(&value)
    }

    pub(crate) fn output_format(&self) -> OutputFormat {
        OutputFormat::JsonSchema { name: self.name.clone(), schema: self.schema.clone() }
    }
}

/// Reads JSON as a type.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, InvalidAnswer> {
    T::deserialize(value).map_err(|error| InvalidAnswer::of_type(&error, value, short_name::<T>()))
}

/// Makes of a JSON Schema what checks values with it.
pub(crate) fn compile(schema: &Value) -> Result<Validator, InvalidSchema> {
    jsonschema::validator_for(schema).map_err(|error| {
        let path = error.instance_path().to_string();
        let place = if path.is_empty() { "the whole schema".to_owned() } else { path };
        InvalidSchema { reason: Excerpt::of(&format!("at {place}: {error}")).to_string() }
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
