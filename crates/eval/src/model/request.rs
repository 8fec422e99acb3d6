//! A request: what is asked, how, and what shape the answer shall have.

use serde_json::Value;

use super::{extensions::Extensions, input::ModelInput};

/// What a [`Model`](super::Model) is asked.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ModelRequest {
    /// The messages.
    pub input: ModelInput,
    /// How to answer.
    pub settings: Settings,
    /// The tools that the model may ask for.
    pub tools: Vec<ToolDefinition>,
    /// The shape of the answer.
    pub output: OutputFormat,
    /// What only certain adapters understand.
    pub extensions: Extensions,
}

impl ModelRequest {
    /// Asks for a text in answer to the input, with the provider's settings.
    pub fn new(input: ModelInput) -> Self {
        Self { input, ..Self::default() }
    }
}

/// How a model is to answer. What is `None` is left to the provider.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// How freely it picks its words: 0 is the most likely ones, providers allow up to 1 or 2.
    pub temperature: Option<f64>,
    /// The most tokens that the answer may have.
    pub max_output_tokens: Option<u64>,
    /// The seed of its choices, for providers that have one.
    pub seed: Option<u64>,
}

impl Settings {
    /// Fills what is not set from `defaults`.
    #[must_use]
    pub fn or(self, defaults: &Self) -> Self {
        Self {
            temperature: self.temperature.or(defaults.temperature),
            max_output_tokens: self.max_output_tokens.or(defaults.max_output_tokens),
            seed: self.seed.or(defaults.seed),
        }
    }
}

/// The shape of an answer.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum OutputFormat {
    /// Text.
    #[default]
    Text,
    /// JSON that follows a schema.
    JsonSchema {
        /// A name for the schema, of letters, digits, `_` and `-`.
        name: String,
        /// The schema.
        schema: Value,
    },
}

/// A tool that the model may ask for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToolDefinition {
    /// The tool's name.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// The JSON Schema of its arguments.
    pub parameters: Value,
}

impl ToolDefinition {
    /// Defines a tool by its name, what it does, and the JSON Schema of its arguments.
    pub fn new(name: impl Into<String>, description: impl Into<String>, parameters: Value) -> Self {
        Self { name: name.into(), description: description.into(), parameters }
    }
}
