//! Programs that use rig themselves, with a client that is built on the tap.

use futures::StreamExt as _;
use probity_adapters::rig::TappedClient;
use probity_eval::RawTelemetryConfig;
use probity_model_server::{Answer, Failure, FailureKind, Fault, ModelServer, Raw, Reply};
use probity_trace::{
    CollectedRaw, RawPayload, TraceSnapshot, ValueRef, capture_raw, genai::FinishReason,
};
use rig_core::{DynModel, operation::Completion};

use crate::{
    contract::{KEY, serve},
    provider::{Provider, chat, client, messages},
};

fn model(provider: Provider, server: &ModelServer) -> DynModel<Completion> {
    let http = TappedClient::new(client());
    match provider {
        Provider::OpenAi => chat(server, http).erase(),
        Provider::Anthropic => messages(server, http).erase(),
    }
}

#[derive(Clone, Copy, Debug)]
enum Mode {
    Whole,
    Streamed,
}

/// Asks once as a program does that knows nothing of probity.
async fn ask(provider: Provider, mode: Mode, reply: Reply) -> CollectedRaw<bool> {
    let server = serve([reply]).await;
    let model = model(provider, &server);
    capture_raw(async {
        match mode {
            Mode::Whole => model.call("How is the weather?").await.is_ok(),
            Mode::Streamed => model.stream("How is the weather?").unwrap().finish().await.is_ok(),
        }
    })
    .await
}

fn error_type(trace: &TraceSnapshot) -> Option<&str> {
    let chat = trace.span("chat").unwrap();
    chat.field("error.type").and_then(ValueRef::as_str)
}

#[tokio::test]
async fn an_answer_is_told_and_its_reason_is_on_the_span() {
    for provider in Provider::ALL {
        for mode in [Mode::Whole, Mode::Streamed] {
            let collected = ask(provider, mode, Reply::text("It is sunny.")).await;
            assert!(collected.output, "{provider:?} {mode:?}");
            assert_eq!(error_type(&collected.trace), None, "{}", collected.trace);
            let genai = collected.trace.genai();
            assert_eq!(
                genai.llm_calls()[0].finish_reasons,
                [FinishReason::Stop],
                "{provider:?} {mode:?}"
            );
            let entries: Vec<_> =
                collected.raw.entries.iter().map(|entry| &entry.payload).collect();
            let is_whole = match (mode, &entries[..]) {
                (Mode::Whole, [RawPayload::Request { .. }, RawPayload::Response { body, .. }]) => {
                    body.as_deref().unwrap().contains("It is sunny.")
                }
                (
                    Mode::Streamed,
                    [
                        RawPayload::Request { .. },
                        RawPayload::Response { body: None, .. },
                        ..,
                        RawPayload::StreamEvent { sequence, .. },
                    ],
                ) => *sequence + 3 == entries.len() as u64,
                _ => false,
            };
            assert!(is_whole, "{provider:?} {mode:?}: {entries:?}");
        }
    }
}

#[tokio::test]
async fn errors_are_on_the_span_of_rig() {
    let broken = |fault| Reply::text("It is sunny.").with_fault_after(2, fault);
    for (reply, expected) in [
        (Failure::new(FailureKind::RateLimited).into(), "429"),
        (Failure::new(FailureKind::Server).into(), "500"),
        (Reply::reset(), "connection"),
        (broken(Fault::Reset), "truncated"),
        (Raw::html("<html>Log in.</html>").into(), "malformed_response"),
        (Raw::json(r#"{"choices": ["#).into(), "malformed_response"),
        (broken(Fault::Error(Failure::new(FailureKind::Server))), "server_error"),
    ] {
        for provider in Provider::ALL {
            for mode in [Mode::Whole, Mode::Streamed] {
                let collected = ask(provider, mode, reply.clone()).await;
                assert!(!collected.output, "{provider:?} {mode:?}: {reply:?}");
                let found = error_type(&collected.trace);
                let within = matches!((expected, mode), ("server_error", Mode::Whole));
                let expected = if within { "500" } else { expected };
                assert_eq!(found, Some(expected), "{provider:?} {mode:?}: {reply:?}");
                let genai = collected.trace.genai();
                let error = genai.llm_calls()[0].error.as_ref().unwrap();
                assert_eq!(error.error_type, expected);
                let told = format!("{} {:?}", collected.trace, collected.raw);
                assert!(!told.contains(KEY), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn a_stream_that_ends_too_early_is_an_error_on_the_span() {
    for provider in Provider::ALL {
        for (fault, expected) in
            [(Fault::Truncated, "truncated"), (Fault::NotJson, "malformed_response")]
        {
            let reply = Reply::text("It is sunny.").with_fault_after(2, fault);
            let collected = ask(provider, Mode::Streamed, reply).await;
            assert!(!collected.output);
            assert_eq!(error_type(&collected.trace), Some(expected), "{}", collected.trace);
        }
    }
}

#[tokio::test]
async fn a_program_that_stops_to_read_has_made_no_error() {
    for provider in Provider::ALL {
        let server = serve([Reply::text("one two three")]).await;
        let model = model(provider, &server);
        let collected = capture_raw(async {
            let mut answer = model.stream("Count.").unwrap();
            answer.next().await.unwrap().unwrap();
        })
        .await;
        assert_eq!(error_type(&collected.trace), None, "{}", collected.trace);
    }
}

#[tokio::test]
async fn raw_entries_are_those_that_the_client_was_built_for() {
    let server = serve([Answer::text("Yes.").into()]).await;
    let mut requests = RawTelemetryConfig::none();
    requests.requests = true;
    let model = chat(&server, TappedClient::new(client()).with_raw(requests));
    let collected = capture_raw(async { model.call("Yes?").await.unwrap() }).await;
    let [only] = &collected.raw.entries[..] else { panic!("{:?}", collected.raw) };
    assert!(matches!(only.payload, RawPayload::Request { .. }));
}

#[tokio::test]
async fn nothing_is_set_on_a_span_of_the_program_where_rig_s_are_filtered_out() {
    use tracing::Instrument as _;
    use tracing_subscriber::{Layer as _, filter::filter_fn, layer::SubscriberExt as _};

    let server = serve([Failure::new(FailureKind::Server).into()]).await;
    let model = model(Provider::OpenAi, &server);
    let filter = filter_fn(|metadata| !metadata.target().starts_with("rig"));
    let subscriber =
        tracing_subscriber::registry().with(probity_trace::layer().with_filter(filter));
    let run = capture_raw(async {
        let work = tracing::info_span!(target: "program", "work");
        model.call("Hello?").instrument(work).await.is_err()
    });
    let collected = tracing::instrument::WithSubscriber::with_subscriber(run, subscriber).await;
    assert!(collected.output);
    assert!(collected.trace.span("work").unwrap().field("error.type").is_none());
}
