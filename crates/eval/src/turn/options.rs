//! What can be said about one turn, whatever its kind.

use crate::{
    budget::Budget,
    llm::Llm,
    model::{Extensions, ModelInput, ModelRequest, OutputFormat, Settings, ToolDefinition},
};

/// What was said about one turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct TurnOptions {
    pub(crate) settings: Settings,
    pub(crate) budget: Option<Budget>,
    pub(crate) tools: Vec<ToolDefinition>,
    pub(crate) extensions: Extensions,
}

impl TurnOptions {
    /// Makes the request; what the turn does not say, the context says.
    pub(super) fn request(
        &self,
        llm: &Llm,
        input: ModelInput,
        output: OutputFormat,
    ) -> ModelRequest {
        let mut request = ModelRequest::new(input);
        request.settings = self.settings.clone().or(&llm.shared.settings);
        request.tools.clone_from(&self.tools);
        request.output = output;
        request.extensions = llm.shared.extensions.clone();
        request.extensions.merge(&self.extensions);
        request
    }
}

/// Gives a builder with a field `options: TurnOptions` the methods that all turns have.
macro_rules! turn_options {
    ($name:ident $(<$($parameter:ident $(: ?$relaxed:ident)?),*>)?) => {
        impl$(<$($parameter $(: ?$relaxed)?),*>)? $name$(<$($parameter),*>)? {
            /// Sets how freely the model picks its words: 0 is the most likely ones, providers allow up
            /// to 1 or 2.
            pub fn temperature(mut self, temperature: f64) -> Self {
                self.options.settings.temperature = Some(temperature);
                self
            }

            /// Sets the most tokens that the answer may have.
            pub fn max_output_tokens(mut self, tokens: u64) -> Self {
                self.options.settings.max_output_tokens = Some(tokens);
                self
            }

            /// Sets the seed of the model's choices, for providers that have one.
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.settings.seed = Some(seed);
                self
            }

            /// Spends from this budget as well as from that of the context.
            pub fn budget(mut self, budget: $crate::budget::Budget) -> Self {
                self.options.budget = Some(budget);
                self
            }

            /// Adds a value that the request carries to the adapter, in place of one of the same type
            /// that the context has.
            pub fn ext<Value: Send + Sync + 'static>(mut self, value: Value) -> Self {
                self.options.extensions.insert(value);
                self
            }
        }
    };
}

pub(crate) use turn_options;
