//! Models through `genai`, against a provider on loopback.

#[path = "../contract/mod.rs"]
mod contract;
mod options;
#[path = "../process/mod.rs"]
mod process;

use std::sync::Arc;

use genai::{
    Client, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    resolver::{AuthData, Endpoint},
};
use probity_adapters::genai::GenAiModel;
use probity_model_server::{ModelServer, Protocol};

use contract::{KEY, Subject};

/// The models that the contract is checked with.
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject {
        name: "genai with OpenAI",
        protocol: Protocol::OpenAi,
        model: |server| Arc::new(openai(server)),
        sees_heads: false,
    },
    Subject {
        name: "genai with Anthropic",
        protocol: Protocol::Anthropic,
        model: |server| Arc::new(anthropic(server)),
        sees_heads: false,
    },
];

pub(crate) fn openai(server: &ModelServer) -> GenAiModel {
    model(server, AdapterKind::OpenAI, "gpt-4o-mini")
}

pub(crate) fn anthropic(server: &ModelServer) -> GenAiModel {
    model(server, AdapterKind::Anthropic, "claude-haiku-4-5")
}

fn model(server: &ModelServer, kind: AdapterKind, name: &'static str) -> GenAiModel {
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("{}/", server.openai_url())),
        auth: AuthData::from_single(KEY),
        model: ModelIden::from_static(kind, name),
    };
    GenAiModel::new(Client::new().unwrap(), target)
}
