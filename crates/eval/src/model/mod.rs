//! The models that evals ask: one small trait, and the plain data that goes in and comes out.
//!
//! [`Model`] is what an adapter implements: it takes a [`ModelRequest`] and answers with a stream of
//! [`ModelEvent`]s. Adapters for providers are in `probity-adapters`;
//! [`ScriptedModel`](crate::scripted::ScriptedModel) needs none.

mod error;
pub(crate) mod estimate;
mod event;
mod extensions;
mod input;
mod raw;
mod request;

use std::{pin::Pin, sync::Arc};

use async_trait::async_trait;
use futures::Stream;

pub use self::{
    error::{ModelError, ModelErrorKind},
    event::{ModelEvent, ResponseHead},
    extensions::Extensions,
    input::ModelInput,
    raw::{RawTap, RawTelemetryConfig},
    request::{ModelRequest, OutputFormat, Settings, ToolDefinition},
};

/// The events of one answer, in order. It ends after [`ModelEvent::Finished`] or an error.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent, ModelError>> + Send>>;

/// A model that can be asked.
///
/// The trait is object-safe: an [`Llm`](crate::Llm) holds an `Arc<dyn Model>`. An implementation sends one
/// request and tells what comes back; it neither retries, nor counts, nor opens a span, since a turn
/// does that for every model alike. Where it talks to a provider it hands what it sends and gets to
/// a [`RawTap`].
///
/// # Examples
///
/// A model that repeats what it is told:
///
/// ```
/// use futures::stream;
/// use probity_eval::{
///     async_trait,
///     model::{Model, ModelError, ModelEvent, ModelRequest, ModelStream},
/// };
/// use probity_trace::genai::FinishReason;
///
/// struct Echo;
///
/// #[async_trait]
/// impl Model for Echo {
///     fn provider(&self) -> &str {
///         "echo"
///     }
///
///     fn name(&self) -> &str {
///         "echo-1"
///     }
///
///     async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
///         let said = request.input.messages.last().map(|last| last.content()).unwrap_or_default();
///         let events = [ModelEvent::TextDelta(said), ModelEvent::Finished(FinishReason::Stop)];
///         Ok(Box::pin(stream::iter(events.map(Ok))))
///     }
/// }
/// ```
#[async_trait]
pub trait Model: Send + Sync {
    /// Returns the name of the provider, as `gen_ai.provider.name` has it: `openai`, `anthropic`.
    fn provider(&self) -> &str;

    /// Returns the name of the model, as a request names it.
    fn name(&self) -> &str;

    /// Returns a model with random choices of its own, which depend on the seed alone and not on who else asks;
    /// `None` where it makes no such choices itself, as the models of providers do not.
    fn fork(&self, seed: u64) -> Option<Arc<dyn Model>> {
        let _ = seed;
        None
    }

    /// Sends a request, and returns the stream of the answer.
    ///
    /// The stream must outlive the request and the call.
    ///
    /// # Errors
    ///
    /// If the request could not be sent or was refused. What goes wrong later is an item of the
    /// stream.
    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError>;
}
