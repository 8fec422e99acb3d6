//! Turns that are answered by text or by tool calls.

use super::{
    collect,
    error::TurnError,
    options::{TurnOptions, turn_options},
    probed,
    result::TextTurnResult,
    stream::TurnStream,
};
use crate::{
    llm::Llm,
    model::{ModelInput, OutputFormat, ToolDefinition},
    probe::{Probe, Probed},
};

/// A turn that is answered by text or by tool calls.
///
/// Made by [`Session::text_turn`](crate::Session::text_turn) and
/// [`Llm::completion`](crate::Llm::completion), finished by [`collect`](TextTurn::collect),
/// [`collect_with`](TextTurn::collect_with) or [`stream`](TextTurn::stream). It is a span
/// `llm_turn`, which carries the GenAI attributes of OpenTelemetry, `request_id` and
/// `finish_reason`.
#[derive(Debug, Clone)]
#[must_use = "turns do nothing unless finished"]
pub struct TextTurn {
    llm: Llm,
    input: ModelInput,
    options: TurnOptions,
}

turn_options!(TextTurn);

impl TextTurn {
    pub(crate) fn new(llm: &Llm, input: ModelInput) -> Self {
        Self { llm: llm.clone(), input, options: TurnOptions::default() }
    }

    /// Adds a tool that the model may ask for.
    pub fn tool(mut self, tool: ToolDefinition) -> Self {
        self.options.tools.push(tool);
        self
    }

    /// Asks, and returns the whole answer.
    ///
    /// # Errors
    ///
    /// If there is no model, the budget does not allow the call, or the model fails; what it had
    /// said until then is in the error. A refusal and an empty answer are no errors here.
    pub async fn collect(self) -> Result<TextTurnResult, TurnError> {
        collect::collect(&mut self.start()).await
    }

    /// Asks, shows the answer to a probe while it streams, and returns both.
    ///
    /// If the probe ends the turn, the result is what had come, and [`Probed::stopped`] says why.
    ///
    /// # Errors
    ///
    /// As [`collect`](TextTurn::collect). The probe is lost then; lend it (`&mut probe`) to keep it.
    pub async fn collect_with<P: Probe>(
        self,
        probe: P,
    ) -> Result<Probed<TextTurnResult, P>, TurnError> {
        probed::collect(&mut self.start(), probe).await
    }

    /// Returns the answer as a stream, which asks when it is polled.
    pub fn stream(self) -> TurnStream {
        self.start()
    }

    fn start(self) -> TurnStream {
        let request = self.options.request(&self.llm, self.input, OutputFormat::Text);
        TurnStream::new(self.llm, request, self.options.budget.as_ref())
    }
}

impl Llm {
    /// Asks for a completion of a prompt, or of any input.
    pub fn completion(&self, input: impl Into<ModelInput>) -> TextTurn {
        TextTurn::new(self, input.into())
    }
}
