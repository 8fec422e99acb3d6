//! Turns of text and of tool calls.

use probity_eval::{
    Budget, Session, TurnError,
    model::{Settings, ToolDefinition},
    scripted::{Reply, ScriptedModel},
};
use probity_trace::genai::{FinishReason, Part, Role, Usage};
use serde_json::{Value, json};

use crate::support::{llm, without_model};

#[tokio::test]
async fn a_text_turn_gives_the_answer_and_the_facts_about_it() {
    let usage = Usage::new(120, 30).with_cache_read(100).with_reasoning(20);
    let reply = Reply::text("The capital is Paris.")
        .with_reasoning("France, so Paris.")
        .with_usage(usage)
        .with_model("scripted-1-2026");
    let model = ScriptedModel::replies([reply]);
    let answer = llm(&model).completion("The capital of France?").collect().await.unwrap();
    assert_eq!(answer.assistant_text(), "The capital is Paris.");
    assert_eq!(answer.reasoning, "France, so Paris.");
    assert_eq!((answer.refusal.as_deref(), answer.tool_calls.len()), (None, 0));
    assert_eq!(answer.finish_reason, Some(FinishReason::Stop));
    assert_eq!(answer.usage, usage);
    assert_eq!(answer.response_id.as_deref(), Some("resp_0"));
    assert_eq!(answer.request_id.as_deref(), Some("req_0"));
    assert_eq!(answer.model.as_deref(), Some("scripted-1-2026"));
    assert_eq!(answer.attempts, 1);
    assert!(answer.is_complete());
    assert!(answer.time_to_first_token.unwrap() <= answer.duration);
}

#[tokio::test]
async fn tool_calls_are_put_together_from_their_pieces() {
    let reply = Reply::text("Let me look.")
        .with_tool_call("weather", json!({"city": "Oslo", "days": [1, 2, 3]}))
        .with_tool_call("time", Value::Null)
        .with_tool_call_id("call_time")
        .cut_by_characters(3);
    let model = ScriptedModel::replies([reply]);
    let tool = ToolDefinition::new("weather", "Tells the weather.", json!({"type": "object"}));
    let answer = llm(&model).completion("?").tool(tool.clone()).collect().await.unwrap();

    let [weather, time] = &answer.tool_calls[..] else { panic!("{:?}", answer.tool_calls) };
    assert_eq!((weather.id.as_deref(), &*weather.name), (Some("call_0_0"), "weather"));
    assert_eq!(weather.arguments, json!({"city": "Oslo", "days": [1, 2, 3]}));
    assert_eq!((time.id.as_deref(), &*time.name), (Some("call_time"), "time"));
    assert_eq!(time.arguments, Value::Null);
    assert_eq!(answer.finish_reason, Some(FinishReason::ToolCall));
    assert_eq!(answer.text, "Let me look.");
    assert_eq!(model.requests()[0].tools, [tool]);
}

#[tokio::test]
async fn arguments_that_are_no_json_are_kept_as_they_are_and_none_are_an_empty_object() {
    let reply =
        Reply::empty().with_tool_call_text("a", r#"{"city": "Os"#).with_tool_call_text("b", "");
    let answer = llm(&ScriptedModel::replies([reply])).completion("?").collect().await.unwrap();
    let arguments: Vec<_> = answer.tool_calls.iter().map(|call| &call.arguments).collect();
    assert_eq!(arguments, [&json!(r#"{"city": "Os"#), &json!({})]);
}

#[tokio::test]
async fn a_refusal_and_an_empty_answer_are_answers() {
    let model = ScriptedModel::replies([Reply::refusal("I must not."), Reply::empty()]);
    let llm = llm(&model);
    let refused = llm.completion("?").collect().await.unwrap();
    assert_eq!((&*refused.text, refused.refusal.as_deref()), ("", Some("I must not.")));
    assert_eq!(refused.finish_reason, Some(FinishReason::ContentFilter));
    assert_eq!(refused.message().content(), "I must not.");
    let empty = llm.completion("?").collect().await.unwrap();
    assert_eq!((&*empty.text, empty.refusal.as_ref(), empty.time_to_first_token), ("", None, None));
    assert!(empty.is_complete());
}

#[tokio::test]
async fn what_a_turn_says_comes_before_what_the_context_says() {
    #[derive(Debug, PartialEq)]
    struct Tier(u8);
    #[derive(Debug, PartialEq)]
    struct Region(&'static str);
    let mut settings = Settings::default();
    (settings.temperature, settings.seed) = (Some(0.2), Some(7));
    let model = ScriptedModel::replies(["one", "two"]);
    let llm =
        llm(&model).with_settings(settings).with_extension(Tier(1)).with_extension(Region("eu"));
    llm.completion("?").temperature(0.9).max_output_tokens(5).ext(Tier(2)).collect().await.unwrap();
    llm.completion("?").seed(8).collect().await.unwrap();

    let [first, second] = &model.requests()[..] else { panic!("two requests") };
    assert_eq!(first.settings.temperature, Some(0.9));
    assert_eq!(first.settings.max_output_tokens, Some(5));
    assert_eq!(first.settings.seed, Some(7));
    assert_eq!(first.extensions.get(), Some(&Tier(2)));
    assert_eq!(first.extensions.get(), Some(&Region("eu")));
    assert_eq!((second.settings.temperature, second.settings.seed), (Some(0.2), Some(8)));
    assert_eq!(second.extensions.get(), Some(&Tier(1)));
}

#[tokio::test]
async fn a_context_without_a_model_says_so_and_spends_nothing() {
    let llm = without_model();
    let error = llm.completion("?").collect().await.unwrap_err();
    assert!(matches!(error, TurnError::NoModel));
    assert_eq!(error.to_string(), "the context has no model: make it with `Llm::new` to ask one");
    assert_eq!(llm.budget().spent(), Budget::unlimited().spent());
}

#[tokio::test]
async fn a_session_holds_what_the_caller_pushes_and_nothing_else() {
    let model = ScriptedModel::replies([
        Reply::tool_call("weather", json!({"city": "Oslo"})),
        Reply::text("It rains."),
    ]);
    let llm = llm(&model);
    let mut session = Session::new();
    session.push_system("Be brief.");
    session.push_user("How is the weather in Oslo?");
    let asked = session.text_turn(&llm).collect().await.unwrap();
    assert_eq!(session.messages().len(), 2);
    session.push_assistant(&asked);
    session.push_tool_response(asked.tool_calls[0].id.clone().unwrap(), json!({"rain": true}));
    let answer = session.text_turn(&llm).collect().await.unwrap();
    assert_eq!(answer.text, "It rains.");

    let sent = model.requests()[1].input.messages.clone();
    assert_eq!(sent, session.messages());
    let roles: Vec<_> = sent.iter().map(|message| message.role.clone()).collect();
    assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
    let [Part::ToolCallResponse { id, .. }] = &sent[3].parts[..] else { panic!("{sent:?}") };
    assert_eq!(id.as_deref(), Some("call_0_0"));
}
