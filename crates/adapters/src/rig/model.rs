//! Any model of rig as one that evals can ask.

use std::{fmt, sync::Arc};

use futures::{StreamExt as _, stream};
use probity_eval::{
    RawTelemetryConfig, async_trait,
    model::{Model, ModelError, ModelRequest, ModelStream},
};
use rig_core::{
    self as rig, DynModel,
    http_client::HttpClientExt,
    operation::Completion,
    wire::{Encoded, Wire, WireFrame},
};

use super::{
    errors, events,
    request::completion_request,
    tap::{Call, InCall, TappedClient},
};
use crate::http::Secrets;

/// Any completion model of rig as one that evals can ask.
///
/// Each request is sent once: what is tried again, and when, is said by the
/// [`RetryPolicy`](probity_eval::RetryPolicy) of the `Llm`. Within the span of the turn, rig opens its own span
/// `chat` for each request; the view [`genai`](probity_trace::genai) of a trace counts both as one call.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_adapters::rig::RigModel;
/// use probity_eval::{Budget, Llm};
/// use rig_core::{http_client::HttpClientExt, providers::openai::OpenAIConfig};
///
/// /// Makes a context; `http` is `rig_reqwest::ReqwestClient`, say.
/// fn llm(key: &str, http: impl HttpClientExt + Clone + 'static) -> Llm {
///     let client = OpenAIConfig::new(key).connect(http);
///     Llm::new(Arc::new(RigModel::new(client.chat("gpt-5"))), Budget::unlimited())
/// }
/// ```
#[derive(Clone)]
pub struct RigModel {
    model: DynModel<Completion>,
}

impl RigModel {
    /// Asks `model`, and sees its HTTP traffic through a [`TappedClient`].
    ///
    /// So errors carry what the provider said, refusals are told from answers, and raw captures have
    /// what went over the wire.
    pub fn new<W, H>(model: rig::Model<W, H>) -> Self
    where
        W: Wire<Op = Completion, Payload = Encoded, Frame = WireFrame>,
        H: HttpClientExt + Clone + 'static,
    {
        let http = TappedClient::new(model.transport);
        Self::without_tap(rig::Model::new(model.wire, http))
    }

    /// Asks `model` without a look at its traffic, for transports other than HTTP and for models that are
    /// erased already.
    ///
    /// Errors then carry what rig tells of them, and raw captures only the errors. Where the client of the
    /// model was built on a [`TappedClient`], nothing is lost.
    pub fn without_tap(model: impl Into<DynModel<Completion>>) -> Self {
        Self { model: model.into() }
    }
}

#[async_trait]
impl Model for RigModel {
    fn provider(&self) -> &str {
        self.model.name()
    }

    fn name(&self) -> &str {
        self.model.id().unwrap_or_default()
    }

    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let completion = completion_request(request)?;
        let raw = request.extensions.get::<RawTelemetryConfig>().copied().unwrap_or_default();
        let call = Call::new(raw);
        let answer = self.model.stream(completion);
        let answer = answer.map_err(|error| errors::of_rig(&error, false, &Secrets::default()))?;
        let events = Box::pin(events::events(answer, Arc::clone(&call)));
        let mut events = InCall::new(events, call);
        // Rig sends the request with the first poll, and tells of a refusal as of a part of the answer.
        let first = events.next().await.transpose()?;
        Ok(Box::pin(stream::iter(first.map(Ok)).chain(events)))
    }
}

impl fmt::Debug for RigModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RigModel")
            .field("provider", &self.model.name())
            .field("name", &self.model.id())
            .finish_non_exhaustive()
    }
}
