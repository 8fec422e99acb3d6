//! Models of OpenAI through `async-openai`, against a provider on loopback.

mod configured;
#[path = "../contract/mod.rs"]
mod contract;
mod environment;
mod limits;
#[path = "../process/mod.rs"]
mod process;
mod run_limits;
mod traced;
mod traced_errors;

use std::sync::Arc;

use async_openai::config::OpenAIConfig;
use probity_adapters::openai::OpenAiModel;
use probity_model_server::{ModelServer, Protocol};

use contract::{KEY, Subject};

/// The models that the contract is checked with.
pub(crate) const SUBJECTS: &[Subject] = &[Subject {
    name: "openai",
    protocol: Protocol::OpenAi,
    model: |server| Arc::new(model(server)),
    sees_heads: true,
}];

pub(crate) fn config(server: &ModelServer) -> OpenAIConfig {
    OpenAIConfig::new().with_api_key(KEY).with_api_base(server.openai_url())
}

pub(crate) fn model(server: &ModelServer) -> OpenAiModel {
    OpenAiModel::new(config(server), "gpt-4o-mini")
}
