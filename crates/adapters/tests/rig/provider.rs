//! Rig's models of OpenAI and Anthropic on a server of the test's own.

use std::{sync::Arc, time::Duration};

use probity_adapters::rig::RigModel;
use probity_eval::{Budget, Llm, RetryPolicy};
use probity_model_server::ModelServer;
use rig_core::{
    Model,
    http_client::HttpClientExt,
    providers::{
        anthropic::{AnthropicConfig, wire::Messages},
        openai::{OpenAIConfig, wire::Chat},
    },
};
use rig_reqwest::ReqwestClient;

use crate::contract::KEY;

/// The two protocols that the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    OpenAi,
    Anthropic,
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::OpenAi, Self::Anthropic];

    pub(crate) fn model(self, server: &ModelServer) -> RigModel {
        match self {
            Self::OpenAi => RigModel::new(chat(server, client())),
            Self::Anthropic => RigModel::new(messages(server, client())),
        }
    }

    /// Asks the server once for each call.
    pub(crate) fn llm(self, server: &ModelServer) -> Llm {
        llm(self.model(server)).with_retry(RetryPolicy::never())
    }
}

/// Makes a context whose own waits between attempts are short.
pub(crate) fn llm(model: RigModel) -> Llm {
    let waits = Duration::from_millis(1);
    let retry = RetryPolicy::default().with_waits(waits, waits);
    Llm::new(Arc::new(model), Budget::unlimited()).with_retry(retry).with_content_capture(false)
}

/// Makes an HTTP client of the test's own: connections die with the runtime that opened them.
pub(crate) fn client() -> ReqwestClient {
    ReqwestClient::from(reqwest::Client::new())
}

/// Makes rig's model of chat completions.
pub(crate) fn chat(server: &ModelServer, http: impl HttpClientExt + 'static) -> Model<Chat> {
    let config = OpenAIConfig::new(KEY).with_base_url(server.openai_url());
    config.connect(http).chat("gpt-4o-mini")
}

/// Makes rig's model of Anthropic's messages.
pub(crate) fn messages(
    server: &ModelServer,
    http: impl HttpClientExt + 'static,
) -> Model<Messages> {
    let config = AnthropicConfig::new(KEY).with_base_url(server.url());
    config.connect(http).completion("claude-haiku-4-5")
}
