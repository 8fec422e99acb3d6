//! Answers that are not streamed.

use probity_model_server::{Answer, Finish, Protocol, Reply, ToolCall};
use serde_json::{Value, json};

use crate::client;

async fn openai(answer: Answer) -> Value {
    let answer = answer.with_id("an id").with_model("a-model-2026");
    client::json(&client::start(Reply::from(answer)).await, Protocol::OpenAi).await
}

async fn anthropic(answer: Answer) -> Value {
    let answer = answer.with_id("an id").with_model("a-model-2026");
    client::json(&client::start(Reply::from(answer)).await, Protocol::Anthropic).await
}

fn weather(city: &str) -> ToolCall {
    ToolCall::new("get_weather", &json!({ "city": city })).with_id(format!("id of {city}"))
}

#[tokio::test]
async fn openai_wraps_a_text_in_a_completion() {
    let completion = openai(Answer::text("It is ").with_text("sunny.")).await;
    assert_eq!(completion["id"], "an id");
    assert_eq!(completion["object"], "chat.completion");
    assert_eq!(completion["model"], "a-model-2026");
    assert!(completion["created"].is_u64());
    let message = json!({
        "role": "assistant", "content": "It is sunny.", "refusal": null, "annotations": [],
    });
    let choice = json!([
        { "index": 0, "message": message, "logprobs": null, "finish_reason": "stop" },
    ]);
    assert_eq!(completion["choices"], choice);
}

#[tokio::test]
async fn anthropic_wraps_texts_in_blocks() {
    let message = anthropic(Answer::text("It is ").with_text("sunny.")).await;
    let blocks =
        json!([{ "type": "text", "text": "It is " }, { "type": "text", "text": "sunny." }]);
    assert_eq!(message["content"], blocks);
    for (field, value) in [
        ("id", "an id"),
        ("type", "message"),
        ("role", "assistant"),
        ("model", "a-model-2026"),
        ("stop_reason", "end_turn"),
    ] {
        assert_eq!(message[field], value);
    }
}

#[tokio::test]
async fn several_tool_calls_are_in_one_answer() {
    let calls = Answer::new().with_tool_call(weather("Oslo")).with_tool_call(weather("Rome"));
    let completion = openai(calls.clone()).await;
    let call = |city: &str| {
        let function = json!({
            "name": "get_weather", "arguments": json!({ "city": city }).to_string(),
        });
        json!({ "id": format!("id of {city}"), "type": "function", "function": function })
    };
    let message = &completion["choices"][0]["message"];
    assert_eq!(message["tool_calls"], json!([call("Oslo"), call("Rome")]));
    assert_eq!(message["content"], Value::Null);
    assert_eq!(completion["choices"][0]["finish_reason"], "tool_calls");

    let message = anthropic(calls).await;
    let call = |city: &str| {
        json!({
            "type": "tool_use", "id": format!("id of {city}"),
            "name": "get_weather", "input": { "city": city },
        })
    };
    assert_eq!(message["content"], json!([call("Oslo"), call("Rome")]));
    assert_eq!(message["stop_reason"], "tool_use");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_way_of_the_protocol() {
    let completion = openai(Answer::refusal("I must not.")).await;
    let choice = &completion["choices"][0];
    assert_eq!(choice["message"]["refusal"], "I must not.");
    assert_eq!(choice["message"]["content"], Value::Null);
    assert_eq!(choice["finish_reason"], "stop");

    let message = anthropic(Answer::refusal("I must not.")).await;
    assert_eq!(message["stop_reason"], "refusal");
    assert_eq!(message["stop_details"]["type"], "refusal");
    assert_eq!(message["content"][0]["text"], "I must not.");
}

#[tokio::test]
async fn reasoning_stands_beside_the_text() {
    let answer = Answer::new().with_reasoning("The sky is blue.").with_text("It is sunny.");
    let completion = openai(answer.clone()).await;
    let message = &completion["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "The sky is blue.");
    assert_eq!(message["content"], "It is sunny.");

    let message = anthropic(answer).await;
    assert_eq!(message["content"][0]["type"], "thinking");
    assert_eq!(message["content"][0]["thinking"], "The sky is blue.");
    assert!(message["content"][0]["signature"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(message["content"][1]["text"], "It is sunny.");
}

#[tokio::test]
async fn structured_output_is_json_in_a_text() {
    let verdict = json!({ "score": 0.5, "reason": "half of it" });
    let completion = openai(Answer::json(&verdict)).await;
    let text = completion["choices"][0]["message"]["content"].as_str().expect("a text");
    assert_eq!(serde_json::from_str::<Value>(text).expect("the text is JSON"), verdict);
}

#[tokio::test]
async fn an_empty_answer_is_empty_content() {
    let completion = openai(Answer::new()).await;
    assert_eq!(completion["choices"][0]["message"]["content"], "");
    let message = anthropic(Answer::new()).await;
    assert_eq!(message["content"], json!([]));
}

#[tokio::test]
async fn broken_tool_arguments_stay_broken() {
    let answer = Answer::new().with_tool_call(ToolCall::malformed("get_weather", r#"{"city": "#));
    let completion = openai(answer.clone()).await;
    let call = &completion["choices"][0]["message"]["tool_calls"][0];
    assert_eq!(call["function"]["arguments"], r#"{"city": "#);
    let message = anthropic(answer).await;
    assert_eq!(message["content"][0]["input"], r#"{"city": "#);
}

#[tokio::test]
async fn each_finish_has_its_word_in_each_protocol() {
    for (finish, openai_word, anthropic_word) in [
        (Finish::Stop, "stop", "end_turn"),
        (Finish::Length, "length", "max_tokens"),
        (Finish::ToolCalls, "tool_calls", "tool_use"),
        (Finish::ContentFilter, "content_filter", "refusal"),
        (Finish::Refusal, "stop", "refusal"),
        (Finish::StopSequence("END".to_owned()), "stop", "stop_sequence"),
        (Finish::Other("new_reason".to_owned()), "new_reason", "new_reason"),
    ] {
        let answer = Answer::text("It is").with_finish(finish.clone());
        let completion = openai(answer.clone()).await;
        assert_eq!(completion["choices"][0]["finish_reason"], openai_word, "{finish:?}");
        let message = anthropic(answer).await;
        assert_eq!(message["stop_reason"], anthropic_word, "{finish:?}");
        let sequence = match finish {
            Finish::StopSequence(sequence) => json!(sequence),
            _ => Value::Null,
        };
        assert_eq!(message["stop_sequence"], sequence);
    }
}
