//! Turns of our own: one call each, whatever requests they take.

use std::time::Duration;

use probity_trace::{
    genai::{CallError, FinishReason, GenAi, Message, Role, Usage},
    testing::TraceBuilder,
};

/// A turn with nothing recorded yet.
fn turn(trace: TraceBuilder) -> TraceBuilder {
    trace
        .open("llm_turn")
        .target("probity::turn")
        .field("otel.name", "chat small")
        .field("otel.kind", "client")
        .field("gen_ai.operation.name", "chat")
        .field("gen_ai.provider.name", "openai")
        .field("gen_ai.request.model", "small")
}

/// A request that a library makes for it.
fn request(trace: TraceBuilder, fill: impl FnOnce(TraceBuilder) -> TraceBuilder) -> TraceBuilder {
    let open = trace.open("chat").target("rig::completions").field("gen_ai.operation.name", "chat");
    fill(open.field("gen_ai.provider.name", "openai").field("gen_ai.request.model", "small"))
        .close()
}

#[track_caller]
fn only(trace: TraceBuilder) -> (probity_trace::genai::LlmCall, GenAi) {
    let genai = trace.build().genai();
    assert_eq!(genai.unreadable(), []);
    let [call] = genai.llm_calls() else { panic!("one call, found {:?}", genai.llm_calls()) };
    (call.clone(), genai)
}

#[test]
fn every_field_of_a_turn_is_read() {
    let (call, genai) = only(
        turn(TraceBuilder::new())
            .field("gen_ai.request.temperature", 0.0)
            .field("gen_ai.request.max_tokens", 100_u64)
            .field("gen_ai.request.seed", 1_u64)
            .field("gen_ai.output.type", "json")
            .field("gen_ai.response.id", "r1")
            .field("gen_ai.response.model", "small-1")
            .field("gen_ai.response.finish_reasons", r#"["stop"]"#)
            .field("gen_ai.response.time_to_first_chunk", 0.5)
            .field("gen_ai.usage.input_tokens", 29_u64)
            .field("gen_ai.usage.output_tokens", 11_u64)
            .field("gen_ai.usage.cache_read.input_tokens", 8_u64)
            .field("gen_ai.usage.cache_write.input_tokens", 1_u64)
            .field("gen_ai.usage.reasoning.output_tokens", 4_u64)
            .field(
                "gen_ai.input.messages",
                r#"[{"role":"user","parts":[{"type":"text","content":"2+2?"}]}]"#,
            )
            .field(
                "gen_ai.output.messages",
                r#"[{"role":"assistant","parts":[{"type":"text","content":"4"}]}]"#,
            )
            .field("gen_ai.system_instructions", r#"[{"type":"text","content":"Count."}]"#)
            .field("gen_ai.tool.definitions", "[]")
            .field("request_id", "req-1")
            .field("finish_reason", "stop")
            .field("probity.attempts", 3_u64)
            .close(),
    );
    assert_eq!(call.operation, "chat");
    assert_eq!(call.provider.as_deref(), Some("openai"));
    assert_eq!(call.request_model.as_deref(), Some("small"));
    assert_eq!(call.response_model.as_deref(), Some("small-1"));
    assert_eq!(call.response_id.as_deref(), Some("r1"));
    assert_eq!(call.request_id.as_deref(), Some("req-1"));
    assert_eq!(call.finish_reasons, [FinishReason::Stop]);
    assert_eq!(call.time_to_first_token, Some(Duration::from_millis(500)));
    assert_eq!(
        call.usage,
        Usage::new(29, 11).with_cache_read(8).with_cache_write(1).with_reasoning(4)
    );
    assert_eq!(call.attempts, 3);
    assert_eq!(
        genai.messages(),
        [
            Message::text(Role::System, "Count."),
            Message::text(Role::User, "2+2?"),
            Message::text(Role::Assistant, "4"),
        ]
    );
}

#[test]
fn the_finish_reason_alone_is_enough() {
    let (call, _) = only(turn(TraceBuilder::new()).field("finish_reason", "length"));
    assert_eq!(call.finish_reasons, [FinishReason::Length]);
}

#[test]
fn a_turn_without_an_operation_is_a_call() {
    let (call, _) = only(TraceBuilder::new().open("llm_turn").target("probity_eval::turn"));
    assert_eq!(call.operation, "");
    let others = TraceBuilder::new().open("llm_turn").target("app").field("model", "small");
    assert_eq!(others.build().genai(), GenAi::default());
}

#[test]
fn what_lies_in_a_turn_are_its_attempts_and_they_are_counted_once() {
    let trace = turn(TraceBuilder::new())
        .field("gen_ai.usage.input_tokens", 10_u64)
        .field("gen_ai.usage.output_tokens", 2_u64);
    let trace = request(trace, |failed| failed.field("error.type", "429"));
    let trace = request(trace, |good| {
        good.field("gen_ai.usage.input_tokens", 10_u64)
            .field("gen_ai.usage.output_tokens", 2_u64)
            .field("gen_ai.usage.cache_read.input_tokens", 4_u64)
            .field("gen_ai.response.id", "r2")
            .field("rig.provider_request_id", "req-2")
            .field("gen_ai.conversation.id", "c1")
    });
    let (call, genai) = only(trace.close());
    assert_eq!(call.attempts, 2);
    assert_eq!(call.usage, Usage::new(10, 2).with_cache_read(4));
    assert_eq!(genai.usage(), call.usage);
    assert_eq!(call.response_id.as_deref(), Some("r2"));
    assert_eq!(call.request_id.as_deref(), Some("req-2"));
    assert_eq!(call.conversation_id.as_deref(), Some("c1"));
    assert_eq!(call.error, None);
}

#[test]
fn attempts_are_never_fewer_than_recorded() {
    let trace = turn(TraceBuilder::new()).field("probity.attempts", 3_u64);
    let (call, _) = only(request(trace, |request| request).close());
    assert_eq!(call.attempts, 3);
}

#[test]
fn a_turn_that_recorded_no_usage_has_used_what_its_attempts_used() {
    let mut trace = turn(TraceBuilder::new());
    for (input, output) in [(10_u64, 0_u64), (12, 3)] {
        trace = request(trace, |request| {
            request
                .field("gen_ai.usage.input_tokens", input)
                .field("gen_ai.usage.output_tokens", output)
        });
    }
    let (call, genai) = only(trace.close());
    assert_eq!(call.usage, Usage::new(22, 3));
    assert_eq!(genai.usage(), Usage::new(22, 3));
}

#[test]
fn a_turn_of_which_every_attempt_failed_has_failed() {
    let trace = turn(TraceBuilder::new());
    let trace = request(trace, |failed| failed.field("error.type", "500"));
    let trace = request(trace, |failed| failed.field("error.type", "429"));
    let (call, _) = only(trace.close());
    assert_eq!(call.error, Some(CallError::new("429")));
    assert_eq!(call.attempts, 2);
}

#[test]
fn a_span_around_the_requests_of_a_turn_is_no_attempt() {
    let trace = turn(TraceBuilder::new()).open("chat").field("gen_ai.operation.name", "chat");
    let trace = request(trace, |request| request);
    let trace = request(trace, |request| request);
    let (call, _) = only(trace.close().close());
    assert_eq!(call.attempts, 2);
}

#[test]
fn a_turn_in_a_turn_is_an_attempt_with_its_own() {
    let trace = turn(turn(TraceBuilder::new())).field("probity.attempts", 2_u64).close();
    let (call, _) = only(request(trace, |request| request).close());
    assert_eq!(call.attempts, 3);
}

#[test]
fn the_first_token_of_an_attempt_is_counted_from_the_start_of_the_turn() {
    let trace = turn(TraceBuilder::new()).wait(Duration::from_secs(2));
    let trace = request(trace, |good| good.field("gen_ai.response.time_to_first_chunk", 0.5));
    let (call, _) = only(trace.close());
    assert_eq!(call.time_to_first_token, Some(Duration::from_millis(2_500)));
}

#[test]
fn what_a_tool_asks_of_a_model_within_a_turn_is_another_call() {
    let trace = turn(TraceBuilder::new())
        .open("execute_tool")
        .field("gen_ai.operation.name", "execute_tool")
        .field("gen_ai.tool.name", "summarize");
    let genai = request(trace, |request| request).close().close().build().genai();
    assert_eq!(genai.llm_calls().len(), 2);
    assert_eq!(genai.llm_calls()[0].attempts, 1);
}
