//! What goes over the wire with rig, as raw entries: the rest is in the contract.

use probity_eval::{RawTelemetryConfig, RetryPolicy};
use probity_model_server::{Answer, Failure, FailureKind, Raw, Reply};
use probity_trace::{CollectedRaw, RawPayload, capture_raw};

use crate::{contract::serve, provider::Provider};

/// Asks once, and returns the capture with the body that the server got.
async fn ask(provider: Provider, reply: Reply) -> (CollectedRaw<()>, String) {
    let server = serve([reply]).await;
    let llm = provider.llm(&server).with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async {
        // Errors are in the entries as well.
        let _ = llm.completion("How is the weather?").collect().await;
    })
    .await;
    let body = String::from_utf8(server.requests()[0].bytes().to_vec()).unwrap();
    (collected, body)
}

#[tokio::test]
async fn a_request_is_told_byte_by_byte_on_the_span_of_rig() {
    for provider in Provider::ALL {
        let (collected, sent) = ask(provider, Reply::text("Sunny.")).await;
        let chat = collected.trace.span("chat").unwrap().id();
        let mut spans = collected.raw.entries.iter().map(|entry| entry.span);
        assert!(spans.all(|span| span == Some(chat)), "{}", collected.trace);
        let RawPayload::Request { body, .. } = &collected.raw.entries[0].payload else {
            panic!("{:?}", collected.raw)
        };
        assert_eq!(body, &sent, "{provider:?}");
    }
}

#[tokio::test]
async fn the_payload_after_the_last_that_rig_reads_is_told_too() {
    for (provider, expected) in [
        (Provider::OpenAi, "[DONE]"),
        // Rig has the whole answer one payload earlier, and reads no further.
        (Provider::Anthropic, r#"{"type":"message_stop"}"#),
    ] {
        for chunk in [1, 7, 100_000] {
            let reply = Reply::text("Größe: 5 €, 😀").with_chunk_size(chunk);
            let (collected, _) = ask(provider, reply).await;
            let last = &collected.raw.entries.last().unwrap().payload;
            let RawPayload::StreamEvent { body, .. } = last else { panic!("{last:?}") };
            assert_eq!(body, expected, "{provider:?}");
        }
    }
}

#[tokio::test]
async fn a_page_in_place_of_a_stream_is_told_whole() {
    for provider in Provider::ALL {
        let page = format!("<html>{}</html>", "x".repeat(10_000));
        let (collected, _) = ask(provider, Raw::html(page.clone()).into()).await;
        let payloads: Vec<_> = collected.raw.entries.iter().map(|entry| &entry.payload).collect();
        let [
            RawPayload::Request { .. },
            RawPayload::Response { body: Some(answer), .. },
            RawPayload::ParseError { body, .. },
        ] = payloads[..]
        else {
            panic!("{provider:?}: {payloads:?}")
        };
        assert_eq!((answer, body), (&page, &page));
    }
}

#[tokio::test]
async fn every_attempt_is_told() {
    for provider in Provider::ALL {
        let limited = Failure::new(FailureKind::RateLimited).with_retry_after_ms(1);
        let server = serve([limited.into(), Answer::text("Yes.").into()]).await;
        let llm = provider.llm(&server).with_retry(RetryPolicy::default());
        let llm = llm.with_extension(RawTelemetryConfig::all());
        let collected = capture_raw(async { llm.completion("Yes?").collect().await }).await;
        assert_eq!(collected.output.unwrap().attempts, 2);
        let requests = collected.raw.entries.iter();
        let requests = requests.filter(|entry| matches!(entry.payload, RawPayload::Request { .. }));
        assert_eq!(requests.count(), 2);
    }
}
