//! The conversations of a trace: each message once, and what does not belong together apart.

use probity_trace::{
    genai::{GenAi, Role},
    testing::TraceBuilder,
};
use serde_json::{Value, json};

use crate::spans::{agent, answers, asks, assistant, chat, message, say, texts, user};

/// Returns the texts of each conversation.
fn said(genai: &GenAi) -> Vec<Vec<String>> {
    genai.conversations().iter().map(|conversation| texts(&conversation.messages)).collect()
}

#[test]
fn each_message_is_there_once_though_each_call_repeats_the_history() {
    let talk: Vec<Value> = (0..6)
        .map(|turn| if turn % 2 == 0 { user("go on") } else { assistant(&turn.to_string()) })
        .collect();
    let mut trace = TraceBuilder::new();
    for turn in [1, 3, 5] {
        trace = say(trace, &talk[..turn], &talk[turn..=turn]);
    }
    let genai = trace.build().genai();
    assert_eq!(said(&genai), [["go on", "1", "go on", "3", "go on", "5"]]);
    let conversation = &genai.conversations()[0];
    let calls: Vec<_> = genai.llm_calls().iter().map(|call| call.span).collect();
    assert_eq!(conversation.calls, calls);
    assert_eq!(genai.messages(), conversation.messages);
}

#[test]
fn the_order_of_keys_blanks_reasoning_and_text_for_json_make_no_difference() {
    let trace = say(
        TraceBuilder::new(),
        &[user("Weather?")],
        &[json!({"role": "assistant", "parts": [
            {"type": "reasoning", "content": "hm"},
            {"type": "text", "content": "Let me look. \n"},
            {"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"a": 1, "b": 2}},
        ]})],
    );
    let history = [
        json!({"role": "human", "content": " Weather?"}),
        json!({"role": "assistant", "content": "Let me look.", "tool_calls": [
            {"id": "c1", "type": "function",
             "function": {"name": "weather", "arguments": "{\"b\": 2, \"a\": 1}"}}]}),
        json!({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "c1", "content": "cold"},
            {"type": "text", "text": "And?"}]}),
    ];
    let genai = say(trace, &history, &[assistant("Cold.")]).build().genai();
    assert_eq!(genai.unreadable(), []);
    assert_eq!(said(&genai), [["Weather?", "Let me look. \n", "", "And?", "Cold."]]);
    let roles: Vec<_> = genai.messages().iter().map(|message| message.role.clone()).collect();
    assert_eq!(roles, [Role::User, Role::Assistant, Role::Tool, Role::User, Role::Assistant]);
}

#[test]
fn instructions_may_move_and_change_while_a_conversation_goes_on() {
    let instructed = |trace, text: &str, input: &[Value], output: &[Value]| {
        chat(trace)
            .field("gen_ai.system_instructions", text)
            .field("gen_ai.input.messages", json!(input).to_string())
            .field("gen_ai.output.messages", json!(output).to_string())
            .close()
    };
    let talk = [user("a"), assistant("b"), user("c"), assistant("d"), user("e")];
    let trace = instructed(TraceBuilder::new(), "Be kind.", &talk[..1], &talk[1..2]);
    let moved = [&[message("system", "Be kind.")], &talk[..3]].concat();
    let trace = say(trace, &moved, &talk[3..4]);
    let genai = instructed(trace, "Be brief.", &talk, &[assistant("f")]).build().genai();
    assert_eq!(said(&genai), [["Be kind.", "a", "b", "c", "d", "Be brief.", "e", "f"]]);
}

#[test]
fn agents_and_conversations_stay_apart() {
    let named = |trace: TraceBuilder, id: &str, input: &[Value], output: &[Value]| {
        say(trace.open("request").field("gen_ai.conversation.id", id), input, output).close()
    };
    let talk = [user("hi"), assistant("hello"), user("bye"), assistant("goodbye")];
    let trace = named(TraceBuilder::new(), "1", &talk[..1], &talk[1..2]);
    let trace = named(trace, "2", &talk[..1], &talk[1..2]);
    let trace = named(trace, "2", &talk[..3], &talk[3..]);
    let trace = named(trace, "1", &talk[..3], &[assistant("see you")]);
    let trace = say(agent(trace, "critic"), &talk[..3], &[assistant("rude")]).close();
    let genai = trace.build().genai();
    assert_eq!(
        said(&genai),
        [
            vec!["hi", "hello", "bye", "see you"],
            vec!["hi", "hello", "bye", "goodbye"],
            vec!["hi", "hello", "bye", "rude"],
        ]
    );
    let owners: Vec<_> =
        genai.conversations().into_iter().map(|talk| (talk.id, talk.agent)).collect();
    assert_eq!(
        owners,
        [
            (Some("1".to_owned()), None),
            (Some("2".to_owned()), None),
            (None, Some("critic".to_owned())),
        ]
    );
    assert_eq!(genai.messages().len(), 12);
}

#[test]
fn conversations_that_take_turns_are_told_apart_by_what_was_said() {
    let mut trace = TraceBuilder::new();
    let talk = |name: &str| {
        [user(name), assistant(&format!("{name} 1")), user("yes"), assistant(&format!("{name} 2"))]
    };
    for turn in [1, 3] {
        for name in ["a", "b", "c"] {
            trace = say(trace, &talk(name)[..turn], &talk(name)[turn..=turn]);
        }
    }
    let genai = trace.build().genai();
    assert_eq!(
        said(&genai),
        ["a", "b", "c"].map(|name| vec![
            name.to_owned(),
            format!("{name} 1"),
            "yes".to_owned(),
            format!("{name} 2")
        ])
    );
}

#[test]
fn a_second_answer_to_the_same_question_is_another_conversation() {
    let question = [user("joke?")];
    let trace = say(TraceBuilder::new(), &question, &[assistant("one")]);
    let trace = say(trace, &question, &[assistant("two")]);
    let chosen = [user("joke?"), assistant("two"), user("again")];
    let genai = say(trace, &chosen, &[assistant("three")]).build().genai();
    assert_eq!(said(&genai), [vec!["joke?", "one"], vec!["joke?", "two", "again", "three"]]);
}

#[test]
fn a_request_that_failed_and_was_sent_again_is_no_other_conversation() {
    let question = json!([user("joke?")]).to_string();
    let failed = chat(TraceBuilder::new())
        .field("error.type", "429")
        .field("gen_ai.input.messages", question)
        .close();
    let genai = say(failed, &[user("joke?")], &[assistant("one")]).build().genai();
    assert_eq!(said(&genai), [["joke?", "one"]]);
    assert_eq!(genai.conversations()[0].calls.len(), 2);
}

#[test]
fn an_answer_that_was_changed_before_it_was_sent_back_is_the_one_the_model_gave() {
    let trace = say(TraceBuilder::new(), &[user("a")], &[assistant("Sure! It is b.")]);
    let history = [user("a"), assistant("It is b."), user("c")];
    let trace = say(trace, &history, &[assistant("d")]);
    let history = [&history[..], &[assistant("d"), user("e")]].concat();
    let genai = say(trace, &history, &[assistant("f")]).build().genai();
    assert_eq!(said(&genai), [["a", "Sure! It is b.", "c", "d", "e", "f"]]);
}

#[test]
fn answers_that_were_not_recorded_come_from_the_history() {
    let trace = say(TraceBuilder::new(), &[user("a")], &[]);
    let genai = say(trace, &[user("a"), assistant("b"), user("c")], &[]).build().genai();
    assert_eq!(said(&genai), [["a", "b", "c"]]);
}

#[test]
fn one_of_several_answers_is_gone_on_with() {
    let trace = say(TraceBuilder::new(), &[user("a")], &[assistant("b"), assistant("c")]);
    let genai = say(trace, &[user("a"), assistant("c"), user("d")], &[assistant("e")]);
    assert_eq!(said(&genai.build().genai()), [["a", "b", "c", "d", "e"]]);
}

#[test]
fn without_the_history_a_call_goes_on_from_the_answer_that_it_names() {
    let trace = chat(TraceBuilder::new())
        .field("gen_ai.response.id", "r1")
        .field("gen_ai.input.messages", json!([user("a")]).to_string())
        .field("gen_ai.output.messages", json!([assistant("b")]).to_string())
        .close();
    let trace = chat(trace)
        .field("gen_ai.request.previous_response.id", "r1")
        .field("gen_ai.input.messages", json!([user("c")]).to_string())
        .field("gen_ai.output.messages", json!([assistant("d")]).to_string())
        .close();
    assert_eq!(said(&trace.build().genai()), [["a", "b", "c", "d"]]);
}

#[test]
fn without_the_history_a_call_goes_on_from_the_tool_calls_that_it_answers() {
    let asked = asks(Some("c1"), "weather", &json!({}));
    let trace = say(TraceBuilder::new(), &[user("a")], &[asked]);
    let trace = say(trace, &[answers(Some("c1"), &json!("cold"))], &[assistant("b")]);
    let genai = trace.build().genai();
    assert_eq!(said(&genai), [["a", "", "", "b"]]);
    assert_eq!(genai.tool_calls().len(), 1);
}

#[test]
fn answers_alone_follow_one_another() {
    let trace = say(TraceBuilder::new(), &[], &[assistant("a")]);
    let genai = say(trace, &[], &[assistant("b")]).build().genai();
    assert_eq!(said(&genai), [["a", "b"]]);
}

#[test]
fn a_message_that_is_said_twice_is_there_twice() {
    let talk = [user("yes"), assistant("ok"), user("yes"), assistant("ok"), user("yes")];
    let trace = say(TraceBuilder::new(), &talk[..1], &talk[1..2]);
    let trace = say(trace, &talk[..3], &talk[3..4]);
    let genai = say(trace, &talk, &[assistant("ok")]).build().genai();
    assert_eq!(said(&genai), [["yes", "ok", "yes", "ok", "yes", "ok"]]);
}

#[test]
fn a_call_that_goes_back_begins_another_conversation() {
    let talk = [user("a"), assistant("b"), user("c"), assistant("d")];
    let trace = say(TraceBuilder::new(), &talk[..1], &talk[1..2]);
    let trace = say(trace, &talk[..3], &talk[3..]);
    let genai = say(trace, &[&talk[..2], &[user("e")]].concat(), &[assistant("f")]).build().genai();
    assert_eq!(said(&genai), [["a", "b", "c", "d"], ["a", "b", "e", "f"]]);
}

#[test]
fn one_of_several_answers_tells_which_conversation_is_gone_on_with() {
    let trace = say(TraceBuilder::new(), &[user("a")], &[assistant("b"), assistant("c")]);
    let trace = say(trace, &[user("a")], &[assistant("d"), assistant("e")]);
    let genai = say(trace, &[user("a"), assistant("c"), user("x")], &[assistant("y")]);
    assert_eq!(said(&genai.build().genai()), [vec!["a", "b", "c", "x", "y"], vec!["a", "d", "e"]]);
}

#[test]
fn instructions_in_several_messages_are_those_in_several_parts() {
    let parts = json!([{"type": "text", "content": "Be "}, {"type": "text", "content": "kind."}]);
    let input = json!([message("system", "Be "), message("system", "kind."), user("a")]);
    let trace = chat(TraceBuilder::new())
        .field("gen_ai.system_instructions", parts.to_string())
        .field("gen_ai.input.messages", input.to_string());
    assert_eq!(said(&trace.build().genai()), [["Be ", "kind.", "a"]]);
}
