//! Large traces are read in time that grows with their size.

use std::time::{Duration, Instant};

use probity_trace::{
    genai::{GenAi, Role},
    testing::TraceBuilder,
};
use serde_json::{Value, json};

use crate::spans::{answers, asks, assistant, chat, say, tool, user};

/// Reads a view, and fails if it takes far longer than linear time would, on any machine.
fn in_time<T>(work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    assert!(started.elapsed() < Duration::from_mins(1), "took {:?}", started.elapsed());
    done
}

#[test]
fn texts_of_ten_megabytes() {
    let text = "word ".repeat(2_000_000);
    let trace = say(TraceBuilder::new(), &[user(&text)], &[assistant("long")]);
    let trace = tool(trace, "read", Some("c1")).field("gen_ai.tool.call.result", text.clone());
    let trace = trace.build();
    let genai = in_time(|| trace.genai());
    assert_eq!(genai.unreadable(), []);
    assert_eq!(genai.tool_calls()[0].result, Some(json!(text)));
    assert_eq!(in_time(|| genai.messages())[0].content().len(), 10_000_000);
}

#[test]
fn ten_thousand_tool_calls_in_spans_and_in_one_conversation() {
    let mut trace = TraceBuilder::new();
    let mut history = vec![user("go")];
    for number in 0..10_000 {
        let id = format!("c{number}");
        trace = tool(trace, "step", Some(&id)).close();
        history.push(asks(Some(&id), "step", &json!({"number": number})));
        history.push(answers(Some(&id), &json!(number)));
    }
    let trace = say(trace, &history, &[assistant("done")]).build();
    let genai = in_time(|| trace.genai());
    assert_eq!(genai.tool_calls().len(), 10_000);
    let last = &genai.tool_calls()[9_999];
    assert_eq!(last.arguments, Some(json!({"number": 9_999})));
    assert_eq!(last.result, Some(json!(9_999)));
    assert_eq!(genai.messages().len(), 20_002);
}

#[test]
fn ten_thousand_tool_calls_with_one_identifier_or_none() {
    for id in [Some("c1"), None] {
        let mut trace = TraceBuilder::new();
        for number in 0..10_000 {
            let arguments = json!({"number": number});
            trace = tool(trace, "step", id)
                .field("gen_ai.tool.call.arguments", arguments.to_string())
                .close();
        }
        let history: Vec<Value> = (0..10_000)
            .flat_map(|number| {
                [asks(id, "step", &json!({"number": number})), answers(id, &json!(number))]
            })
            .collect();
        let trace = say(trace, &history, &[assistant("done")]).build();
        let genai = in_time(|| trace.genai());
        assert_eq!(genai.tool_calls().len(), 10_000);
        let agrees = |call: &probity_trace::genai::ToolCall| {
            call.arguments.as_ref().map(|arguments| &arguments["number"]) == call.result.as_ref()
        };
        assert!(genai.tool_calls().iter().all(agrees));
    }
}

#[test]
fn five_thousand_conversations_that_begin_alike() {
    let mut trace = TraceBuilder::new();
    for number in 0..5_000 {
        trace = say(trace, &[user("hi")], &[assistant(&number.to_string())]);
    }
    for number in 0..5_000 {
        let history = [user("hi"), assistant(&number.to_string()), user("bye")];
        trace = say(trace, &history, &[assistant("bye")]);
    }
    let trace = trace.build();
    let genai = in_time(|| trace.genai());
    let conversations = in_time(|| genai.conversations());
    assert_eq!(conversations.len(), 5_000);
    assert!(conversations.iter().all(|talk| talk.messages.len() == 4));
}

#[test]
fn twenty_thousand_calls_in_one_another() {
    let mut trace = TraceBuilder::new();
    for _ in 0..20_000 {
        trace = chat(trace);
    }
    let trace = trace.build();
    assert_eq!(in_time(|| trace.genai()).llm_calls().len(), 1);
}

#[test]
fn twenty_thousand_attempts_of_one_turn() {
    let mut trace = TraceBuilder::new().open("llm_turn").target("probity");
    for _ in 0..20_000 {
        trace = chat(trace).close();
    }
    let trace = trace.build();
    let genai: GenAi = in_time(|| trace.genai());
    assert_eq!(genai.llm_calls()[0].attempts, 20_000);
    assert!(genai.messages().iter().all(|message| message.role == Role::User));
}
