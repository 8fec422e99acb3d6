//! What the raw capture gets: what was sent, and what came, whole and in order.

use probity_eval::RawTelemetryConfig;
use probity_model_server::{Failure, FailureKind, Fault, Protocol, Reply};
use probity_trace::{CollectedRaw, RawEntry, RawPayload, RawTraceSnapshot, capture_raw};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Subject, serve};
use crate::SUBJECTS;

/// Asks once, under a raw capture.
async fn ask(subject: &Subject, reply: Reply, config: RawTelemetryConfig) -> CollectedRaw<bool> {
    let server = serve([reply]).await;
    let llm = subject.llm(&server);
    let asked = async { llm.completion("How is it?").ext(config).collect().await.is_ok() };
    capture_raw(asked).await
}

fn payloads(raw: &RawTraceSnapshot) -> Vec<(u64, &str)> {
    raw.entries
        .iter()
        .filter_map(|entry| match &entry.payload {
            RawPayload::StreamEvent { sequence, body } => Some((*sequence, &**body)),
            _ => None,
        })
        .collect()
}

fn kinds(raw: &RawTraceSnapshot) -> Vec<&'static str> {
    let kind = |entry: &RawEntry| match &entry.payload {
        RawPayload::Request { .. } => "request",
        RawPayload::Response { .. } => "response",
        RawPayload::StreamEvent { .. } => "stream_event",
        RawPayload::ParseError { .. } => "parse_error",
        RawPayload::RequestError { .. } => "request_error",
        RawPayload::CollectError { .. } => "collect_error",
        _ => "unknown",
    };
    let mut kinds: Vec<_> = raw.entries.iter().map(kind).collect();
    kinds.dedup();
    kinds
}

/// Checks that every payload of an answer is there, in order and numbered.
fn check_payloads(subject: &Subject, raw: &RawTraceSnapshot) {
    let payloads = payloads(raw);
    let numbers: Vec<_> = payloads.iter().map(|(number, _)| *number).collect();
    let expected: Vec<_> = (0..payloads.len() as u64).collect();
    assert_eq!(numbers, expected, "{}", subject.name);
    let text: String = payloads
        .iter()
        .filter_map(|(_, body)| serde_json::from_str::<Value>(body).ok())
        .filter_map(|body| {
            let delta = body.pointer("/choices/0/delta/content").or(body.pointer("/delta/text"));
            delta?.as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(text, "It is sunny — 18 °C.", "{}", subject.name);
    let last = payloads.last().unwrap().1;
    let expected = if subject.protocol == Protocol::Anthropic { "message_stop" } else { "[DONE]" };
    assert!(last.contains(expected), "{}: {last}", subject.name);
}

#[tokio::test]
async fn an_answer_is_recorded_whole_and_belongs_to_the_span_of_the_turn() {
    for subject in SUBJECTS {
        let reply = Reply::text("It is sunny — 18 °C.").with_chunk_size(11);
        let collected = ask(subject, reply, RawTelemetryConfig::all()).await;
        assert!(collected.output);
        let kinds = kinds(&collected.raw);
        let expected: &[_] = if subject.sees_heads {
            &["request", "response", "stream_event"]
        } else {
            &["request", "stream_event"]
        };
        assert_eq!(kinds, expected, "{}", subject.name);
        check_payloads(subject, &collected.raw);
        // A client may open a span of its own for each request.
        let turn = collected.trace.span("llm_turn").unwrap();
        let spans: Vec<_> = turn.descendants().map(|span| Some(span.id())).collect();
        let is_in_turn = |span| span == Some(turn.id()) || spans.contains(&span);
        assert!(collected.raw.entries.iter().all(|entry| is_in_turn(entry.span)));
    }
}

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent_without_authorization() {
    for subject in SUBJECTS {
        let collected = ask(subject, Reply::text("Sunny."), RawTelemetryConfig::all()).await;
        let RawPayload::Request { method, url, headers, body } = &collected.raw.entries[0].payload
        else {
            panic!("{:?}", collected.raw.entries)
        };
        assert_eq!(method, "POST");
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        assert!(body.contains("How is it?"), "{body}");
        assert!(!headers.iter().any(|(name, _)| name == "authorization"), "{headers:?}");
        if subject.sees_heads {
            let body: Value = serde_json::from_str(body).unwrap();
            if subject.protocol == Protocol::Anthropic {
                assert!(url.ends_with("/v1/messages"), "{url}");
            } else {
                assert!(url.ends_with("/v1/chat/completions"), "{url}");
                assert_eq!(body["stream_options"], json!({"include_usage": true}));
            }
            let json = ("content-type".to_owned(), "application/json".to_owned());
            assert!(headers.contains(&json), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_is_recorded_whole_under_a_scoped_subscriber() {
    for subject in SUBJECTS {
        let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
        let asked = ask(subject, Reply::text("It is sunny — 18 °C."), RawTelemetryConfig::all());
        let collected = asked.with_subscriber(subscriber).await;
        check_payloads(subject, &collected.raw);
    }
}

#[tokio::test]
async fn an_answer_that_is_read_in_a_spawned_task_is_recorded_whole() {
    for subject in SUBJECTS {
        let server = serve([Reply::text("It is sunny — 18 °C.")]).await;
        let llm = subject.llm(&server).with_extension(RawTelemetryConfig::all());
        let collected = capture_raw(async move {
            // The request starts here, and the rest is read elsewhere.
            let request = probity_eval::model::ModelRequest::new("How is it?".into());
            let mut request = request;
            request.extensions.insert(RawTelemetryConfig::all());
            let stream = llm.model().unwrap().stream(&request).await.unwrap();
            let read = async move { futures::StreamExt::count(stream).await };
            tokio::spawn(read).await.unwrap()
        })
        .await;
        assert!(collected.output > 2);
        check_payloads(subject, &collected.raw);
    }
}

#[tokio::test]
async fn a_refusal_is_recorded_with_its_head_body_and_error() {
    for subject in SUBJECTS {
        let failure = Failure::new(FailureKind::RateLimited).with_message("Slow down.");
        let collected = ask(subject, failure.into(), RawTelemetryConfig::all()).await;
        assert!(!collected.output);
        let entries = &collected.raw.entries;
        let [
            _,
            RawEntry {
                payload: RawPayload::Response { status, headers, body: Some(body), .. },
                ..
            },
            RawEntry {
                payload:
                    RawPayload::RequestError {
                        error, status: Some(429), body: Some(_), retryable, ..
                    },
                ..
            },
        ] = &entries[..]
        else {
            panic!("{}: {entries:?}", subject.name)
        };
        assert_eq!((*status, *retryable), (429, Some(true)));
        assert!(body.contains("Slow down.") && error.contains("Slow down."), "{entries:?}");
        assert!(
            headers.iter().any(|(name, value)| name.ends_with("request-id") && value == "req_0")
        );
    }
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_is_recorded_with_what_is_wrong() {
    for subject in SUBJECTS {
        let reply = Reply::text("It is sunny.").with_fault_after(2, Fault::NotJson);
        let collected = ask(subject, reply, RawTelemetryConfig::all()).await;
        let bad = collected.raw.entries.iter().find_map(|entry| match &entry.payload {
            RawPayload::ParseError { error, body } => Some((error, body)),
            _ => None,
        });
        let (error, body) = bad.unwrap_or_else(|| panic!("{:?}", collected.raw.entries));
        assert!(body.starts_with(r#"{"choices": [{"delta":"#), "{}: {body}", subject.name);
        assert!(!error.is_empty());
        // What had come until then is an entry of its own.
        let last = &collected.raw.entries.last().unwrap().payload;
        let RawPayload::CollectError { partial: Some(partial), .. } = last else {
            panic!("{last:?}")
        };
        assert_eq!(partial, "It is su", "{}", subject.name);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_recorded_as_an_error() {
    for subject in SUBJECTS {
        for fault in [Fault::Reset, Fault::Truncated] {
            let reply = Reply::text("It is sunny.").with_fault_after(2, fault);
            let collected = ask(subject, reply, RawTelemetryConfig::all()).await;
            let kinds = kinds(&collected.raw);
            assert_eq!(kinds.last(), Some(&"collect_error"), "{}: {kinds:?}", subject.name);
            assert!(kinds.contains(&"request_error"), "{}: {kinds:?}", subject.name);
        }
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_recorded() {
    for subject in SUBJECTS {
        let none = ask(subject, Reply::text("Sunny."), RawTelemetryConfig::none()).await;
        assert!(none.raw.entries.is_empty(), "{:?}", none.raw.entries);
        let mut requests = RawTelemetryConfig::none();
        requests.requests = true;
        let collected = ask(subject, Reply::text("Sunny."), requests).await;
        assert_eq!(kinds(&collected.raw), ["request"], "{}", subject.name);
    }
}
