//! The spans of a turn over rig, and that each call counts once.

use std::time::Duration;

use futures::StreamExt as _;
use probity_eval::{Budget, RetryPolicy, model::ModelErrorKind};
use probity_model_server::{Answer, Failure, FailureKind, Fault, Raw, Reply, Usage};
use probity_trace::{
    ValueRef, capture,
    genai::{self, FinishReason},
};

use crate::{contract::serve, provider::Provider};

#[tokio::test]
async fn rig_s_span_lies_in_the_turn_and_both_count_as_one_call() {
    for provider in Provider::ALL {
        let usage = Usage::new(20, 9).with_cache_read(7).with_reasoning(4);
        let server = serve([Answer::text("It is sunny.").with_usage(usage).into()]).await;
        let llm = provider.llm(&server).with_content_capture(true);
        let collected = capture(async { llm.completion("How is it?").collect().await }).await;
        let turn = collected.output.unwrap();

        let chat = collected.trace.span("chat").unwrap();
        assert_eq!(chat.parent().unwrap().name(), "llm_turn", "{}", collected.trace);
        assert!(chat.field("gen_ai.usage.input_tokens").unwrap() == 27, "{}", collected.trace);
        assert!(!chat.is_open());

        let genai = collected.trace.genai();
        let [call] = genai.llm_calls() else { panic!("{genai:?}") };
        let expected = genai::Usage::new(27, 9).with_cache_read(7).with_cache_write(0);
        assert_eq!(genai.usage(), expected.with_reasoning(4), "{provider:?}");
        assert_eq!(call.attempts, 1);
        assert_eq!(call.finish_reasons, [FinishReason::Stop]);
        assert_eq!(call.response_id, turn.response_id);
        assert_eq!(call.request_id.as_deref(), Some("req_0"));
        assert_eq!(call.output[0].content(), "It is sunny.");
        assert_eq!(genai.unreadable(), []);
    }
}

#[tokio::test]
async fn a_retried_call_uses_what_its_attempts_used() {
    for provider in Provider::ALL {
        let usage = Usage::new(20, 9);
        let broken = Reply::from(Answer::text("It").with_usage(usage));
        let answer = Answer::text("It is sunny.").with_usage(usage);
        let server = serve([broken.with_fault_after(1, Fault::Reset), answer.into()]).await;
        let wait = Duration::from_millis(1);
        let llm = provider.llm(&server).with_retry(RetryPolicy::default().with_waits(wait, wait));
        let llm = llm.with_budget(Budget::unlimited().max_requests(2));
        let collected = capture(async { llm.completion("How is it?").collect().await }).await;
        assert_eq!(collected.output.unwrap().attempts, 2);
        let genai = collected.trace.genai();
        let [call] = genai.llm_calls() else { panic!("{genai:?}") };
        assert_eq!((call.attempts, call.error.as_ref()), (2, None), "{provider:?}");
        assert_eq!(genai.usage().output_tokens, Some(9), "{provider:?}");
        assert_eq!(llm.budget().spent().requests, 2);
    }
}

#[tokio::test]
async fn the_error_of_a_turn_is_on_the_span_of_rig_too() {
    let broken = |fault| Reply::text("It is sunny.").with_fault_after(2, fault);
    for reply in [
        Failure::new(FailureKind::RateLimited).into(),
        Raw::html("<html>Please log in.</html>").into(),
        broken(Fault::Reset),
        broken(Fault::Truncated),
        broken(Fault::NotJson),
        broken(Fault::Error(Failure::new(FailureKind::Server))),
        Reply::reset(),
    ] {
        for provider in Provider::ALL {
            let server = serve([reply.clone()]).await;
            let llm = provider.llm(&server);
            let collected = capture(async { llm.completion("How is it?").collect().await }).await;
            let error = collected.output.unwrap_err();
            let error = error.model_error().unwrap();
            let chat = collected.trace.span("chat").unwrap();
            let field = |key| chat.field(key).and_then(ValueRef::as_str);
            assert_eq!(field("error.type"), Some(&*error.error_type()), "{}", collected.trace);
            assert_eq!(field("otel.status_code"), Some("ERROR"));
            assert_eq!(field("otel.status_description"), Some(&*error.to_string()));
        }
    }
}

#[tokio::test]
async fn an_error_that_only_rig_sees_is_on_its_span_too() {
    // JSON as it should be, but for a block that has no type.
    let stream = concat!(
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"answer_1\"}}\n\n",
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{}}\n\n",
    );
    let raw = Raw::new(http::StatusCode::OK, "text/event-stream", stream);
    let server = serve([raw.into()]).await;
    let llm = Provider::Anthropic.llm(&server);
    let collected = capture(async { llm.completion("How is it?").collect().await }).await;
    let error = collected.output.unwrap_err();
    let error = error.model_error().unwrap();
    assert_eq!((error.kind, error.status), (ModelErrorKind::Malformed, Some(200)), "{error}");
    assert!(error.message().contains("content_block"), "{error}");
    let chat = collected.trace.span("chat").unwrap();
    assert!(chat.field("error.type").unwrap() == "malformed_response", "{}", collected.trace);
}

#[tokio::test]
async fn a_turn_that_is_dropped_closes_the_span_of_rig() {
    for provider in Provider::ALL {
        let server = serve([Answer::text("one two three").into()]).await;
        let llm = provider.llm(&server);
        let collected = capture(async {
            let mut turn = llm.completion("Count.").stream();
            while let Some(event) = turn.next().await {
                if event.unwrap().is_content() {
                    break;
                }
            }
        })
        .await;
        let chat = collected.trace.span("chat").unwrap();
        assert!(!chat.is_open(), "{provider:?}: {}", collected.trace);
        assert!(chat.field("error.type").is_none(), "{provider:?}: {}", collected.trace);
    }
}
