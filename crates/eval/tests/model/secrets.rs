//! Keys get nowhere.

use std::error::Error as _;

use probity_eval::{
    RawTelemetryConfig, TextTurnResult, TurnError,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{CollectedRaw, EventRef, SpanRef, capture_raw};

use crate::support::llm;

/// A key of a well-known shape, which is recognized anywhere.
const SHAPED: &str = "sk-ant-api03-planted0123456789abcdef";

/// One without, which is recognized by the name it stands under.
const PLAIN: &str = "planted hunter2";

fn words() -> String {
    format!(r#"the key {SHAPED} is not valid {{"api_key": "{PLAIN}"}}"#)
}

async fn asked(fault: Fault) -> CollectedRaw<Result<TextTurnResult, TurnError>> {
    let fault =
        fault.with_header("set-cookie", PLAIN).with_header("x-echo", format!("Bearer {SHAPED}"));
    let reply = Reply::text("one two")
        .with_header("set-cookie", PLAIN)
        .with_header("x-echo", SHAPED)
        .with_fault(fault);
    let model = ScriptedModel::replies([reply])
        .with_header("authorization", format!("Bearer {PLAIN}"))
        .with_header("x-api-key", SHAPED);
    let llm = llm(&model)
        .with_retry(crate::support::soon().with_max_attempts(2))
        .with_content_capture(true)
        .with_extension(RawTelemetryConfig::all());
    for shown in [format!("{model:?}"), format!("{llm:?}"), format!("{:?}", model.clone())] {
        assert!(!shown.contains("planted"), "{shown}");
    }
    capture_raw(llm.completion("?").collect()).await
}

#[tokio::test]
async fn a_key_in_an_error_or_a_header_is_in_no_text_no_span_and_no_raw_entry() {
    for fault in [
        Fault::status(401).with_body(words()),
        Fault::server_error().with_body(words()),
        Fault::server_error().with_body(words()).after_deltas(1),
        Fault::connection_reset().with_body(words()),
        Fault::malformed_json().with_body(words()),
    ] {
        let collected = asked(fault.clone()).await;
        let error = collected.output.unwrap_err();
        let mut texts = vec![error.to_string(), format!("{error:?}"), collected.trace.to_string()];
        let mut source = error.source();
        while let Some(error) = source {
            texts.push(error.to_string());
            source = error.source();
        }
        texts.push(collected.trace.to_json().unwrap());
        texts.push(serde_json::to_string(&collected.raw).unwrap());
        texts.push(format!("{:?}", collected.raw));
        assert!(texts.iter().any(|text| text.contains("[redacted]")), "{fault:?}");
        // In memory as well, where a snapshot keeps what the program recorded.
        let spans = collected.trace.all_spans().flat_map(SpanRef::fields);
        let events = collected.trace.all_events().flat_map(EventRef::fields);
        texts.extend(spans.chain(events).map(|field| field.value().to_string()));
        for text in texts {
            assert!(!text.contains("planted"), "{fault:?}: {text}");
        }
    }
}
