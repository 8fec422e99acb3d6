//! What is said by the client and the options.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use genai::{
    Client, ModelIden,
    adapter::AdapterKind,
    chat::ChatOptions,
    resolver::{AuthData, Endpoint},
};
use probity_adapters::genai::GenAiModel;
use probity_eval::{
    Budget, Llm, RawTelemetryConfig, RetryPolicy,
    model::{Model as _, ModelErrorKind},
};
use probity_model_server::{Failure, FailureKind, Reply};
use probity_trace::{capture, capture_raw};
use serde_json::json;

use crate::{
    contract::{KEY, serve},
    openai, process,
};

fn llm(model: GenAiModel) -> Llm {
    Llm::new(Arc::new(model), Budget::unlimited()).with_retry(RetryPolicy::never())
}

#[tokio::test]
async fn a_model_is_found_by_its_name_with_the_client_s_own_address_and_key() {
    let server = serve(Reply::text("Yes.")).await;
    let place =
        (Endpoint::from_owned(format!("{}/", server.openai_url())), AuthData::from_single(KEY));
    let client =
        Client::builder().append_provider_config(AdapterKind::OpenAI, place).build().unwrap();
    let model = GenAiModel::new(client, "gpt-4o-mini");
    assert_eq!((model.provider(), model.name()), ("openai", "gpt-4o-mini"));
    assert_eq!(llm(model).completion("Yes?").collect().await.unwrap().text, "Yes.");
    assert_eq!(server.requests()[0].model(), Some("gpt-4o-mini"));
}

#[tokio::test]
async fn a_key_that_is_missing_is_an_error_of_the_credentials() {
    let config = AuthData::from_env("PROBITY_TEST_NO_SUCH_KEY");
    let client =
        Client::builder().append_provider_config(AdapterKind::Groq, config).build().unwrap();
    let model = GenAiModel::new(client, ModelIden::from_static(AdapterKind::Groq, "small"));
    assert_eq!(model.provider(), "groq");
    let error = llm(model).completion("Yes?").collect().await.unwrap_err();
    assert_eq!(error.model_error().unwrap().kind, ModelErrorKind::Unauthorized, "{error}");
}

#[tokio::test]
async fn a_key_of_the_environment_is_sent_and_never_told() {
    const VARIABLE: &str = "PROBITY_TEST_KEY";
    const SECRET: &str = "planted-in-the-environment";
    let test = "options::a_key_of_the_environment_is_sent_and_never_told";
    if !process::has_variable(test, VARIABLE, SECRET) {
        return;
    }
    let failure = Failure::new(FailureKind::Authentication).with_message(format!("Bad: {SECRET}."));
    let server = serve([failure.into()]).await;
    let endpoint = Endpoint::from_owned(format!("{}/", server.openai_url()));
    let client = Client::builder()
        .append_provider_config(AdapterKind::OpenAI, (endpoint, AuthData::from_env(VARIABLE)))
        .build()
        .unwrap();
    let llm = llm(GenAiModel::new(client, "gpt-4o-mini")).with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async { llm.completion("Yes?").collect().await }).await;
    let sent = server.requests()[0].header("authorization").map(str::to_owned);
    assert_eq!(sent.as_deref(), Some("Bearer planted-in-the-environment"));
    let error = collected.output.unwrap_err();
    assert!(error.to_string().contains("Bad: [redacted]."), "{error}");
    let told = format!("{llm:?} {error} {error:?} {:?} {:?}", collected.trace, collected.raw);
    assert!(!told.contains(SECRET), "{told}");
}

#[tokio::test]
async fn options_are_sent_below_the_settings_of_the_turn_and_secrets_in_them_stay_untold() {
    let server = serve(Reply::text("Yes.")).await;
    let frames = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&frames);
    let options = ChatOptions::default()
        .with_temperature(0.9)
        .with_top_p(0.5)
        .with_extra_headers([("x-api-key", "planted-in-a-header")])
        .with_extra_body(json!({"user": "u", "api_key": "planted-in-the-body"}))
        .with_raw_frame_fn(move |_, _| {
            seen.fetch_add(1, Ordering::Relaxed);
        });
    let llm = llm(openai(&server).with_options(options)).with_extension(RawTelemetryConfig::all());
    let turn = async { llm.completion("Yes?").temperature(0.1).collect().await.unwrap() };
    let collected = capture_raw(turn).await;
    let request = &server.requests()[0];
    let body = request.body();
    assert_eq!((&body["temperature"], &body["top_p"]), (&json!(0.1), &json!(0.5)), "{body}");
    assert_eq!(body["api_key"], "planted-in-the-body");
    assert_eq!(request.header("x-api-key"), Some("planted-in-a-header"));
    assert!(frames.load(Ordering::Relaxed) > 2, "the sink of the options still gets the payloads");
    let told = format!("{:?} {:?} {llm:?}", collected.raw, collected.trace);
    assert!(told.contains("extra_body") && !told.contains("planted-in"), "{told}");
}

#[tokio::test]
async fn a_time_limit_of_the_options_is_a_timeout() {
    let server = serve(Reply::never()).await;
    let options = ChatOptions::default().with_stream_header_timeout(Duration::from_millis(50));
    let error = llm(openai(&server).with_options(options)).completion("Yes?").collect().await;
    let error = error.unwrap_err();
    assert_eq!(error.model_error().unwrap().kind, ModelErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn a_call_of_a_turn_has_no_second_span_though_genai_has_spans_of_its_own() {
    let server = serve(Reply::text("Yes.")).await;
    let llm = llm(openai(&server));
    let collected = capture(async { llm.completion("Yes?").collect().await.unwrap() }).await;
    let names: Vec<_> = collected.trace.all_spans().map(|span| span.name().to_owned()).collect();
    assert_eq!(names, ["llm_turn"], "{}", collected.trace);
}
