//! What models answer: texts, reasoning, tool calls, JSON, refusals, and the facts about them.

use futures::StreamExt as _;
use probity_eval::{
    Llm, ModelInput,
    model::{ModelEvent, ToolDefinition},
    schemars,
};
use probity_model_server::{Answer, Finish, ModelServer, Protocol, Reply, ToolCall, Usage};
use probity_trace::{
    capture,
    genai::{self, FinishReason, Message, Part, Role},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Subject, serve};
use crate::SUBJECTS;

async fn each(answer: Answer, check: impl AsyncFn(Subject, ModelServer, Llm)) {
    for subject in SUBJECTS {
        let server = serve([answer.clone().into()]).await;
        let llm = subject.llm(&server);
        check(*subject, server, llm).await;
    }
}

#[tokio::test]
async fn a_text_comes_with_its_id_model_usage_and_reason() {
    let usage = Usage::new(20, 9).with_cache_read(7).with_cache_write(2).with_reasoning(4);
    let answer = Answer::text("It is sunny — 18 °C.").with_usage(usage).with_id("answer_1");
    each(answer.with_model("small-2026"), async |subject, server, llm| {
        let turn = llm.completion("How is the weather?").collect().await.unwrap();
        assert_eq!(turn.text, "It is sunny — 18 °C.", "{}", subject.name);
        assert_eq!(turn.finish_reason, Some(FinishReason::Stop), "{}", subject.name);
        let expected = genai::Usage::new(29, 9).with_cache_read(7).with_cache_write(2);
        let expected = match subject.protocol {
            // Not every client reads how much of Anthropic's output was reasoning.
            Protocol::Anthropic if turn.usage.reasoning_output_tokens.is_none() => expected,
            _ => expected.with_reasoning(4),
        };
        assert_eq!(turn.usage, expected, "{}", subject.name);
        assert_eq!(turn.response_id.as_deref(), Some("answer_1"), "{}", subject.name);
        assert_eq!(turn.model.as_deref(), Some("small-2026"), "{}", subject.name);
        let request_id = subject.sees_heads.then_some("req_0");
        assert_eq!(turn.request_id.as_deref(), request_id, "{}", subject.name);
        assert!(server.requests()[0].is_stream() && turn.time_to_first_token.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_span_of_the_turn_says_the_same_and_it_is_one_call() {
    let usage = Usage::new(20, 9).with_cache_read(7);
    let answer = Answer::text("Sunny.").with_usage(usage).with_id("answer_1");
    each(answer, async |subject, _server, llm| {
        let asked = async { llm.completion("How is it?").collect().await.unwrap() };
        let collected = capture(asked).await;
        let genai = collected.trace.genai();
        let [call] = genai.llm_calls() else { panic!("{}: {genai:?}", subject.name) };
        assert_eq!(call.response_id.as_deref(), Some("answer_1"));
        assert_eq!(call.usage, collected.output.usage, "{}", subject.name);
        assert_eq!(genai.usage(), collected.output.usage, "{}", subject.name);
        assert_eq!(call.finish_reasons, [FinishReason::Stop]);
        assert_eq!(call.output, [Message::text(Role::Assistant, "Sunny.")]);
        // A client may open spans of its own within that of the turn.
        assert_eq!(collected.trace.roots().count(), 1, "{}", collected.trace);
    })
    .await;
}

#[tokio::test]
async fn a_text_comes_in_the_pieces_in_which_it_was_sent() {
    each(Answer::text("one two three"), async |subject, _server, llm| {
        let events: Vec<_> = llm.completion("Count.").stream().map(Result::unwrap).collect().await;
        let is_content = |event: &&ModelEvent| event.is_content();
        let pieces: Vec<_> = events.iter().filter(is_content).cloned().collect();
        let expected =
            ["one ", "two ", "thre", "e"].map(|piece| ModelEvent::TextDelta(piece.into()));
        assert_eq!(pieces, expected, "{}", subject.name);
        assert!(matches!(events.first(), Some(ModelEvent::Started(_))), "{events:?}");
        assert!(matches!(events.last(), Some(ModelEvent::Finished(_))), "{events:?}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_bytes_are_cut_within_characters_is_put_together() {
    for subject in SUBJECTS {
        for size in [1, 2, 7] {
            let server = serve([Reply::text("Größe: 5 €, 😀").with_chunk_size(size)]).await;
            let turn = subject.llm(&server).completion("How large?").collect().await.unwrap();
            assert_eq!(turn.text, "Größe: 5 €, 😀", "{}", subject.name);
        }
    }
}

#[tokio::test]
async fn reasoning_is_told_from_the_answer() {
    let answer = Answer::new().with_reasoning("It is July.").with_text("Warm.");
    each(answer, async |subject, _server, llm| {
        let turn = llm.completion("How is it?").collect().await.unwrap();
        assert_eq!((&*turn.reasoning, &*turn.text), ("It is July.", "Warm."), "{}", subject.name);
    })
    .await;
}

#[tokio::test]
async fn tool_calls_come_with_names_arguments_and_ids() {
    let answer = Answer::text("Let me see.")
        .with_tool_call(ToolCall::new("get_weather", &json!({"city": "Paris"})).with_id("call_1"))
        .with_tool_call(ToolCall::new("get_weather", &json!({"city": "Oslo"})).with_id("call_2"))
        .with_tool_call(ToolCall::new("get_time", &json!({})).with_id("call_3"));
    each(answer, async |subject, server, llm| {
        let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}}});
        let tool = ToolDefinition::new("get_weather", "Says how the weather is.", parameters);
        let turn = llm.completion("How is the weather?").tool(tool).collect().await.unwrap();
        let calls: Vec<_> = turn
            .tool_calls
            .iter()
            .map(|call| (call.id.as_deref().unwrap(), &*call.name, call.arguments.clone()))
            .collect();
        let expected = [
            ("call_1", "get_weather", json!({"city": "Paris"})),
            ("call_2", "get_weather", json!({"city": "Oslo"})),
            ("call_3", "get_time", json!({})),
        ];
        assert_eq!(calls, expected, "{}", subject.name);
        assert_eq!(turn.finish_reason, Some(FinishReason::ToolCall), "{}", subject.name);
        assert_eq!(turn.text, "Let me see.");
        let sent = server.requests()[0].body()["tools"][0].to_string();
        assert!(sent.contains("get_weather") && sent.contains("Says how"), "{sent}");
    })
    .await;
}

#[tokio::test]
async fn tool_calls_stream_in_pieces_that_make_the_whole() {
    let arguments = json!({"city": "Paris", "unit": "°C"});
    let answer = Answer::new().with_tool_call(ToolCall::new("get_weather", &arguments));
    each(answer, async |subject, _server, llm| {
        let events: Vec<_> =
            llm.completion("Weather?").stream().map(Result::unwrap).collect().await;
        let mut text = String::new();
        let mut pieces = 0;
        for event in &events {
            if let ModelEvent::ToolCallDelta { index: 0, arguments, .. } = event {
                text += arguments;
                pieces += 1;
            }
        }
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), arguments, "{}", subject.name);
        assert!(pieces > 2, "{}: {events:?}", subject.name);
    })
    .await;
}

#[tokio::test]
async fn arguments_that_are_no_json_are_kept_as_text() {
    let answer = Answer::new().with_tool_call(ToolCall::malformed("get_weather", "{\"city\":"));
    each(answer, async |subject, _server, llm| {
        let turn = llm.completion("Weather?").collect().await.unwrap();
        assert_eq!(turn.tool_calls[0].arguments, json!("{\"city\":"), "{}", subject.name);
    })
    .await;
}

#[tokio::test]
async fn the_answers_of_tools_are_sent_back_to_the_calls_that_asked() {
    each(Answer::text("18 degrees."), async |subject, server, llm| {
        let call = Part::ToolCall {
            id: Some("call_1".into()),
            name: "get_weather".into(),
            arguments: json!({"city": "Paris"}),
        };
        let input = ModelInput::from_user("How warm is Paris?")
            .with_message(Message::new(Role::Assistant, vec![call]))
            .with_message(Message::tool_response("call_1", json!({"temp_c": 18})))
            .with_system("Be terse.");
        let tool = ToolDefinition::new(
            "get_weather",
            "Says how the weather is.",
            json!({"type": "object"}),
        );
        llm.completion(input).tool(tool).collect().await.unwrap();
        let body = server.requests()[0].body().clone();
        let (call, answer) = match subject.protocol {
            Protocol::Anthropic => (
                &body["messages"][1]["content"][0]["id"],
                &body["messages"][2]["content"][0]["tool_use_id"],
            ),
            _ => {
                (&body["messages"][2]["tool_calls"][0]["id"], &body["messages"][3]["tool_call_id"])
            }
        };
        assert_eq!((call, answer), (&json!("call_1"), &json!("call_1")), "{body}");
        assert!(body.to_string().contains("Be terse.") && body.to_string().contains("temp_c"));
    })
    .await;
}

#[derive(Debug, PartialEq, Deserialize, schemars::JsonSchema)]
#[schemars(crate = "probity_eval::schemars")]
struct City {
    name: String,
    inhabitants: u32,
}

#[tokio::test]
async fn a_structured_answer_is_asked_for_by_schema() {
    let answer = Answer::json(&json!({"name": "Oslo", "inhabitants": 700_000}));
    each(answer, async |subject, server, llm| {
        let city = llm.structured::<City>("Which city?").collect().await.unwrap().value;
        assert_eq!(city, City { name: "Oslo".into(), inhabitants: 700_000 }, "{}", subject.name);
        let body = server.requests()[0].body().clone();
        let schema = match subject.protocol {
            Protocol::Anthropic => &body["output_config"]["format"]["schema"],
            _ => &body["response_format"]["json_schema"]["schema"],
        };
        assert_eq!(schema["properties"]["name"]["type"], "string", "{}: {body}", subject.name);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_known_as_one() {
    each(Answer::refusal("I can't help with that."), async |subject, _server, llm| {
        let turn = llm.completion("Do it.").collect().await.unwrap();
        if subject.protocol == Protocol::Anthropic {
            // The words are a text there, and the reason says what they are.
            assert_eq!(turn.finish_reason, Some(FinishReason::ContentFilter));
            assert!(turn.refusal.is_some(), "{}", subject.name);
            assert_eq!(turn.text, "I can't help with that.");
        } else {
            assert_eq!(turn.refusal.as_deref(), Some("I can't help with that."));
            assert_eq!(turn.text, "", "{}", subject.name);
        }
    })
    .await;
}

#[tokio::test]
async fn reasons_to_stop_are_those_of_the_conventions() {
    for (finish, expected) in [
        (Finish::Length, FinishReason::Length),
        (Finish::ContentFilter, FinishReason::ContentFilter),
        (Finish::Other("paused".into()), FinishReason::Other("paused".into())),
    ] {
        each(Answer::text("It is").with_finish(finish), async |subject, _server, llm| {
            let turn = llm.completion("How is it?").collect().await.unwrap();
            assert_eq!(turn.finish_reason.as_ref(), Some(&expected), "{}", subject.name);
        })
        .await;
    }
}

#[tokio::test]
async fn an_empty_answer_without_usage_is_an_answer() {
    each(Answer::new().without_usage(), async |subject, _server, llm| {
        let turn = llm.completion("Say nothing.").collect().await.unwrap();
        let came = (&*turn.text, turn.finish_reason);
        assert_eq!(came, ("", Some(FinishReason::Stop)), "{}", subject.name);
        assert!(turn.usage.is_unknown(), "{}: {:?}", subject.name, turn.usage);
    })
    .await;
}

#[tokio::test]
async fn settings_are_sent_and_a_seed_where_there_is_one() {
    each(Answer::text("Yes."), async |subject, server, llm| {
        let turn = llm.completion("Yes?").temperature(0.2).max_output_tokens(64).seed(7);
        turn.collect().await.unwrap();
        let body = server.requests()[0].body().clone();
        let limit = body.get("max_completion_tokens").or_else(|| body.get("max_tokens"));
        assert_eq!((&body["temperature"], limit), (&json!(0.2), Some(&json!(64))), "{body}");
        let seed = if subject.protocol == Protocol::Anthropic { Value::Null } else { json!(7) };
        assert_eq!(body["seed"], seed, "{}: {body}", subject.name);
    })
    .await;
}
