//! Models of rig, and programs that use rig themselves, against a provider on loopback.

#[path = "../contract/mod.rs"]
mod contract;
mod limits;
mod provider;
mod raw;
mod secrets;
mod spans;
mod tapped;
mod untapped;

use std::sync::Arc;

use contract::Subject;
use probity_model_server::Protocol;
use provider::Provider;

/// The models that the contract is checked with.
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject {
        name: "rig, OpenAI",
        protocol: Protocol::OpenAi,
        model: |server| Arc::new(Provider::OpenAi.model(server)),
        sees_heads: true,
    },
    Subject {
        name: "rig, Anthropic",
        protocol: Protocol::Anthropic,
        model: |server| Arc::new(Provider::Anthropic.model(server)),
        sees_heads: true,
    },
];
