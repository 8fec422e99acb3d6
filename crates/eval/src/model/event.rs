//! What a model's answer is made of while it streams.

use probity_trace::genai::{FinishReason, Usage};

/// A part of an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ModelEvent {
    /// The provider began to answer.
    Started(ResponseHead),
    /// More of the text.
    TextDelta(String),
    /// More of what the model thinks.
    ReasoningDelta(String),
    /// More of the words with which the model refuses.
    RefusalDelta(String),
    /// More of a tool call. The pieces of one call carry the same index.
    ToolCallDelta {
        /// Which call of the answer this belongs to, from 0.
        index: usize,
        /// The identifier of the call, on its first piece.
        id: Option<String>,
        /// The tool's name, on its first piece.
        name: Option<String>,
        /// More of the arguments, a piece of JSON text.
        arguments: String,
    },
    /// The tokens used so far; a later one replaces an earlier one.
    Usage(Usage),
    /// The answer is whole.
    Finished(FinishReason),
}

impl ModelEvent {
    /// Returns whether the event is a piece of the answer itself, and not a fact about it.
    pub fn is_content(&self) -> bool {
        matches!(
            self,
            Self::TextDelta(_)
                | Self::ReasoningDelta(_)
                | Self::RefusalDelta(_)
                | Self::ToolCallDelta { .. }
        )
    }
}

/// What the provider says of its answer. What it does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHead {
    /// The provider's identifier of the answer.
    pub response_id: Option<String>,
    /// The provider's identifier of the HTTP request.
    pub request_id: Option<String>,
    /// The model that answers.
    pub model: Option<String>,
}

impl ResponseHead {
    /// Says nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the provider's identifier of the answer.
    #[must_use]
    pub fn with_response_id(mut self, id: impl Into<String>) -> Self {
        self.response_id = Some(id.into());
        self
    }

    /// Sets the provider's identifier of the HTTP request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Sets the model that answers.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Takes from `later` what it knows, since facts may come in several events.
    pub(crate) fn update(&mut self, later: Self) {
        let Self { response_id, request_id, model } = later;
        for (known, new) in [
            (&mut self.response_id, response_id),
            (&mut self.request_id, request_id),
            (&mut self.model, model),
        ] {
            if new.is_some() {
                *known = new;
            }
        }
    }
}
