//! Names of providers.

use ::genai::{Client, ModelSpec, adapter::AdapterKind};

/// Returns the name of a provider, as `gen_ai.provider.name` has it.
pub(super) fn name(kind: AdapterKind) -> &'static str {
    match kind {
        AdapterKind::OpenAI | AdapterKind::OpenAIResp => "openai",
        AdapterKind::Gemini | AdapterKind::GeminiIx => "gcp.gemini",
        AdapterKind::Vertex => "gcp.vertex_ai",
        AdapterKind::BedrockApi => "aws.bedrock",
        AdapterKind::Mistral => "mistral_ai",
        AdapterKind::Moonshot => "moonshot_ai",
        AdapterKind::Xai => "x_ai",
        other => other.as_lower_str(),
    }
}

/// Returns the provider that a model will be asked at, and the model's name.
pub(super) fn of_model(client: &Client, model: &ModelSpec) -> (&'static str, String) {
    match model {
        ModelSpec::Name(model) => {
            let bound = client.adapter_kind().map(Ok);
            let kind = bound.unwrap_or_else(|| AdapterKind::from_model(model.as_str()));
            // A name without a provider is an error of the first request.
            (kind.map_or("_OTHER", name), model.as_str().to_owned())
        }
        ModelSpec::Iden(model) => (name(model.adapter_kind), model.model_name.as_str().to_owned()),
        ModelSpec::Target(target) => {
            let model = &target.model;
            (name(model.adapter_kind), model.model_name.as_str().to_owned())
        }
    }
}
