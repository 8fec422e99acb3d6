//! The calls of a run as they end are those of the view.

use probity_trace::{
    SpanRef, TraceEvent, TraceSnapshot,
    genai::{EndedCall, LiveCalls, Usage},
    testing::TraceBuilder,
};

use crate::spans::{agent, chat, tool, used};

/// Tells the openings and closings of a span and of those in it.
fn happens(span: SpanRef<'_>, tell: &mut dyn FnMut(TraceEvent)) {
    tell(TraceEvent::SpanOpened(span.to_node()));
    for child in span.children() {
        happens(child, tell);
    }
    tell(TraceEvent::SpanClosed(span.to_node()));
}

/// Returns the calls of a trace as they end, with what was counted.
fn live(trace: &TraceSnapshot) -> (Vec<EndedCall>, LiveCalls) {
    let (mut calls, mut ended) = (LiveCalls::default(), Vec::new());
    for root in trace.roots() {
        happens(root, &mut |event| ended.extend(calls.note(&event)));
    }
    (ended, calls)
}

#[track_caller]
fn check(trace: TraceBuilder) {
    let trace = trace.build();
    let genai = trace.genai();
    let (ended, counted) = live(&trace);
    assert_eq!(counted.usage(), genai.usage());
    assert_eq!(counted.model_calls(), genai.llm_calls().len() as u64);
    let is_tool = |call: &&EndedCall| matches!(call, EndedCall::Tool(_));
    assert_eq!(ended.iter().filter(is_tool).count(), genai.tool_calls().len());
    assert_eq!(ended.len(), genai.tool_calls().len() + genai.llm_calls().len());
}

fn turn(trace: TraceBuilder) -> TraceBuilder {
    trace.open("llm_turn").target("probity::turn").field("gen_ai.operation.name", "chat")
}

#[test]
fn calls_beside_and_inside_one_another() {
    let trace = used(chat(agent(TraceBuilder::new(), "a")), 1, 2).close();
    let trace = used(chat(trace), 30, 40);
    let trace = used(chat(trace.open("http")), 10, 20).close().close();
    check(used(chat(trace), 20, 20));
}

#[test]
fn calls_of_a_turn_are_its_attempts() {
    let trace = chat(turn(TraceBuilder::new())).field("error.type", "429").close();
    check(used(chat(trace), 10, 20));
    check(used(chat(chat(used(turn(TraceBuilder::new()), 7, 7))), 10, 20));
    check(used(chat(turn(turn(TraceBuilder::new()))), 10, 20));

    let trace = used(chat(chat(turn(TraceBuilder::new())).close()), 10, 20).build();
    let (ended, _) = live(&trace);
    let [EndedCall::Llm(call)] = &ended[..] else { panic!("one call, found {ended:?}") };
    assert_eq!((call.attempts, call.usage), (2, Usage::new(10, 20)));
}

#[test]
fn what_a_tool_asks_is_a_call_of_its_own() {
    for outer in [chat, turn] {
        let trace = used(outer(TraceBuilder::new()), 1, 2);
        check(used(chat(tool(trace, "ask", None)), 10, 20));
    }
}

#[test]
fn calls_of_other_tasks_are_calls_of_their_own() {
    let trace = used(chat(TraceBuilder::new()), 1, 2).open("embeddings");
    check(trace.field("gen_ai.operation.name", "embeddings").field("gen_ai.usage.input_tokens", 5));
}

#[test]
fn a_tool_call_that_two_spans_describe_is_told_once() {
    let outer = || tool(TraceBuilder::new(), "search", Some("c1"));
    check(outer().open("tools/call").field("gen_ai.tool.name", "search"));
    check(tool(outer(), "search", Some("c2")));
    check(tool(chat(outer()), "search", None));
    let search = |trace, depth: u32| {
        let arguments = format!(r#"{{"depth":{depth}}}"#);
        tool(trace, "search", None).field("gen_ai.tool.call.arguments", arguments)
    };
    check(search(search(TraceBuilder::new(), 1), 0));
    check(search(search(TraceBuilder::new(), 1), 1));
}

#[test]
fn a_span_that_says_late_what_it_is_still_holds_the_calls_in_it() {
    let trace = used(chat(used(chat(TraceBuilder::new()), 1, 2)), 10, 20).build();
    let (mut calls, mut ended) = (LiveCalls::default(), Vec::new());
    for root in trace.roots() {
        happens(root, &mut |event| {
            let TraceEvent::SpanOpened(mut span) = event else {
                ended.extend(calls.note(&event));
                return;
            };
            let (id, fields) = (span.id, std::mem::take(&mut span.fields));
            ended.extend(calls.note(&TraceEvent::SpanOpened(span)));
            for field in fields {
                let event = TraceEvent::FieldsRecorded { span: id, fields: vec![field] };
                ended.extend(calls.note(&event));
            }
        });
    }
    assert_eq!((ended.len(), calls.usage()), (1, Usage::new(10, 20)));
}

#[test]
fn calls_of_other_dialects_end_once_too() {
    let open = |trace: TraceBuilder, operation: &str| {
        trace.open(operation).field("ai.operationId", operation).field("ai.usage.inputTokens", 3)
    };
    let outer = open(TraceBuilder::new(), "ai.generateText");
    let trace = open(outer, "ai.generateText.doGenerate").close();
    check(open(trace, "ai.toolCall").field("ai.toolCall.name", "look").close());
    let agent = TraceBuilder::new().open("run").field("judgment.span_kind", "agent");
    let tool = agent.open("look").field("judgment.span_kind", "tool");
    let llm = tool.open("OPENAI_API_CALL").field("judgment.span_kind", "llm");
    check(llm.field("judgment.usage.output_tokens", 3));
}
