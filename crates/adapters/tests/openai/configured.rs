//! What is said by the configuration, the service and the extensions.

use std::{sync::Arc, time::Duration};

use async_openai::{config::AzureConfig, middleware::ReqwestService};
use probity_adapters::openai::{ExtraBody, OpenAiModel};
use probity_eval::{
    Budget, Llm, RawTelemetryConfig, RetryPolicy,
    model::{Model as _, ModelErrorKind},
    schemars,
};
use probity_model_server::{Answer, Raw, Reply, Script};
use probity_trace::capture_raw;
use serde::Deserialize;
use serde_json::json;

use crate::{
    contract::{KEY, serve},
    model,
};

fn llm(model: OpenAiModel) -> Llm {
    Llm::new(Arc::new(model), Budget::unlimited()).with_retry(RetryPolicy::never())
}

#[tokio::test]
async fn a_deployment_of_azure_is_asked_at_its_own_address_with_its_own_key() {
    let server = serve(Reply::text("Yes.")).await;
    let config = AzureConfig::new()
        .with_api_base(server.url())
        .with_api_version("2026-01-01")
        .with_deployment_id("mini")
        .with_api_key(KEY);
    let model = OpenAiModel::new(config, "gpt-4o-mini").with_provider("azure.ai.openai");
    assert_eq!(model.provider(), "azure.ai.openai");
    // The server knows no deployments, and says so.
    let error = llm(model).completion("Yes?").collect().await.unwrap_err();
    assert_eq!(error.model_error().unwrap().status, Some(404), "{error}");
    let request = &server.requests()[0];
    assert_eq!(request.path(), "/openai/deployments/mini/chat/completions");
    assert_eq!(request.query(), Some("api-version=2026-01-01"));
    assert_eq!(request.header("api-key"), Some(KEY));
}

#[tokio::test]
async fn extra_fields_are_sent_and_a_secret_among_them_is_not_recorded() {
    let server = serve(Reply::text("Yes.")).await;
    let extra = ExtraBody::new()
        .with_field("service_tier", "flex")
        .with_field("api_key", "planted-in-the-body")
        .with_field("nested", json!({"api_key": "planted-in-the-body"}));
    let llm = llm(model(&server)).with_extension(extra).with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async { llm.completion("Yes?").collect().await.unwrap() }).await;
    let sent = server.requests()[0].body().clone();
    assert_eq!(
        (&sent["service_tier"], &sent["api_key"]),
        (&json!("flex"), &json!("planted-in-the-body"))
    );
    let told = format!("{:?} {:?} {llm:?}", collected.raw, collected.trace);
    assert!(told.contains("service_tier"), "{told}");
    assert!(!told.contains("planted-in-the-body"), "{told}");
}

#[tokio::test]
async fn a_time_limit_of_the_client_is_a_timeout() {
    let server = serve(Reply::never()).await;
    let client = reqwest::Client::builder().timeout(Duration::from_millis(50)).build().unwrap();
    let error = llm(model(&server).with_http_client(client)).completion("Yes?").collect().await;
    let error = error.unwrap_err();
    assert_eq!(error.model_error().unwrap().kind, ModelErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn a_time_limit_of_a_service_around_the_client_is_a_timeout() {
    let server = serve(Reply::never()).await;
    let service = tower::ServiceBuilder::new()
        .timeout(Duration::from_millis(50))
        .service(ReqwestService::default());
    let error = llm(model(&server).with_http_service(service)).completion("Yes?").collect().await;
    let error = error.unwrap_err();
    assert_eq!(error.model_error().unwrap().kind, ModelErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn a_server_that_answers_in_one_piece_is_understood() {
    let whole = json!({
        "id": "c1", "object": "chat.completion", "model": "local",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."},
            "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    });
    let server = serve([Raw::json(whole.to_string()).into()]).await;
    let turn = llm(model(&server)).completion("Yes?").collect().await.unwrap();
    assert_eq!((&*turn.text, turn.usage.total_tokens()), ("Yes.", Some(4)));
    assert_eq!(turn.response_id.as_deref(), Some("c1"));
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
struct Strict {
    #[expect(dead_code, reason = "only its schema matters")]
    name: String,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
struct Loose {
    #[expect(dead_code, reason = "only its schema matters")]
    name: Option<String>,
}

#[tokio::test]
async fn a_schema_is_strict_where_it_can_be() {
    let server = serve(Script::repeating_last([Answer::json(&json!({"name": "x"})).into()])).await;
    let llm = llm(model(&server));
    llm.structured::<Strict>("Who?").collect().await.unwrap();
    llm.structured::<Loose>("Who?").collect().await.unwrap();
    let requests = server.requests();
    let format = |number: usize| requests[number].body()["response_format"]["json_schema"].clone();
    assert_eq!(format(0)["strict"], json!(true));
    assert_eq!(format(0)["schema"]["additionalProperties"], json!(false));
    assert_eq!(format(1)["strict"], json!(false));
    assert_eq!(format(1)["schema"].get("additionalProperties"), None);
}
