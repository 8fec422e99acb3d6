//! Streamed answers.

use probity_model_server::{Answer, Protocol, Reply, ToolCall};
use serde_json::{Value, json};

use crate::client::{self, BOTH, Event, Read};

/// A text in which a byte more or less cuts a character.
const TEXT: &str = "Grüße aus 東京 ☀️: es ist sonnig.";

async fn stream(protocol: Protocol, reply: Reply) -> Vec<Event> {
    client::stream(&client::start(reply).await, protocol).await
}

fn two_calls() -> Answer {
    let call = |city: &str| ToolCall::new("get_weather", &json!({ "city": city })).with_id(city);
    Answer::text("Let me look.").with_tool_call(call("Oslo")).with_tool_call(call("Rome"))
}

#[tokio::test]
async fn deltas_have_the_size_that_was_set() {
    for protocol in BOTH {
        let events = stream(protocol, Reply::text("It is sunny.").with_delta_size(5)).await;
        let texts = client::values(&events, client::text_pointer(protocol));
        let deltas: Vec<&Value> = texts.iter().filter(|text| *text != "").collect();
        assert_eq!(deltas, ["It is", " sunn", "y."]);
    }
}

#[tokio::test]
async fn a_delta_never_cuts_a_character() {
    for protocol in BOTH {
        let events = stream(protocol, Reply::text(TEXT).with_delta_size(1)).await;
        assert_eq!(client::joined(&events, client::text_pointer(protocol)), TEXT);
    }
}

#[tokio::test]
async fn openai_begins_with_a_role_and_ends_with_done() {
    let events = stream(Protocol::OpenAi, Reply::text("It is sunny.")).await;
    assert!(events.iter().all(|event| event.name.is_none()));
    let [first, .., finish, done] = &events[..] else { panic!("too few chunks: {events:?}") };
    let role = json!({ "role": "assistant", "content": "", "refusal": null });
    assert_eq!(first.json()["choices"][0]["delta"], role);
    assert_eq!(finish.json()["choices"][0]["delta"], json!({}));
    assert_eq!(done.data, "[DONE]");
    let reasons = client::values(&events, "/choices/0/finish_reason");
    assert_eq!(reasons.iter().filter(|reason| !reason.is_null()).collect::<Vec<_>>(), ["stop"]);
    let mut ids = client::values(&events, "/id");
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert!(client::values(&events, "/object").iter().all(|it| it == "chat.completion.chunk"));
}

#[tokio::test]
async fn anthropic_opens_and_closes_each_block() {
    let events = stream(Protocol::Anthropic, two_calls().into()).await;
    let names: Vec<&str> = events.iter().filter_map(|event| event.name.as_deref()).collect();
    assert_eq!(names.len(), events.len());
    assert_eq!(names[..3], ["message_start", "ping", "content_block_start"]);
    assert_eq!(names[names.len() - 2..], ["message_delta", "message_stop"]);
    for event in &events {
        assert_eq!(event.json()["type"], *event.name.as_ref().expect("a name"));
    }
    let mut open = None;
    let mut closed = 0;
    for event in &events {
        match event.name.as_deref() {
            Some("content_block_start") => {
                assert_eq!(open.replace(event.json()["index"].clone()), None);
            }
            Some("content_block_delta") => assert_eq!(open, Some(event.json()["index"].clone())),
            Some("content_block_stop") => {
                assert_eq!(open.take(), Some(json!(closed)));
                closed += 1;
            }
            _ => assert_eq!(open, None),
        }
    }
    assert_eq!(closed, 3);
    assert_eq!(client::values(&events, "/delta/stop_reason"), ["tool_use"]);
}

#[tokio::test]
async fn openai_cuts_the_arguments_of_tool_calls() {
    let events = stream(Protocol::OpenAi, two_calls().into()).await;
    let fragments = client::values(&events, "/choices/0/delta/tool_calls/0");
    for (index, city) in ["Oslo", "Rome"].into_iter().enumerate() {
        let own: Vec<&Value> = fragments.iter().filter(|it| it["index"] == index).collect();
        let (first, rest) = own.split_first().expect("a fragment");
        assert_eq!((&first["id"], &first["type"]), (&json!(city), &json!("function")));
        assert_eq!(first["function"], json!({ "name": "get_weather", "arguments": "" }));
        assert!(rest.len() > 2, "the arguments come in pieces");
        assert!(rest.iter().all(|fragment| fragment.get("id").is_none()));
        let pieces = rest.iter().filter_map(|fragment| fragment["function"]["arguments"].as_str());
        assert_eq!(pieces.collect::<String>(), json!({ "city": city }).to_string());
    }
    assert_eq!(client::joined(&events, "/choices/0/finish_reason"), "tool_calls");
}

#[tokio::test]
async fn anthropic_cuts_the_input_of_tools() {
    let events = stream(Protocol::Anthropic, two_calls().into()).await;
    let starts = client::values(&events, "/content_block");
    assert_eq!(
        starts[1],
        json!({ "type": "tool_use", "id": "Oslo", "name": "get_weather", "input": {} })
    );
    let inputs = json!({ "city": "Oslo" }).to_string() + &json!({ "city": "Rome" }).to_string();
    assert_eq!(client::joined(&events, "/delta/partial_json"), inputs);
    assert!(client::values(&events, "/delta/partial_json").len() > 6, "they come in pieces");
}

#[tokio::test]
async fn reasoning_and_refusals_have_deltas_of_their_own() {
    let reasoned = Answer::new().with_reasoning("The sky is blue.").with_text("It is sunny.");
    let events = stream(Protocol::OpenAi, reasoned.clone().into()).await;
    assert_eq!(client::joined(&events, "/choices/0/delta/reasoning_content"), "The sky is blue.");
    assert_eq!(client::joined(&events, "/choices/0/delta/content"), "It is sunny.");
    let events = stream(Protocol::Anthropic, reasoned.into()).await;
    assert_eq!(client::joined(&events, "/delta/thinking"), "The sky is blue.");
    assert_eq!(client::values(&events, "/delta/signature").len(), 1);

    let events = stream(Protocol::OpenAi, Answer::refusal("I must not.").into()).await;
    assert_eq!(client::joined(&events, "/choices/0/delta/refusal"), "I must not.");
    let events = stream(Protocol::Anthropic, Answer::refusal("I must not.").into()).await;
    assert_eq!(client::joined(&events, "/delta/text"), "I must not.");
    assert_eq!(client::values(&events, "/delta/stop_reason"), ["refusal"]);
}

#[tokio::test]
async fn each_frame_is_a_chunk_of_its_own() {
    for protocol in BOTH {
        let server = client::start(Reply::text("It is sunny.")).await;
        let read = Read::all(client::send(&server, protocol, true).await).await;
        let frames = read.text().matches("\n\n").count();
        assert_eq!(read.chunks.len(), frames);
    }
}

#[tokio::test]
async fn small_chunks_cut_within_characters_and_lines() {
    for protocol in BOTH {
        let server = client::start(Reply::text(TEXT).with_chunk_size(1)).await;
        let read = Read::all(client::send(&server, protocol, true).await).await;
        assert!(read.chunks.iter().all(|chunk| chunk.len() == 1), "each byte comes alone");
        let cut_characters = read.chunks.iter().filter(|chunk| !chunk.is_ascii()).count();
        let bytes_beyond_ascii = TEXT.bytes().filter(|byte| !byte.is_ascii()).count();
        assert_eq!(cut_characters, bytes_beyond_ascii, "each character beyond ASCII is cut");
        let events = client::events(&read.text());
        assert_eq!(client::joined(&events, client::text_pointer(protocol)), TEXT);
    }
}

#[tokio::test]
async fn large_chunks_join_frames() {
    for protocol in BOTH {
        let server = client::start(Reply::text(TEXT).with_chunk_size(700)).await;
        let read = Read::all(client::send(&server, protocol, true).await).await;
        let (_, whole) = read.chunks.split_last().expect("a chunk");
        assert!(whole.len() > 1 && whole.iter().all(|chunk| chunk.len() == 700));
        assert!(whole.iter().any(|chunk| !chunk.ends_with(b"\n\n")), "frames lie across cuts");
        let events = client::events(&read.text());
        assert_eq!(client::joined(&events, client::text_pointer(protocol)), TEXT);
    }
}
