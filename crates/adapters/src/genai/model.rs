//! A model of any provider that `genai` knows, as a [`Model`].

use std::{fmt, sync::Arc};

use ::genai::{Client, ModelSpec, ServiceTarget, chat::ChatOptions, resolver::AuthData};
use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use probity_eval::model::{Model, ModelError, ModelRequest, ModelStream, RawTap};
use serde_json::json;

use super::{errors, frames::Frames, provider, quiet::quietly, reading, request};
use crate::http::{Secrets, WireTap};

/// A model of any provider that `genai` knows.
///
/// The client says where the model is and with which key; the options say what a request holds beyond
/// the settings of a turn. A JSON Schema is sent as `genai` adapts it to the provider.
///
/// # Examples
///
/// ```no_run
/// use std::sync::Arc;
///
/// use probity_adapters::genai::GenAiModel;
/// use probity_eval::{Budget, Llm};
///
/// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
/// let model = GenAiModel::new(genai::Client::new()?, "claude-haiku-4-5");
/// let llm = Llm::new(Arc::new(model), Budget::unlimited().max_requests(10));
/// println!("{}", llm.completion("What is the capital of France?").collect().await?.text);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct GenAiModel {
    client: Client,
    model: ModelSpec,
    options: ChatOptions,
    provider: &'static str,
    name: String,
}

impl GenAiModel {
    /// Makes a model of a client and the model's name, its name with the provider, or a whole target.
    pub fn new(client: Client, model: impl Into<ModelSpec>) -> Self {
        let model = model.into();
        let (provider, name) = provider::of_model(&client, &model);
        Self { client, model, options: ChatOptions::default(), provider, name }
    }

    /// Sets the options of every request. The settings and the shape of a turn go before them, and what
    /// is captured is set by the adapter.
    #[must_use]
    pub fn with_options(mut self, options: ChatOptions) -> Self {
        self.options = options;
        self
    }

    /// Finds out where the model is and with which key.
    async fn target(&self) -> Result<ServiceTarget, ModelError> {
        let target = quietly(self.client.resolve_service_target(self.model.clone())).await;
        target.map_err(|error| errors::before_sending(&error, &Secrets::default()))
    }

    /// Returns what must not be told of a request.
    fn secrets(&self, target: &ServiceTarget) -> Secrets {
        let headers = match &target.auth {
            AuthData::RequestOverride { headers, .. } => Some(headers),
            _ => self.options.extra_headers.as_ref(),
        };
        let headers = headers.into_iter().flat_map(|headers| headers.iter());
        // What is no header cannot be sent either.
        let headers = headers.filter_map(|(name, value)| {
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        });
        let mut secrets = Secrets::of(&headers.collect());
        if let Ok(key) = target.auth.single_key_value() {
            secrets.add(&key);
        }
        secrets
    }
}

#[async_trait]
impl Model for GenAiModel {
    fn provider(&self) -> &str {
        self.provider
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let tap = RawTap::new(request);
        let chat = request::chat(request)?;
        let mut options = request::options(self.options.clone(), request);
        let target = self.target().await?;
        let tap = Arc::new(WireTap::with_secrets(tap, self.secrets(&target)));
        if tap.is_active() {
            let body =
                json!({"model": self.name, "request": &chat, "options": &options}).to_string();
            let url = target.endpoint.base_url();
            tap.request(&Method::POST, url, &HeaderMap::new(), body.as_bytes());
        }
        let frames = Frames::begin(Arc::clone(&tap), options.raw_frame_sink.take());
        options.raw_frame_sink = Some(frames.sink());
        let sent = quietly(self.client.exec_chat_stream(target, chat, Some(&options))).await;
        match sent {
            Ok(response) => reading::read(response.stream, frames, tap).await,
            Err(error) => Err(errors::before_sending(&error, tap.secrets())),
        }
    }
}

impl fmt::Debug for GenAiModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenAiModel")
            .field("provider", &self.provider)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
