//! Which reply is given to which request.

use probity_model_server::{ModelServer, Protocol, Reply, Script};
use serde_json::{Value, json};

use crate::client;

async fn contents(server: &ModelServer, requests: usize) -> Vec<Value> {
    let mut contents = Vec::new();
    for _ in 0..requests {
        let answer = client::json(server, Protocol::OpenAi).await;
        contents.push(answer["choices"][0]["message"]["content"].clone());
    }
    contents
}

#[tokio::test]
async fn replies_are_given_in_order_until_the_script_is_exhausted() {
    let server = client::start([Reply::text("one"), Reply::text("two")]).await;
    assert_eq!(contents(&server, 2).await, ["one", "two"]);
    for protocol in client::BOTH {
        let response = client::send(&server, protocol, false).await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-should-retry"], "false", "clients would try again");
        let text = response.text().await.expect("a body");
        assert!(text.contains("script exhausted: all of its 2 replies are given"), "{text}");
    }
}

#[tokio::test]
async fn the_last_reply_can_be_repeated() {
    let script = Script::repeating_last([Reply::text("one"), Reply::text("two")]);
    assert_eq!(contents(&client::start(script).await, 4).await, ["one", "two", "two", "two"]);
}

#[tokio::test]
async fn a_reply_alone_is_always_given() {
    assert_eq!(contents(&client::start(Reply::text("one")).await, 2).await, ["one", "one"]);
}

#[tokio::test]
async fn a_function_sees_the_request_and_how_many_came_before() {
    let script = Script::from_fn(|received, given| {
        Reply::text(format!("{} {given}", received.model().unwrap_or_default()))
    });
    assert_eq!(contents(&client::start(script).await, 2).await, ["a-model 0", "a-model 1"]);
}

#[tokio::test]
async fn many_clients_at_one_time_get_each_reply_once() {
    let replies = (0..64).map(|number| Reply::text(number.to_string()));
    let server = client::start(Script::in_order(replies)).await;
    let body = client::body(Protocol::OpenAi, false);
    let tasks: Vec<_> = (0..64)
        .map(|_| tokio::spawn(client::request(&server, Protocol::OpenAi, &body).send()))
        .collect();
    let mut seen = Vec::new();
    for task in tasks {
        let response = task.await.expect("no panic").expect("an answer");
        let answer: Value = response.json().await.expect("JSON");
        let content = answer["choices"][0]["message"]["content"].as_str().expect("a text");
        seen.push(content.parse::<usize>().expect("a number"));
    }
    seen.sort_unstable();
    assert_eq!(json!(seen), json!((0..64).collect::<Vec<_>>()));
    assert_eq!(server.requests().len(), 64);
}
