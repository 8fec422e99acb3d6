//! Spans that `tracing` emitted and a capture recorded.

use futures::executor::block_on;
use probity_trace::{
    CaptureLimits, CaptureSpanExt as _, TraceSnapshot, capture,
    genai::{FinishReason, Message, ToolCall},
};
use tracing::{error, field::Empty, info_span, instrument::WithSubscriber as _};
use tracing_subscriber::layer::SubscriberExt as _;

fn captured(limits: CaptureLimits, f: impl FnOnce()) -> TraceSnapshot {
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    block_on(capture(async { f() }).limits(limits).with_subscriber(subscriber)).trace
}

#[test]
fn the_last_of_several_records_counts() {
    let trace = captured(CaptureLimits::default(), || {
        let chat = info_span!(
            "chat",
            gen_ai.operation.name = "chat",
            gen_ai.usage.input_tokens = Empty,
            gen_ai.response.finish_reasons = Empty,
        );
        chat.record("gen_ai.usage.input_tokens", 1);
        chat.record("gen_ai.usage.input_tokens", 42);
        chat.record("gen_ai.response.finish_reasons", tracing::field::debug(["stop"]));
        chat.capture_attribute("gen_ai.usage.output_tokens", 7);
    });
    let genai = trace.genai();
    assert_eq!(genai.unreadable(), []);
    assert_eq!(genai.usage().total_tokens(), Some(49));
    assert_eq!(genai.llm_calls()[0].finish_reasons, [FinishReason::Stop]);
}

#[test]
fn names_that_were_recorded_through_display_and_debug_are_plain() {
    let trace = captured(CaptureLimits::default(), || {
        let id = "call_1";
        info_span!(
            "execute_tool",
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = ?"get_weather",
            gen_ai.tool.call.id = %id,
        );
    });
    let node = trace.span("execute_tool").expect("the span").to_node();
    let call = ToolCall::from_span(&node).expect("a tool call");
    assert_eq!((call.name.as_str(), call.id.as_deref()), ("get_weather", Some("call_1")));
    assert_eq!(trace.genai().tool_calls(), [call]);
}

#[test]
fn an_exception_event_is_the_error_of_its_span() {
    let trace = captured(CaptureLimits::default(), || {
        info_span!("chat", gen_ai.operation.name = "chat").in_scope(|| {
            error!("exception.type" = "Timeout", "exception.message" = "no answer", "failed");
        });
    });
    let failed = trace.genai().llm_calls()[0].error.clone().expect("an error");
    assert_eq!(
        (failed.error_type.as_str(), failed.message.as_deref()),
        ("Timeout", Some("no answer"))
    );
}

#[test]
fn messages_that_a_limit_cut_are_told() {
    let limits = CaptureLimits::default().with_max_field_bytes(20);
    let trace = captured(limits, || {
        let said = r#"[{"role":"user","content":"What is the capital of France?"}]"#;
        info_span!("chat", gen_ai.operation.name = "chat", gen_ai.input.messages = said);
    });
    let genai = trace.genai();
    assert_eq!(genai.messages(), []);
    let [unreadable] = genai.unreadable() else { panic!("one attribute") };
    assert_eq!(unreadable.key, "gen_ai.input.messages");
    assert!(unreadable.reason.contains("cut by a limit of the capture"), "{}", unreadable.reason);
}

#[test]
fn secrets_are_masked() {
    let trace = captured(CaptureLimits::default(), || {
        let said = r#"[{"role":"user","content":"use sk-abcdefghijklmnop1234"}]"#;
        info_span!("chat", gen_ai.operation.name = "chat", gen_ai.input.messages = said);
    });
    let genai = trace.genai();
    assert_eq!(genai.messages()[0].content(), "use [redacted]");
    assert!(!format!("{genai:?}").contains("sk-abc"));
}

#[test]
fn messages_of_which_each_piece_is_a_field_are_read() {
    let trace = captured(CaptureLimits::default(), || {
        info_span!(
            "openai.chat",
            llm.request.type = "chat",
            "gen_ai.prompt.0.role" = "user",
            "gen_ai.prompt.0.content" = "2+2?",
            "gen_ai.completion.0.content" = %4,
        );
    });
    let genai = trace.genai();
    assert_eq!(genai.unreadable(), []);
    let texts: Vec<String> = genai.messages().iter().map(Message::content).collect();
    assert_eq!(texts, ["2+2?", "4"]);
}
