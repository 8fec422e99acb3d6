//! Where a secret is not to be found: in no trace, no raw entry, no error, no log.

use std::{
    io,
    sync::{Arc, Mutex},
};

use probity_eval::RawTelemetryConfig;
use probity_model_server::{Failure, FailureKind, Fault, Raw, Reply};
use probity_trace::capture_raw;
use reqwest::StatusCode;
use tracing::{instrument::WithSubscriber as _, level_filters::LevelFilter};
use tracing_subscriber::layer::SubscriberExt as _;

use super::{KEY, Subject, serve};
use crate::SUBJECTS;

/// A secret in the shape of a key, as providers repeat it in their errors.
const SHAPED: &str = "sk-planted0123456789abcdefghij";

/// A secret that has no shape, under a name that is one.
const NAMED: &str = "planted-under-a-name";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Asks, and returns everything that was recorded, told and logged anywhere, as one text.
async fn everything(subject: &Subject, reply: Reply) -> String {
    let log = Log::default();
    let writer = log.clone();
    let lines =
        tracing_subscriber::fmt::layer().with_writer(move || writer.clone()).with_ansi(false);
    let subscriber = tracing_subscriber::registry()
        .with(LevelFilter::TRACE)
        .with(probity_trace::layer())
        .with(lines);
    let server = serve([reply]).await;
    let llm = subject.llm(&server).with_extension(RawTelemetryConfig::all());
    let debug = format!("{llm:?}");
    let asked = capture_raw(async { llm.completion("How is it?").collect().await });
    let collected = asked.with_subscriber(subscriber).await;
    assert!(!collected.raw.entries.is_empty());
    let answer = format!("{:?}", collected.output);
    let error = collected.output.map_or_else(|error| error.to_string(), |turn| turn.text);
    let trace = serde_json::to_string(&collected.trace).unwrap();
    let raw = serde_json::to_string(&collected.raw).unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    format!("{debug}\n{answer}\n{error}\n{}\n{trace}\n{raw}\n{log}", collected.trace)
}

#[tokio::test]
async fn a_secret_is_nowhere_to_be_found() {
    let words = format!("The key {SHAPED} or {KEY} is wrong.");
    let body =
        format!(r#"{{"error":{{"message":"{words}","api_key":"{NAMED}"}},"api_key":"{NAMED}"}}"#);
    let failure = |kind| Failure::new(kind).with_message(words.clone());
    let refused = |status| Raw::new(status, "application/json", body.clone());
    for reply in [
        Reply::text("Sunny."),
        failure(FailureKind::Authentication).into(),
        failure(FailureKind::Server).into(),
        refused(StatusCode::UNAUTHORIZED).into(),
        refused(StatusCode::INTERNAL_SERVER_ERROR).into(),
        refused(StatusCode::OK).into(),
        Raw::html(format!("<p>{words}</p>")).into(),
        Reply::text("Sunny.").with_fault_after(1, Fault::Error(failure(FailureKind::Server))),
        Reply::text("Sunny.").with_header("x-api-key", KEY).with_header("set-cookie", NAMED),
        Reply::text("Sunny.").with_header("x-echo", KEY),
    ] {
        for subject in SUBJECTS {
            let told = everything(subject, reply.clone()).await;
            for secret in [KEY, SHAPED, NAMED] {
                let at = told.find(secret);
                let around = at.map(|at| &told[at.saturating_sub(300)..(at + 60).min(told.len())]);
                assert_eq!(around, None, "{}: {secret} after {reply:?}", subject.name);
            }
            assert!(!told.to_lowercase().contains("bearer "), "{}", subject.name);
        }
    }
}
