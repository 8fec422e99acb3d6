//! What cannot be read is told, with its span and key, and never more than a line.

use probity_trace::{
    SpanRef, TraceSnapshot, Value,
    genai::{Message, Role, Unreadable, Usage},
    testing::TraceBuilder,
};

use crate::spans::{chat, tool, used};

#[track_caller]
fn only(trace: &TraceSnapshot) -> Unreadable {
    let genai = trace.genai();
    let [unreadable] = genai.unreadable() else {
        panic!("one unreadable attribute, found {:?}", genai.unreadable())
    };
    assert!(unreadable.reason.len() < 200, "{}", unreadable.reason);
    assert!(!unreadable.reason.contains('\n'), "{}", unreadable.reason);
    unreadable.clone()
}

#[track_caller]
fn check(key: &str, value: impl Into<Value>, expected: &str) {
    let trace = chat(TraceBuilder::new()).field(key, value).build();
    let found = only(&trace);
    assert_eq!(found.key, key);
    assert_eq!(Some(found.span), trace.span("chat").map(SpanRef::id));
    assert!(found.reason.contains(expected), "{key}: {}", found.reason);
}

#[test]
fn numbers_that_are_no_counts() {
    let key = "gen_ai.usage.input_tokens";
    check(key, -1, "negative");
    check(key, -0.5, "no whole number");
    check(key, -3.0, "negative");
    check(key, u64::MAX, "greater than 2^53");
    check(key, u128::MAX, "greater than 2^53");
    check(key, i128::MIN, "negative");
    check(key, 1e300, "greater than 2^53");
    check(key, f64::NAN, "no whole number");
    check(key, f64::INFINITY, "no whole number");
    check(key, true, "a boolean");
    check(key, "many", "a text");
    check(key, "1e400", "no whole number");
    check("probity.attempts", 1_u64 << 40, "greater than");
}

#[test]
fn numbers_that_are_no_times() {
    let key = "gen_ai.response.time_to_first_chunk";
    check(key, -1.0, "negative");
    check(key, f64::NAN, "no number of seconds");
    check(key, 1e30, "no number of seconds");
    check(key, 1e12, "no number of seconds");
    check(key, "soon", "a text");
    check(key, false, "a boolean");
}

#[test]
fn texts_that_are_no_json() {
    for key in ["gen_ai.input.messages", "gen_ai.output.messages"] {
        check(key, "[{", "is no JSON");
        check(key, "hello", "is no JSON");
        check(key, "17", "neither a list nor an object");
        check(key, "[17]", "a message is a number");
        check(
            key,
            r#"[{"parts":[3, null]}]"#,
            "a part is a number, not a text or an object; and 1 more",
        );
        check(key, "[{}]", "neither a role nor parts nor content");
        check(key, r#"[{"role":"user","parts":{}}]"#, "an object, not a list");
        check(key, true, "a message is a boolean");
        check(key, "[".repeat(100_000), "is no JSON");
        check(key, format!("{}{}", "[".repeat(60), "]".repeat(60)), "nested deeper");
    }
    check("gen_ai.prompt", r#"[{"role":"#, "is no JSON");
    check("gen_ai.response.finish_reasons", "[1]", "no JSON list of texts");
    check("gen_ai.response.finish_reasons", "[stop]", "no JSON list of texts");
}

#[test]
fn values_that_are_no_texts() {
    check("gen_ai.request.model", true, "a boolean");
    check("gen_ai.response.id", 1.5, "a floating-point number");
    check("gen_ai.conversation.id", false, "a boolean");
    check("error.type", true, "a boolean");
    check("otel.status_code", "broken", "expected ok, error or unset");
}

#[test]
fn what_can_be_read_beside_it_is_read() {
    let trace = chat(TraceBuilder::new())
        .field(
            "gen_ai.input.messages",
            r#"[{"role":"user","content":"a"}, 3, {"role":"user","content":"b"}]"#,
        )
        .build();
    assert!(only(&trace).reason.contains("a message is a number"));
    let said = ["a", "b"].map(|text| Message::text(Role::User, text));
    assert_eq!(trace.genai().llm_calls()[0].input, said);
}

#[test]
fn an_older_key_stands_in_for_one_that_cannot_be_read() {
    let trace = chat(TraceBuilder::new())
        .field("gen_ai.usage.input_tokens", "many")
        .field("gen_ai.usage.prompt_tokens", 7)
        .build();
    assert_eq!(only(&trace).key, "gen_ai.usage.input_tokens");
    assert_eq!(trace.genai().usage().input_tokens, Some(7));
}

#[test]
fn values_that_the_capture_cut_say_so() {
    let cut = chat(TraceBuilder::new()).field("gen_ai.input.messages", r#"[{"role":"us"#).cut();
    let reason = only(&cut.build()).reason;
    assert!(reason.starts_with("is no JSON") && reason.contains("cut by a limit"), "{reason}");

    let trace = tool(TraceBuilder::new(), "read", None)
        .field("gen_ai.tool.call.result", "the first half")
        .cut()
        .build();
    assert!(only(&trace).reason.contains("its end is missing"));
    let result = trace.genai().tool_calls()[0].result.clone();
    assert_eq!(result, Some("the first half".into()));
}

#[test]
fn tokens_that_were_counted_apart_are_added_to_the_whole() {
    // Anthropic's own counts: 5 tokens that no cache knew, and 28 that one did.
    let trace = used(chat(TraceBuilder::new()), 5, 9)
        .field("gen_ai.usage.cache_read.input_tokens", 21)
        .field("gen_ai.usage.cache_write.input_tokens", 7)
        .field("gen_ai.usage.reasoning.output_tokens", 9)
        .build();
    assert_eq!(
        trace.genai().usage(),
        Usage::new(33, 9).with_cache_read(21).with_cache_write(7).with_reasoning(9)
    );
    assert!(only(&trace).reason.contains("is 5, less than the 28 tokens"));

    let within = used(chat(TraceBuilder::new()), 33, 9)
        .field("gen_ai.usage.cache_read.input_tokens", 26)
        .field("gen_ai.usage.cache_write.input_tokens", 7);
    assert_eq!(within.build().genai().unreadable(), []);
}

#[test]
fn a_span_that_is_no_call_is_asked_for_no_more_than_its_conversation() {
    let trace = TraceBuilder::new()
        .open("step")
        .field("session.id", true)
        .field("gen_ai.usage.input_tokens", "many")
        .build();
    assert_eq!(only(&trace).key, "session.id");
    let trace = TraceBuilder::new().open("step").field("gen_ai.operation.name", 1.5).build();
    assert_eq!(only(&trace).key, "gen_ai.operation.name");
}

#[test]
fn events_with_broken_json_are_told_and_their_text_is_kept() {
    let trace = chat(TraceBuilder::new())
        .event("")
        .name("gen_ai.user.message")
        .field("body", r#"{"content":"hel"#)
        .close();
    let trace = chat(trace).event("").name("gen_ai.user.message").field("body", "hello").close();
    let trace = trace.build();
    let found = only(&trace);
    assert_eq!((&*found.key, found.span), ("body", trace.span("chat").unwrap().id()));
    assert!(found.reason.contains("it is read as a text"), "{}", found.reason);
    for (call, text) in trace.genai().llm_calls().iter().zip([r#"{"content":"hel"#, "hello"]) {
        assert_eq!(call.input, [Message::text(Role::User, text)]);
    }

    let cut = r#"[{"id":"c1","type":"function","func"#;
    let trace = chat(TraceBuilder::new()).event("").name("gen_ai.choice").field("tool_calls", cut);
    assert_eq!(only(&trace.build()).key, "tool_calls");
}
