//! Each tool call once, whether a span describes it, or messages show it, or both.

use probity_trace::{genai::GenAi, testing::TraceBuilder};
use serde_json::{Value, json};

use crate::spans::{agent, answers, asks, assistant, chat, say, tool, user};

/// What is said of a call: name, identifier, arguments and result.
type Told<'a> = (&'a str, Option<&'a str>, Option<Value>, Option<Value>);

fn told(genai: &GenAi) -> Vec<Told<'_>> {
    let calls = genai.tool_calls().iter();
    calls
        .map(|call| {
            (call.name.as_str(), call.id.as_deref(), call.arguments.clone(), call.result.clone())
        })
        .collect()
}

fn city(name: &str) -> Value {
    json!({"city": name})
}

#[test]
fn calls_that_only_messages_show_are_there_once_though_each_call_repeats_them() {
    let first = [user("Weather?"), asks(Some("c1"), "weather", &city("Oslo"))];
    let second =
        [answers(Some("c1"), &json!("{\"temp\":4}")), asks(Some("c2"), "weather", &city("Rome"))];
    let third = [answers(Some("c2"), &json!("warm")), assistant("4 and warm.")];
    let trace = say(TraceBuilder::new(), &first[..1], &first[1..]);
    let trace = say(trace, &[&first[..], &second[..1]].concat(), &second[1..]);
    let trace = say(trace, &[&first[..], &second, &third[..1]].concat(), &third[1..]).build();
    let genai = trace.genai();
    assert_eq!(
        told(&genai),
        [
            ("weather", Some("c1"), Some(city("Oslo")), Some(json!({"temp": 4}))),
            ("weather", Some("c2"), Some(city("Rome")), Some(json!("warm"))),
        ]
    );
    let call = &genai.llm_calls()[1];
    assert_eq!(genai.tool_calls()[1].span, call.span);
    assert_eq!(genai.tool_calls()[1].started_at, call.started_at);
    assert_eq!(genai.tool_calls()[1].duration, None);
}

#[test]
fn a_call_that_was_asked_for_and_never_answered_was_not_made() {
    let trace = say(TraceBuilder::new(), &[user("?")], &[asks(Some("c1"), "submit", &json!({}))]);
    assert_eq!(trace.build().genai().tool_calls(), []);
}

#[test]
fn a_call_of_which_the_asking_was_not_captured_is_known_from_the_history() {
    let history = [
        user("?"),
        asks(Some("c1"), "weather", &city("Oslo")),
        answers(Some("c1"), &json!("cold")),
    ];
    let trace = say(TraceBuilder::new(), &history, &[assistant("cold")]);
    let again = [&history[..], &[assistant("cold"), user("sure?")]].concat();
    let genai = say(trace, &again, &[assistant("yes")]).build().genai();
    assert_eq!(told(&genai), [("weather", Some("c1"), Some(city("Oslo")), Some(json!("cold")))]);
}

#[test]
fn a_history_that_another_agent_is_given_shows_no_new_calls() {
    let asked = asks(Some("c1"), "weather", &city("Oslo"));
    let history = [user("?"), asked.clone(), answers(Some("c1"), &json!("cold"))];
    let trace = say(agent(TraceBuilder::new(), "a"), &[user("?")], &[asked]).close();
    let genai = say(agent(trace, "b"), &history, &[assistant("cold")]).close().build().genai();
    assert_eq!(told(&genai), [("weather", Some("c1"), Some(city("Oslo")), Some(json!("cold")))]);
    assert_eq!(genai.tool_calls()[0].agent.as_deref(), Some("a"));
}

#[test]
fn identifiers_that_are_used_again_are_other_calls() {
    let first = [user("?"), asks(Some("call_0"), "roll", &json!({"sides": 6}))];
    let second =
        [answers(Some("call_0"), &json!(3)), asks(Some("call_0"), "roll", &json!({"sides": 20}))];
    let third = [answers(Some("call_0"), &json!(17)), assistant("20")];
    let mut trace = say(TraceBuilder::new(), &first[..1], &first[1..]);
    trace = say(trace, &[&first[..], &second[..1]].concat(), &second[1..]);
    let with_messages =
        say(trace, &[&first[..], &second, &third[..1]].concat(), &third[1..]).build();
    let expected = [
        ("roll", Some("call_0"), Some(json!({"sides": 6})), Some(json!(3))),
        ("roll", Some("call_0"), Some(json!({"sides": 20})), Some(json!(17))),
    ];
    assert_eq!(told(&with_messages.genai()), expected);

    // The same with spans of the calls, which say nothing of arguments and results.
    let trace = say(TraceBuilder::new(), &first[..1], &first[1..]);
    let trace = tool(trace, "roll", Some("call_0")).close();
    let trace = say(trace, &[&first[..], &second[..1]].concat(), &second[1..]);
    let trace = tool(trace, "roll", Some("call_0")).close();
    let trace = say(trace, &[&first[..], &second, &third[..1]].concat(), &third[1..]);
    assert_eq!(told(&trace.build().genai()), expected);
}

#[test]
fn calls_without_identifiers_are_matched_by_name_and_order() {
    let asked = asks(None, "roll", &json!({"sides": 6}));
    let history = [user("?"), asked.clone(), answers(None, &json!(3))];
    let again = [&history[..], &[asked.clone(), answers(None, &json!(5))]].concat();
    let ask = std::slice::from_ref(&asked);
    let trace = say(TraceBuilder::new(), &history[..1], ask);
    let trace = say(trace, &history, ask);
    let genai = say(trace.clone(), &again, &[assistant("8")]).build().genai();
    let sides = Some(json!({"sides": 6}));
    let expected = [
        ("roll", None, sides.clone(), Some(json!(3))),
        ("roll", None, sides.clone(), Some(json!(5))),
    ];
    assert_eq!(told(&genai), expected);

    let spans = |trace| tool(tool(trace, "roll", None).close(), "roll", None).close();
    let genai = say(spans(trace), &again, &[assistant("8")]).build().genai();
    assert_eq!(told(&genai), expected);
    assert!(genai.tool_calls().iter().all(|call| call.duration.is_some()));
}

#[test]
fn answers_without_identifiers_are_those_of_the_first_calls_that_have_none_yet() {
    let asked = [
        asks(Some("c1"), "roll", &json!({})),
        asks(Some("c2"), "roll", &json!({})),
        asks(Some("c3"), "roll", &json!({})),
    ];
    let responses =
        [answers(Some("c1"), &json!(1)), answers(None, &json!(2)), answers(None, &json!(3))];
    let history = [&asked[..], &responses].concat();
    let genai = say(TraceBuilder::new(), &history, &[assistant("6")]).build().genai();
    let results: Vec<_> = genai.tool_calls().iter().map(|call| call.result.clone()).collect();
    assert_eq!(results, [1, 2, 3].map(|number| Some(json!(number))));
}

#[test]
fn a_span_without_an_identifier_takes_the_call_with_its_arguments() {
    let asked =
        [asks(Some("c1"), "weather", &city("Oslo")), asks(Some("c2"), "weather", &city("Rome"))];
    let responses = [answers(Some("c1"), &json!("cold")), answers(Some("c2"), &json!("warm"))];
    let trace = say(TraceBuilder::new(), &[user("?")], &asked);
    let rome = tool(trace, "weather", None)
        .field("gen_ai.tool.call.arguments", r#"{"city": "Rome"}"#)
        .close();
    let oslo = tool(rome, "weather", None).field("gen_ai.tool.call.arguments", "rewritten").close();
    let trace = say(oslo, &[&[user("?")], &asked[..], &responses].concat(), &[assistant("ok")]);
    assert_eq!(
        told(&trace.build().genai()),
        [
            ("weather", Some("c2"), Some(city("Rome")), Some(json!("warm"))),
            ("weather", Some("c1"), Some(json!("rewritten")), Some(json!("cold"))),
        ]
    );
}

#[test]
fn what_the_span_says_goes_before_what_messages_say() {
    let trace =
        say(TraceBuilder::new(), &[user("?")], &[asks(Some("c1"), "weather", &city("Oslo"))]);
    let trace = tool(trace, "weather", Some("c1"))
        .field("gen_ai.tool.call.arguments", r#"{"city":"Bergen"}"#)
        .field("gen_ai.tool.call.result", "wet")
        .close();
    assert_eq!(
        told(&trace.build().genai()),
        [("weather", Some("c1"), Some(city("Bergen")), Some(json!("wet")))]
    );
}

#[test]
fn a_span_in_another_of_the_same_call_is_no_other_call() {
    let outer = |trace| tool(trace, "search", Some("c1"));
    let inner = |trace: TraceBuilder| {
        trace
            .open("tools/call")
            .field("gen_ai.tool.name", "search")
            .field("gen_ai.tool.call.result", "found")
    };
    let genai = inner(outer(TraceBuilder::new())).build().genai();
    assert_eq!(told(&genai), [("search", Some("c1"), None, Some(json!("found")))]);

    // A tool that asks a model, which calls the tool again, is called twice.
    let genai = inner(chat(outer(TraceBuilder::new()))).build().genai();
    assert_eq!(genai.tool_calls().len(), 2);
    let genai = tool(outer(TraceBuilder::new()), "search", Some("c2")).build().genai();
    assert_eq!(genai.tool_calls().len(), 2);
}

#[test]
fn two_spans_of_one_identifier_beside_one_another_are_two_calls() {
    let trace = tool(tool(TraceBuilder::new(), "search", Some("c1")).close(), "search", Some("c1"));
    assert_eq!(trace.build().genai().tool_calls().len(), 2);
}

#[test]
fn a_tool_that_answers_null_has_answered() {
    let trace = tool(TraceBuilder::new(), "log", None).field("gen_ai.tool.call.result", "null");
    let genai = trace.build().genai();
    assert_eq!(genai.tool_calls()[0].result, Some(Value::Null));
    let json = serde_json::to_string(&genai).expect("JSON");
    assert_eq!(serde_json::from_str::<GenAi>(&json).expect("a view"), genai);
}

#[test]
fn the_name_of_a_tool_may_be_in_the_name_of_its_span() {
    let trace = TraceBuilder::new()
        .open("execute_tool search")
        .field("gen_ai.operation.name", "execute_tool")
        .build();
    assert_eq!(trace.genai().tool_calls()[0].name, "search");
}

#[test]
fn a_tool_that_calls_itself_with_other_arguments_is_called_again() {
    let search = |trace, depth: u32| {
        tool(trace, "search", None)
            .field("gen_ai.tool.call.arguments", json!({"depth": depth}).to_string())
    };
    let trace = search(search(search(TraceBuilder::new(), 2), 1), 0).build();
    assert_eq!(trace.genai().tool_calls().len(), 3);
    let trace = search(search(TraceBuilder::new(), 2), 2).build();
    assert_eq!(trace.genai().tool_calls().len(), 1);
}

#[test]
fn a_span_with_other_arguments_and_another_result_is_another_call() {
    let asked = asks(Some("c1"), "weather", &city("Oslo"));
    let history = [user("?"), asked, answers(Some("c1"), &json!("cold"))];
    let rome = |result: &str| {
        let trace = tool(TraceBuilder::new(), "weather", None)
            .field("gen_ai.tool.call.arguments", city("Rome").to_string())
            .field("gen_ai.tool.call.result", result)
            .close();
        say(trace, &history, &[assistant("ok")]).build().genai()
    };
    assert_eq!(
        told(&rome("warm")),
        [
            ("weather", None, Some(city("Rome")), Some(json!("warm"))),
            ("weather", Some("c1"), Some(city("Oslo")), Some(json!("cold"))),
        ]
    );
    assert_eq!(
        told(&rome("cold")),
        [("weather", Some("c1"), Some(city("Rome")), Some(json!("cold")))]
    );
}

#[test]
fn spans_with_other_arguments_than_any_call_are_not_joined_by_order() {
    let asked = ["Oslo", "Bergen"].map(|name| asks(None, "weather", &city(name)));
    let history = [&asked[..], &[answers(None, &json!(1)), answers(None, &json!(2))]].concat();
    let trace = ["Rome", "Nice"].into_iter().fold(TraceBuilder::new(), |trace, name| {
        tool(trace, "weather", None)
            .field("gen_ai.tool.call.arguments", city(name).to_string())
            .close()
    });
    let genai = say(trace, &history, &[assistant("ok")]).build().genai();
    assert_eq!(genai.tool_calls().len(), 4);
}
