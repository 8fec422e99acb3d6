//! What a raw capture shows of a turn.

use probity_eval::{
    RawTelemetryConfig, RetryPolicy,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{CollectedRaw, RawPayload, RawTraceSnapshot, capture, capture_raw};
use serde_json::{Value, json};

use crate::support::{llm, soon, turn};

async fn asked(replies: Vec<Reply>, config: RawTelemetryConfig) -> CollectedRaw<bool> {
    let llm = llm(&ScriptedModel::replies(replies)).with_extension(config);
    let turn = llm.completion("What is it?").temperature(0.5).collect();
    capture_raw(turn).await.map(|answer| answer.is_ok())
}

/// The kinds of the entries, each once for those that follow each other.
fn kinds(raw: &RawTraceSnapshot) -> Vec<&'static str> {
    let kinds = raw.entries.iter().map(|entry| match &entry.payload {
        RawPayload::Request { .. } => "request",
        RawPayload::Response { .. } => "response",
        RawPayload::StreamEvent { .. } => "stream event",
        RawPayload::ParseError { .. } => "parse error",
        RawPayload::RequestError { .. } => "request error",
        RawPayload::CollectError { .. } => "collect error",
        _ => "another",
    });
    let mut kinds: Vec<_> = kinds.collect();
    kinds.dedup();
    kinds
}

fn payloads(raw: &RawTraceSnapshot) -> Vec<(u64, Value)> {
    let payloads = raw.entries.iter().filter_map(|entry| match &entry.payload {
        RawPayload::StreamEvent { sequence, body } => {
            Some((*sequence, serde_json::from_str(body).unwrap()))
        }
        _ => None,
    });
    payloads.collect()
}

#[tokio::test]
async fn a_raw_capture_shows_the_request_the_head_and_every_payload_in_order() {
    let reply = Reply::text("a b c").with_header("openai-version", "2020-10-01");
    let collected = asked(vec![reply], RawTelemetryConfig::all()).await;
    assert_eq!(kinds(&collected.raw), ["request", "response", "stream event"]);
    let [request, response, ..] = &collected.raw.entries[..] else { panic!("{:?}", collected.raw) };
    let RawPayload::Request { method, body, .. } = &request.payload else { panic!("{request:?}") };
    assert_eq!(method, "POST");
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({
            "model": "scripted-1",
            "messages": [{"role": "user", "parts": [{"type": "text", "content": "What is it?"}]}],
            "temperature": 0.5,
            "stream": true,
        })
    );
    let RawPayload::Response { status: 200, headers, body: None } = &response.payload else {
        panic!("{response:?}")
    };
    for (name, value) in [("x-request-id", "req_0"), ("openai-version", "2020-10-01")] {
        assert!(headers.contains(&(name.to_owned(), value.to_owned())), "{headers:?}");
    }
    let payloads = payloads(&collected.raw);
    assert!(payloads.iter().map(|(sequence, _)| *sequence).eq(0..6), "{payloads:?}");
    let texts: String =
        payloads.iter().filter_map(|(_, payload)| payload["text"].as_str()).collect();
    assert_eq!(texts, "a b c");

    let span = turn(&collected.trace).id();
    assert!(collected.raw.entries.iter().all(|entry| entry.span == Some(span)));
}

#[tokio::test]
async fn a_request_that_fails_is_shown_with_its_status_its_body_and_what_follows() {
    let limit = Fault::rate_limited()
        .with_body("slow down")
        .with_retry_after(std::time::Duration::from_millis(1));
    let replies = vec![limit.into(), Fault::timeout().into(), Fault::status(400).into()];
    let collected = asked(replies, RawTelemetryConfig::all()).await;
    let found = [
        "request",
        "response",
        "request error",
        "request",
        "request error",
        "request",
        "response",
        "request error",
    ];
    assert_eq!(kinds(&collected.raw), found);
    let headers = collected.raw.entries.iter().find_map(|entry| match &entry.payload {
        RawPayload::Response { status: 429, headers, .. } => Some(headers.clone()),
        _ => None,
    });
    assert!(headers.unwrap().contains(&("retry-after-ms".to_owned(), "1".to_owned())));
    let errors = collected.raw.entries.iter().filter_map(|entry| match &entry.payload {
        RawPayload::RequestError { error, status, body, retryable } => {
            Some((error.as_str(), *status, body.as_deref(), *retryable))
        }
        _ => None,
    });
    assert_eq!(
        errors.collect::<Vec<_>>(),
        [
            (
                "the provider limits the rate (status 429): slow down (request req_0)",
                Some(429),
                Some(r#"{"error":{"message":"slow down"},"type":"error"}"#),
                Some(true)
            ),
            ("there was no answer in time: the request timed out", None, None, Some(true)),
            (
                "the provider refused the request (status 400) (request req_2)",
                Some(400),
                Some(r#"{"error":{"message":""},"type":"error"}"#),
                Some(false)
            ),
        ]
    );
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_is_shown_with_what_had_come() {
    let bad = Fault::malformed_json().with_body(r#"{"text": "thr"#).after_deltas(2);
    let reply = Reply::text("one two three").with_fault(bad);
    let collected = asked(vec![reply], RawTelemetryConfig::all()).await;
    let found = ["request", "response", "stream event", "parse error", "collect error"];
    assert_eq!(kinds(&collected.raw), found);
    let [.., parse, collect] = &collected.raw.entries[..] else { panic!("{:?}", collected.raw) };
    let error = "EOF while parsing a string at line 1 column 13".to_owned();
    assert_eq!(
        parse.payload,
        RawPayload::ParseError { error: error.clone(), body: r#"{"text": "thr"#.to_owned() }
    );
    assert_eq!(
        collect.payload,
        RawPayload::CollectError {
            error: format!("the answer could not be read: {error}"),
            partial: Some("one two".to_owned()),
        }
    );
}

#[tokio::test]
async fn each_answer_that_breaks_off_is_shown_though_the_turn_begins_anew() {
    let broken = |deltas| {
        Reply::text("one two three").with_fault(Fault::connection_reset().after_deltas(deltas))
    };
    let replies = vec![broken(2), broken(0), Reply::text("well")];
    let collected = asked(replies, RawTelemetryConfig::all()).await;
    assert!(collected.output);
    let partials = collected.raw.entries.iter().filter_map(|entry| match &entry.payload {
        RawPayload::CollectError { partial, .. } => Some(partial.as_deref()),
        _ => None,
    });
    assert_eq!(partials.collect::<Vec<_>>(), [Some("one two"), None]);
    // Each stream counts from 0.
    let begun = payloads(&collected.raw).into_iter().filter(|(sequence, _)| *sequence == 0);
    assert_eq!(begun.count(), 3);
}

#[tokio::test]
async fn only_what_is_wanted_is_shown() {
    let replies = || vec![Fault::server_error().into(), Reply::text("well")];
    let none = asked(replies(), RawTelemetryConfig::none()).await;
    assert!(none.output && none.raw.entries.is_empty());
    let mut errors = RawTelemetryConfig::none();
    errors.errors = true;
    assert_eq!(kinds(&asked(replies(), errors).await.raw), ["request error"]);
    let mut requests = RawTelemetryConfig::none();
    requests.requests = true;
    assert_eq!(asked(replies(), requests).await.raw.entries.len(), 2);
}

#[tokio::test]
async fn without_a_wish_or_without_a_raw_capture_nothing_is_shown() {
    let silent = llm(&ScriptedModel::replies(["a", "b"]));
    let raw = capture_raw(silent.completion("?").collect()).await.raw;
    assert!(raw.entries.is_empty() && raw.dropped == 0);
    let talking = silent.with_extension(RawTelemetryConfig::all());
    let trace = capture(talking.completion("?").collect()).await.trace;
    assert_eq!(trace.all_spans().count(), 1);
}

#[tokio::test]
async fn the_reader_of_a_stream_outside_of_the_capture_is_shown_too() {
    let model = ScriptedModel::replies(["one two"]);
    let llm = llm(&model).with_extension(RawTelemetryConfig::all()).with_retry(soon());
    let collected = capture_raw(async {
        let answer = llm.completion("?").stream();
        // Another thread knows nothing of the capture, but the turn does.
        std::thread::spawn(move || futures::executor::block_on(futures::StreamExt::count(answer)))
            .join()
            .unwrap()
    });
    let collected = collected.await;
    assert_eq!((collected.output, payloads(&collected.raw).len()), (5, 5));
}

#[tokio::test]
async fn a_script_that_is_used_up_is_shown_as_a_request_that_failed() {
    let llm = llm(&ScriptedModel::replies([Reply::text("one")]))
        .with_retry(RetryPolicy::never())
        .with_extension(RawTelemetryConfig::all());
    llm.completion("?").collect().await.unwrap();
    let raw = capture_raw(llm.completion("?").collect()).await.raw;
    assert_eq!(kinds(&raw), ["request", "request error"]);
}
