//! A key that comes from the environment.

use std::sync::Arc;

use async_openai::config::OpenAIConfig;
use probity_adapters::openai::OpenAiModel;
use probity_eval::{Budget, Llm, RawTelemetryConfig, RetryPolicy};
use probity_model_server::{Failure, FailureKind};
use probity_trace::capture_raw;

use crate::{contract::serve, process};

const SECRET: &str = "planted-in-the-environment";

#[tokio::test]
async fn a_key_of_the_environment_is_sent_and_never_told() {
    let test = "environment::a_key_of_the_environment_is_sent_and_never_told";
    if !process::has_variable(test, "OPENAI_API_KEY", SECRET) {
        return;
    }
    let failure = Failure::new(FailureKind::Authentication).with_message(format!("Bad: {SECRET}."));
    let server = serve([failure.into()]).await;
    let config = OpenAIConfig::new().with_api_base(server.openai_url());
    let model = OpenAiModel::new(config, "gpt-4o-mini");
    let llm = Llm::new(Arc::new(model), Budget::unlimited())
        .with_retry(RetryPolicy::never())
        .with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async { llm.completion("Yes?").collect().await }).await;
    let sent = server.requests()[0].header("authorization").map(str::to_owned);
    assert_eq!(sent.as_deref(), Some("Bearer planted-in-the-environment"));
    let error = collected.output.unwrap_err();
    assert!(error.to_string().contains("Bad: [redacted]."), "{error}");
    let told = format!("{llm:?} {error} {error:?} {:?} {:?}", collected.trace, collected.raw);
    assert!(!told.contains(SECRET), "{told}");
}
