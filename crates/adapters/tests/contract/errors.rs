//! What goes wrong, as typed errors with status and a bounded excerpt, on the span of the turn.

use std::time::Duration;

use probity_eval::{
    ModelInput, TurnError,
    model::{ModelErrorKind, ToolDefinition},
};
use probity_model_server::{Failure, FailureKind, Fault, Protocol, Raw, Reply};
use probity_trace::{
    TraceSnapshot, capture,
    genai::{Message, Part, Role},
};
use reqwest::StatusCode;
use serde_json::json;

use super::{KEY, Subject, serve};
use crate::SUBJECTS;

/// Asks for an answer that fails, and returns the error with the trace.
async fn fail(subject: &Subject, reply: Reply) -> (TurnError, TraceSnapshot) {
    let server = serve([reply]).await;
    let llm = subject.llm(&server);
    let collected = capture(async { llm.completion("How is the weather?").collect().await }).await;
    (collected.output.unwrap_err(), collected.trace)
}

/// Checks the error of a reply with each model, and that it is on the span of the turn.
async fn check(reply: impl Into<Reply>, kind: ModelErrorKind, status: Option<u16>, words: &str) {
    let reply = reply.into();
    for subject in SUBJECTS {
        let name = subject.name;
        let (error, trace) = fail(subject, reply.clone()).await;
        let model = error.model_error().unwrap();
        let status = status.filter(|status| *status >= 400 || subject.sees_heads);
        assert_eq!((model.kind, model.status), (kind, status), "{name}: {error}");
        assert!(model.message().contains(words), "{name}: {error}");
        assert!(error.to_string().len() < 800 && !error.to_string().contains(KEY), "{error}");
        let span = trace.span("llm_turn").unwrap();
        let field = |key| span.field(key).map(|field| field.to_string());
        assert_eq!(field("error.type").as_deref(), Some(&*model.error_type()), "{name}: {trace}");
        assert_eq!(field("otel.status_code").as_deref(), Some("ERROR"), "{name}: {trace}");
        let description = field("otel.status_description").unwrap();
        assert!(description.contains(words), "{name}: {description}");
        let genai = trace.genai();
        let [call] = genai.llm_calls() else { panic!("{name}: {genai:?}") };
        assert_eq!(call.error.as_ref().unwrap().error_type, model.error_type(), "{name}");
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind).with_message(WORDS)
}

const WORDS: &str = "These are the provider's words.";

#[tokio::test]
async fn refusals_carry_the_status_and_the_provider_s_words() {
    for (kind, expected, status) in [
        (FailureKind::BadRequest, ModelErrorKind::InvalidRequest, 400),
        (FailureKind::Authentication, ModelErrorKind::Unauthorized, 401),
        (FailureKind::Permission, ModelErrorKind::Unauthorized, 403),
        (FailureKind::NotFound, ModelErrorKind::InvalidRequest, 404),
        (FailureKind::RateLimited, ModelErrorKind::RateLimited, 429),
        (FailureKind::Server, ModelErrorKind::Server, 500),
        (FailureKind::Unavailable, ModelErrorKind::Server, 503),
    ] {
        check(failure(kind), expected, Some(status), WORDS).await;
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_and_which_request_it_was() {
    for subject in SUBJECTS {
        let limited = failure(FailureKind::RateLimited).with_retry_after(7);
        let (error, trace) = fail(subject, limited.into()).await;
        let error = error.model_error().unwrap();
        assert_eq!(error.retry_after, Some(Duration::from_secs(7)), "{}", subject.name);
        assert_eq!(error.request_id.as_deref(), Some("req_0"), "{}", subject.name);
        let turn = trace.span("llm_turn").unwrap();
        assert!(turn.field("request_id").unwrap() == "req_0", "{trace}");
    }
}

#[tokio::test]
async fn an_account_without_money_is_no_rate_limit() {
    for subject in SUBJECTS {
        let (error, _) = fail(subject, failure(FailureKind::InsufficientQuota).into()).await;
        let error = error.model_error().unwrap();
        assert_eq!(error.kind, ModelErrorKind::QuotaExceeded, "{}: {error}", subject.name);
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_stream_that_breaks_is_an_answer_that_broke_off() {
    let kind = ModelErrorKind::Truncated;
    for fault in [Fault::Reset, Fault::Hangup] {
        check(Reply::text("It is sunny.").with_fault_after(2, fault), kind, Some(200), "").await;
    }
    let truncated = Reply::text("It is sunny.").with_fault_after(2, Fault::Truncated);
    check(truncated, kind, Some(200), "the stream ended before the answer did").await;
}

#[tokio::test]
async fn a_stream_that_ends_within_a_character_is_an_answer_that_broke_off() {
    for subject in SUBJECTS {
        let begin = match subject.protocol {
            Protocol::Anthropic => concat!(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":",
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",",
                "\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,",
                "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,",
                "\"delta\":{\"type\":\"text_delta\",\"text\":\"caf"
            ),
            _ => "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"caf",
        };
        let mut body = begin.as_bytes().to_vec();
        body.push(0xc3); // The first byte of é.
        let stream = Raw::new(StatusCode::OK, "text/event-stream", body);
        let (error, _) = fail(subject, stream.into()).await;
        let error = error.model_error().unwrap();
        assert_eq!(error.kind, ModelErrorKind::Truncated, "{}: {error}", subject.name);
        assert_eq!(error.status, subject.success(), "{}: {error}", subject.name);
        assert!(error.message().contains("caf"), "{}: {error}", subject.name);
    }
}

#[tokio::test]
async fn an_error_within_a_stream_is_typed_by_its_name() {
    for (kind, expected) in [
        (FailureKind::Server, ModelErrorKind::Server),
        (FailureKind::RateLimited, ModelErrorKind::RateLimited),
        (FailureKind::BadRequest, ModelErrorKind::InvalidRequest),
    ] {
        let fault = Fault::Error(failure(kind));
        let reply = Reply::text("It is sunny.").with_fault_after(1, fault);
        check(reply, expected, Some(200), WORDS).await;
    }
}

#[tokio::test]
async fn a_payload_that_is_no_json_is_an_answer_that_cannot_be_read() {
    let reply = Reply::text("It is sunny.").with_fault_after(1, Fault::NotJson);
    let excerpt = r#"{"choices": [{"delta":"#;
    check(reply, ModelErrorKind::Malformed, Some(200), excerpt).await;
}

#[tokio::test]
async fn a_body_that_is_no_answer_is_one_that_cannot_be_read() {
    for subject in SUBJECTS {
        for raw in [
            Raw::html("<html>Please log in.</html>"),
            Raw::json(r#"{"choices": [{"oops""#),
            Raw::new(StatusCode::OK, "text/event-stream", "<html>Please log in.</html>"),
            Raw::empty(),
        ] {
            let (error, _) = fail(subject, raw.clone().into()).await;
            let error = error.model_error().unwrap();
            let kinds = [ModelErrorKind::Malformed, ModelErrorKind::Truncated];
            assert!(kinds.contains(&error.kind), "{}: {raw:?}: {error}", subject.name);
            assert_eq!(error.status, subject.success(), "{}: {raw:?}: {error}", subject.name);
        }
    }
}

#[tokio::test]
async fn an_excerpt_is_bounded_and_says_so() {
    let page = failure(FailureKind::Server).with_message("x".repeat(100_000));
    check(page, ModelErrorKind::Server, Some(500), "more characters").await;
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_has_no_status() {
    check(Reply::reset(), ModelErrorKind::Connection, None, "").await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connection_that_failed() {
    for subject in SUBJECTS {
        let server = serve(Reply::text("")).await;
        let llm = subject.llm(&server);
        drop(server);
        let error = llm.completion("Hello?").collect().await.unwrap_err();
        let error = error.model_error().unwrap();
        assert_eq!(error.kind, ModelErrorKind::Connection, "{}: {error}", subject.name);
        assert!(!error.message().contains("http://"), "{}: {error}", subject.name);
    }
}

#[tokio::test]
async fn what_had_come_until_the_error_is_kept() {
    for subject in SUBJECTS {
        let reply = Reply::text("It is sunny.").with_fault_after(2, Fault::Reset);
        let (error, trace) = fail(subject, reply).await;
        let TurnError::Model { partial: Some(partial), .. } = error else { panic!("{error}") };
        assert_eq!(partial.text, "It is su", "{}: {trace}", subject.name);
        assert!(!partial.is_complete());
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_not_sent() {
    for subject in SUBJECTS {
        let server = serve(Reply::text("")).await;
        let llm = subject.llm(&server);
        let part = json!({"type": "hologram", "content": "x"}).as_object().unwrap().clone();
        let message = Message::new(Role::User, vec![Part::Other(part)]);
        let tool = ToolDefinition::new("f", "", json!({"type": "object"}));
        let turn = llm.completion(ModelInput::from(vec![message])).tool(tool);
        let error = turn.collect().await.unwrap_err();
        let error = error.model_error().unwrap();
        assert_eq!(error.kind, ModelErrorKind::InvalidRequest, "{}: {error}", subject.name);
        assert!(error.message().contains("hologram"), "{}: {error}", subject.name);
        assert!(server.requests().is_empty(), "{}", subject.name);
    }
}
