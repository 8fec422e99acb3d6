//! A model of OpenAI, or of a compatible server, as a [`Model`].

use std::{error::Error, fmt, sync::Arc};

use async_openai::{
    config::Config,
    error::OpenAIError,
    middleware::{HttpRequestFactory, ReqwestService},
};
use async_trait::async_trait;
use probity_eval::model::{Model, ModelError, ModelErrorKind, ModelRequest, ModelStream, RawTap};
use reqwest::Response;
use tower::{Service, ServiceExt as _, timeout::error::Elapsed, util::BoxCloneSyncService};

use super::{reading, request};
use crate::http::{Secrets, WireTap, not_connected};

/// A model that is asked by chat completions: one of OpenAI, of Azure, or of a compatible server.
///
/// Made of an `async-openai` configuration, which says where the model is and with which key. What a
/// request holds beyond the settings of a turn is said by the extension [`ExtraBody`](super::ExtraBody).
/// Answers are asked for as a stream; a server that answers in one piece is understood.
///
/// A JSON Schema is sent in the strict mode where the mode can keep to it, so where every field is
/// required. Objects get no other fields then.
///
/// With [`RawTelemetryConfig`](probity_eval::RawTelemetryConfig) the raw capture gets each request, the
/// head of each answer and every payload. The key of a request is masked wherever a provider repeats it.
///
/// # Examples
///
/// ```no_run
/// use std::sync::Arc;
///
/// use async_openai::config::OpenAIConfig;
/// use probity_adapters::openai::OpenAiModel;
/// use probity_eval::{Budget, Llm};
///
/// # async fn ask() -> Result<(), probity_eval::TurnError> {
/// let model = OpenAiModel::new(OpenAIConfig::new(), "gpt-5-mini"); // The key is in the environment.
/// let llm = Llm::new(Arc::new(model), Budget::unlimited().max_requests(10));
/// println!("{}", llm.completion("What is the capital of France?").collect().await?.text);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OpenAiModel {
    config: Arc<dyn Config>,
    service: Http,
    provider: String,
    name: String,
}

type Http = BoxCloneSyncService<HttpRequestFactory, Response, OpenAIError>;

impl OpenAiModel {
    /// Makes a model of a configuration and the name of the model.
    pub fn new(config: impl Config + 'static, name: impl Into<String>) -> Self {
        Self {
            config: Arc::new(config),
            service: BoxCloneSyncService::new(ReqwestService::default()),
            provider: "openai".to_owned(),
            name: name.into(),
        }
    }

    /// Sets the name of the provider, as `gen_ai.provider.name` has it; `openai` without it.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = provider.into();
        self
    }

    /// Sends requests through an HTTP client, for time limits and proxies.
    #[must_use]
    pub fn with_http_client(self, client: reqwest::Client) -> Self {
        self.with_http_service(ReqwestService::new(client))
    }

    /// Sends requests through a `tower` service, as
    /// [`with_http_service`](async_openai::Client::with_http_service) does for a client.
    ///
    /// It must not retry: attempts are counted, and waited for, by the turn.
    #[must_use]
    pub fn with_http_service<S>(mut self, service: S) -> Self
    where
        S: Service<HttpRequestFactory, Response = Response> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
        S::Error: Into<OpenAIError> + Send + Sync + 'static,
    {
        self.service = BoxCloneSyncService::new(service.map_err(Into::into));
        self
    }

    async fn send(
        &self,
        request: HttpRequestFactory,
        tap: &WireTap,
    ) -> Result<Response, ModelError> {
        let sent = request.build().await.map_err(|error| unsent(&error, tap.secrets()))?;
        let body = sent.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        tap.request(sent.method(), sent.url().as_str(), sent.headers(), body);
        let answered = self.service.clone().oneshot(request).await;
        answered.map_err(|error| {
            let error = unsent(&error, tap.secrets());
            tap.request_error(&error, None);
            error
        })
    }
}

#[async_trait]
impl Model for OpenAiModel {
    fn provider(&self) -> &str {
        &self.provider
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        let tap = WireTap::new(RawTap::new(request));
        let body = request::body(&self.name, request)?;
        let request = request::http(&*self.config, body)?;
        let response = self.send(request, &tap).await?;
        reading::read(response, tap).await
    }
}

impl fmt::Debug for OpenAiModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAiModel")
            .field("provider", &self.provider)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Makes the error of a request that got no answer.
pub(super) fn unsent(error: &OpenAIError, secrets: &Secrets) -> ModelError {
    match error {
        OpenAIError::Reqwest(error) => not_connected(error, secrets),
        OpenAIError::Boxed(error) if error.is::<Elapsed>() => {
            ModelError::new(ModelErrorKind::Timeout, error.to_string())
        }
        OpenAIError::Boxed(error) => {
            let error: &(dyn Error + 'static) = &**error;
            not_connected(error, secrets)
        }
        other => ModelError::new(ModelErrorKind::Other, secrets.mask(&other.to_string())),
    }
}
