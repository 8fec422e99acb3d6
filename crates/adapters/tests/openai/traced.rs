//! Programs that call `async-openai` themselves, recorded by the layer.

use async_openai::{
    Client,
    config::OpenAIConfig,
    error::OpenAIError,
    middleware::{HttpRequestFactory, ReqwestService},
    types::chat::{
        ChatCompletionRequestUserMessage, CreateChatCompletionRequest, CreateChatCompletionResponse,
    },
};
use futures::{StreamExt as _, future, stream};
use probity_adapters::openai::{TraceLayer, traced_client};
use probity_model_server::{Answer, ModelServer, ToolCall, Usage};
use probity_trace::{
    RawPayload, capture, capture_raw,
    genai::{self, FinishReason, Message, Part, Role},
};
use serde_json::json;
use tower::{Layer as _, ServiceExt as _};
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{config, contract::serve};

pub(crate) fn request() -> CreateChatCompletionRequest {
    CreateChatCompletionRequest {
        model: "gpt-4o-mini".to_owned(),
        messages: vec![ChatCompletionRequestUserMessage::from("How is it?").into()],
        temperature: Some(0.5),
        ..CreateChatCompletionRequest::default()
    }
}

pub(crate) fn client(server: &ModelServer) -> Client<OpenAIConfig> {
    let layer = TraceLayer::new().with_content_capture(true);
    Client::with_config(config(server)).with_http_service(layer.layer(ReqwestService::default()))
}

fn answer() -> Answer {
    let call = ToolCall::new("get_weather", &json!({"city": "Paris"})).with_id("call_1");
    Answer::text("Let me see.")
        .with_tool_call(call)
        .with_usage(Usage::new(20, 9).with_cache_read(7).with_reasoning(4))
        .with_id("answer_1")
        .with_model("small-2026")
}

/// Checks that the one call of a trace is the one of [`request`] and [`answer`].
#[track_caller]
fn check(trace: &probity_trace::TraceSnapshot, usage: genai::Usage) {
    let genai = trace.genai();
    let [call] = genai.llm_calls() else { panic!("{trace}") };
    assert_eq!(call.provider.as_deref(), Some("openai"));
    assert_eq!(call.request_model.as_deref(), Some("gpt-4o-mini"));
    assert_eq!(call.response_model.as_deref(), Some("small-2026"));
    assert_eq!(call.response_id.as_deref(), Some("answer_1"));
    assert_eq!(call.request_id.as_deref(), Some("req_0"));
    assert_eq!(call.finish_reasons, [FinishReason::ToolCall]);
    assert_eq!(call.usage, usage, "{trace}");
    assert_eq!(call.input, [Message::text(Role::User, "How is it?")]);
    let asked = Part::ToolCall {
        id: Some("call_1".to_owned()),
        name: "get_weather".to_owned(),
        arguments: json!({"city": "Paris"}),
    };
    assert_eq!(
        call.output,
        [Message::new(Role::Assistant, vec![Part::text("Let me see."), asked])]
    );
    assert!(call.duration.is_some(), "the span ended with the answer: {trace}");
    assert!(trace.span("chat").unwrap().field("gen_ai.request.temperature").unwrap() == 0.5);
}

#[tokio::test]
async fn an_answer_in_one_piece_is_a_span_with_everything_on_it() {
    let server = serve([answer().into()]).await;
    let collected =
        capture(async { client(&server).chat().create(request()).await.unwrap() }).await;
    let answer: &CreateChatCompletionResponse = &collected.output;
    assert_eq!(answer.choices[0].message.content.as_deref(), Some("Let me see."));
    let usage = genai::Usage::new(27, 9).with_cache_read(7).with_cache_write(0).with_reasoning(4);
    check(&collected.trace, usage);
}

#[tokio::test]
async fn a_streamed_answer_is_the_same_though_another_task_reads_it() {
    let server = serve([answer().into()]).await;
    let asked = async {
        let mut request = request();
        request.stream_options =
            Some(serde_json::from_value(json!({"include_usage": true})).unwrap());
        let stream = client(&server).chat().create_stream(request).await.unwrap();
        stream.map(Result::unwrap).count().await
    };
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    let collected = capture_raw(asked).with_subscriber(subscriber).await;
    let usage = genai::Usage::new(27, 9).with_cache_read(7).with_cache_write(0).with_reasoning(4);
    check(&collected.trace, usage);
    let bodies: Vec<_> = collected
        .raw
        .entries
        .iter()
        .filter_map(|entry| match &entry.payload {
            RawPayload::StreamEvent { sequence, body } => Some((*sequence, body)),
            _ => None,
        })
        .collect();
    // The client does not hand on the last one, which says that it is over.
    assert_eq!(bodies.len(), collected.output + 1);
    assert!(bodies.iter().enumerate().all(|(number, body)| body.0 == number as u64));
    assert_eq!(bodies.last().unwrap().1, "[DONE]");
    let chat = collected.trace.span("chat").unwrap().id();
    assert!(collected.raw.entries.iter().all(|entry| entry.span == Some(chat)));
}

#[tokio::test]
async fn an_answer_that_nobody_reads_to_its_end_is_recorded_as_far_as_it_came() {
    let chunk = r#"{"id":"answer_1","choices":[{"index":0,"delta":{"content":"It is"}}]}"#;
    let body = format!("data: {chunk}\n\n");
    let answer = move |_: HttpRequestFactory| {
        // One payload, and then nothing more, for ever.
        let bytes = stream::once(future::ready(Ok::<_, OpenAIError>(body.clone())));
        let body = reqwest::Body::wrap_stream(bytes.chain(stream::pending()));
        let response = http::Response::builder().header("content-type", "text/event-stream");
        future::ready(Ok::<_, OpenAIError>(reqwest::Response::from(response.body(body).unwrap())))
    };
    let service = TraceLayer::new().layer(tower::service_fn(answer));
    let factory = HttpRequestFactory::new(|| async {
        let url = "http://localhost/v1/chat/completions".parse().unwrap();
        Ok(reqwest::Request::new(reqwest::Method::POST, url))
    });
    let collected = capture_raw(async {
        let mut response = service.oneshot(factory).await.unwrap();
        response.chunk().await.unwrap().unwrap()
    })
    .await;
    assert!(collected.output.starts_with(b"data: "));
    let genai = collected.trace.genai();
    let [call] = genai.llm_calls() else { panic!("{}", collected.trace) };
    assert_eq!(call.response_id.as_deref(), Some("answer_1"));
    assert!(call.duration.is_some() && call.error.is_none(), "{}", collected.trace);
    let last = &collected.raw.entries.last().unwrap().payload;
    let RawPayload::CollectError { partial: Some(partial), .. } = last else { panic!("{last:?}") };
    assert_eq!(partial, "It is");
}

#[tokio::test]
async fn requests_for_other_things_get_no_span_and_are_recorded() {
    let list = r#"{"object":"list","data":[{"id":"m"}]}"#;
    let answer = move |_: HttpRequestFactory| async move {
        let response = http::Response::builder().header("content-type", "application/json");
        Ok::<_, OpenAIError>(reqwest::Response::from(response.body(list).unwrap()))
    };
    let service = TraceLayer::new().layer(tower::service_fn(answer));
    let factory = HttpRequestFactory::new(|| async {
        let url = "http://localhost/v1/models".parse().unwrap();
        Ok(reqwest::Request::new(reqwest::Method::GET, url))
    });
    let asked = async { service.oneshot(factory).await.unwrap().text().await.unwrap() };
    let collected = capture_raw(asked).await;
    assert_eq!(collected.output, list);
    assert!(collected.trace.all_spans().next().is_none(), "{}", collected.trace);
    let payloads: Vec<_> = collected.raw.entries.iter().map(|entry| &entry.payload).collect();
    let [RawPayload::Request { .. }, RawPayload::Response { status: 200, body: Some(body), .. }] =
        payloads[..]
    else {
        panic!("{payloads:?}")
    };
    assert_eq!(body, list);
}

#[tokio::test]
async fn messages_are_recorded_only_where_it_is_asked_for() {
    let server = serve([answer().into()]).await;
    let client = traced_client(config(&server));
    let collected = capture(async { client.chat().create(request()).await.unwrap() }).await;
    let genai = collected.trace.genai();
    let [call] = genai.llm_calls() else { panic!("{}", collected.trace) };
    assert!(call.input.is_empty() && call.output.is_empty(), "{}", collected.trace);
    assert_eq!(call.response_id.as_deref(), Some("answer_1"));
}
