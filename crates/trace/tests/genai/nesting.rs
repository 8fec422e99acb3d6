//! Each request counts once, and what lies around a call tells of it.

use probity_trace::{
    genai::{CallError, GenAi, Usage},
    testing::TraceBuilder,
};

use crate::spans::{agent, chat, tool, used};

fn identified(trace: TraceBuilder, id: &str) -> TraceBuilder {
    chat(trace).field("gen_ai.response.id", id)
}

#[track_caller]
fn ids(genai: &GenAi) -> Vec<&str> {
    genai.llm_calls().iter().map(|call| call.response_id.as_deref().unwrap_or("none")).collect()
}

#[test]
fn an_empty_trace_has_no_calls() {
    let genai = TraceBuilder::new().build().genai();
    assert_eq!(genai, GenAi::default());
    assert_eq!(genai.messages(), []);
    assert_eq!(genai.conversation_id(), None);
    assert!(genai.usage().is_unknown());
}

#[test]
fn a_call_around_others_repeats_them_and_does_not_count() {
    let trace = used(chat(TraceBuilder::new()), 30, 3);
    let trace = used(identified(trace, "a"), 10, 1).close();
    let trace = used(identified(trace, "b"), 20, 2).close();
    let genai = trace.close().build().genai();
    assert_eq!(ids(&genai), ["a", "b"]);
    assert_eq!(genai.usage(), Usage::new(30, 3));
}

#[test]
fn of_many_calls_in_one_another_the_innermost_counts() {
    let mut trace = TraceBuilder::new();
    for depth in 0..500_u64 {
        trace = used(identified(trace, &depth.to_string()), depth, 0);
    }
    let genai = trace.build().genai();
    assert_eq!(ids(&genai), ["499"]);
    assert_eq!(genai.usage(), Usage::new(499, 0));
}

#[test]
fn the_only_call_in_another_gets_what_the_other_knows() {
    let trace = used(chat(TraceBuilder::new()), 10, 1)
        .field("gen_ai.input.messages", r#"[{"role":"user","content":"hi"}]"#)
        .field("gen_ai.response.id", "outer");
    let genai = chat(trace).field("gen_ai.response.id", "inner").close().build().genai();
    assert_eq!(ids(&genai), ["inner"]);
    assert_eq!(genai.usage(), Usage::new(10, 1));
    assert_eq!(genai.messages().len(), 1);
}

#[test]
fn the_error_that_only_the_outer_call_tells_is_that_of_a_call_without_an_answer() {
    let failed = || chat(TraceBuilder::new()).field("error.type", "timeout");
    let error = |trace: TraceBuilder| {
        let error = trace.build().genai().llm_calls()[0].error.clone();
        error.map(|error| error.error_type)
    };
    assert_eq!(error(chat(failed())).as_deref(), Some("timeout"));
    let own = chat(failed()).field("error.type", "refused");
    assert_eq!(error(own).as_deref(), Some("refused"));
    let answered = chat(failed()).field("gen_ai.response.finish_reasons", r#"["stop"]"#);
    assert_eq!(error(answered), None);
}

#[test]
fn tokens_that_only_the_outer_call_tells_are_those_of_the_last_in_it() {
    let trace = identified(used(chat(TraceBuilder::new()), 30, 3), "a").close();
    let genai = identified(trace, "b").build().genai();
    assert_eq!(ids(&genai), ["a", "b"]);
    assert_eq!(genai.usage(), Usage::new(30, 3));
    assert_eq!(genai.llm_calls()[1].usage, Usage::new(30, 3));
}

#[test]
fn spans_between_two_calls_make_no_difference() {
    let trace = chat(TraceBuilder::new()).open("http").open("retry");
    let genai = identified(trace, "inner").build().genai();
    assert_eq!(ids(&genai), ["inner"]);
    let trace = agent(chat(TraceBuilder::new()), "helper");
    assert_eq!(ids(&identified(trace, "inner").build().genai()), ["inner"]);
}

#[test]
fn a_call_that_a_tool_makes_is_another_call() {
    let trace = identified(TraceBuilder::new(), "outer");
    let genai = identified(tool(trace, "ask", None), "inner").build().genai();
    assert_eq!(ids(&genai), ["outer", "inner"]);
}

#[test]
fn a_call_with_another_task_is_another_call() {
    let trace = identified(TraceBuilder::new(), "outer");
    let trace = trace.span("embeddings", |inner| {
        inner.field("gen_ai.operation.name", "embeddings").field("gen_ai.response.id", "inner")
    });
    assert_eq!(ids(&trace.build().genai()), ["outer", "inner"]);
}

#[test]
fn spans_of_one_answer_in_one_another_are_one_call() {
    let trace = used(identified(TraceBuilder::new(), "same"), 10, 1);
    let trace = used(identified(tool(trace, "proxy", None), "same"), 10, 1);
    let genai = trace.build().genai();
    assert_eq!(ids(&genai), ["same"]);
    assert_eq!(genai.usage(), Usage::new(10, 1));
}

#[test]
fn calls_beside_one_another_stay_apart_though_they_name_one_answer() {
    let trace = identified(TraceBuilder::new(), "same").close();
    assert_eq!(ids(&identified(trace, "same").build().genai()), ["same", "same"]);
}

#[test]
fn conversations_and_agents_are_those_of_the_nearest_span_around() {
    let trace = TraceBuilder::new().open("trial").field("session.id", "outer");
    let trace = chat(agent(trace, "planner").open("step")).close().close();
    let trace = agent(trace, "writer").field("gen_ai.conversation.id", "inner");
    let trace = chat(tool(trace, "search", None)).close().close().close();
    let trace = chat(trace).field("gen_ai.agent.name", "own").close();
    let genai = trace.build().genai();
    let around: Vec<_> = genai
        .llm_calls()
        .iter()
        .map(|call| (call.conversation_id.as_deref(), call.agent.as_deref()))
        .collect();
    assert_eq!(
        around,
        [
            (Some("outer"), Some("planner")),
            (Some("inner"), Some("writer")),
            (Some("outer"), Some("own")),
        ]
    );
    assert_eq!(genai.tool_calls()[0].agent.as_deref(), Some("writer"));
    let agents: Vec<_> = genai.agents().iter().map(|run| run.conversation_id.as_deref()).collect();
    assert_eq!(agents, [Some("outer"), Some("inner")]);
    assert_eq!(genai.conversation_id(), Some("outer"));
}

#[test]
fn a_conversation_that_no_call_is_in_is_still_that_of_the_trace() {
    let trace = chat(TraceBuilder::new()).close();
    let trace = trace.span("store", |span| span.field("session.id", "s1"));
    let genai = trace.build().genai();
    assert_eq!(genai.llm_calls()[0].conversation_id, None);
    assert_eq!(genai.conversation_id(), Some("s1"));
}

#[test]
fn exceptions_in_the_span_are_errors_and_those_of_other_spans_are_not() {
    let raise = |trace: TraceBuilder| {
        trace
            .event("failed")
            .field("exception.type", "Timeout")
            .field("exception.message", "no answer in 30 s")
    };
    let genai = raise(chat(TraceBuilder::new())).build().genai();
    let error = CallError::new("Timeout").with_message("no answer in 30 s");
    assert_eq!(genai.llm_calls()[0].error, Some(error));

    let described = chat(TraceBuilder::new())
        .field("error.type", "504")
        .field("otel.status_code", "error")
        .field("otel.status_description", "gateway");
    let genai = raise(described).build().genai();
    assert_eq!(genai.llm_calls()[0].error, Some(CallError::new("504").with_message("gateway")));

    let genai = raise(chat(TraceBuilder::new()).field("otel.status_code", "ok")).build().genai();
    assert_eq!(genai.llm_calls()[0].error, None);

    let genai = raise(chat(TraceBuilder::new()).open("http")).build().genai();
    assert_eq!(genai.llm_calls()[0].error, None);
}

#[test]
fn a_call_that_still_runs_has_no_duration() {
    let genai = chat(TraceBuilder::new()).build().genai();
    assert_eq!(genai.llm_calls()[0].duration, None);
}

#[test]
fn the_error_of_a_call_around_one_that_was_answered_is_told_beside_the_view() {
    let failed = chat(TraceBuilder::new())
        .field("error.type", "NoObjectGenerated")
        .field("otel.status_description", "no JSON");
    let answered =
        |trace| chat(trace).field("gen_ai.response.finish_reasons", r#"["stop"]"#).close();
    for trace in [answered(failed.clone()), answered(answered(failed))] {
        let trace = trace.build();
        let genai = trace.genai();
        assert!(genai.llm_calls().iter().all(|call| call.error.is_none()));
        let [told] = genai.unreadable() else { panic!("{:?}", genai.unreadable()) };
        assert_eq!(told.span, trace.roots().next().unwrap().id());
        assert_eq!(told.key, "error.type");
        assert!(told.reason.contains("NoObjectGenerated (no JSON)"), "{}", told.reason);
    }
}

#[test]
fn the_last_of_several_calls_without_an_answer_gets_the_error_of_the_one_around_them() {
    let failed = chat(TraceBuilder::new()).field("error.type", "timeout");
    let genai = chat(chat(failed).close()).build().genai();
    let errors: Vec<_> = genai.llm_calls().iter().map(|call| call.error.clone()).collect();
    assert_eq!(errors, [None, Some(CallError::new("timeout"))]);
    assert_eq!(genai.unreadable(), []);
}

#[test]
fn tokens_that_only_some_calls_tell_are_counted_up_to_those_of_the_call_around_them() {
    let of = |whole: (u64, u64)| {
        let trace = used(chat(TraceBuilder::new()), whole.0, whole.1);
        chat(used(chat(trace), 40, 5).close()).build().genai()
    };
    let genai = of((100, 20));
    assert_eq!(genai.usage(), Usage::new(100, 20));
    assert_eq!(genai.llm_calls()[1].usage, Usage::new(60, 15));
    assert_eq!(genai.unreadable(), []);

    let genai = of((40, 5));
    assert!(genai.llm_calls()[1].usage.is_unknown());
    assert_eq!(genai.unreadable(), []);

    let genai = of((30, 5));
    assert_eq!(genai.usage(), Usage::new(40, 5));
    assert!(genai.unreadable()[0].reason.contains("fewer"), "{:?}", genai.unreadable());
}
