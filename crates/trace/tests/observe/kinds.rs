//! What each kind of function is in the view of a trace.

use probity_trace::{capture_sync, observe, set_attributes};
use serde::Serialize;
use serde_json::json;

use crate::support::check;

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: String,
}

#[observe(tool)]
fn weather(city: &str, days: u8) -> serde_json::Value {
    json!({"city": city, "temperatures": vec![18; usize::from(days)]})
}

#[observe(llm)]
fn complete(prompt: &str) -> String {
    set_attributes([("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "small")]);
    set_attributes([("gen_ai.usage.input_tokens", 29), ("gen_ai.usage.output_tokens", 11)]);
    format!("about {prompt}")
}

#[observe(llm, name = "chat")]
fn chat(messages: Vec<Message>, temperature: f64) -> Message {
    let _ = temperature;
    Message { role: "assistant", content: messages[0].content.clone() }
}

#[observe(llm)]
fn chat_plain(messages: Vec<Message>) -> Message {
    Message { role: "assistant", content: messages[0].content.clone() }
}

#[observe(agent, name = "weather-bot")]
fn agent(question: &str) -> String {
    weather("Oslo", 2);
    complete(question)
}

#[observe(chain)]
fn chain(steps: u8) -> u8 {
    steps
}

#[test]
fn a_tool_is_a_tool_call_with_arguments_and_result() {
    let trace = capture_sync(|| weather("Oslo", 2)).trace;
    let calls = trace.genai();
    let call = &calls.tool_calls()[0];
    assert_eq!(call.name, "weather");
    assert_eq!(call.arguments, Some(json!({"city": "Oslo", "days": 2})));
    assert_eq!(call.result, Some(json!({"city": "Oslo", "temperatures": [18, 18]})));
    check(&trace, "weather", &[("input.value", "-"), ("probity.kind", "tool")]);
}

#[test]
fn a_model_function_is_a_model_call_with_messages_and_usage() {
    let trace = capture_sync(|| complete("Oslo")).trace;
    let view = trace.genai();
    let call = &view.llm_calls()[0];
    assert_eq!(call.input[0].content(), "Oslo");
    assert_eq!(call.output[0].content(), "about Oslo");
    assert_eq!(call.request_model.as_deref(), Some("small"));
    assert_eq!((view.usage().input_tokens, view.usage().output_tokens), (Some(29), Some(11)));
    assert!(view.unreadable().is_empty());
}

#[test]
fn messages_stay_messages() {
    let messages = || vec![Message { role: "system", content: "Be brief.".to_owned() }];
    let trace = capture_sync(|| (chat_plain(messages()), chat(messages(), 0.5))).trace;
    let view = trace.genai();
    let [plain, with_options] = view.llm_calls() else { panic!("two calls") };
    assert_eq!(plain.input[0].role.as_str(), "system");
    assert_eq!(plain.input[0].content(), "Be brief.");
    assert_eq!(plain.output[0].content(), "Be brief.");
    assert_eq!(with_options.input[0].role.as_str(), "user");
    assert!(with_options.input[0].content().contains(r#""temperature":0.5"#));
    assert!(view.unreadable().is_empty(), "{:?}", view.unreadable());
}

#[test]
fn an_agent_is_a_run_and_its_calls_are_its() {
    let trace = capture_sync(|| agent("What is it like?")).trace;
    let view = trace.genai();
    let run = &view.agents()[0];
    assert_eq!(run.name.as_deref(), Some("weather-bot"));
    assert_eq!(run.input[0].content(), "What is it like?");
    assert_eq!(run.output[0].content(), "about What is it like?");
    assert_eq!(view.tool_calls()[0].agent.as_deref(), Some("weather-bot"));
    assert_eq!(view.llm_calls()[0].agent.as_deref(), Some("weather-bot"));
}

#[test]
fn a_chain_is_a_function_of_another_name() {
    let trace = capture_sync(|| chain(3)).trace;
    check(&trace, "chain", &[("probity.kind", "chain"), ("input.value", r#"{"steps":3}"#)]);
    assert!(trace.genai().agents().is_empty());
}

#[test]
fn an_agent_or_a_model_that_returns_nothing_has_not_answered() {
    #[observe(agent)]
    fn act(question: &str) -> Result<(), String> {
        if question.is_empty() { Err("nothing to do".to_owned()) } else { Ok(()) }
    }
    #[observe(llm)]
    fn think(question: &str) -> Option<String> {
        question.strip_prefix("Think: ").map(str::to_owned)
    }
    let trace = capture_sync(|| {
        act("Go.").unwrap();
        think("Why?");
    })
    .trace;
    let view = trace.genai();
    assert_eq!(view.agents()[0].output, []);
    assert_eq!(view.llm_calls()[0].output, []);
    assert_eq!(view.unreadable(), []);
}
