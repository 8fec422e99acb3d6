//! What the agent is asked and told, and what the view of its trace is to be, whatever the agent was
//! written with.

use probity_model_server::{Answer, Script, ToolCall, Usage};
use probity_trace::genai::{FinishReason, GenAi, LlmCall, Message, Part, Role};
use serde_json::{Value, json};

pub(crate) const MODEL: &str = "gpt-4o-mini";
pub(crate) const INSTRUCTIONS: &str = "Be terse.";
pub(crate) const QUESTION: &str = "What is the weather in Paris?";
pub(crate) const ANSWER: &str = "It is 18 degrees in Paris.";
pub(crate) const TOOL: &str = "get_weather";
const CALL: &str = "call_1";

/// What the model answers: first a tool call, then the text.
pub(crate) fn script() -> Script {
    let call = ToolCall::new(TOOL, &arguments()).with_id(CALL);
    let usage = Usage::new(30, 10).with_cache_read(12).with_reasoning(3);
    Script::in_order([
        Answer::new().with_tool_call(call).with_usage(usage).into(),
        Answer::text(ANSWER).with_usage(Usage::new(50, 8)).into(),
    ])
}

pub(crate) fn arguments() -> Value {
    json!({"city": "Paris"})
}

/// What the tool answers.
pub(crate) fn result() -> Value {
    json!({"city": "Paris", "temp_c": 18})
}

/// Checks that the view has both model calls and the tool call, with all that they said and used, and has
/// each once.
#[track_caller]
pub(crate) fn check(genai: &GenAi) {
    assert_eq!(genai.unreadable(), []);
    let [first, second] = genai.llm_calls() else { panic!("{genai:#?}") };
    let [tool] = genai.tool_calls() else { panic!("{genai:#?}") };

    let instructions = Message::text(Role::System, INSTRUCTIONS);
    let question = Message::text(Role::User, QUESTION);
    let asked = Message::new(Role::Assistant, vec![tool_call()]);
    let told = Message::tool_response(CALL, result());
    let answer = Message::text(Role::Assistant, ANSWER);
    check_call(first, &[&instructions, &question], &asked);
    check_call(second, &[&instructions, &question, &asked, &told], &answer);
    assert_eq!(first.finish_reasons, [FinishReason::ToolCall]);
    assert_eq!(counts(first), [42, 10, 12, 3]);
    assert_eq!(counts(second), [50, 8, 0, 0]);

    assert_eq!((&*tool.name, tool.id.as_deref()), (TOOL, Some(CALL)));
    assert_eq!((&tool.arguments, &tool.result), (&Some(arguments()), &Some(result())));
    assert_eq!(tool.error, None);
    assert!(first.started_at <= tool.started_at && tool.started_at <= second.started_at);

    let usage = genai.usage();
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(92), Some(18)));
    assert_eq!(usage.cache_read_input_tokens, Some(12));
    assert_eq!(usage.reasoning_output_tokens, Some(3));
}

#[track_caller]
fn check_call(call: &LlmCall, input: &[&Message], output: &Message) {
    assert_eq!(
        (call.provider.as_deref(), call.request_model.as_deref()),
        (Some("openai"), Some(MODEL))
    );
    assert_eq!(call.response_model.as_deref(), Some(MODEL));
    assert_eq!(call.input.iter().collect::<Vec<_>>(), input);
    assert_eq!(call.output.iter().collect::<Vec<_>>(), [output]);
    assert_eq!((call.attempts, &call.error), (1, &None));
    assert!(call.duration.is_some());
}

fn tool_call() -> Part {
    Part::ToolCall { id: Some(CALL.to_owned()), name: TOOL.to_owned(), arguments: arguments() }
}

/// Tokens of input, output, cached input and reasoning; what was not reported is none.
fn counts(call: &LlmCall) -> [u64; 4] {
    let usage = call.usage;
    [
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.reasoning_output_tokens,
    ]
    .map(Option::unwrap_or_default)
}
